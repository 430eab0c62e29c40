/** A part of an object store as a store of its own: the keys below one prefix. */
import type { ObjectStore } from './object-store.ts';

/**
 * The objects whose keys begin with `prefix`, by the rest of their keys.
 * @param prefix ends with a slash, or is empty for the whole store
 */
export function prefixedStore(store: ObjectStore, prefix: string): ObjectStore {
  if (prefix === '') return store;
  return {
    put: (key, body, options) => store.put(prefix + key, body, options),
    get: (key) => store.get(prefix + key),
    async *list(keyPrefix) {
      for await (const key of store.list(prefix + keyPrefix)) yield key.slice(prefix.length);
    },
  };
}
