/**
 * The payloads of events/lambda, which stand for everything that can invoke the functions. scripts/check-templates.sh
 * runs this file over what `sam build` made, too.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { KinesisStreamEvent, MSKEvent, SQSEvent } from 'aws-lambda';
import { kafkaBatches } from '../../functions/kafka.ts';
import { kinesisBatch } from '../../functions/kinesis.ts';
import { notifiedObjects } from '../../functions/s3-notification.ts';
import { memoryProcessTable } from '../../src/join/memory-process-table.ts';
import { mapBatch } from '../../src/pipeline.ts';
import { batchesOf, type Batch } from '../../src/sources/batches.ts';
import { mapping } from '../pipeline.world.ts';
import { deploy, ROOT, startAws, type Aws, type Deployment } from './function-world.ts';

let aws: Aws;
let deployment: Deployment;
beforeAll(async () => {
  aws = await startAws();
});
afterEach(() => deployment.end());
afterAll(() => aws.close());

const read = (file: string): Buffer => readFileSync(path.join(ROOT, 'events', file));
const payload = (name: string): unknown => JSON.parse(read(`lambda/${name}.json`).toString());

/** Every record is where it belongs: its event in the lake, once, or, where it holds none, the record in quarantine. */
async function expectAll(batches: readonly Batch[]): Promise<void> {
  const table = memoryProcessTable({ now: () => 0, retentionSeconds: 1 });
  const wanted = await Promise.all(batches.map((batch) => mapBatch(batch, { mapping, table })));
  const uids = wanted.flatMap(({ mapped }) =>
    mapped.map(({ record }) => (record.metadata as { uid: string }).uid),
  );
  expect(uids.length).toBeGreaterThan(0);
  expect((await deployment.rows()).map(({ uid }) => uid).toSorted()).toEqual(uids.toSorted());
  const poison = wanted.flatMap(({ quarantined }) => quarantined.map(({ reason, index }) => [reason, index]));
  expect(deployment.quarantined().map(({ reason, index }) => [reason, index])).toEqual(poison);
}

it('of a stream ends in the lake, once late-join has had its message', async () => {
  deployment = await deploy(aws);
  const event = payload('kinesis') as KinesisStreamEvent; // true: tests/lambda-events.test.ts holds its shape
  expect(await deployment.transform.invoke(event)).toEqual({ batchItemFailures: [] });
  const early = (await deployment.rows()).length;
  expect(await deployment.lateJoin.invoke(payload('late-join'))).toEqual({ batchItemFailures: [] });
  expect((await deployment.rows()).length).toBeGreaterThan(early);
  await expectAll([await kinesisBatch(event.Records)]);
});

it('of a stream that CloudWatch Logs fills ends in the lake, event by event', async () => {
  deployment = await deploy(aws);
  const event = payload('kinesis-cloudwatch-logs') as KinesisStreamEvent; // true: tests/lambda-events.test.ts holds its shape
  expect(await deployment.transform.invoke(event)).toEqual({ batchItemFailures: [] });
  await deployment.runLateJoin();
  const batch = await kinesisBatch(event.Records);
  expect(batch.records.length).toBeGreaterThan(event.Records.length);
  await expectAll([batch]);
});

it.each(['msk', 'self-managed-kafka'])('of a topic ends in the lake: %s', async (name) => {
  deployment = await deploy(aws);
  const event = payload(name) as MSKEvent; // true: tests/lambda-events.test.ts holds its shape
  expect(await deployment.transform.invoke(event)).toBeUndefined();
  await deployment.runLateJoin();
  await expectAll(await kafkaBatches(event));
});

it('of a queue names objects, which end in the lake', async () => {
  deployment = await deploy(aws);
  const event = payload('sqs-s3-notification') as SQSEvent; // true: tests/lambda-events.test.ts holds its shape
  const objects = event.Records.flatMap(({ body }) => notifiedObjects(body) ?? []);
  const batches: Batch[] = [];
  for (const bucket of new Set(objects.map((object) => object.bucket))) aws.s3.createBucket(bucket);
  for (const { bucket, key } of objects) {
    // The file of events/ that the key is named after.
    const file = key.endsWith('.xml') ? 'intrusion.event-xml.xml' : 'intrusion.kinesis-agent.ndjson';
    aws.s3.bucket(bucket).put(key, read(file), {});
    const bytes = (async function* () {
      await Promise.resolve();
      yield read(file);
    })();
    for await (const batch of batchesOf(bytes, { prefix: 'p', input: key, format: 'auto' }))
      batches.push(batch);
  }
  expect(objects).toHaveLength(2);
  expect(await deployment.transform.invoke(event)).toEqual({ batchItemFailures: [] });
  await deployment.runLateJoin();
  await expectAll(batches);
});

it('that names no object is answered, and says nothing that a person would have to look at', async () => {
  deployment = await deploy(aws);
  expect(await deployment.transform.invoke(payload('sqs-s3-test-event'))).toEqual({ batchItemFailures: [] });
  expect(await deployment.lateJoin.invoke({ Records: [] })).toEqual({ batchItemFailures: [] });
  await Promise.all([deployment.transform.stop(), deployment.lateJoin.stop()]);
  expect([...deployment.transform.output, ...deployment.lateJoin.output]).toEqual([]);
});
