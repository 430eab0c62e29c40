/** What a run says on standard error when it ends, and its exit code. */
import { describeFailure, EXIT_IO, EXIT_QUARANTINE, oneLine } from './failure.ts';
import type { InputOptions } from './options.ts';
import { printable } from './printable.ts';
import { quarantineLine } from './quarantine-line.ts';

/** One line on standard error, whatever is in the names of files. */
export const logLine = (line: string): void =>
  void process.stderr.write(`sysmon-lake: ${printable(oneLine(line))}\n`);

/** Notes and damaged inputs go to standard error; a damaged input is exit code 1. */
export function report({
  notes,
  failures,
}: {
  readonly notes: readonly string[];
  readonly failures: readonly Error[];
}): number {
  for (const note of notes) logLine(note);
  for (const failure of failures) logLine(describeFailure(failure).line);
  return failures.length > 0 ? EXIT_IO : 0;
}

/** Reports the records in quarantine on standard error. Gives the exit code of the run, which had `exitCode` so far. */
export function reportQuarantine(
  counts: Parameters<typeof quarantineLine>[0],
  { allowQuarantine, format }: Pick<InputOptions, 'allowQuarantine' | 'format'>,
  exitCode: number,
  folder?: string,
): number {
  const isForced = format !== 'auto' && format !== 'quarantine';
  const where = [
    ...(isForced ? [`all records were read as ${format}, as --format says`] : []),
    folder === undefined ? '`sysmon-lake transform` keeps them there' : `see ${folder}`,
  ].join('; ');
  const line = quarantineLine(counts, where, folder !== undefined);
  if (line === undefined) return exitCode;
  logLine(line);
  return exitCode === 0 && allowQuarantine !== true ? EXIT_QUARANTINE : exitCode;
}
