/** A worker thread in place of the main thread: the same objects, and the same lines where it fails. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { WorkerError, transformThread } from '../../src/cli/transform-thread.ts';
import type { ProcessTable } from '../../src/join/process-table.ts';
import { DynamodbTableError } from '../../src/join/dynamodb-table-error.ts';
import { memoryProcessTable } from '../../src/join/memory-process-table.ts';
import { directoryStore } from '../../src/lake/directory-store.ts';
import { loadMapping } from '../../src/mapping/load.ts';
import { mapBatch, transformBatch } from '../../src/pipeline.ts';
import type { Batch } from '../../src/sources/batches.ts';
import { batchesOf } from '../../src/sources/batches.ts';
import { inFolder, filesBelow, ROOT, STORY } from './command.ts';

const mappingText = readFileSync(path.join(ROOT, 'OCSFmapping.json'), 'utf8');
const mapping = loadMapping(mappingText);
const place = { location: 'ext/x', region: 'local', accountId: 'external' };

async function story(): Promise<Batch> {
  const chunks = (async function* () {
    await Promise.resolve();
    yield readFileSync(STORY[0]!);
  })();
  for await (const batch of batchesOf(chunks, { prefix: 'story', input: 'in', format: 'auto' })) return batch;
  throw new Error('no batch');
}

/** A table that knows the processes of the story. */
async function fullTable(): Promise<ProcessTable> {
  const table = memoryProcessTable({ now: () => 0, retentionSeconds: 1 });
  await mapBatch(await story(), { mapping, table });
  return table;
}

/** A thread that does this with its first message. */
const threadOf = (code: string, setup: Parameters<typeof transformThread>[0]) =>
  transformThread(
    setup,
    new URL(
      `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads'; parentPort.once('message', () => { ${code} });`)}`,
    ),
  );

describe('transformThread', () => {
  it('writes what the main thread writes, and asks it for processes', () =>
    inFolder(async (folder) => {
      const [here, there] = [path.join(folder, 'here'), path.join(folder, 'there')];
      const table = await fullTable();
      const store = directoryStore(here);
      const options = { mapping, table, processesKnown: true, lake: store, work: store, ...place };
      const counts = await transformBatch(await story(), options);
      expect(counts.join.hit).toBeGreaterThan(0);
      expect(counts.quarantined).toBeGreaterThan(0);
      const thread = transformThread({ mappingText, place, lake: { folder: there } });
      expect(await thread.transform(await story(), { table, path: undefined })).toEqual(counts);
      await thread.close();
      expect(filesBelow(there)).toEqual(filesBelow(here));
      for (const file of filesBelow(here)) {
        expect(readFileSync(path.join(there, file))).toEqual(readFileSync(path.join(here, file)));
      }
    }));

  it('fails with the line that the main thread would have', () =>
    inFolder(async (folder) => {
      mkdirSync(path.join(folder, 'lake'));
      writeFileSync(path.join(folder, 'lake/ext'), '');
      const thread = transformThread({ mappingText, place, lake: { folder: path.join(folder, 'lake') } });
      const error = await thread
        .transform(await story(), { table: await fullTable(), path: undefined })
        .catch((reason: unknown) => reason);
      await thread.close();
      expect(error).toBeInstanceOf(WorkerError);
      const name = expect.stringMatching(/^story-/) as unknown;
      expect(error).toMatchObject({ kind: 'StoreError', batch: name, code: 'ENOTDIR' });
      expect((error as Error).message).toMatch(
        /^cannot put "ext\/x\/.*a file stands where a folder is needed/,
      );
    }));

  it('fails where the file of the process table cannot be opened', () =>
    inFolder(async (folder) => {
      const thread = transformThread({ mappingText, place, lake: { folder } });
      const nowhere = path.join(folder, 'nowhere.sqlite');
      await expect(
        thread.transform(await story(), { table: await fullTable(), path: nowhere }),
      ).rejects.toMatchObject({ kind: 'ProcessTableError', message: expect.stringContaining(nowhere) });
      await thread.close();
      expect(filesBelow(folder)).toEqual([]);
    }));

  it('rejects with what the process table of the main thread rejects with, and writes nothing', () =>
    inFolder(async (folder) => {
      const failure = new DynamodbTableError('processes', 'throttled', 'ThrottlingException');
      const table: ProcessTable = { get: () => Promise.reject(failure), put: () => Promise.resolve() };
      const thread = transformThread({ mappingText, place, lake: { folder } });
      await expect(thread.transform(await story(), { table, path: undefined })).rejects.toBe(failure);
      await thread.close();
      expect(filesBelow(folder)).toEqual([]);
    }));

  it.each([
    ['throws', "throw new Error('a defect')", 'a worker thread ended: a defect; run again, with --workers 1'],
    ['ends', 'process.exit(3)', 'a worker thread ended; run again, with --workers 1'],
    [
      'has no memory left',
      `throw Object.assign(new Error('heap'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })`,
      'a worker thread ran out of memory; allow it more (NODE_OPTIONS=--max-old-space-size',
    ],
  ])('that %s fails its batch, and every other that it is given', async (_, code, line) => {
    const thread = threadOf(code, { mappingText, place, lake: { folder: 'never' } });
    const known = { table: await fullTable(), path: undefined };
    for (let i = 0; i < 2; i++) {
      await expect(thread.transform(await story(), known)).rejects.toMatchObject({
        kind: 'crash',
        message: expect.stringContaining(line),
      });
    }
    await thread.close();
  });
});
