/** Shows that the simulator finds faults: which of the seeds 1 to `--runs` catch each product that was broken on purpose. */
import { parseArgs } from 'node:util';
import { MUTANTS, withMutant } from '../tests/simulation/mutants.ts';
import { planOf } from '../tests/simulation/plan.ts';
import { simulate } from '../tests/simulation/simulation.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '200' } } });
const runs = Number(values.runs);

for (const mutant of MUTANTS) {
  await withMutant(mutant, async (product) => {
    const caught: number[] = [];
    const promises: Record<string, number> = {};
    for (let seed = 1; seed <= runs; seed++) {
      const { broken } = await simulate(product, planOf(seed));
      if (broken.length === 0) continue;
      caught.push(seed);
      for (const promise of new Set(broken.map((line) => line.split(':')[0] ?? ''))) {
        promises[promise] = (promises[promise] ?? 0) + 1;
      }
    }
    console.log(`${mutant.name}: caught by ${caught.length} of ${runs} seeds`);
    console.log(
      `  first: ${caught.slice(0, 8).join(', ') || 'none'}; promises broken: ${JSON.stringify(promises)}`,
    );
    if (caught.length === 0) process.exitCode = 1;
  });
}
