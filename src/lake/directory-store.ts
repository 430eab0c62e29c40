/**
 * An object store in a folder. Atomic as the port asks: a body is written beside its place under a hidden name,
 * brought to the disk, and then renamed or linked into its place, which the file system does in one step.
 */
import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectStore } from './object-store.ts';
import { ObjectKeyError, StoreError, type StoreOperation } from './store-errors.ts';

/** Names of unfinished files begin with this. A crash can leave one behind; nothing ever reads it. */
const TEMPORARY_PREFIX = '.sysmon-lake-';

const ADVICE: Readonly<Record<string, string>> = {
  EROFS: 'the file system is read-only; choose a folder that can be written',
  EACCES: 'this user may not; change the rights of the folder or choose another',
  EPERM: 'the system does not allow it; choose a folder on a disk with hard links that this user owns',
  ENOTSUP: 'the file system has no hard links; choose a folder on another disk',
  ENOSPC: 'the disk is full; free some space and run again',
  EDQUOT: 'the quota of the disk is used up; free some space and run again',
  ENOTDIR: 'a file stands where a folder is needed; move the file away',
  EEXIST: 'a file stands where a folder is needed; move the file away',
  EISDIR: 'a folder stands where the file is to be; move the folder away',
  ENAMETOOLONG: 'the name is too long for the file system; choose a shorter folder',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
};

/** The errno name of an error of the disk. */
const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** The error of the disk as a StoreError; any other error (a defect) as it is. */
const storeError = (error: unknown, operation: StoreOperation, key: string): unknown => {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new StoreError(operation, key, code, ADVICE[code] ?? 'the disk refused', error);
};

/** Whether a part of a key is the name of one entry of a folder, on POSIX and on Windows. */
const isPlainName = (part: string): boolean =>
  part !== '' &&
  part !== '.' &&
  part !== '..' &&
  !part.includes('\0') &&
  !part.startsWith(TEMPORARY_PREFIX) &&
  (path.sep === '/' || !/[\\:]/.test(part));

/**
 * The store that keeps its objects as files below `root`; folders are made as they are needed, `root` as well.
 * `put` and `get` throw {@link ObjectKeyError} for a key that would leave the folder or is no path, and
 * {@link StoreError} when the disk refuses. A key cannot be a folder of another key, as it can be in S3.
 */
export function directoryStore(root: string): ObjectStore {
  const fileOf = (key: string): string => {
    const parts = key.split('/');
    if (!parts.every(isPlainName)) {
      throw new ObjectKeyError(key, 'use names joined with /, without empty ones, . and ..');
    }
    return path.join(root, ...parts);
  };

  return {
    async put(key, body, options) {
      const file = fileOf(key);
      const folder = path.dirname(file);
      const temporary = path.join(folder, `${TEMPORARY_PREFIX}${randomUUID()}`);
      try {
        await mkdir(folder, { recursive: true });
        await writeDurably(temporary, body);
        if (options?.ifNoneMatch !== '*') {
          await rename(temporary, file);
          return 'written';
        }
        return await linkIfFree(temporary, file);
      } catch (error) {
        throw storeError(error, 'put', key);
      } finally {
        // After a rename there is nothing left to remove; a failure here must not hide the answer.
        await rm(temporary, { force: true }).catch(() => undefined);
      }
    },

    async get(key) {
      const file = fileOf(key);
      try {
        return await readFile(file);
      } catch (error) {
        if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) ?? '')) return undefined;
        throw storeError(error, 'get', key);
      }
    },

    async *list(prefix) {
      const folders = prefix.split('/').slice(0, -1);
      if (!folders.every(isPlainName)) return; // no key begins like this
      const start = folders.map((folder) => `${folder}/`).join('');
      for await (const key of walk(root, start, prefix)) yield key;
    },
  };
}

async function writeDurably(file: string, body: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(body);
    await handle.sync(); // otherwise a power cut may leave the new name with no content
  } finally {
    await handle.close();
  }
}

/** link() fails when the name is taken, so of many writers exactly one gets it. */
async function linkIfFree(temporary: string, file: string): Promise<'written' | 'exists'> {
  try {
    await link(temporary, file);
    return 'written';
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if ((await stat(file)).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    return 'exists';
  }
}

/** Keys below `folder` (which ends with / or is empty) that begin with `prefix`, in UTF-8 order. */
async function* walk(root: string, folder: string, prefix: string): AsyncGenerator<string> {
  for (const entry of await entriesOf(root, folder)) {
    if (!isPlainName(entry.name)) continue;
    const key = folder + entry.name;
    // Links are not followed: they could lead out of the folder, or round in a circle.
    if (entry.isFile() && key.startsWith(prefix)) yield key;
    if (entry.isDirectory() && `${key}/`.startsWith(prefix)) yield* walk(root, `${key}/`, prefix);
  }
}

/** A folder compares as its name with a slash: then the keys of the whole walk are in order. */
const orderBytes = (entry: Dirent): Buffer =>
  Buffer.from(entry.isDirectory() ? `${entry.name}/` : entry.name);

async function entriesOf(root: string, folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true });
    return entries.sort((left, right) => Buffer.compare(orderBytes(left), orderBytes(right)));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return [];
    throw storeError(error, 'list', folder);
  }
}
