/** Reads hostile text of a given length in a thread of its own, which can be ended where it does not end. */
import { parentPort } from 'node:worker_threads';
import { GROWTHS } from './growth.ts';

parentPort?.on('message', ({ name, sizeBytes }: { name: string; sizeBytes: number }) => {
  const growth = GROWTHS.find((one) => one.name === name);
  growth?.run(growth.make(sizeBytes));
  parentPort?.postMessage('read');
});
