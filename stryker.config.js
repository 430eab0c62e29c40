/** Mutation tests of the rooms that decide what a record says: `npm run mutate`. docs/mutation.md has the figures. */
export default {
  packageManager: 'npm',
  mutate: ['src/{sysmon,mapping,join}/**/*.ts'],
  testRunner: 'in-process',
  plugins: ['./tests/mutation/runner.ts'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // Modules are loaded anew for each mutant, and what was loaded stays in memory until the process ends.
  maxTestRunnerReuse: 300,
  // Loops that a mutant keeps from ending are counted and stopped; this is for those without a count, and for a busy machine.
  timeoutMS: 20_000,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { reportTests: false },
  jsonReporter: { fileName: 'coverage/mutation.json' },
  tempDirName: 'coverage/stryker',
  ignorePatterns: ['coverage', 'dist', 'lake', 'docs'],
};
