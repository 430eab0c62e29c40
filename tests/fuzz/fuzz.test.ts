/** The targets of the fuzzer, a few runs each from a fixed seed; scripts/fuzz.ts runs as many as one likes. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { GROWTHS } from './growth.ts';
import { targets } from './targets.ts';

const SEED = 20_260_101;

describe.each(targets)('fuzzed: $name', ({ promises }) => {
  it.each(promises)('$promise', async ({ runs, search }) => {
    expect(await search({ runs, seed: SEED })).toBeUndefined();
  });
});

describe('hostile text is read to its end, however long', () => {
  /** What is linear takes milliseconds, and what is quadratic minutes. */
  const LONG_BYTES = 500_000;
  const GIVEN_UP_MS = 30_000;
  let worker: Worker | undefined;
  afterAll(() => worker?.terminate());

  it.each(GROWTHS)('$name', async ({ name }) => {
    worker ??= new Worker(new URL('./growth.worker.ts', import.meta.url));
    worker.postMessage({ name, sizeBytes: LONG_BYTES });
    const answer = await Promise.race([
      once(worker, 'message'),
      new Promise((resolve) => setTimeout(resolve, GIVEN_UP_MS, ['given up']).unref()),
    ]);
    if (String(answer) !== 'read') {
      await worker.terminate();
      worker = undefined;
    }
    expect(answer).toEqual(['read']);
  });
});

describe('a search', () => {
  it('has targets and promises of different names', () => {
    const names = targets.flatMap(({ name, promises }) =>
      promises.map(({ promise }) => `${name} ${promise}`),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});
