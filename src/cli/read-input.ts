/** Reading an input: once for its processes and its digest, and once more in batches. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Hash } from 'node:crypto';
import { safeName } from '../lake/layout.ts';
import type { Batch } from '../pipeline.ts';
import { processContextOf } from '../join/process-context.ts';
import type { ProcessContext, ProcessTable } from '../join/process-table.ts';
import { DecompressError, decompress } from '../sources/decompress.ts';
import { decodeRecord, mayBeProcessCreate, unwrapQuarantined } from '../sources/decode.ts';
import { isJsonObject } from '../sources/json.ts';
import { isQuarantinedRow } from '../sources/quarantined.ts';
import type { RawRecord, SourceFormat } from '../sources/source.ts';
import { splitRecords } from '../sources/split.ts';
import { InputError, systemProblem } from './failure.ts';
import { inputName } from './inputs.ts';
import type { InputFile } from './inputs.ts';

export interface ReadOptions {
  readonly format: SourceFormat | 'auto';
  /** Told how many bytes of the file were read. */
  readonly onBytes: (count: number) => void;
  /** Aborts the reading between two records. */
  readonly signal: AbortSignal;
}

/** Bounds of a batch: what is in memory at once, and the size of the objects that come of it. */
export const BATCH_RECORDS_MAX = 20_000;
export const BATCH_BYTES_MAX = 32 * 1024 * 1024;

const CONTEXTS_A_PUT = 500;

/**
 * The first pass: puts the processes of an input into the table.
 * @returns SHA-256 of the file, in hexadecimal
 * @throws InputError where the file cannot be read at all; damage is left to the second pass to tell
 */
export async function indexProcesses(
  file: InputFile,
  table: ProcessTable,
  fields: readonly string[],
  options: ReadOptions,
): Promise<string> {
  const digest = createHash('sha256');
  let contexts: ProcessContext[] = [];
  const put = async (): Promise<void> => {
    await table.put(contexts);
    contexts = [];
  };
  try {
    for await (const { bytes, reason } of records(file, options, digest)) {
      if (reason !== undefined || !mayBeProcessCreate(bytes)) continue;
      const { event } = decodeRecord(bytes, decodeFormat(options));
      const context = event && processContextOf(event, fields);
      if (context === undefined) continue;
      contexts.push(context);
      if (contexts.length >= CONTEXTS_A_PUT) await put();
    }
  } catch (error) {
    if (!(error instanceof InputError) || !(error.cause instanceof DecompressError)) throw error;
  }
  await put();
  return digest.digest('hex');
}

/**
 * The second pass: the input in batches, each named by the file's name and content and by its records' numbers.
 * @throws InputError after the last batch, where the input is damaged
 */
export async function* readBatches(
  file: InputFile,
  digest: string,
  options: ReadOptions,
): AsyncGenerator<Batch> {
  const prefix = `${safeName(inputName(file))}-${digest.slice(0, 16)}`;
  let batch: RawRecord[] = [];
  let sizeBytes = 0;
  const take = (): Batch => {
    const [first, last] = [batch[0], batch.at(-1)].map((raw) => String(raw?.index ?? 0).padStart(10, '0'));
    const whole: Batch = {
      name: `${prefix}-${first}-${last}`,
      input: file.label,
      records: batch,
      format: decodeFormat(options),
    };
    batch = [];
    sizeBytes = 0;
    return whole;
  };
  let damage: InputError | undefined;
  try {
    for await (const raw of records(file, options)) {
      batch.push(raw);
      sizeBytes += raw.bytes.length;
      if (batch.length >= BATCH_RECORDS_MAX || sizeBytes >= BATCH_BYTES_MAX) yield take();
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    damage = error;
  }
  if (batch.length > 0) yield take();
  if (damage !== undefined) throw damage;
}

/** Rows of the quarantine are unwrapped as they are read, and what was in them may be of any format. */
const decodeFormat = ({ format }: ReadOptions): SourceFormat | 'auto' =>
  format === 'quarantine' ? 'auto' : format;

/** A quarantined record as it was before, so that it is not wrapped twice if it is quarantined again. */
function unwrapped(raw: RawRecord, format: ReadOptions['format']): RawRecord {
  if (format !== 'auto' && format !== 'quarantine') return raw;
  const text = Buffer.from(raw.bytes.buffer, raw.bytes.byteOffset, raw.bytes.length);
  if (raw.reason !== undefined || !text.subarray(0, 16).includes('{"reason":')) return raw;
  try {
    const document: unknown = JSON.parse(text.toString('utf8'));
    // Unasked, only what is a row and nothing else: all other keys would be lost.
    if (format === 'auto' && !(isJsonObject(document) && isQuarantinedRow(document))) return raw;
    const bytes = unwrapQuarantined(document);
    return bytes === undefined ? raw : { bytes, index: raw.index };
  } catch {
    return raw;
  }
}

async function* records(file: InputFile, options: ReadOptions, digest?: Hash): AsyncGenerator<RawRecord> {
  try {
    for await (const raw of splitRecords(decompress(chunks(file, options, digest)))) {
      options.signal.throwIfAborted();
      yield unwrapped(raw, options.format);
    }
  } catch (error) {
    if (error instanceof DecompressError) throw new InputError(file.label, error.message, { cause: error });
    const problem = systemProblem(error);
    if (problem === undefined || error instanceof InputError) throw error;
    throw new InputError(file.label, problem, { cause: error });
  }
}

/** Magic bytes of a binary event log. */
const EVTX = Buffer.from('ElfFile\0');

async function* chunks(
  file: InputFile,
  { onBytes }: ReadOptions,
  digest: Hash | undefined,
): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const data of createReadStream(file.path, { highWaterMark: 1024 * 1024 })) {
    const chunk = data as Buffer; // true: the stream has no encoding
    if (first && chunk.subarray(0, EVTX.length).equals(EVTX)) {
      throw new InputError(
        file.label,
        'is a binary event log; print it with `wevtutil qe FILE /lf:true /f:xml` first',
      );
    }
    first = false;
    digest?.update(chunk);
    onBytes(chunk.length);
    yield chunk;
  }
}
