/** What a lake in a folder holds: `<dir>/ext/<source>/<schema>/…/*.parquet`. */
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

/**
 * Absolute paths of the Parquet objects of each class, with slashes, by the name of the class.
 * @throws LakeError where there is no such folder, or no object in it
 */
export async function findClasses(dir: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const root = path.resolve(dir);
  await readdir(root).catch((error: unknown) => {
    const advice = 'give the one that `sysmon-lake transform --out` wrote';
    throw new LakeError(dir, `cannot be read as a folder; ${advice}`, { cause: error });
  });
  const classes = new Map<string, string[]>();
  const ext = path.join(root, 'ext');
  for (const source of await entriesOf(ext)) {
    for (const schema of await entriesOf(path.join(ext, source.name))) {
      if (!SCHEMA.test(schema.name)) continue;
      const files = (await entriesOf(path.join(ext, source.name, schema.name), true))
        .filter((entry) => !entry.isDirectory() && /^[^.].*\.parquet$/.test(entry.name))
        .map((entry) => path.join(entry.parentPath, entry.name).replaceAll(path.sep, '/'));
      if (files.length === 0) continue;
      classes.set(schema.name, [...(classes.get(schema.name) ?? []), ...files.toSorted()]);
    }
  }
  if (classes.size > 0) return classes;
  throw new LakeError(
    dir,
    'holds no Parquet objects below ext/; fill it with `sysmon-lake transform INPUT --out` first',
  );
}

/** Nothing for what is no folder, or cannot be opened. */
const entriesOf = (folder: string, recursive = false): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true, recursive }).catch(() => []);
