/** Reading an input: once for its processes and its digest, and once more in batches; or its records alone. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Hash } from 'node:crypto';
import { safeName } from '../lake/layout.ts';
import { processContextOf } from '../join/process-context.ts';
import type { ProcessContext, ProcessTable } from '../join/process-table.ts';
import { DecompressError } from '../sources/decompress.ts';
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, batchesOf } from '../sources/batches.ts';
import type { Batch } from '../sources/batches.ts';
import { decodeRecord, mayBeProcessCreate } from '../sources/decode.ts';
import type { RawRecord, SourceFormat } from '../sources/source.ts';
import { recordsOf } from '../sources/records.ts';
import { InputError, systemProblem } from './failure.ts';
import { inputName } from './inputs.ts';
import type { InputFile } from './inputs.ts';

export interface ReadOptions {
  readonly format: SourceFormat | 'auto';
  /** Told how many bytes of the file were read. */
  readonly onBytes: (count: number) => void;
  /** Aborts the reading. */
  readonly signal: AbortSignal;
}

/** A put is a transaction that waits for the disk. */
const CONTEXTS_A_PUT = 5_000;
/** Of the records that the contexts of a put came from. */
const PUT_BYTES_MAX = 16 * 1024 * 1024;

/** What the first pass tells of an input. */
export interface IndexedInput {
  /** SHA-256 of the file, in hexadecimal. */
  readonly digest: string;
  /** How many full batches its records are; a small input is a part of one. */
  readonly fullBatches: number;
}

/**
 * The first pass: puts the processes of an input into the table.
 * @throws InputError where the file cannot be read at all; damage is left to the second pass to tell
 */
export async function indexProcesses(
  file: InputFile,
  table: ProcessTable,
  fields: readonly string[],
  options: ReadOptions,
): Promise<IndexedInput> {
  const digest = createHash('sha256');
  let contexts: ProcessContext[] = [];
  let contextBytes = 0;
  let records = 0;
  let recordBytes = 0;
  const put = async (): Promise<void> => {
    await table.put(contexts);
    contexts = [];
    contextBytes = 0;
  };
  try {
    for await (const { bytes, reason } of recordsOf(chunks(file, options, digest))) {
      records++;
      recordBytes += bytes.length;
      if (reason !== undefined || !mayBeProcessCreate(bytes)) continue;
      const { event } = decodeRecord(bytes, options.format);
      const context = event && processContextOf(event, fields);
      if (context === undefined) continue;
      contexts.push(context);
      contextBytes += bytes.length;
      if (contexts.length >= CONTEXTS_A_PUT || contextBytes >= PUT_BYTES_MAX) await put();
    }
  } catch (error) {
    if (!(error instanceof DecompressError)) throw inputError(file, error);
  }
  await put();
  return {
    digest: digest.digest('hex'),
    fullBatches: Math.max(records / BATCH_RECORDS_MAX, recordBytes / BATCH_BYTES_MAX),
  };
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
  const bytes = chunks(file, options, undefined);
  try {
    yield* batchesOf(bytes, { prefix, input: file.label, format: options.format });
  } catch (error) {
    throw inputError(file, error);
  }
}

/**
 * The records of an input as its carrier wrote them.
 * @throws InputError behind the last record, where the input is damaged
 */
export async function* readRecords(
  file: InputFile,
  options: Pick<ReadOptions, 'onBytes' | 'signal'>,
): AsyncGenerator<RawRecord> {
  try {
    yield* recordsOf(chunks(file, options, undefined));
  } catch (error) {
    throw inputError(file, error);
  }
}

/** What went wrong with a file, in its name; anything else as it is. */
function inputError(file: InputFile, error: unknown): unknown {
  if (error instanceof DecompressError) return new InputError(file.label, error.message, { cause: error });
  const problem = error instanceof InputError ? undefined : systemProblem(error);
  return problem === undefined ? error : new InputError(file.label, problem, { cause: error });
}

async function* chunks(
  file: InputFile,
  { onBytes, signal }: Pick<ReadOptions, 'onBytes' | 'signal'>,
  digest: Hash | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const data of createReadStream(file.path, { highWaterMark: 1024 * 1024 })) {
    const chunk = data as Buffer; // true: the stream has no encoding
    signal.throwIfAborted();
    digest?.update(chunk);
    onBytes(chunk.length);
    yield chunk;
  }
}
