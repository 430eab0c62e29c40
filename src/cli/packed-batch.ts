/**
 * A batch as it goes to another thread: its records in one block of bytes, which changes hands without being copied.
 *
 * A record is a view of a chunk of its input, and a chunk ends in one batch and begins in the next: so the chunks
 * themselves cannot be handed over, and the bytes are copied once, into the block.
 */
import type { Batch } from '../sources/batches.ts';
import type { RawRecord } from '../sources/source.ts';

export interface PackedBatch extends Omit<Batch, 'records'> {
  /** The bytes of all records, one after another. */
  readonly block: Uint8Array<ArrayBuffer>;
  /** Where in the block each record ends, in bytes. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** The number of each record in its input. */
  readonly indexes: Float64Array<ArrayBuffer>;
  /** The few records that the splitter knows to be unreadable, by their place in the batch. */
  readonly reasons: readonly (readonly [place: number, reason: NonNullable<RawRecord['reason']>])[];
}

/** Packs a batch. No batch comes near the 4 GiB that `ends` can tell: see BATCH_BYTES_MAX and RECORD_BYTES_MAX. */
export function packBatch({ records, ...batch }: Batch): PackedBatch {
  const ends = new Uint32Array(records.length);
  const indexes = new Float64Array(records.length);
  const reasons: [number, NonNullable<RawRecord['reason']>][] = [];
  let sizeBytes = 0;
  for (const [i, { bytes, index, reason }] of records.entries()) {
    ends[i] = sizeBytes += bytes.length;
    indexes[i] = index;
    if (reason !== undefined) reasons.push([i, reason]);
  }
  const block = new Uint8Array(sizeBytes); // memory of its own: Buffer's pool cannot change hands
  for (const [i, { bytes }] of records.entries()) block.set(bytes, (ends[i] ?? 0) - bytes.length);
  return { ...batch, block, ends, indexes, reasons };
}

/** What postMessage is to hand over instead of copying it. */
export const transferOf = ({ block, ends, indexes }: PackedBatch): ArrayBuffer[] => [
  block.buffer,
  ends.buffer,
  indexes.buffer,
];

/** The batch again; its records are views of the block. */
export function unpackBatch({ block, ends, indexes, reasons, ...batch }: PackedBatch): Batch {
  const reasonAt = new Map(reasons);
  const records = Array.from(ends, (end, i): RawRecord => {
    const reason = reasonAt.get(i);
    const bytes = block.subarray(i === 0 ? 0 : ends[i - 1], end);
    return { bytes, index: indexes[i] ?? 0, ...(reason !== undefined && { reason }) };
  });
  return { ...batch, records };
}
