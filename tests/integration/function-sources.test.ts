/** The functions on what is no stream: messages that name objects of S3, topics of Kafka, and late-join's queue. */
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { MSKEvent, MSKRecord, SelfManagedKafkaEvent } from 'aws-lambda';
import { eventOf } from '../pipeline.world.ts';
import type { Bucket } from '../servers/s3-bucket.ts';
import { pollUntilEmpty, type Delivery } from '../servers/queue-poller.ts';
import { allOf, hostEvents, seeded, shuffled } from './function-stream.ts';
import { TIMEOUT_MS } from '../servers/lambda.ts';
import { deploy, expectBalance, expectLake, startAws, type Aws, type Deployment } from './function-world.ts';

let aws: Aws;
const onTestEnd: (() => unknown)[] = [];
beforeAll(async () => {
  aws = await startAws();
});
afterEach(async () => {
  for (const end of onTestEnd.splice(0)) await end();
});
afterAll(() => aws.close());

async function start(options: Parameters<typeof deploy>[1] = {}): Promise<Deployment> {
  const deployment = await deploy(aws, options);
  onTestEnd.push(deployment.end);
  return deployment;
}

const ndjson = (contents: readonly unknown[]): Buffer =>
  Buffer.from(contents.map((content) => `${JSON.stringify(content)}\n`).join(''));

/** Contents with a number of their own. */
const terminated = (count: number, from: number): unknown[] =>
  Array.from({ length: count }, (_, i) => eventOf({ id: 5, index: from + i }));

interface Staging extends Deployment {
  readonly bucket: Bucket;
  readonly bucketName: string;
  readonly deadLetters: () => Promise<string[]>;
  readonly send: (body: string) => Promise<unknown>;
  /** Lets transform take all messages, so many at a time. */
  readonly poll: (batchSize?: number, remainingMs?: number) => Promise<Delivery[]>;
}

let stagings = 0;

/** A deployment behind a staging bucket and its queue, with dead letters after two receptions. */
async function startStaging(): Promise<Staging> {
  const bucketName = aws.s3.createBucket(`raw-${++stagings}`);
  const dead = await aws.sqs.createQueue(`raw-dead-${stagings}`);
  const deadLetterTargetArn = `arn:aws:sqs:eu-central-1:000000000000:raw-dead-${stagings}`;
  const queueUrl = await aws.sqs.createQueue(`raw-${stagings}`, {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
  });
  const deployment = await start({ environment: { RAW_LOG_QUEUE_URL: queueUrl } });
  const client = aws.sqs.client();
  return {
    ...deployment,
    bucketName,
    bucket: aws.s3.bucket(bucketName),
    deadLetters: () => aws.sqs.takeAll(dead),
    send: (MessageBody) => client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody })),
    poll: (batchSize = 1, remainingMs = TIMEOUT_MS) =>
      pollUntilEmpty({
        client,
        queueUrl,
        batchSize,
        invoke: (event) => deployment.transform.invoke(event, remainingMs),
      }),
  };
}

