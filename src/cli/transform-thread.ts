/** A worker thread as a worker of the pool: the side of the main thread. */
import { Worker } from 'node:worker_threads';
import type { Counts } from '../counts.ts';
import type { ProcessTable } from '../join/process-table.ts';
import { packBatch, transferOf } from './packed-batch.ts';
import type { Failure, FromThread, ToThread, TransformSetup } from './transform-messages.ts';
import type { BatchWorker } from './transform-pool.ts';

/** A worker thread could not take a batch the whole way. The message is the line that the same error has without threads. */
export class WorkerError extends Error {
  /** The name of the error in the thread: StoreError, ProcessTableError, … */
  readonly kind: string;
  /** The batch. */
  readonly batch: string;

  constructor(kind: string, batch: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WorkerError';
    this.kind = kind;
    this.batch = batch;
  }
}

/** The thread's own file: beside this one in src/, beside the bundle in dist/. */
const workerFile = (): URL =>
  new URL(`./transform-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Starts a thread. Its `transform` rejects with {@link WorkerError}, and with what the process table rejects with. A
 * table in SQLite is opened by the thread itself; it asks for what another one knows.
 */
export function transformThread(setup: TransformSetup, file: URL = workerFile()): BatchWorker {
  const thread = new Worker(file, { workerData: setup });
  const say = (message: ToThread, transfer: ArrayBuffer[] = []): void =>
    thread.postMessage(message, transfer);
  let batchName = '';
  let ask: ProcessTable['get'] = () => Promise.resolve(new Map());
  let resolve: (counts: Counts) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  let crash: { readonly error: unknown } | undefined;
  const crashed = (error: unknown): void => {
    crash ??= { error };
    reject(crashError(batchName, crash.error));
  };

  thread.on('message', (message: FromThread) => {
    if (message.kind === 'done') resolve(message.counts);
    else if (message.kind === 'failed') reject(failureError(batchName, message.failure));
    else
      ask(message.guids).then(
        (found) => say({ kind: 'contexts', contexts: [...found.values()] }),
        // The thread waits for an answer until it is closed: it has written nothing of this batch yet.
        (error: unknown) => reject(error),
      );
  });
  thread.on('error', crashed);
  thread.on('messageerror', crashed);
  thread.on('exit', () => crashed(undefined));

  return {
    transform: (batch, { table, path }) =>
      new Promise((onDone, onError) => {
        batchName = batch.name;
        ask = (guids) => table.get(guids);
        [resolve, reject] = [onDone, onError];
        if (crash !== undefined) {
          crashed(crash.error);
          return;
        }
        const packed = packBatch(batch);
        say({ kind: 'batch', batch: packed, tablePath: path }, transferOf(packed));
      }),
    async close() {
      await thread.terminate();
    },
  };
}

/** What a thread threw; with code and path of a system error, from which the command makes its line. */
function failureError(batch: string, { name, message, ...system }: Failure): WorkerError {
  return Object.assign(new WorkerError(name, batch, message), system);
}

/** https://nodejs.org/api/errors.html#err_worker_out_of_memory */
const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';

function crashError(batch: string, cause: unknown): WorkerError {
  const { code, message } = Object(cause) as { readonly code?: unknown; readonly message?: unknown }; // true: an object has any field, or not
  const problem =
    code === OUT_OF_MEMORY
      ? 'ran out of memory; allow it more (NODE_OPTIONS=--max-old-space-size=8192), or use fewer (--workers)'
      : `ended${typeof message === 'string' ? `: ${message}` : ''}; run again, with --workers 1 if it happens again`;
  return new WorkerError('crash', batch, `a worker thread ${problem}`, { cause });
}
