import { describe, expect, it } from '@jest/globals';
import { memoryStore } from '../../src/lake/memory-store.ts';
import { ObjectKeyError } from '../../src/lake/store-errors.ts';
import { objectStoreContract } from './object-store.contract.ts';

objectStoreContract('memoryStore', () => Promise.resolve(memoryStore()));

describe('memoryStore', () => {
  it('refuses an empty key', async () => {
    await expect(memoryStore().put('', new Uint8Array())).rejects.toThrow(ObjectKeyError);
  });
});
