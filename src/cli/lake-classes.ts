/** What a lake in a folder holds: `<dir>/ext/<source>/<schema>/…/*.parquet`, or a source for each class. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** A folder that is no lake. */
export class LakeError extends Error {
  readonly dir: string;

  constructor(dir: string, problem: string, options?: ErrorOptions) {
    super(`${JSON.stringify(dir)} ${problem}`, options);
    this.name = 'LakeError';
    this.dir = dir;
  }
}

/** As objectKey of the lake's layout writes it; any other folder beside a class is none. */
const SCHEMA = /^[a-z][a-z0-9_]*$/;

export interface LakeObjects {
  /** Absolute paths of the Parquet objects of each class, with slashes, by the name of the class. */
  readonly classes: ReadonlyMap<string, readonly string[]>;
  /** The same of each source that is one class, layout `per-source`, by the name of the source. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
}

/**
 * The objects of a lake.
 * @throws LakeError where there is no such folder, or no object in it
 */
export async function findObjects(dir: string): Promise<LakeObjects> {
  const root = path.resolve(dir);
  await readdir(root).catch((error: unknown) => {
    const advice = 'give the one that `sysmon-lake transform --out` wrote';
    throw new LakeError(dir, `cannot be read as a folder; ${advice}`, { cause: error });
  });
  const classes = new Map<string, string[]>();
  const sources = new Map<string, string[]>();
  const ext = path.join(root, 'ext');
  for (const source of await entriesOf(ext)) {
    for (const { name } of await entriesOf(path.join(ext, source.name))) {
      const isPartition = name.startsWith('region=');
      if (!isPartition && !SCHEMA.test(name)) continue;
      const files = (await entriesOf(path.join(ext, source.name, name), true))
        .filter((entry) => !entry.isDirectory() && /^[^.].*\.parquet$/s.test(entry.name))
        .map((entry) => path.join(entry.parentPath, entry.name).replaceAll(path.sep, '/'));
      if (files.length === 0) continue;
      const [found, key] = isPartition ? [sources, source.name] : [classes, name];
      found.set(key, [...(found.get(key) ?? []), ...files.toSorted()]);
    }
  }
  if (classes.size + sources.size > 0) return { classes, sources };
  throw new LakeError(
    dir,
    'holds no Parquet objects below ext/; fill it with `sysmon-lake transform INPUT --out` first',
  );
}

/** Nothing for what is no folder, or cannot be opened. */
const entriesOf = (folder: string, recursive = false): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true, recursive }).catch(() => []);
