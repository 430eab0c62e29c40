import { describe, expect, it } from '@jest/globals';
import { memoryStore } from '../../src/lake/memory-store.ts';
import { prefixedStore } from '../../src/lake/prefixed-store.ts';
import { keysOf, objectStoreContract } from './object-store.contract.ts';

objectStoreContract('prefixedStore', () => Promise.resolve(prefixedStore(memoryStore(), 'a/b/')));

describe('prefixedStore', () => {
  it('keeps its objects below the prefix, and sees no others', async () => {
    const whole = memoryStore();
    const part = prefixedStore(whole, 'a/');
    await whole.put('ab', Buffer.from('other'));
    await part.put('b/c', Buffer.from('own'));
    expect(await keysOf(whole, '')).toEqual(['a/b/c', 'ab']);
    expect(await keysOf(part, '')).toEqual(['b/c']);
    expect(await part.get('b')).toBeUndefined();
  });

  it('is the whole store with an empty prefix', () => {
    const whole = memoryStore();
    expect(prefixedStore(whole, '')).toBe(whole);
  });
});
