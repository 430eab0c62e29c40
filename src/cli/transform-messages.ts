/** What `transform` and its worker threads say to each other. */
import type { Counts } from '../counts.ts';
import type { ProcessContext } from '../join/process-table.ts';
import type { WriteOptions } from '../pipeline.ts';
import type { PackedBatch } from './packed-batch.ts';

/** What a thread is started with: plain values, from which it makes adapters of its own. */
export interface TransformSetup {
  /** The text of the mapping file; it can be used. */
  readonly mappingText: string;
  readonly place: Pick<WriteOptions, 'location' | 'region' | 'accountId'>;
  /** Where the lake is. */
  readonly lake:
    | { readonly folder: string }
    | { readonly bucket: string; readonly prefix: string; readonly kmsKeyArn?: string };
}

export type ToThread =
  | {
      readonly kind: 'batch';
      readonly batch: PackedBatch;
      /** The file of the process table in SQLite, the same for all batches; undefined: the main thread is asked. */
      readonly tablePath: string | undefined;
    }
  /** The answer to `get`. */
  | { readonly kind: 'contexts'; readonly contexts: readonly ProcessContext[] };

/** An error with what makes its line: neither its class nor its fields pass between threads. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** Of a system error alone. */
  readonly code?: string;
  readonly path?: string;
}

export type FromThread =
  | { readonly kind: 'done'; readonly counts: Counts }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** What is known of these processes? One question at a time. */
  | { readonly kind: 'get'; readonly guids: readonly string[] };
