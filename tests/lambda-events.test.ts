/** The payloads in events/lambda: that each is what Lambda hands over, with records of the project's own examples. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { kafkaBatches } from '../functions/kafka.ts';
import type { KafkaEvent } from '../functions/kafka.ts';
import { kinesisBatch } from '../functions/kinesis.ts';
import { notifiedObjects } from '../functions/s3-notification.ts';
import { deferredKey } from '../src/join/deferred.ts';
import type { Batch } from '../src/sources/batches.ts';

const EVENTS = path.resolve(import.meta.dirname, '../events');
const payload = (name: string): unknown =>
  JSON.parse(readFileSync(path.join(EVENTS, 'lambda', `${name}.json`), 'utf8'));
const examples = new Set(
  ['intrusion.kinesis-agent.ndjson', 'intrusion.winlogbeat.ndjson'].flatMap((file) =>
    readFileSync(path.join(EVENTS, file), 'utf8').trimEnd().split('\n'),
  ),
);
const xmlExamples = new Set(
  readFileSync(path.join(EVENTS, 'intrusion.event-xml.xml'), 'utf8').match(/<Event[ >][^]*?<\/Event>/g),
);

const subscription = z.object({
  messageType: z.literal('DATA_MESSAGE'),
  owner: z.string().regex(/^\d{12}$/),
  logGroup: z.literal('sysmon'),
  logStream: z.string().startsWith('i-'),
  subscriptionFilters: z.tuple([z.literal('sysmon-lake')]),
  logEvents: z.array(
    z.object({ id: z.string().regex(/^\d{56}$/), timestamp: z.number(), message: z.string() }),
  ),
});
const kinesis = z.object({
  Records: z.array(
    z.object({
      kinesis: z.object({
        kinesisSchemaVersion: z.literal('1.0'),
        partitionKey: z.string(),
        sequenceNumber: z.string().regex(/^\d{20,}$/),
        data: z.base64(),
        approximateArrivalTimestamp: z.number(),
      }),
      eventSource: z.literal('aws:kinesis'),
      eventVersion: z.literal('1.0'),
      eventID: z.string().startsWith('shardId-000000000000:'),
      eventName: z.literal('aws:kinesis:record'),
      invokeIdentityArn: z.string(),
      awsRegion: z.string(),
      eventSourceARN: z.string(),
    }),
  ),
});
const messages = z.object({
  Records: z.array(z.looseObject({ eventSource: z.literal('aws:sqs'), body: z.string() })),
});

const bodiesOf = (name: string): string[] => messages.parse(payload(name)).Records.map(({ body }) => body);
const textsOf = ({ records }: Batch): string[] =>
  records.map(({ bytes }) => Buffer.from(bytes).toString().trimEnd());

describe('events/lambda', () => {
  it('has one payload for each source', () => {
    expect(readdirSync(path.join(EVENTS, 'lambda')).toSorted()).toEqual([
      'kinesis-cloudwatch-logs.json',
      'kinesis.json',
      'late-join.json',
      'msk.json',
      'self-managed-kafka.json',
      'sqs-s3-notification.json',
      'sqs-s3-test-event.json',
    ]);
  });

  it('holds records of the examples in a batch of a shard, in the order of the shard', async () => {
    const { Records } = kinesis.parse(payload('kinesis'));
    const numbers = Records.map((record) => BigInt(record.kinesis.sequenceNumber));
    expect(numbers).toEqual(numbers.toSorted((a, b) => (a < b ? -1 : 1)));
    const texts = textsOf(await kinesisBatch(Records));
    expect(texts).toHaveLength(Records.length);
    for (const text of texts) expect(examples.has(text)).toBe(true);
  });

  it('holds a probe and events of the examples in records of a CloudWatch Logs subscription', async () => {
    const { Records } = kinesis.parse(payload('kinesis-cloudwatch-logs'));
    const [probe, ...records] = Records.map(({ kinesis: { data } }): unknown =>
      JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()),
    );
    expect(probe).toMatchObject({ messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs' });
    const messages = records.flatMap((record) =>
      subscription.parse(record).logEvents.map(({ message }) => message),
    );
    expect(records.length).toBeGreaterThan(1);
    expect(messages.length).toBeGreaterThan(records.length);
    for (const message of messages) expect(xmlExamples.has(message)).toBe(true);
    // Each event becomes a record of its own, the probe none.
    expect(textsOf(await kinesisBatch(Records))).toHaveLength(messages.length);
  });

  it.each(['msk', 'self-managed-kafka'])(
    'holds records of the examples, and a tombstone, in %s',
    async (name) => {
      // True: the shape that the test is about; what does not fit it fails below.
      const event = payload(name) as KafkaEvent;
      const batches = await kafkaBatches(event);
      expect(batches.map(({ name }) => name.replace(/-[0-9a-f]{16}$/, ''))).toEqual([
        'sysmon-0-1500-1501',
        'sysmon-1-1500-1501',
      ]);
      const texts = batches.flatMap(textsOf);
      expect(texts).toHaveLength(3);
      for (const text of texts) expect(examples.has(text)).toBe(true);
      expect(
        Object.values(event.records)
          .flat()
          .filter(({ value }) => (value as unknown) === null),
      ).toHaveLength(1);
    },
  );

  it('names two objects in one notification, their keys as S3 encodes them', () => {
    expect(bodiesOf('sqs-s3-notification').flatMap((body) => notifiedObjects(body))).toEqual([
      { bucket: 'sysmon-lake-stagingbucket', key: 'fin-ws07/2025/11/18/intrusion.kinesis-agent.ndjson' },
      { bucket: 'sysmon-lake-stagingbucket', key: 'forwarded logs/2025/11/18/intrusion(2).event-xml.xml' },
    ]);
  });

  it("has S3's test event, which names no object", () => {
    expect(bodiesOf('sqs-s3-test-event').map(notifiedObjects)).toEqual([[]]);
  });

  it('asks late-join for what the batch of kinesis.json defers', async () => {
    const { name } = await kinesisBatch(kinesis.parse(payload('kinesis')).Records);
    expect(bodiesOf('late-join').map((body): unknown => JSON.parse(body))).toEqual([
      { key: deferredKey(name) },
    ]);
  });
});
