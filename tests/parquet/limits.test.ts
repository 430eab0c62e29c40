/** Security Lake's rules for objects, read from the bytes: pages, row groups, order. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Column } from '../../src/ocsf/column.ts';
import { encodeRecords } from './encode-records.ts';
import { PAGE_BYTES_MAX } from '../../src/lake/parquet.ts';
import { START_MS } from '../lake/network-activity.ts';
import {
  expectedRows,
  metadataOf,
  pagesOf,
  queryWithDuckDb,
  readWithHyparquet,
  type Page,
} from '../lake/parquet-readers.ts';

const largestPage = (bytes: Uint8Array): Page | undefined =>
  pagesOf(bytes, metadataOf(bytes)).reduce<Page | undefined>(
    (largest, page) => (page.uncompressedBytes > (largest?.uncompressedBytes ?? -1) ? page : largest),
    undefined,
  );

const string = { kind: 'string' } as const;
const names: Column[] = [{ name: 'names', type: { kind: 'list', element: string } }];

/** Rows of network-activity.ts; a memory limit far below that of a million rows held at once. */
async function encodeInWorker(rowCount: number): Promise<Uint8Array> {
  const worker = new Worker(new URL('./encode-rows.worker.ts', import.meta.url), {
    workerData: rowCount,
    resourceLimits: { maxOldGenerationSizeMb: 700 },
  });
  const [bytes] = (await once(worker, 'message')) as [Uint8Array];
  return bytes;
}

describe('encodeParquet keeps to the limits', () => {
  it('of a row group, where JSON is much longer than what it says', () => {
    const columns: Column[] = [{ name: 'data', type: { kind: 'json' } }];
    const records = Array.from({ length: 5_000 }, () => ({
      data: { ['k'.repeat(3_000)]: '\u0001'.repeat(640) },
    }));
    const bytes = encodeRecords(columns, records, { rowGroupBytesMax: 1_000_000 });
    const sizes = metadataOf(bytes).row_groups.map((group) => Number(group.total_byte_size));
    expect(sizes.length).toBeGreaterThan(30);
  });

  it('in one object of 1,000,000 rows', async () => {
    const rowCount = 1_000_000;
    const bytes = await encodeInWorker(rowCount);
    const metadata = metadataOf(bytes);
    const pages = pagesOf(bytes, metadata);

    expect(pages.filter((page) => page.uncompressedBytes > PAGE_BYTES_MAX)).toEqual([]);
    expect(new Set(pages.map((page) => page.type))).toEqual(new Set(['DATA_PAGE_V2', 'DICTIONARY_PAGE']));
    // The pages are not small either: the limit is what holds them.
    expect(Math.max(...pages.map((page) => page.uncompressedBytes))).toBeGreaterThan(PAGE_BYTES_MAX / 4);

    expect(metadata.row_groups.length).toBeGreaterThanOrEqual(10);
    for (const group of metadata.row_groups) {
      expect(Number(group.total_byte_size)).toBeLessThan(256_000_000);
      expect(Number(group.num_rows)).toBeLessThanOrEqual(100_000);
    }

    const [order] = await queryWithDuckDb(
      bytes,
      `select count(*) as row_count, min(time) as first, max(time) as last,
              count(*) filter (step < 0) as steps_back, count(distinct metadata.uid) as uids,
              sum(len(observables)) as observables, sum(cardinality(unmapped)) as unmapped
       from (select *, time - lag(time) over (order by file_row_number) as step
             from read_parquet(?, file_row_number = true))`,
    );
    expect(order).toEqual({
      row_count: 1_000_000n,
      first: BigInt(START_MS),
      last: BigInt(START_MS + 7 * (rowCount - 1)),
      steps_back: 0n,
      uids: 1_000_000n,
      observables: BigInt(rowCount + Math.ceil(rowCount / 7)),
      unmapped: BigInt(rowCount * 2 + rowCount / 2),
    });
  }, 300_000);

  it('with very short strings, whose lengths and levels outweigh them', () => {
    // Enough distinct ones that no dictionary pays.
    const rows = Array.from({ length: 40_000 }, (_, row) => ({
      names: Array.from({ length: 10 }, (_, index) => (row * 10 + index).toString(36)),
    }));
    const largest = largestPage(encodeRecords(names, rows));
    expect(largest?.uncompressedBytes).toBeLessThanOrEqual(PAGE_BYTES_MAX);
    expect(largest?.uncompressedBytes).toBeGreaterThan(PAGE_BYTES_MAX / 4);
  });

  it('with a dictionary of very many short strings', () => {
    const limit = 100_000;
    // 14,000 strings of 6 bytes: below the limit without their lengths, above it with them. Every other value is
    // the same, or the writer would see no use in a dictionary.
    const rows = Array.from({ length: 7000 }, (_, row) => ({
      names: Array.from({ length: 20 }, (_, index) =>
        index % 2 ? 'svchost' : String(100_000 + (((row % 1400) * 10 + index / 2) % 14_000)),
      ),
    }));
    const bytes = encodeRecords(names, rows, { pageBytesMax: limit });
    expect(largestPage(bytes)?.uncompressedBytes).toBeLessThanOrEqual(limit);
  });

  it('with empty strings, which the writer takes for nothing', () => {
    const rows = Array.from({ length: 3000 }, (_, row) => ({
      names: row % 100 === 0 ? ['x'.repeat(1000 + row)] : Array<string>(150).fill(''),
    }));
    expect(largestPage(encodeRecords(names, rows))?.uncompressedBytes).toBeLessThanOrEqual(PAGE_BYTES_MAX);
  });

  it('with lists that hold next to nothing but nulls', () => {
    const sparse: Column[] = [
      {
        name: 'list',
        type: {
          kind: 'list',
          element: {
            kind: 'struct',
            fields: [
              { name: 'a', type: string },
              { name: 'b', type: { kind: 'bigint' } },
            ],
          },
        },
      },
    ];
    const limit = 100_000;
    const rows = Array.from({ length: 1000 }, (_, row) => ({
      list: Array.from({ length: 250 }, (_, index) => (index % 3 ? { b: row } : { a: 'x' })),
    }));
    const bytes = encodeRecords(sparse, rows, { pageBytesMax: limit });
    expect(largestPage(bytes)?.uncompressedBytes).toBeLessThanOrEqual(limit);
  });

  it('whatever the rows: a page above the limit holds one row', async () => {
    const mixed: Column[] = [
      ...names,
      { name: 'text', type: string },
      { name: 'unmapped', type: { kind: 'map' } },
    ];
    const limit = 4000;
    const text = fc
      .tuple(fc.integer({ min: 0, max: 36 ** 4 }), fc.constantFrom(0, 0, 0, 1, 1, 5, 300, 6000))
      .map(([seed, repeat]) => seed.toString(36).repeat(repeat));
    const row = fc.record(
      {
        names: fc.array(text, { maxLength: 60 }),
        text,
        unmapped: fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,4}$/), text, { noNullPrototype: true }),
      },
      { requiredKeys: [], noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 400, size: 'max' }), async (rows) => {
        const bytes = encodeRecords(mixed, rows, { pageBytesMax: limit });
        for (const page of pagesOf(bytes, metadataOf(bytes))) {
          if (page.uncompressedBytes > limit) expect(page).toMatchObject({ type: 'DATA_PAGE_V2', rows: 1 });
        }
        expect(await readWithHyparquet(mixed, bytes)).toEqual(expectedRows(mixed, rows));
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
