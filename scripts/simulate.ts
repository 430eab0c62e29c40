/**
 * Runs the simulator: `npm run simulate -- --seed N --runs M` runs the seeds N to N+M-1. A run that breaks a promise
 * prints its seed and a shortened history; `--history` prints what happened in the run of one seed. ^C ends it with a report.
 */
import { parseArgs } from 'node:util';
import { planOf } from '../tests/simulation/plan.ts';
import type { Plan } from '../tests/simulation/plan.ts';
import { loadProduct } from '../tests/simulation/product.ts';
import { addOutcome, newReport, reportLines } from '../tests/simulation/report.ts';
import { promiseOf, shrink } from '../tests/simulation/shrink.ts';
import { simulate } from '../tests/simulation/simulation.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '200' },
    history: { type: 'boolean', default: false },
  },
});
const [first, runs] = [Number(values.seed), Number(values.runs)];
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(runs) || runs < 1) {
  console.error('usage: npm run simulate -- [--seed N] [--runs M] [--history]');
  process.exit(2);
}

/** Failing runs that are told; then it ends. */
const FAILURES_MAX = 10;

const product = await loadProduct();

async function printHistory(plan: Plan): Promise<void> {
  const faults = Object.entries(plan.rates).filter(([, rate]) => rate > 0);
  console.log(`  settings: ${JSON.stringify(plan.settings)}`);
  console.log(`  faults: ${faults.map(([name, rate]) => `${name} ${rate.toFixed(3)}`).join(', ') || 'none'}`);
  await simulate(product, plan, (line) => console.log(line));
}

/** A long run that is ended early still says what it saw. */
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());

const report = newReport();
const failed: number[] = [];
let seed = first;
for (; seed < first + runs && failed.length < FAILURES_MAX && !ended.signal.aborted; seed++) {
  const plan = planOf(seed);
  const outcome = await simulate(product, plan);
  addOutcome(report, outcome);
  if (outcome.broken.length > 0) {
    failed.push(seed);
    console.log(`seed ${seed}:`);
    for (const line of outcome.broken) console.log(`  ${line}`);
    if (failed.length === 1) {
      console.log('  shortened:');
      await printHistory(await shrink(product, plan, promiseOf(outcome.broken) ?? ''));
    }
  } else if (values.history) await printHistory(plan);
}
if (ended.signal.aborted) console.log(`ended before seed ${seed}`);
for (const line of reportLines(report)) console.log(line);
if (failed.length > 0) {
  console.log(`seeds that broke a promise: ${failed.join(', ')}`);
  process.exitCode = 1;
}
