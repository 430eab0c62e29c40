import { describe, expect, it } from '@jest/globals';
import { FAILED_SEEDS } from './failed-seeds.ts';
import { FAULTS } from './faults.ts';
import { planOf } from './plan.ts';
import { loadProduct } from './product.ts';
import { addOutcome, newReport, reportLines } from './report.ts';
import { promiseOf, shrink } from './shrink.ts';
import { simulate } from './simulation.ts';

const SEEDS = 200;
const CHUNK = 10;

const product = await loadProduct();

describe('the app keeps its promises', () => {
  const report = newReport();
  const chunks = Array.from({ length: SEEDS / CHUNK }, (_, i) => i * CHUNK + 1);

  it.each(chunks)(`whatever goes wrong: ${CHUNK} seeds from %i`, async (first) => {
    for (let seed = first; seed < first + CHUNK; seed++) {
      const outcome = await simulate(product, planOf(seed));
      addOutcome(report, outcome);
      expect({ seed, broken: outcome.broken }).toEqual({ seed, broken: [] });
    }
  });

  it('where every kind of fault has come to pass', () => {
    for (const fault of FAULTS) expect([fault, report.injected[fault]]).not.toEqual([fault, 0]);
    for (const join of ['hit', 'late', 'miss']) expect(report.joins[join]).toBeGreaterThan(0);
    expect(reportLines(report)).toContainEqual(expect.stringMatching(/ 200 {2}seeds$/));
  });

  it('with seeds that once found a defect', async () => {
    for (const { seed, defect } of FAILED_SEEDS) {
      const { broken } = await simulate(product, planOf(seed));
      expect({ seed, defect, broken }).toEqual({ seed, defect, broken: [] });
    }
  });
});

describe('a run', () => {
  const historyOf = async (seed: number): Promise<string[]> => {
    const lines: string[] = [];
    await simulate(product, planOf(seed), (line) => void lines.push(line));
    return lines;
  };

  it('is the same for the same seed, and another for another', async () => {
    const history = await historyOf(9);
    expect(await historyOf(9)).toEqual(history);
    expect(await historyOf(10)).not.toEqual(history);
  });

  it('that fails is made shorter, and fails as before', async () => {
    const forgetful = {
      ...product,
      // The table keeps nothing, so that only the cache of an instance and the batch itself know a process.
      dynamodbProcessTable: () => ({ get: () => Promise.resolve(new Map()), put: () => Promise.resolve() }),
    };
    const failing = await (async () => {
      for (let seed = 1; ; seed++) {
        const plan = planOf(seed);
        const promise = promiseOf((await simulate(forgetful, plan)).broken);
        if (promise !== undefined) return { plan, promise };
      }
    })();
    const short = await shrink(forgetful, failing.plan, failing.promise);
    expect(promiseOf((await simulate(forgetful, short)).broken)).toBe(failing.promise);
    // A process and a connection that misses it are enough.
    const units = short.sendings.flatMap(({ records }) => records.flatMap((record) => record.units));
    expect(units.map(({ kind }) => kind).toSorted()).toEqual(['connection', 'process']);
  });
});
