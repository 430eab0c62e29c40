/**
 * From the bytes of an input to its records, whatever it is: a zip of files, compressed or not, a binary event log or
 * text, with one event per record or several.
 */
import { evtxRecords, isEvtx } from '../evtx/read-evtx.ts';
import { byteInputOf, drain } from './byte-input.ts';
import { decompress, DecompressError } from './decompress.ts';
import { cutEnvelope, mayBeEnvelope } from './envelopes.ts';
import type { RawRecord } from './source.ts';
import { splitRecords } from './split.ts';
import { isZip, zipMembers } from './zip.ts';

const HEAD_BYTES = 8;

/** The first bytes of a stream, and the stream with them. */
const withHead = async (
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> => {
  const iterator = chunks[Symbol.asyncIterator]();
  const input = byteInputOf(iterator);
  const head = (await input.peek(HEAD_BYTES)).slice(0, HEAD_BYTES);
  const all = async function* (): AsyncGenerator<Uint8Array> {
    try {
      const held = await input.peek(0);
      if (held.length > 0) yield held;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
        yield next.value;
    } finally {
      await iterator.return?.();
    }
  };
  return { head, all: all() };
};

type Piece = Omit<RawRecord, 'index'>;

/** The records of one file; `member` is its name where it stands in a zip. */
async function* fileRecords(chunks: AsyncIterable<Uint8Array>, member?: string): AsyncGenerator<Piece> {
  const { head, all } = await withHead(decompress(chunks));
  if (isEvtx(head)) {
    yield* evtxRecords(all);
    return;
  }
  if (isZip(head)) {
    await drain(all);
    const name = member === undefined ? 'a compressed file' : JSON.stringify(member);
    throw new DecompressError('zip', `contain another zip (${name}): unpack that first`);
  }
  for await (const raw of splitRecords(all)) {
    if (raw.reason !== undefined || !mayBeEnvelope(raw.bytes)) yield raw;
    else yield* cutEnvelope(raw.bytes);
  }
}

/** The records of each file of a zip. One that cannot be read does not keep the others from being read. */
async function* zipRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  let failure: DecompressError | undefined;
  for await (const { name, bytes } of zipMembers(chunks)) {
    try {
      yield* fileRecords(bytes, name);
    } catch (error) {
      if (!(error instanceof DecompressError)) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}

/**
 * The records of an input, in their order, numbered from 0, however it is cut into chunks: see splitRecords for text,
 * evtxRecords for binary event logs. A record that holds several events is cut into one record per event.
 *
 * @throws DecompressError behind all that could be read, where a part of the input is damaged or cannot be read.
 */
export async function* recordsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RawRecord> {
  const { head, all } = await withHead(chunks);
  let index = 0;
  for await (const { bytes, reason } of isZip(head) ? zipRecords(all) : fileRecords(all)) {
    yield reason === undefined ? { bytes, index: index++ } : { bytes, index: index++, reason };
  }
}

/** A message of a stream or a topic is at most 1 MiB; what it holds, expanded, has to fit into memory. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
const MESSAGE_RECORDS_MAX = 100_000;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

/**
 * The records of one message. One that is damaged, or comes to more than 64 MiB or 100,000 records, is given as it is, with a reason: it
 * is quarantined, and does not fail the batch that it came in.
 */
export const messageRecords = async (message: Uint8Array): Promise<readonly Omit<RawRecord, 'index'>[]> => {
  const records: RawRecord[] = [];
  let sizeBytes = 0;
  try {
    for await (const record of recordsOf(once(message))) {
      sizeBytes += record.bytes.length;
      records.push(record);
      if (sizeBytes > MESSAGE_BYTES_MAX || records.length > MESSAGE_RECORDS_MAX) {
        return [{ bytes: message, reason: 'too_large' }];
      }
    }
  } catch (error) {
    if (!(error instanceof DecompressError)) throw error;
    return [{ bytes: message, reason: 'damaged' }];
  }
  return records;
};
