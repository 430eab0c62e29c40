/**
 * The object store: where the lake, the quarantine and the deferred events are kept. A port: a directory and S3
 * keep the same contract.
 */

export interface ObjectStore {
  /**
   * Writes a whole object: a reader sees the old bytes or the new ones, never a part.
   * With `ifNoneMatch: '*'` an object that exists stays as it is, and the answer is `exists`.
   */
  put(key: string, body: Uint8Array, options?: { readonly ifNoneMatch?: '*' }): Promise<'written' | 'exists'>;
  /** The bytes of an object, or undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keys that begin with `prefix`, in the order of their UTF-8 bytes. */
  list(prefix: string): AsyncIterable<string>;
}
