/**
 * A test runner for Stryker: Jest's own `describe`, `it` and `expect` in one process, without the sandbox that Jest
 * builds for each test file. Most mutants cost some 30 ms in place of 600 (docs/mutation.md).
 */
import { globSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { addEventHandler, removeEventHandler, resetState, run } from 'jest-circus';
import type { Event } from 'jest-circus';
import type {
  DryRunOptions,
  DryRunResult,
  MutantRunOptions,
  MutantRunResult,
  TestResult,
  TestRunner,
} from '@stryker-mutator/api/test-runner';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { hookModules, importFresh } from './modules.ts';

/** Tests of speed, of size and of whole processes: seconds each, and what they hold does not hang on one operator. */
const TOO_SLOW = [
  'is read in time that grows with the text alone',
  'takes and finds 10,000 processes at once',
  'is whole after a run that was killed in the middle of a put',
  'takes more values than a call takes arguments',
];

/** Stryker counts no hits of what runs while a test file is loaded. Far above what any mutant needs that ends. */
const HITS_MAX = 3_000_000;

interface Run {
  /** Tests to run, by id; undefined for all. */
  readonly only: ReadonlySet<string> | undefined;
  /** Whether the first failure is enough. */
  readonly bail: boolean;
}

type Test = Extract<Event, { name: 'test_start' }>['test'];

/** Stryker's variables, where the instrumented code looks for them. */
const context: InstrumenterContext = {};
Object.assign(globalThis, { __stryker__: context, [Symbol.for('TEST_TIMEOUT_SYMBOL')]: 30_000 });

const nameOf = (test: Test): string => {
  const names: string[] = [test.name];
  for (let block = test.parent; block.parent !== undefined; block = block.parent) names.unshift(block.name);
  return names.join(' ');
};

/** Of what was thrown; Jest keeps it in a pair with where the test stands. */
const messageOf = (thrown: unknown): string => {
  const error: unknown = Array.isArray(thrown) ? thrown[0] : thrown;
  return error instanceof Error ? error.message : 'what was thrown is no Error';
};

/** Runs test files one after the other. Rejects where a file cannot be loaded. */
async function runFiles(files: readonly string[], { only, bail }: Run): Promise<TestResult[]> {
  const results: TestResult[] = [];
  const ids = new Map<Test, string>();
  const taken = new Set<string>();
  let file = '';
  const state = { failed: false };

  const onEvent = (event: Event): void => {
    if (event.name === 'test_start') {
      const { test } = event;
      let id = `${file} ${nameOf(test)}`;
      while (taken.has(id)) id += "'";
      taken.add(id);
      ids.set(test, id);
      const unwanted = (only !== undefined && !only.has(id)) || (bail && state.failed);
      if (unwanted || TOO_SLOW.some((name) => test.name.includes(name))) test.mode = 'skip';
      context.currentTestId = id;
    } else if (event.name === 'test_done' || event.name === 'test_skip') {
      const { test } = event;
      const id = ids.get(test) ?? '';
      const seen = { id, name: nameOf(test), fileName: file, timeSpentMs: test.duration ?? 0 };
      const [error] = test.errors as readonly unknown[]; // true: whatever a test threw
      if (event.name === 'test_skip') results.push({ ...seen, status: TestStatus.Skipped });
      else if (error === undefined) results.push({ ...seen, status: TestStatus.Success });
      else results.push({ ...seen, status: TestStatus.Failed, failureMessage: messageOf(error) });
      state.failed ||= event.name === 'test_done' && error !== undefined;
      delete context.currentTestId;
    }
  };

  addEventHandler(onEvent);
  try {
    for (file of files) {
      resetState();
      await importFresh(file);
      const { unhandledErrors } = await run();
      if (unhandledErrors.length > 0) throw new Error(unhandledErrors.join('\n'));
      if (bail && state.failed) break;
    }
  } finally {
    removeEventHandler(onEvent);
  }
  return results;
}

/**
 * The test files of the folders of these source files, with the test of a folder itself (`converters.test.ts` for all in
 * `converters/`): first those of the same name, or of the name in front of a hyphen (`compile` for `compile-node`).
 */
const testFilesOf = (sources: readonly string[]): string[] => {
  const paths = sources.map((source) => relative('src', source).slice(0, -'.ts'.length));
  const named = new Set(
    paths.flatMap((path) =>
      [path, path.replace(/-[^/\\]*$/, '')].map((name) => join('tests', `${name}.test.ts`)),
    ),
  );
  const folders = new Set(paths.map(dirname));
  const files = [...folders].flatMap((folder) => globSync(`tests/${folder}{/*,}.test.ts`).sort());
  return [...files.filter((file) => named.has(file)), ...files.filter((file) => !named.has(file))];
};

async function resultOf(files: readonly string[], options: Run): Promise<DryRunResult> {
  try {
    return { status: DryRunStatus.Complete, tests: await runFiles(files, options) };
  } catch (error) {
    return { status: DryRunStatus.Error, errorMessage: messageOf(error) };
  }
}

const inProcess: TestRunner = {
  capabilities: () => ({ reloadEnvironment: true }),

  init() {
    hookModules();
    // A mutant may leave a rejection that nobody awaits; the test that misses its answer fails of it.
    process.on('unhandledRejection', () => undefined);
    return Promise.resolve();
  },

  async dryRun({ coverageAnalysis, files = [] }: DryRunOptions): Promise<DryRunResult> {
    const result = await resultOf(testFilesOf(files), { only: undefined, bail: false });
    const { mutantCoverage } = context;
    if (result.status !== DryRunStatus.Complete || mutantCoverage === undefined) return result;
    return coverageAnalysis === 'off' ? result : { ...result, mutantCoverage };
  },

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, testFilter, hitLimit, disableBail } = options;
    const only = testFilter && new Set(testFilter);
    const files = testFilesOf([options.sandboxFileName]).filter(
      (file) => testFilter === undefined || testFilter.some((id) => id.startsWith(`${file} `)),
    );
    context.activeMutant = activeMutant.id;
    const hits = hitLimit ?? HITS_MAX;
    Object.assign(context, { hitLimit: hits, hitCount: 0 });
    const dryRun = await resultOf(files, { only, bail: !disableBail });
    return toMutantRunResult(determineHitLimitReached(context.hitCount, hits) ?? dryRun, disableBail);
  },
};

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', factory: () => inProcess }];
