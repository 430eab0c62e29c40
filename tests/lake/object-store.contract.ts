/** What every object store does, whichever it is. */
import { describe, expect, it } from '@jest/globals';
import type { ObjectStore } from '../../src/lake/object-store.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (body: Uint8Array | undefined): string | undefined => body && new TextDecoder().decode(body);

export async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys;
}

/** Registers the contract's tests. `newStore` gives an empty store for each test. */
export function objectStoreContract(name: string, newStore: () => Promise<ObjectStore>): void {
  async function storeWith(...keys: string[]): Promise<ObjectStore> {
    const store = await newStore();
    for (const key of keys) await store.put(key, bytes(key));
    return store;
  }

  describe(`${name} keeps the contract of ObjectStore`, () => {
    it('gives back what was put, and undefined where there is nothing', async () => {
      const store = await newStore();
      expect(await store.put('ext/a', bytes('one'))).toBe('written');
      expect(text(await store.get('ext/a'))).toBe('one');
      expect(await store.get('ext/b')).toBeUndefined();
      expect(await store.get('ext/a/b')).toBeUndefined();
      expect(await store.get('ext')).toBeUndefined();
    });

    it('replaces an object', async () => {
      const store = await newStore();
      await store.put('a', bytes('a long first body'));
      expect(await store.put('a', bytes('second'))).toBe('written');
      expect(text(await store.get('a'))).toBe('second');
    });

    it('leaves an object that exists as it is with ifNoneMatch', async () => {
      const store = await newStore();
      expect(await store.put('d/a', bytes('first'), { ifNoneMatch: '*' })).toBe('written');
      expect(await store.put('d/a', bytes('second'), { ifNoneMatch: '*' })).toBe('exists');
      expect(text(await store.get('d/a'))).toBe('first');
    });

    it('lets exactly one of many writers win with ifNoneMatch, and keeps the body of that one', async () => {
      const store = await newStore();
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, writer) =>
          store.put('a', bytes(`writer ${writer}`), { ifNoneMatch: '*' }),
        ),
      );
      expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
      expect(text(await store.get('a'))).toBe(`writer ${answers.indexOf('written')}`);
      expect(await keysOf(store, '')).toEqual(['a']);
    });

    it('never mixes the bodies of many writers', async () => {
      const store = await newStore();
      const bodies = Array.from({ length: 8 }, (_, writer) => new Uint8Array(100_000 + writer).fill(writer));
      await Promise.all(bodies.map((body) => store.put('a', body)));
      const body = await store.get('a');
      expect(Buffer.compare(body!, bodies[body![0]!]!)).toBe(0);
    });

    it('keeps empty and large bodies', async () => {
      const store = await newStore();
      const large = Uint8Array.from({ length: 12_000_000 }, (_, index) => (index * 7919) >>> 5);
      await store.put('empty', new Uint8Array());
      await store.put('large', large);
      expect((await store.get('empty'))?.length).toBe(0);
      expect(Buffer.compare((await store.get('large'))!, large)).toBe(0);
    });

    it('takes the bytes of a view, not those around it', async () => {
      const store = await newStore();
      await store.put('a', bytes('abcdef').subarray(2, 4));
      expect(text(await store.get('a'))).toBe('cd');
    });

    it('does not see what happens to a body after it was put or got', async () => {
      const store = await newStore();
      const body = bytes('abc');
      await store.put('a', body);
      body.fill(0);
      const first = (await store.get('a'))!;
      expect(text(first)).toBe('abc');
      first.fill(0);
      expect(text(await store.get('a'))).toBe('abc');
    });

    it('takes keys with spaces, =, %, + and any letters', async () => {
      const keys = [
        'a b/c d',
        'ext/x/region=eu/eventDay=20240115/1.parquet',
        'a%2Fb',
        'a+b&c',
        'Prozeß/日本/😀',
      ];
      const store = await storeWith(...keys);
      for (const key of keys) expect(text(await store.get(key))).toBe(key);
      expect(new Set(await keysOf(store, ''))).toEqual(new Set(keys));
    });

    it('lists the keys that begin with a prefix, which need not be a folder', async () => {
      const store = await storeWith('ext/a', 'ext/ab/c', 'ext/ab/d/e', 'ext/b', 'other');
      expect(await keysOf(store, 'ext/a')).toEqual(['ext/a', 'ext/ab/c', 'ext/ab/d/e']);
      expect(await keysOf(store, 'ext/ab/')).toEqual(['ext/ab/c', 'ext/ab/d/e']);
      expect(await keysOf(store, 'ext/ab/d/e')).toEqual(['ext/ab/d/e']);
      expect(await keysOf(store, 'ex')).toEqual(['ext/a', 'ext/ab/c', 'ext/ab/d/e', 'ext/b']);
      expect(await keysOf(store, 'ext/c')).toEqual([]);
      expect(await keysOf(store, 'nowhere/at/all')).toEqual([]);
      expect(await keysOf(store, 'other/x')).toEqual([]);
    });

    it('lists nothing in an empty store', async () => {
      expect(await keysOf(await newStore(), '')).toEqual([]);
    });

    it('lists in the order of UTF-8 bytes', async () => {
      // By UTF-16 units, which JavaScript compares by, 😀 (D83D …) would come before ～ (FF5E).
      const ordered = ['Z', 'a-b', 'a.b', 'a/b', 'a/b-c', 'a/c/1', 'a0', 'b', 'é', '～', '😀'];
      const store = await storeWith(...ordered.toReversed());
      expect(await keysOf(store, '')).toEqual(ordered);
    });
  });
}
