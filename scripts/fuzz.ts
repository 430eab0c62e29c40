/**
 * Runs the fuzzer: `npm run fuzz -- [--target T] [--promise TEXT] [--runs N] [--seed S] [--path P] [--progress]`. Every promise of every
 * target is tried on N inputs, which the seed decides. A broken one prints its target, seed, path and the smallest
 * input that breaks it; with that seed and path it is found again at once. `--growth` prints nanoseconds a byte of
 * hostile text by its length instead: a number that grows with the length is a defect.
 */
import { parseArgs } from 'node:util';
import { GROWTHS } from '../tests/fuzz/growth.ts';
import type { Failure, Promised } from '../tests/fuzz/promise.ts';
import { targets } from '../tests/fuzz/targets.ts';

const USAGE =
  'usage: npm run fuzz -- [--target T] [--promise TEXT] [--runs N] [--seed S] [--path P] [--progress] [--growth]';

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    promise: { type: 'string', default: '' },
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string' },
    path: { type: 'string' },
    growth: { type: 'boolean', default: false },
    progress: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const seed = values.seed === undefined ? Math.floor(Math.random() * 0x7fff_ffff) : Number(values.seed);
const chosen = targets.filter(({ name }) => values.target === undefined || name === values.target);
if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed) || chosen.length === 0) {
  console.error(`${USAGE}\ntargets: ${targets.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

/** Runs from one seed; the next ones are from the seed after it. */
const CHUNK_RUNS = 10_000;

/** Tries the promise until it breaks or all runs are done. */
async function lookFor(look: Promised['search']): Promise<Failure | undefined> {
  if (values.path !== undefined) return look({ runs, seed, path: values.path });
  for (let done = 0; done < runs; done += CHUNK_RUNS) {
    const failure = await look({ runs: Math.min(CHUNK_RUNS, runs - done), seed: seed + done / CHUNK_RUNS });
    if (failure !== undefined) return failure;
    if (values.progress) console.error(`${Math.min(done + CHUNK_RUNS, runs)} runs`);
  }
  return undefined;
}

const SIZES_BYTES = [2_048, 8_192, 32_768];
/** From the first size to the last: what is linear has 1, what is quadratic 16. */
const GROWTH_MAX = 6;
const REPEATS = 5;
/** What takes longer once is not tried again. */
const SLOW_MS = 200;

/** Nanoseconds a byte: the least of a few tries, after one that does not count. */
function nanosecondsPerByte(text: string, run: (text: string) => void): number {
  let leastMs = Infinity;
  for (let i = 0; i <= REPEATS; i++) {
    const startMs = performance.now();
    run(text);
    const tookMs = performance.now() - startMs;
    if (i > 0 || tookMs > SLOW_MS) leastMs = Math.min(leastMs, tookMs);
    if (tookMs > SLOW_MS) break;
  }
  return (leastMs * 1e6) / text.length;
}

/** Prints how the cost of a byte grows; whether any grew as what is not linear does. */
function printGrowth(): boolean {
  let grew = false;
  console.log(
    `${'ns a byte at'.padEnd(50)}${SIZES_BYTES.map((size) => `${size / 1024} kB`.padStart(10)).join('')}`,
  );
  for (const { name, make, run } of GROWTHS) {
    const costs = SIZES_BYTES.map((size) => nanosecondsPerByte(make(size), run));
    const isGrowing = (costs.at(-1) ?? 0) > GROWTH_MAX * (costs[0] ?? 0);
    grew ||= isGrowing;
    const figures = costs.map((cost) => cost.toFixed(cost < 10 ? 1 : 0).padStart(10)).join('');
    console.log(`${name.padEnd(50)}${figures}${isGrowing ? '  grows' : ''}`);
  }
  return grew;
}

async function search(): Promise<boolean> {
  let broken = false;
  console.log(`seed ${seed}, ${runs} runs of each promise`);
  for (const { name, promises } of chosen) {
    for (const { promise, search: look } of promises.filter((one) => one.promise.includes(values.promise))) {
      const startMs = performance.now();
      const failure = await lookFor(look);
      const seconds = (performance.now() - startMs) / 1000;
      console.log(
        `${failure === undefined ? 'holds ' : 'BROKEN'}  ${name}: ${promise}  (${seconds.toFixed(1)} s)`,
      );
      if (failure === undefined) continue;
      broken = true;
      console.log(`  --target ${name} --seed ${failure.seed} --path ${failure.path}`);
      console.log(`  ${failure.counterexample.slice(0, 4_000)}`);
      console.log(`  ${failure.error.split('\n').slice(0, 6).join('\n  ')}`);
    }
  }
  return broken;
}

if (values.growth ? printGrowth() : await search()) process.exitCode = 1;
