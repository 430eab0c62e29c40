/** A stream of bytes in batches of records: bounded in number and size, named by the input and the records' numbers. */
import { DecompressError } from './decompress.ts';
import type { RawRecord, SourceFormat } from './source.ts';
import { recordsOf } from './records.ts';
import { isJsonObject, nestsDeeperThan } from './json.ts';
import { isQuarantinedRow, unwrapQuarantined } from './quarantined.ts';

/** A piece of an input that is processed, and retried, as one. */
export interface Batch {
  /** Names the batch's objects: a function of the input alone (shard and sequence numbers, file and records). */
  readonly name: string;
  /** Where the records came from, for the quarantine. */
  readonly input: string;
  readonly records: readonly RawRecord[];
  readonly format: SourceFormat | 'auto';
}

/** Bounds of a batch: what is in memory at once, and the size of the objects that come of it. */
export const BATCH_RECORDS_MAX = 20_000;
export const BATCH_BYTES_MAX = 32 * 1024 * 1024;

export interface BatchesOptions {
  /** Begins the name of each batch. */
  readonly prefix: string;
  readonly input: string;
  readonly format: SourceFormat | 'auto';
  /** Where an input is taken up again: the first record of a batch that was not taken. Default: 0. */
  readonly firstRecord?: number;
}

/**
 * The batches of an input, `<prefix>-<first record>-<last record>`. Where the input is damaged, what came before is
 * given as a last batch, and the DecompressError is thrown after it. Any other failure of the stream is thrown at
 * once: the input can be read again, and its batches must then be cut as before; so are those after `firstRecord`.
 */
export async function* batchesOf(
  bytes: AsyncIterable<Uint8Array>,
  options: BatchesOptions,
): AsyncGenerator<Batch> {
  const { prefix, input, format, firstRecord = 0 } = options;
  let records: RawRecord[] = [];
  let sizeBytes = 0;
  const take = (): Batch => {
    const [first, last] = [records[0], records.at(-1)].map((raw) =>
      String(raw?.index ?? 0).padStart(10, '0'),
    );
    // Quarantined rows have been unwrapped: what is in them tells its own format.
    const batch: Batch = {
      name: `${prefix}-${first}-${last}`,
      input,
      records,
      format: format === 'quarantine' ? 'auto' : format,
    };
    records = [];
    sizeBytes = 0;
    return batch;
  };
  let damage: DecompressError | undefined;
  try {
    for await (const raw of recordsOf(bytes)) {
      if (raw.index < firstRecord) continue;
      records.push(format === 'auto' || format === 'quarantine' ? unwrapped(raw) : raw);
      sizeBytes += raw.bytes.length;
      if (records.length >= BATCH_RECORDS_MAX || sizeBytes >= BATCH_BYTES_MAX) yield take();
    }
  } catch (error) {
    if (!(error instanceof DecompressError)) throw error;
    damage = error;
  }
  if (records.length > 0) yield take();
  if (damage !== undefined) throw damage;
}

/** A quarantined record as it was before, so that it is not wrapped twice if it is quarantined again. */
function unwrapped(raw: RawRecord): RawRecord {
  const text = Buffer.from(raw.bytes.buffer, raw.bytes.byteOffset, raw.bytes.length);
  if (raw.reason !== undefined || !text.subarray(0, 16).includes('{"reason":')) return raw;
  // A row is flat. What nests is none, and 16 million brackets would cost its parser gigabytes.
  if (nestsDeeperThan(raw.bytes, 1)) return raw;
  try {
    const document: unknown = JSON.parse(text.toString('utf8'));
    const bytes =
      isJsonObject(document) && isQuarantinedRow(document) ? unwrapQuarantined(document) : undefined;
    return bytes === undefined ? raw : { bytes, index: raw.index };
  } catch {
    return raw;
  }
}
