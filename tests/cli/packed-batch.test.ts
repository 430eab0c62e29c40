import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { packBatch, transferOf, unpackBatch } from '../../src/cli/packed-batch.ts';
import type { Batch } from '../../src/sources/batches.ts';
import type { RawRecord } from '../../src/sources/source.ts';

const record = fc
  .record({
    bytes: fc.uint8Array({ maxLength: 40 }),
    index: fc.maxSafeNat(),
    reason: fc.constantFrom(undefined, 'too_large' as const, 'truncated' as const),
  })
  .map(({ reason, ...raw }): RawRecord => ({ ...raw, ...(reason !== undefined && { reason }) }));
const batch = fc.record({
  name: fc.string(),
  input: fc.string(),
  records: fc.array(record),
  format: fc.constantFrom('auto' as const, 'event-xml' as const),
});

/** As the other thread gets it. */
const sent = (one: Batch): Batch => {
  const packed = packBatch(one);
  return unpackBatch(structuredClone(packed, { transfer: transferOf(packed) }));
};

describe('a packed batch', () => {
  it('is, in another thread, the batch that was packed', () => {
    fc.assert(fc.property(batch, (one) => expect(sent(one)).toEqual(one)));
  });

  it('leaves the bytes of its records where they were', () => {
    const chunk = new TextEncoder().encode('one two');
    const records = [
      { bytes: chunk.subarray(0, 3), index: 0 },
      { bytes: chunk.subarray(4), index: 1 },
    ];
    sent({ name: 'n', input: 'i', records, format: 'auto' });
    expect(new TextDecoder().decode(chunk)).toBe('one two');
  });
});
