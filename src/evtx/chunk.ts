/** A chunk of a binary event log: 64 KiB with a header, records, and the names and templates that they share. */
import { crc32 } from 'node:zlib';
import { ChunkReader } from './binxml.ts';
import { BinXmlError } from './cursor.ts';
import { renderEvent } from './render.ts';

export const CHUNK_BYTES = 65_536;
const HEADER_BYTES = 512;
const MAGIC = Buffer.from('ElfChnk\0');
const [FREE_SPACE_AT, RECORDS_CHECKSUM_AT] = [48, 52];

const RECORD_MAGIC = 0x2a2a;
const RECORD_MAGIC_BYTES = Buffer.from([0x2a, 0x2a, 0, 0]);
const RECORD_HEADER_BYTES = 24;
const RECORD_BYTES_MIN = RECORD_HEADER_BYTES + 4;

/** An event as JSON, or bytes that none could be read from. */
export interface EvtxRecord {
  readonly bytes: Uint8Array;
  readonly reason?: 'damaged' | 'truncated';
}

const ZEROS = Buffer.alloc(CHUNK_BYTES);

const isZero = (bytes: Buffer): boolean => bytes.equals(ZEROS.subarray(0, bytes.length));

/** The size of the record at an offset; undefined where none stands there, or one that contradicts itself. */
const recordSize = (chunk: Buffer, at: number): number | undefined => {
  if (at + RECORD_BYTES_MIN > chunk.length || chunk.readUInt32LE(at) !== RECORD_MAGIC) return undefined;
  const size = chunk.readUInt32LE(at + 4);
  if (size < RECORD_BYTES_MIN || at + size > chunk.length) return undefined;
  return chunk.readUInt32LE(at + size - 4) === size ? size : undefined;
};

const render = (reader: ChunkReader, chunk: Buffer, at: number, size: number, suffix: string): EvtxRecord => {
  try {
    const json = renderEvent(reader.record(at + RECORD_HEADER_BYTES, at + size - 4));
    return { bytes: Buffer.from(suffix === '' ? json : `${json.slice(0, -1)}${suffix}}`) };
  } catch (error) {
    if (!(error instanceof BinXmlError)) throw error;
    return { bytes: chunk.subarray(at, at + size), reason: 'damaged' };
  }
};

/** Said of the events of a chunk whose checksum is wrong, although its log was closed. */
const CHECKSUM_NOTE = ',"chunk_checksum":"wrong"';

/**
 * The events of a chunk, in their order.
 *
 * Records are found by their own sizes. Behind the end that the header states (which is stale in a log that was not
 * closed) they are read as long as their numbers go on. Bytes that are no record come as damaged; so does a chunk
 * without a header, unless it has never been used.
 *
 * @param chunk 64 KiB, or fewer at the end of an input.
 * @param isClosed whether the log says that it was closed: then a wrong checksum means damage, and the events say so.
 */
export function* chunkRecords(chunk: Buffer, isClosed: boolean): Generator<EvtxRecord> {
  const isCut = chunk.length < CHUNK_BYTES;
  const broken = isCut ? 'truncated' : 'damaged';
  if (chunk.length < HEADER_BYTES || !chunk.subarray(0, MAGIC.length).equals(MAGIC)) {
    if (!isZero(chunk)) yield { bytes: chunk, reason: broken };
    return;
  }
  const stated = Math.max(HEADER_BYTES, Math.min(chunk.readUInt32LE(FREE_SPACE_AT), CHUNK_BYTES));
  const checksum = crc32(chunk.subarray(HEADER_BYTES, stated));
  const isWrong = isClosed && !isCut && checksum !== chunk.readUInt32LE(RECORDS_CHECKSUM_AT);
  const reader = new ChunkReader(chunk);
  let number = -1n;
  let at = HEADER_BYTES;
  while (at < chunk.length) {
    const size = recordSize(chunk, at);
    if (size !== undefined) {
      const own = chunk.readBigUInt64LE(at + 8);
      if (at >= stated && own !== number + 1n) return; // what is left of records that were overwritten
      number = own;
      yield render(reader, chunk, at, size, isWrong ? CHECKSUM_NOTE : '');
      at += size;
      continue;
    }
    if (at >= stated) return;
    const next = nextRecord(chunk, at + 4, stated);
    const bytes = chunk.subarray(at, next);
    if (!isZero(bytes)) yield { bytes, reason: next === chunk.length ? broken : 'damaged' };
    at = next;
  }
}

/** Where the next record begins behind damage, or the end. */
const nextRecord = (chunk: Buffer, from: number, stated: number): number => {
  const end = Math.min(stated, chunk.length);
  for (
    let at = chunk.indexOf(RECORD_MAGIC_BYTES, from);
    at >= 0 && at < end;
    at = chunk.indexOf(RECORD_MAGIC_BYTES, at + 4)
  ) {
    if (recordSize(chunk, at) !== undefined) return at;
  }
  return end;
};
