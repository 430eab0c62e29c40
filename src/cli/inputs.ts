/** The INPUT arguments: files, folders, and `-` for standard input, as a list of files to read. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, opendir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError, UsageError, systemProblem } from './failure.ts';
import { plural } from './printable.ts';

export interface InputFile {
  /** Where it is read. */
  readonly path: string;
  /** What the user calls it. */
  readonly label: string;
  readonly sizeBytes: number;
}

export interface Inputs {
  readonly files: readonly InputFile[];
  /** What a user should know of the arguments, one line each. */
  readonly notes: readonly string[];
  /** Removes what was spooled. */
  readonly close: () => Promise<void>;
}

/**
 * Names of event files in a folder; a file that is named itself is read whatever its name. Objects that Firehose
 * and exports from S3 deliver often have no extension.
 */
const EVENT_FILE = /^[^.]+$|\.(json|jsonl|ndjson|log|txt|xml|evtx|gz|zst|zip)$/i;

/** So many files that are passed over are named. */
const NAMED_MAX = 3;

/**
 * Finds the files, in the order of the arguments and, within a folder, of their names. A file that is named twice
 * is read once. Standard input, and whatever else can be read but once (a pipe), is spooled to disk, because every
 * input is read twice.
 * @param exclude a folder that is never looked into: the output
 * @param signal stops the spooling; what was spooled is removed
 * @throws InputError, UsageError
 */
export async function findInputs(
  args: readonly string[],
  exclude?: string,
  signal?: AbortSignal,
): Promise<Inputs> {
  const files = new Map<string, InputFile>();
  const notes: string[] = [];
  const temporary: string[] = [];
  const excluded = exclude === undefined ? undefined : await realpath(exclude).catch(() => undefined);
  const add = (file: InputFile, real: string): void => {
    if (!files.has(real)) files.set(real, file);
  };
  try {
    for (const arg of args) {
      if (arg === '-') {
        if (!files.has('-')) add(await spool(process.stdin, 'stdin'), '-');
        continue;
      }
      const info = await stat(arg).catch((error: unknown) => {
        throw new InputError(arg, systemProblem(error) ?? 'cannot be read', { cause: error });
      });
      if (info.isDirectory()) {
        const found = await filesBelow(arg, excluded);
        if (found.files.length === 0) notes.push(`${arg}: no event files in this folder`);
        if (found.others.length > 0) notes.push(`${arg}: ${passedOver(found.others)}`);
        for (const file of found.files) add(file, await realpath(file.path));
      } else if (!info.isFile()) {
        add(await spool(createReadStream(arg), arg), await realpath(arg).catch(() => arg));
      } else {
        add({ path: arg, label: arg, sizeBytes: info.size }, await realpath(arg));
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  if (args.length === 0) throw new UsageError('no input');
  return { files: [...files.values()], notes, close };

  async function spool(stream: Readable, label: string): Promise<InputFile> {
    const folder = await mkdtemp(join(tmpdir(), 'sysmon-lake-'));
    temporary.push(folder);
    const path = join(folder, 'spooled');
    try {
      await pipeline(stream, createWriteStream(path), { ...(signal && { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      throw new InputError(label, systemProblem(error) ?? 'cannot be read', { cause: error });
    }
    return { path, label, sizeBytes: (await stat(path)).size };
  }

  async function close(): Promise<void> {
    for (const folder of temporary) await rm(folder, { recursive: true, force: true });
  }
}

async function filesBelow(
  folder: string,
  excluded: string | undefined,
): Promise<{ files: InputFile[]; others: string[] }> {
  const paths: string[] = [];
  const others: string[] = [];
  const root = await realpath(folder);
  const skip = excluded === undefined ? undefined : relative(root, excluded);
  const read = async (below: string): Promise<void> => {
    for await (const entry of await opendir(join(folder, below))) {
      const path = below === '' ? entry.name : `${below}${sep}${entry.name}`;
      if (entry.name.startsWith('.') || path === skip) continue;
      if (entry.isDirectory()) await read(path);
      else if (entry.isFile() && EVENT_FILE.test(entry.name)) paths.push(path);
      else others.push(path);
    }
  };
  try {
    await read('');
  } catch (error) {
    throw new InputError(folder, systemProblem(error) ?? 'cannot be read', { cause: error });
  }
  paths.sort();
  others.sort();
  const files = await Promise.all(
    paths.map(async (path) => {
      const full = join(folder, path);
      return { path: full, label: full, sizeBytes: (await stat(full)).size };
    }),
  );
  return { files, others };
}

function passedOver(others: readonly string[]): string {
  const names = others.slice(0, NAMED_MAX).join(', ') + (others.length > NAMED_MAX ? ', …' : '');
  return `${plural(others.length, 'file')} passed over, not named like event files: ${names}`;
}

/** The name that objects made from this input carry. */
export const inputName = ({ label }: InputFile): string => basename(label);
