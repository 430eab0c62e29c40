import { describe, expect, it } from '@jest/globals';
import { cachedProcessTable } from '../../src/join/cached-process-table.ts';
import { memoryProcessTable } from '../../src/join/memory-process-table.ts';
import type { ProcessTable } from '../../src/join/process-table.ts';
import { contextOf, guidOf, processTableContract } from './process-table.contract.ts';

processTableContract('cachedProcessTable', {
  open: (options) => ({ table: cachedProcessTable(memoryProcessTable(options), { entriesMax: 100 }) }),
  noExpiry: 'what the cache remembers outlives its expiry in the table',
});

/** A table that writes down what it is asked for. */
function watchedTable() {
  const inner = memoryProcessTable({ now: () => 0, retentionSeconds: 3600 });
  const asked: (readonly string[])[] = [];
  const table: ProcessTable = {
    get(guids) {
      asked.push(guids);
      return inner.get(guids);
    },
    put: (contexts) => inner.put(contexts),
  };
  return { table, inner, asked };
}

describe('cachedProcessTable', () => {
  it('asks the table only for what it does not remember, each guid once', async () => {
    const { table, inner, asked } = watchedTable();
    await inner.put([contextOf(1), contextOf(2)]);
    const cached = cachedProcessTable(table, { entriesMax: 10 });
    await cached.get([guidOf(1)]);
    const found = await cached.get([guidOf(1), guidOf(2), guidOf(2)]);
    expect([...found.keys()].sort()).toEqual([guidOf(1), guidOf(2)]);
    await cached.get([guidOf(1), guidOf(2)]);
    expect(asked).toEqual([[guidOf(1)], [guidOf(2)]]);
  });

  it('asks again for what was not there: it may have come since', async () => {
    const { table, inner } = watchedTable();
    const cached = cachedProcessTable(table, { entriesMax: 10 });
    expect((await cached.get([guidOf(1)])).size).toBe(0);
    await inner.put([contextOf(1)]);
    expect((await cached.get([guidOf(1)])).size).toBe(1);
  });

  it('writes through, and remembers what it wrote', async () => {
    const { table, inner, asked } = watchedTable();
    const cached = cachedProcessTable(table, { entriesMax: 10 });
    await cached.put([contextOf(1)]);
    expect((await inner.get([guidOf(1)])).size).toBe(1);
    expect((await cached.get([guidOf(1)])).size).toBe(1);
    expect(asked).toEqual([]);
  });

  it('remembers nothing of a put that failed', async () => {
    const { table } = watchedTable();
    const failing = { ...table, put: () => Promise.reject(new Error('no table')) };
    const cached = cachedProcessTable(failing, { entriesMax: 10 });
    await expect(cached.put([contextOf(1)])).rejects.toThrow('no table');
    expect((await cached.get([guidOf(1)])).size).toBe(0);
  });

  it('remembers no more than it may, and answers all the same', async () => {
    const { table, asked } = watchedTable();
    const cached = cachedProcessTable(table, { entriesMax: 2 });
    await cached.put([contextOf(1), contextOf(2), contextOf(3)]);
    expect((await cached.get([guidOf(1), guidOf(2), guidOf(3)])).size).toBe(3);
    expect(asked).toEqual([[guidOf(1)]]);
  });

  it('keeps what was put while an older answer was on its way', async () => {
    const { table, inner } = watchedTable();
    await inner.put([contextOf(1, { Image: 'old' })]);
    const waits: (() => void)[] = [];
    const slow: ProcessTable = {
      get: async (guids) => {
        const answer = await table.get(guids);
        await new Promise<void>((resolve) => waits.push(resolve));
        return answer;
      },
      put: (contexts) => table.put(contexts),
    };
    const cached = cachedProcessTable(slow, { entriesMax: 10 });
    const answer = cached.get([guidOf(1)]);
    while (waits.length === 0) await Promise.resolve();
    await cached.put([contextOf(1, { Image: 'new' })]);
    waits[0]!();
    await answer;
    expect((await cached.get([guidOf(1)])).get(guidOf(1))).toEqual(contextOf(1, { Image: 'new' }));
  });
});
