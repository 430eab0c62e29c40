/**
 * A promise that a target keeps for any input, in a form that both jest (few runs) and scripts/fuzz.ts (many) run.
 */
import fc from 'fast-check';

export interface Failure {
  readonly seed: number;
  /** Leads fast-check to the shrunk counterexample at once. */
  readonly path: string;
  readonly counterexample: string;
  readonly error: string;
}

export interface Search {
  readonly runs: number;
  readonly seed: number;
  readonly path?: string | undefined;
}

export interface Promised {
  /** What holds, as the end of a sentence: `never throws`. */
  readonly promise: string;
  /** Runs in `npm test`. */
  readonly runs: number;
  /** Looks for an input that breaks the promise. Inputs that once did are always among those tried. */
  readonly search: (search: Search) => Promise<Failure | undefined>;
}

export interface Target {
  readonly name: string;
  /** What is under test, for docs/fuzzing.md and the help of the script. */
  readonly of: string;
  readonly promises: readonly Promised[];
}

export interface PromiseOptions<Ts> {
  readonly runs?: number;
  /** Inputs that once broke the promise, or that nothing should lose from the search. */
  readonly examples?: Ts[];
}

const RUNS = 100;

/** A promise out of a property of fast-check. */
export function promised<Ts>(
  promise: string,
  property: fc.IProperty<Ts> | fc.IAsyncProperty<Ts>,
  { runs = RUNS, examples = [] }: PromiseOptions<Ts> = {},
): Promised {
  const search: Promised['search'] = async ({ runs: numRuns, seed, path }) => {
    const details = await fc.check(property as fc.IAsyncProperty<Ts>, {
      numRuns,
      seed,
      examples,
      ...(path !== undefined && { path }),
    });
    if (!details.failed) return undefined;
    const { errorInstance } = details;
    return {
      seed: details.seed,
      path: details.counterexamplePath ?? '',
      counterexample: fc.stringify(details.counterexample),
      error:
        errorInstance instanceof Error
          ? (errorInstance.stack ?? errorInstance.message)
          : String(errorInstance),
    };
  };
  return { promise, runs, search };
}

/** Throws where a promise is broken: what the properties say instead of `expect`, which the script does not have. */
export function hold(condition: boolean, otherwise: string | (() => string)): asserts condition {
  if (!condition) throw new Error(typeof otherwise === 'string' ? otherwise : otherwise());
}

/** Throws where two values differ; compares them by how fast-check writes them, across realms. */
export function same(actual: unknown, expected: unknown, what = 'values'): void {
  const [left, right] = [fc.stringify(actual), fc.stringify(expected)];
  if (left !== right) throw new Error(`${what} differ: ${left} is not ${right}`);
}
