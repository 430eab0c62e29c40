/** An object store in memory, for tests and simulation. */
import type { ObjectStore } from './object-store.ts';
import { ObjectKeyError } from './store-errors.ts';

/** An empty store. Bodies are copied in and out, so nobody can change an object but by `put`. */
export function memoryStore(): ObjectStore {
  const objects = new Map<string, Uint8Array>();
  return {
    put(key, body, options) {
      if (key === '') return Promise.reject(new ObjectKeyError(key, 'it is empty'));
      if (options?.ifNoneMatch === '*' && objects.has(key)) return Promise.resolve('exists');
      objects.set(key, Uint8Array.from(body));
      return Promise.resolve('written');
    },
    get(key) {
      const body = objects.get(key);
      return Promise.resolve(body && Uint8Array.from(body));
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, a Map is not
    async *list(prefix) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix));
      yield* keys.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    },
  };
}
