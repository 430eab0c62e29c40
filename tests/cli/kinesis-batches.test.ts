import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  BATCH_BYTES_MAX,
  BATCH_RECORDS_MAX,
  inCalls,
  RECORD_BYTES_MAX,
  recordSizeBytes,
  streamRecord,
} from '../../src/cli/kinesis-batches.ts';
import type { StreamRecord } from '../../src/cli/kinesis-batches.ts';
import { collect } from '../sources/collect.ts';

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

/** A record of so many bytes, its key counted. */
const ofSize = (sizeBytes: number): StreamRecord => ({
  Data: new Uint8Array(sizeBytes - 1),
  PartitionKey: 'k',
});

describe('streamRecord', () => {
  it('is the event as it is, a line break, and a key that is random', () => {
    const [first, second] = [0.25, 0.75].map((draw) =>
      streamRecord(Buffer.from('{"EventId":1}'), () => draw),
    );
    expect(Buffer.from(first!.Data).toString()).toBe('{"EventId":1}\n');
    expect(first!.PartitionKey).toMatch(/^\d{1,10}$/);
    expect(second!.PartitionKey).not.toBe(first!.PartitionKey);
  });

  it('copies the event, whose bytes are a view of the input', () => {
    const input = Buffer.from('abcdef');
    const { Data } = streamRecord(input.subarray(1, 3), Math.random);
    input.fill('x');
    expect(Buffer.from(Data).toString()).toBe('bc\n');
  });
});

describe('inCalls', () => {
  it('keeps every record, in order, within the limits of a call, and fills the calls', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        async (quarters, recordsMax) => {
          const records = quarters.map((quarter) => ofSize((quarter * RECORD_BYTES_MAX) / 4));
          const calls = await collect(inCalls(each(records), recordsMax));
          expect(calls.flat()).toEqual(records);
          const size = (call: readonly StreamRecord[]): number =>
            call.reduce((sum, record) => sum + recordSizeBytes(record), 0);
          calls.forEach((call, i) => {
            expect(call.length).toBeGreaterThan(0);
            expect(call.length).toBeLessThanOrEqual(recordsMax);
            expect(size(call)).toBeLessThanOrEqual(BATCH_BYTES_MAX);
            const next = calls[i + 1]?.[0];
            if (next === undefined || call.length === recordsMax) return;
            expect(size(call) + recordSizeBytes(next)).toBeGreaterThan(BATCH_BYTES_MAX);
          });
        },
      ),
      { numRuns: 50 },
    ));

  it('takes 500 small records into a call', async () => {
    const calls = await collect(inCalls(each(Array.from({ length: 1001 }, () => ofSize(2)))));
    expect(calls.map((call) => call.length)).toEqual([BATCH_RECORDS_MAX, BATCH_RECORDS_MAX, 1]);
  });
});
