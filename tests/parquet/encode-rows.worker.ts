/** Encodes many rows outside jest, whose sandbox makes every global name slow, and answers with the object. */
import { parentPort, workerData } from 'node:worker_threads';
import type { OcsfRecord } from '../../src/ocsf/column.ts';
import { encodeRecords } from './encode-records.ts';

import { columns, networkRow } from '../lake/network-activity.ts';

const kept = ['time', 'metadata', 'dst_endpoint', 'observables', 'unmapped'];

function* rows(count: number): Generator<OcsfRecord> {
  for (let index = 0; index < count; index += 1) {
    const row = networkRow(index);
    yield Object.fromEntries(Object.entries(row).filter(([name]) => kept.includes(name)));
  }
}

const narrow = columns.filter(({ name }) => kept.includes(name));
parentPort?.postMessage(encodeRecords(narrow, rows(Number(workerData)), { zstdLevel: 1 }));
