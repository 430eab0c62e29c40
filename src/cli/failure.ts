/** Errors as a user of the command sees them: one line, and an exit code. */
import { ProcessTableError } from '../join/process-table-error.ts';
import { LayoutError } from '../lake/layout.ts';
import { StoreError } from '../lake/store-errors.ts';
import { MappingError } from '../mapping/problem.ts';
import { DecompressError } from '../sources/decompress.ts';
import { LakeError, QueryError } from './lake-database.ts';

/** Wrong use of the command, or a mapping that cannot be used. */
export const EXIT_USAGE = 2;
/** Something could not be read or written. */
export const EXIT_IO = 1;
/** The run finished, and records are in quarantine. */
export const EXIT_QUARANTINE = 3;
/** Stopped by ^C: 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130;

/** A command that was called in a way that it cannot work. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** An input that cannot be read, or not to its end. */
export class InputError extends Error {
  readonly path: string;
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}`, options);
    this.name = 'InputError';
    this.path = path;
  }
}

/** ^C, between two records or two batches. */
export class InterruptedError extends Error {
  constructor(
    message = 'interrupted; every object that was written is whole, and the same command again completes the rest',
  ) {
    super(message);
    this.name = 'InterruptedError';
  }
}

/** Standard output cannot be written. */
export class OutputError extends Error {
  /** Whoever read it has gone, as `head` does: there is nothing left to do, and nothing is wrong. */
  readonly isClosed: boolean;
  constructor(cause: Error) {
    super(`standard output: ${systemProblem(cause) ?? 'cannot be written'}`, { cause });
    this.name = 'OutputError';
    this.isClosed = 'code' in cause && cause.code === 'EPIPE';
  }
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EISDIR: 'is a folder',
  EROFS: 'the file system is read-only',
  EEXIST: 'a file stands where a folder is needed',
  ENOTDIR: 'a file stands where a folder is needed',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'no space is left on the disk',
  EMFILE: 'too many open files',
};

/** What the system says of a path, in words. */
export function systemProblem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return SYSTEM_ERRORS[String(error.code)] ?? String(error.code);
}

/** One line for people, and the exit code. */
export function describeFailure(error: unknown): { line: string; exitCode: number } {
  if (
    error instanceof UsageError ||
    error instanceof MappingError ||
    error instanceof LayoutError ||
    error instanceof QueryError
  ) {
    return { line: oneLine(error.message), exitCode: EXIT_USAGE };
  }
  if (error instanceof InterruptedError) return { line: error.message, exitCode: EXIT_INTERRUPTED };
  const known = [InputError, OutputError, LakeError, StoreError, ProcessTableError, DecompressError].some(
    (kind) => error instanceof kind,
  );
  if (known && error instanceof Error) return { line: oneLine(error.message), exitCode: EXIT_IO };
  const system = systemProblem(error);
  if (system !== undefined && error instanceof Error && 'path' in error) {
    return { line: `${String(error.path)}: ${system}`, exitCode: EXIT_IO };
  }
  return { line: oneLine(error instanceof Error ? error.message : String(error)), exitCode: EXIT_IO };
}

/** Line breaks as blanks. */
export const oneLine = (text: string): string => text.trim().replace(/\s*[\r\n]+\s*/g, ' ');
