/** What can go wrong with an object store, whichever it is. */

/** A key that no object can have. */
export class ObjectKeyError extends Error {
  readonly key: string;

  constructor(key: string, rule: string) {
    super(`${JSON.stringify(key)} cannot be the key of an object: ${rule}`);
    this.name = 'ObjectKeyError';
    this.key = key;
  }
}

export type StoreOperation = 'put' | 'get' | 'list';

/** The store itself failed. `code` is its own word for it: an errno name of a disk, an error code of S3. */
export class StoreError extends Error {
  readonly code: string;
  readonly key: string;
  readonly operation: StoreOperation;

  constructor(operation: StoreOperation, key: string, code: string, problem: string, cause?: unknown) {
    super(`cannot ${operation} ${JSON.stringify(key)}: ${problem} (${code})`, { cause });
    this.name = 'StoreError';
    this.code = code;
    this.key = key;
    this.operation = operation;
  }
}
