/** What tests import as `fast-check`: the same few values for every mutant, and no shrinking. */
import fc from 'fast-check';

/** Most of the time of a mutant that survives goes into properties. */
const RUNS_MAX = 25;

function assert<Ts>(property: fc.IRawProperty<Ts>, parameters: fc.Parameters<Ts> = {}): unknown {
  return fc.assert(property, {
    ...parameters,
    seed: 1,
    numRuns: Math.min(parameters.numRuns ?? RUNS_MAX, RUNS_MAX),
    endOnFailure: true,
  });
}

const few = { ...fc, assert };
export { few as default };
