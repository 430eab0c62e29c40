import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { directoryStore } from '../../src/lake/directory-store.ts';
import { ObjectKeyError, StoreError } from '../../src/lake/store-errors.ts';
import { keysOf, objectStoreContract } from './object-store.contract.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sysmon-lake-store-'));
});
afterAll(() => rm(folder, { recursive: true }));

const newRoot = (): Promise<string> => mkdtemp(path.join(folder, 'root-'));

// The root of a new lake does not exist yet.
objectStoreContract('directoryStore', async () => directoryStore(path.join(await newRoot(), 'lake')));

const body = new TextEncoder().encode('body');

const failure = (put: Promise<unknown>): Promise<unknown> =>
  put.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('directoryStore', () => {
  it('writes an object as a file of that path, and nothing beside it', async () => {
    const root = await newRoot();
    const store = directoryStore(root);
    await store.put('ext/day=1/a', body);
    await store.put('ext/day=1/b', body, { ifNoneMatch: '*' });
    await store.put('ext/day=1/b', body, { ifNoneMatch: '*' });
    expect(await readFile(path.join(root, 'ext', 'day=1', 'a'), 'utf8')).toBe('body');
    expect((await readdir(root, { recursive: true })).sort()).toEqual(
      ['ext', 'ext/day=1', 'ext/day=1/a', 'ext/day=1/b'].map((file) => path.normalize(file)),
    );
  });

  it.each(['', '/', '/a', 'a/', 'a//b', '.', '..', '../a', 'a/../b', 'a/./b', 'a\0b', '.sysmon-lake-x'])(
    'refuses the key %j',
    async (key) => {
      const store = directoryStore(await newRoot());
      await expect(store.put(key, body)).rejects.toThrow(ObjectKeyError);
      await expect(store.get(key)).rejects.toThrow(ObjectKeyError);
    },
  );

  it.each(['../', '/', '..//', 'a/../../'])(
    'lists nothing outside of it, for the prefix %j',
    async (prefix) => {
      const root = await newRoot();
      await writeFile(path.join(folder, 'outside'), body);
      await directoryStore(root).put('a/b', body);
      expect(await keysOf(directoryStore(root), prefix)).toEqual([]);
    },
  );

  it('does not list unfinished files and does not follow links', async () => {
    const root = await newRoot();
    const store = directoryStore(root);
    await store.put('a/b', body);
    await writeFile(path.join(root, 'a', '.sysmon-lake-0123'), body);
    await symlink(root, path.join(root, 'a', 'circle'));
    expect(await keysOf(store, '')).toEqual(['a/b']);
  });

  it.each([undefined, { ifNoneMatch: '*' }] as const)(
    'says what to do where a folder stands in the way, and leaves no file behind (%j)',
    async (options) => {
      const root = await newRoot();
      await mkdir(path.join(root, 'a', 'b'), { recursive: true });
      const error = await failure(directoryStore(root).put('a/b', body, options));
      expect(error).toBeInstanceOf(StoreError);
      expect(error).toMatchObject({ code: 'EISDIR', key: 'a/b', operation: 'put' });
      expect(String(error)).toContain('cannot put "a/b": a folder stands where the file is to be');
      expect(await readdir(path.join(root, 'a'))).toEqual(['b']);
    },
  );

  it('says what to do where a file stands in the way', async () => {
    const root = await newRoot();
    const store = directoryStore(root);
    await store.put('a', body);
    const error = await failure(store.put('a/b/c', body));
    expect(error).toBeInstanceOf(StoreError);
    expect(['ENOTDIR', 'EEXIST']).toContain((error as StoreError).code);
    expect(String(error)).toMatch(/a file stands where a folder is needed; move the file away \(E[A-Z]+\)$/);
  });

  it('tells the errors of the disk for every operation, with their cause', async () => {
    const store = directoryStore(await newRoot());
    const key = 'x'.repeat(300);
    for (const [operation, error] of [
      ['put', await failure(store.put(key, body))],
      ['get', await failure(store.get(key))],
      ['list', await failure(keysOf(store, `${key}/`))],
    ] as const) {
      expect(error).toBeInstanceOf(StoreError);
      expect(error).toMatchObject({ code: 'ENAMETOOLONG', operation, cause: { code: 'ENAMETOOLONG' } });
      expect(String(error)).not.toContain('\n');
    }
  });
});
