import { describe, expect, it } from '@jest/globals';
import { transformPool } from '../../src/cli/transform-pool.ts';
import type { BatchWorker, KnownTable } from '../../src/cli/transform-pool.ts';
import { newCounts } from '../../src/counts.ts';
import type { Counts } from '../../src/counts.ts';
import { memoryProcessTable } from '../../src/join/memory-process-table.ts';
import type { Batch } from '../../src/sources/batches.ts';

const known: KnownTable = {
  table: memoryProcessTable({ now: () => 0, retentionSeconds: 1 }),
  path: undefined,
};
const never = new AbortController().signal;
const batchOf = (name: string): Batch => ({ name, input: 'i', records: [], format: 'auto' });

/** Lets everything go on that can. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Workers that end a batch when the test says so. */
function slowWorkers() {
  const ends = new Map<string, { done: () => void; fail: (error: Error) => void }>();
  const log = { started: 0, closed: 0 };
  const startWorker = (): BatchWorker => {
    log.started++;
    return {
      transform: ({ name }) =>
        new Promise<Counts>((resolve, reject) => {
          ends.set(name, {
            done: () => {
              ends.delete(name);
              resolve({ ...newCounts(), received: 1, objects: [{ path: name, rows: 1, bytes: 1 }] });
            },
            fail: (error) => {
              ends.delete(name);
              reject(error);
            },
          });
        }),
      close: () => {
        log.closed++;
        return Promise.resolve();
      },
    };
  };
  return { startWorker, ends, log };
}

describe('transformPool', () => {
  it.each([1, 2, 3])('keeps %d batches and one more in memory, however fast they are read', async (n) => {
    const { startWorker, ends, log } = slowWorkers();
    const pool = transformPool({ workersMax: n, startWorker });
    let made = 0;
    let ended = 0;
    let most = 0;
    const reading = (async () => {
      for (let i = 0; i < 12; i++) {
        made++;
        most = Math.max(most, made - ended);
        await pool.take(batchOf(String(i)), known, never);
      }
    })();
    for (; ended < 12; ended++) {
      await turn();
      expect(ends.size).toBe(Math.min(n, 12 - ended));
      [...ends.values()].at(-1)!.done(); // the youngest first
    }
    await reading;
    expect(most).toBe(n + 1);
    expect(log.started).toBe(n);
    expect((await pool.finish()).received).toBe(12);
    expect(log.closed).toBe(n);
  });

  it('counts in the order of the batches, whichever is done first', async () => {
    const { startWorker, ends } = slowWorkers();
    const pool = transformPool({ workersMax: 3, startWorker });
    for (const name of ['a', 'b', 'c']) await pool.take(batchOf(name), known, never);
    const finished = pool.finish();
    for (const name of ['c', 'a', 'b']) {
      ends.get(name)!.done();
      await turn();
    }
    expect((await finished).objects.map(({ path }) => path)).toEqual(['a', 'b', 'c']);
  });

  it('starts no more workers than there are batches at once', async () => {
    const { startWorker, ends, log } = slowWorkers();
    const pool = transformPool({ workersMax: 8, startWorker });
    for (const name of ['a', 'b', 'c']) {
      await pool.take(batchOf(name), known, never);
      ends.get(name)!.done();
      await turn();
    }
    expect(log.started).toBe(1);
    await pool.finish();
  });

  it('starts workers ahead, and closes those that never had a batch', async () => {
    const { startWorker, log } = slowWorkers();
    const pool = transformPool({ workersMax: 2, startWorker });
    pool.warm(5);
    expect(log).toEqual({ started: 2, closed: 0 });
    expect(await pool.finish()).toEqual(newCounts());
    expect(log).toEqual({ started: 2, closed: 2 });
  });

  it('tells a failure to who comes next, and ends the batches that were begun', async () => {
    const { startWorker, ends, log } = slowWorkers();
    const pool = transformPool({ workersMax: 2, startWorker });
    for (const name of ['a', 'b']) await pool.take(batchOf(name), known, never);
    const waiting = pool.take(batchOf('c'), known, never);
    ends.get('a')!.fail(new Error('the disk is full'));
    await expect(waiting).rejects.toThrow('the disk is full');
    await expect(pool.take(batchOf('d'), known, never)).rejects.toThrow('the disk is full');
    const finished = pool.finish().catch((error: unknown) => error);
    await turn();
    expect(log.closed).toBe(0);
    ends.get('b')!.done();
    expect(await finished).toEqual(new Error('the disk is full'));
    expect(log.closed).toBe(2);
  });

  it('gives up waiting when the run is stopped; the batch is taken by nobody', async () => {
    const { startWorker, ends } = slowWorkers();
    const pool = transformPool({ workersMax: 1, startWorker });
    await pool.take(batchOf('a'), known, never);
    const abort = new AbortController();
    const waiting = pool.take(batchOf('b'), known, abort.signal);
    await turn();
    abort.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    expect([...ends.keys()]).toEqual(['a']);
    ends.get('a')!.done();
    expect((await pool.finish()).received).toBe(1);
  });
});
