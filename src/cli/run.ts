/** What transform, map and explain share: every input is read twice, first for its processes. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sqliteProcessTable } from '../join/sqlite-process-table.ts';
import type { ProcessTable } from '../join/process-table.ts';
import { loadMapping } from '../mapping/load.ts';
import { MappingError } from '../mapping/problem.ts';
import type { CompiledMapping } from '../mapping/compile.ts';
import type { Batch } from '../sources/batches.ts';
import type { SourceFormat } from '../sources/source.ts';
import { InputError, InterruptedError, UsageError, systemProblem } from './failure.ts';
import { findInputs, inputName } from './inputs.ts';
import type { InputFile } from './inputs.ts';
import { progressBar } from './progress.ts';
import { indexProcesses, readBatches } from './read-input.ts';
import type { IndexedInput } from './read-input.ts';

/** How long a process is remembered: 30 days. */
export const RETENTION_SECONDS = 30 * 24 * 3600;

/** The mapping that comes with the project; this file is bundled into dist/. */
export const defaultMappingPath = (): string =>
  fileURLToPath(new URL('../OCSFmapping.json', import.meta.url));

/** Reads and compiles a mapping file. @throws InputError, UsageError where it cannot be used */
export async function readMapping(path: string = defaultMappingPath()): Promise<CompiledMapping> {
  return usableMapping(await readMappingText(path), path);
}

/** Compiles the text of a mapping file. @throws UsageError where it cannot be used */
export function usableMapping(text: string, path: string): CompiledMapping {
  try {
    return loadMapping(text);
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    throw new UsageError(`${path}: ${error.message}; \`sysmon-lake check\` lists everything`);
  }
}

export async function readMappingText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError(path, systemProblem(error) ?? 'cannot be read', { cause: error });
  }
}

export interface RunOptions {
  readonly format: SourceFormat | 'auto';
  /** The process table. Default: one in SQLite. */
  readonly table?: ProcessTable;
  /** Folder of the process table in SQLite; undefined: a temporary one. */
  readonly tableFolder?: string;
  /** A folder that is no input: the output. */
  readonly exclude?: string;
  readonly progress: boolean;
  /**
   * Ends what `handle` has begun: behind the last batch, or behind ^C or a failure, while the process table is still
   * open. Called again it does nothing. A failure of its own is told where there was none before.
   */
  readonly settle?: () => Promise<void>;
}

/** What is known of the inputs as a whole, once they have been read for their processes. */
export interface Indexed {
  /** The file of the process table, where it is one in SQLite. */
  readonly tablePath: string | undefined;
  /** How many full batches the records of all inputs are. */
  readonly fullBatches: number;
  /** Aborts the run, after ^C. */
  readonly signal: AbortSignal;
}

export interface Outcome {
  /** What a user should know, one line each. */
  readonly notes: string[];
  /** Inputs that could not be read to their end. */
  readonly failures: InputError[];
}

/**
 * Reads the inputs twice and hands over each batch of the second reading with the process table of all of them.
 * An input that is damaged does not keep the others from being read.
 * @throws InterruptedError after ^C, between two records or two batches; InputError where an argument is no input
 */
export async function forEachBatch(
  inputs: readonly string[],
  mapping: CompiledMapping,
  options: RunOptions,
  handle: (batch: Batch, table: ProcessTable, indexed: Indexed) => Promise<void>,
): Promise<Outcome> {
  const abort = new AbortController();
  const interrupt = (): void => abort.abort(new InterruptedError());
  process.once('SIGINT', interrupt);
  const found = await findInputs(inputs, options.exclude, abort.signal).catch((error: unknown) => {
    process.off('SIGINT', interrupt);
    throw error;
  });
  const outcome: Outcome = { notes: [...found.notes], failures: [] };
  const temporary =
    options.table === undefined && options.tableFolder === undefined
      ? await mkdtemp(join(tmpdir(), 'sysmon-lake-'))
      : undefined;
  const totalBytes = found.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const progress = progressBar(2 * totalBytes, options.progress);
  let local: ReturnType<typeof sqliteProcessTable> | undefined;
  try {
    const localPath = join(temporary ?? options.tableFolder ?? '', 'process-table.sqlite');
    const table = options.table ?? (local = openLocal(localPath));
    const read = { format: options.format, onBytes: progress.advance, signal: abort.signal };
    // By what names its objects: a copy of a file, under the same name in another folder, is the same input.
    const named = new Map<string, { file: InputFile } & IndexedInput>();
    for (const file of found.files) {
      const input = await keep(outcome, indexProcesses(file, table, mapping.processFields, read));
      if (file.sizeBytes === 0) outcome.notes.push(`${file.label}: is empty`);
      if (input === undefined) continue;
      const name = `${input.digest} ${inputName(file)}`;
      const same = named.get(name);
      if (same === undefined) named.set(name, { file, ...input });
      else outcome.notes.push(`${file.label}: is a copy of ${same.file.label}, which is read once`);
    }
    const indexed: Indexed = {
      tablePath: local && localPath,
      fullBatches: [...named.values()].reduce((sum, { fullBatches }) => sum + fullBatches, 0),
      signal: abort.signal,
    };
    for (const { file, digest } of named.values()) {
      try {
        for await (const batch of readBatches(file, digest, read)) {
          await handle(batch, table, indexed);
          abort.signal.throwIfAborted();
        }
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        outcome.failures.push(error);
      }
    }
    await options.settle?.();
    abort.signal.throwIfAborted();
    return outcome;
  } catch (error) {
    await options.settle?.().catch(() => undefined); // what came first is told
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
    progress.stop();
    local?.close();
    await found.close();
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

const openLocal = (path: string): ReturnType<typeof sqliteProcessTable> =>
  sqliteProcessTable({
    path,
    now: Date.now,
    retentionSeconds: RETENTION_SECONDS,
  });

async function keep<T>(outcome: Outcome, promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    outcome.failures.push(error);
    return undefined;
  }
}
