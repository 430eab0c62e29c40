/** The views and hunts that come with the package: the files of queries/, and those of queries/native/. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseQueryFile } from '../catalog/query-file.ts';
import type { QueryFile, QueryMapping } from '../catalog/query-file.ts';
import { packagePath } from './package-folder.ts';

/**
 * Every query of the folder and the folders in it, by name.
 * @param folder default: the one that comes along
 * @throws QueryFileError for a file whose header is wrong
 */
export async function readQueryFiles(folder: string = packagePath('queries')): Promise<readonly QueryFile[]> {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  return names
    .map((name, i) => parseQueryFile(name, texts[i] ?? ''))
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Those that read a lake of this mapping file. */
export const queriesFor = (
  queries: readonly QueryFile[],
  mapping: Exclude<QueryMapping, 'both'>,
): readonly QueryFile[] => queries.filter((query) => query.mapping === 'both' || query.mapping === mapping);