/** S3's notification of new objects; keys are written as a form writes them. */
const notification = (bucket: string, keys: readonly string[]): string =>
  JSON.stringify({
    Records: keys.map((key) => ({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: {
        bucket: { name: bucket },
        object: { key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'), size: 1 },
      },
    })),
  });

describe('notifications of S3', () => {
  it('name several objects a message, plain and compressed, with any key; each event is in the lake once', async () => {
    const staging = await startStaging();
    const contents = shuffled(allOf(hostEvents(20)), seeded(1));
    const parts = [contents.slice(0, 20), contents.slice(20, 40), contents.slice(40)].map(ndjson);
    const keys = ['logs/a b+c=ü%41.ndjson', 'logs/2026/x.ndjson.gz', 'logs/&y.ndjson.zst'] as const;
    staging.bucket.put(keys[0], parts[0]!, {});
    staging.bucket.put(keys[1], gzipSync(parts[1]!), {});
    staging.bucket.put(keys[2], zstdCompressSync(parts[2]!), {});
    await staging.send(
      JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: staging.bucketName }),
    );
    await staging.send(notification(staging.bucketName, keys.slice(0, 2)));
    await staging.send(notification(staging.bucketName, keys.slice(2)));
    expect((await staging.poll(10)).map(([, end]) => end)).toEqual(['done', 'done', 'done']);
    await staging.runLateJoin();
    const rows = await expectLake(staging, contents);
    expect(rows.filter(({ join }) => join === 'hit' || join === 'late')).toHaveLength(40);
    expect(rows.filter(({ join }) => join === 'late').length).toBeGreaterThan(0);
    // A notification that comes twice changes nothing.
    const before = staging.objects();
    await staging.send(notification(staging.bucketName, keys));
    await staging.poll();
    await staging.runLateJoin();
    expect(staging.objects()).toEqual(before);
  });

  it('of an object that is gone become dead letters; the others of the batch are unharmed', async () => {
    const staging = await startStaging();
    const contents = terminated(3, 1);
    staging.bucket.put('there.ndjson', ndjson(contents), {});
    await staging.send(notification(staging.bucketName, ['gone.ndjson']));
    await staging.send(notification(staging.bucketName, ['there.ndjson']));
    const deliveries = await staging.poll(10);
    const ends = (key: string): string[] =>
      deliveries.filter(([body]) => body.includes(key)).map(([, end]) => end);
    expect(ends('there')).toEqual(['done']);
    expect(ends('gone')).toEqual(['failed', 'failed']);
    expect(await staging.deadLetters()).toEqual([notification(staging.bucketName, ['gone.ndjson'])]);
    await expectLake(staging, contents);
    await staging.transform.stop();
    expect(staging.transform.output.filter((line) => line.includes('there is no such object'))).toHaveLength(
      2,
    );
  });

  it('of a damaged object: what can be read is in the lake, what was cut off in quarantine', async () => {
    const staging = await startStaging();
    const contents = terminated(200, 1);
    const whole = gzipSync(ndjson(contents), { level: 0 });
    staging.bucket.put('cut.ndjson.gz', whole.subarray(0, whole.length - 100), {});
    await staging.send(notification(staging.bucketName, ['cut.ndjson.gz']));
    expect((await staging.poll()).map(([, end]) => end)).toEqual(['done']);
    await expectLake(staging, contents.slice(0, -1));
    expect(staging.quarantined().map(({ reason, index }) => [reason, index])).toEqual([['truncated', 199]]);
    const { transform } = await staging.metrics();
    expect(transform).toMatchObject({ Received: 200, Written: 199, Quarantined: 1 });
    expect(staging.transform.output.filter((line) => line.includes('object is damaged'))).toHaveLength(1);
  });

  it('of a bomb of gzip: it is in quarantine, in slices, and what is beside it in the lake', async () => {
    const staging = await startStaging();
    const contents = terminated(2, 1);
    const bomb = Buffer.alloc(70 * 1024 * 1024, 'x');
    staging.bucket.put('bomb.gz', gzipSync(Buffer.concat([bomb, Buffer.from('\n'), ndjson(contents)])), {});
    await staging.send(notification(staging.bucketName, ['bomb.gz']));
    expect((await staging.poll()).map(([, end]) => end)).toEqual(['done']);
    await expectLake(staging, contents);
    const quarantined = staging.quarantined();
    expect(new Set(quarantined.map(({ reason }) => reason))).toEqual(new Set(['too_large']));
    expect(quarantined.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(bomb.length);
  });

  it('of an object that is replaced while it is read: the lake has the new one, and not half of the old', async () => {
    const staging = await startStaging();
    const [old, fresh] = [terminated(50, 1), terminated(60, 101)];
    staging.bucket.put('changing.ndjson', ndjson(old), {});
    const cut = aws.s3.fail(
      ({ operation, key }) =>
        operation === 'GetObject' && key === 'changing.ndjson' ? 'drop-midway' : undefined,
      1,
    );
    const resumed = aws.s3.fail(({ operation, headers }) => {
      if (operation === 'GetObject' && headers.range !== undefined)
        staging.bucket.put('changing.ndjson', ndjson(fresh), {});
      return undefined;
    });
    onTestEnd.push(
      () => cut.stop(),
      () => resumed.stop(),
    );
    await staging.send(notification(staging.bucketName, ['changing.ndjson']));
    expect((await staging.poll()).map(([, end]) => end)).toEqual(['failed', 'done']);
    expect(cut.count).toBe(1);
    await expectLake(staging, fresh);
    await staging.transform.stop();
    expect(staging.transform.output.join('\n')).toContain('the object was replaced while it was read');
  });

  it('of an object that takes longer than an invocation: later ones go on where it stopped', async () => {
    const staging = await startStaging();
    const all = terminated(41_000, 1);
    staging.bucket.put('long.ndjson', ndjson(all), {});
    await staging.send(notification(staging.bucketName, ['long.ndjson']));
    // Time for no batch: each invocation takes one all the same, the least that brings the end nearer.
    const deliveries = await staging.poll(1, 1_000);
    const records = deliveries.map(
      ([body]) => (JSON.parse(body) as { resume?: { record: number } }).resume?.record,
    );
    expect(deliveries.map(([, end]) => end)).toEqual(['done', 'done', 'done']);
    expect(records).toEqual([undefined, 20_000, 40_000]);
    const names = staging.objects();
    const { transform } = await staging.metrics();
    expect(transform).toMatchObject({ Received: 41_000, Written: 41_000 });
    // In one go the same objects come out.
    await staging.send(notification(staging.bucketName, ['long.ndjson']));
    expect(await staging.poll()).toHaveLength(1);
    expect(staging.objects()).toEqual(names);
    // An object that was replaced meanwhile is read from its beginning.
    const fresh = terminated(3, 50_001);
    staging.bucket.put('long.ndjson', ndjson(fresh), {});
    await staging.send(deliveries[1]![0]);
    await staging.poll();
    expect(Object.keys(staging.objects())).toHaveLength(Object.keys(names).length + 1);
  });

  it('that are none go to quarantine, whole', async () => {
    const staging = await startStaging();
    await staging.send('{"hello":"world"}');
    expect((await staging.poll()).map(([, end]) => end)).toEqual(['done']);
    expect(staging.quarantined().map(({ reason, bytes }) => [reason, Buffer.from(bytes).toString()])).toEqual(
      [['not_a_notification', '{"hello":"world"}']],
    );
  });
});

