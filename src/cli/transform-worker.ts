/** A worker thread of `transform`: takes the batches that it is handed the whole way, with adapters of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Counts } from '../counts.ts';
import type { ProcessContext, ProcessTable } from '../join/process-table.ts';
import { sqliteProcessTable } from '../join/sqlite-process-table.ts';
import { directoryStore } from '../lake/directory-store.ts';
import type { ObjectStore } from '../lake/object-store.ts';
import { loadMapping } from '../mapping/load.ts';
import { transformBatch } from '../pipeline.ts';
import { newFields } from '../sysmon/event.ts';
import { unpackBatch } from './packed-batch.ts';
import type { PackedBatch } from './packed-batch.ts';
import type { Failure, FromThread, ToThread, TransformSetup } from './transform-messages.ts';

if (parentPort === null) throw new Error('a worker thread of `sysmon-lake transform`, not a program');
const port = parentPort;
const say = (message: FromThread): void => port.postMessage(message);

const { mappingText, place, lake } = workerData as TransformSetup; // true: transform-thread.ts starts this file alone
const mapping = loadMapping(mappingText);

/** What is only for AWS is loaded only for it. */
const openStore = async (): Promise<ObjectStore> => {
  if ('folder' in lake) return directoryStore(lake.folder);
  const { openS3 } = await import('./s3-output.ts');
  return (await openS3(lake)).store;
};
let store: Promise<ObjectStore> | undefined;

let answer: (contexts: readonly ProcessContext[]) => void = () => undefined;
/** The table of the main thread: what it knows already need not be read, and paid for, by every thread again. */
const askedTable: ProcessTable = {
  get: (guids) =>
    new Promise((resolve) => {
      answer = (contexts) =>
        resolve(
          new Map(
            // A clone has the prototype of every object; fields have none.
            contexts.map(({ guid, fields }) => [guid, { guid, fields: Object.assign(newFields(), fields) }]),
          ),
        );
      say({ kind: 'get', guids });
    }),
  put: () => Promise.reject(new Error('the main thread stores processes')),
};
let table: ProcessTable | undefined;
const openTable = (path: string | undefined): ProcessTable =>
  path === undefined
    ? askedTable
    : sqliteProcessTable({ path, now: Date.now, retentionSeconds: 0, readOnly: true }); // nothing is put

async function transform(packed: PackedBatch, tablePath: string | undefined): Promise<Counts> {
  table ??= openTable(tablePath);
  const opened = await (store ??= openStore());
  const options = { mapping, table, processesKnown: true, lake: opened, work: opened, ...place };
  return transformBatch(unpackBatch(packed), options);
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message } = error;
  const isSystem = 'code' in error && typeof error.code === 'string';
  const isOfPath = 'path' in error && typeof error.path === 'string';
  return {
    name,
    message,
    ...(isSystem && { code: String(error.code) }),
    ...(isOfPath && { path: String(error.path) }),
  };
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'contexts') {
    answer(message.contexts);
    return;
  }
  transform(message.batch, message.tablePath).then(
    (counts) => say({ kind: 'done', counts }),
    (error: unknown) => say({ kind: 'failed', failure: failureOf(error) }),
  );
});