/** A batch of a topic of two partitions, every record of which is one content. */
function kafkaRecords(contents: readonly unknown[]): Record<string, MSKRecord[]> {
  const records: Record<string, MSKRecord[]> = { 'sysmon-0': [], 'sysmon-1': [] };
  for (const [i, content] of contents.entries()) {
    const partition = i % 2;
    const value = content === null ? null : Buffer.from(JSON.stringify(content)).toString('base64');
    records[`sysmon-${partition}`]!.push({
      topic: 'sysmon',
      partition,
      offset: 1000 + i,
      timestamp: 1_767_323_045_000,
      timestampType: 'CREATE_TIME',
      key: '',
      value: value!, // a tombstone has null, which the type does not know
      headers: [],
    });
  }
  return records;
}

describe('topics of Kafka', () => {
  const sources = {
    MSK: (contents: readonly unknown[]): MSKEvent => ({
      eventSource: 'aws:kafka',
      eventSourceArn: 'arn:aws:kafka:eu-central-1:123456789012:cluster/sysmon/1-2',
      bootstrapServers: 'b-1.example:9092',
      records: kafkaRecords(contents),
    }),
    'a cluster of its own': (contents: readonly unknown[]): SelfManagedKafkaEvent => ({
      eventSource: 'SelfManagedKafka',
      bootstrapServers: 'broker.example:9092',
      records: kafkaRecords(contents),
    }),
  };
  it.each(Object.keys(sources) as (keyof typeof sources)[])(
    'of %s end in the lake; a null value holds no event, and a replay changes nothing',
    async (name) => {
      const deployment = await start();
      const contents = shuffled(allOf(hostEvents(10)), seeded(2));
      const event = sources[name]([...contents.slice(0, 7), null, ...contents.slice(7), { poison: true }]);
      await deployment.transform.invoke(event);
      await deployment.runLateJoin();
      const before = deployment.objects();
      await expectLake(deployment, contents);
      expect(deployment.quarantined()).toMatchObject([{ reason: 'not_an_event' }]);
      await deployment.transform.invoke(event);
      await deployment.runLateJoin();
      expect(deployment.objects()).toEqual(before);
      await expectBalance(deployment, 2 * (contents.length + 1));
    },
  );
});

describe('late-join', () => {
  it('fails a message whose object is gone, and one that is none of its own; the others are unharmed', async () => {
    const deployment = await start();
    const { processes, connections } = hostEvents(2);
    await deployment.transform.invoke({
      eventSource: 'SelfManagedKafka',
      bootstrapServers: 'broker.example:9092',
      records: kafkaRecords(connections),
    });
    const own = await aws.sqs.takeAll(deployment.queueUrl);
    expect(own).toHaveLength(2);
    await deployment.transform.invoke({
      eventSource: 'SelfManagedKafka',
      bootstrapServers: 'broker.example:9092',
      records: kafkaRecords(processes),
    });
    const bodies = ['{"key":"deferred/gone.ndjson.gz"}', own[0]!, 'nonsense', '{"key":"../secret"}', own[1]!];
    const Records = bodies.map((body, i) => ({ messageId: `m${i}`, body, eventSource: 'aws:sqs' }));
    expect(await deployment.lateJoin.invoke({ Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }],
    });
    const rows = await expectLake(deployment, [...processes, ...connections]);
    expect(rows.filter(({ join }) => join === 'late')).toHaveLength(connections.length);
    await deployment.lateJoin.stop();
    const output = deployment.lateJoin.output.join('\n');
    expect(output).toContain('deferred object deferred/gone.ndjson.gz is gone');
    expect(output.match(/the message names no deferred object/g)).toHaveLength(2);
    expect(output).not.toContain('nonsense');
  });
});
