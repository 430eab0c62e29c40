/** The functions on what an attacker sends: what they write to their logs, and what they do with notifications. */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { resumeMessage } from '../../functions/s3-notification.ts';
import { encodeQuarantine } from '../../src/lake/quarantine.ts';
import { deploy, startAws, type Aws, type Deployment } from '../integration/function-world.ts';
import { ended, envelope, messageOf } from './world.ts';

let aws: Aws;
const onTestEnd: (() => unknown)[] = [];
beforeAll(async () => {
  aws = await startAws();
});
afterEach(async () => {
  for (const end of onTestEnd.splice(0)) await end();
});
afterAll(() => aws.close());

async function start(): Promise<Deployment> {
  const deployment = await deploy(aws, { environment: { RAW_LOG_QUEUE_URL: 'http://127.0.0.1:9/none' } });
  onTestEnd.push(deployment.end);
  return deployment;
}

/** Nothing of this may be in a log. */
const CANARY = 'canary7f3a';
const EMF = `{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"Forged","Dimensions":[[]],"Metrics":[{"Name":"Quarantined"}]}]},"Quarantined":0,"x":"${CANARY}"}`;
const INJECTION = `${CANARY}\r\n${EMF}\n{"level":"INFO","message":"${CANARY}"}\n\u001b[31m${CANARY}`;

/** Records whose every part says it. */
const records = (): Buffer[] => [
  ...[
    ended(
      { [INJECTION]: INJECTION, Image: INJECTION },
      { [INJECTION]: INJECTION, MachineName: INJECTION, LogName: INJECTION },
    ),
    ended(
      { ProcessGuid: INJECTION, UtcTime: INJECTION, ProcessId: INJECTION },
      { TimeCreated: INJECTION },
      2,
    ),
    ended({ ProcessGuid: INJECTION }, { EventId: 1 }, 3),
    ended({ DestinationIp: INJECTION, DestinationPort: INJECTION }, { EventId: 3 }, 4),
    {
      ...envelope(1, 5),
      Description: messageOf(1, { UtcTime: '2026-01-02 03:04:05.678', CommandLine: INJECTION }),
    },
    { ...envelope(7777, 6), Description: `${CANARY}:\nX: ${INJECTION}` },
    { ...envelope(5, 7), EventId: INJECTION },
    { ...envelope(5, 8), ProviderName: INJECTION, Description: INJECTION },
    JSON.parse(EMF) as unknown,
  ].map((one) => Buffer.from(JSON.stringify(one))),
  Buffer.from(CANARY),
  Buffer.from(`<Event>${CANARY}`),
  Buffer.from([0xff, ...Buffer.from(CANARY)]),
];

const kinesis = (contents: readonly Uint8Array[]): unknown => ({
  Records: contents.map((content, i) => ({
    eventID: `shardId-000000000000:${1000 + i}`,
    eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/sysmon',
    kinesis: {
      sequenceNumber: String(1000 + i),
      partitionKey: INJECTION,
      data: Buffer.from(content).toString('base64'),
    },
  })),
});

const kafka = (contents: readonly Uint8Array[]): unknown => ({
  eventSource: 'aws:kafka',
  records: {
    'sysmon-0': contents.map((content, i) => ({
      topic: 'sysmon',
      partition: 0,
      offset: i,
      timestamp: 1,
      timestampType: 'CREATE_TIME',
      key: Buffer.from(INJECTION).toString('base64'),
      headers: [{ [INJECTION]: [...Buffer.from(INJECTION)] }],
      value: Buffer.from(content).toString('base64'),
    })),
  },
});

const sqs = (...bodies: readonly string[]): unknown => ({
  Records: bodies.map((body, i) => ({ messageId: `message-${i}`, body, attributes: { x: INJECTION } })),
});

const notification = (bucket: string, key: string): string =>
  JSON.stringify({ Records: [{ s3: { bucket: { name: bucket }, object: { key } } }] });

interface LogLine {
  readonly _aws?: { readonly CloudWatchMetrics: readonly { readonly Namespace: string }[] };
  readonly level?: string;
}

/** Every line is one document: a log or a metric of the function's own. */
async function logsOf(deployment: Deployment): Promise<string> {
  await deployment.metrics();
  const output = [...deployment.transform.output, ...deployment.lateJoin.output];
  expect(output.length).toBeGreaterThan(0);
  for (const line of output) {
    // The SDK itself says so where a queue is on another host than AWS's, as the local one is.
    if (/^(?:QueueUrl=http:|Set \[endpoint=)/.test(line)) continue;
    const document = JSON.parse(line) as LogLine; // true: else it throws, and the test fails
    if (document._aws === undefined) expect(document.level).toMatch(/^(?:INFO|WARN|ERROR)$/);
    for (const { Namespace } of document._aws?.CloudWatchMetrics ?? [])
      expect(Namespace).toBe('SysmonLake/test');
  }
  return output.join('\n');
}

describe('the logs and metrics of the functions', () => {
  it('hold nothing of what a stream or a topic brings, and no line that it wrote', async () => {
    const deployment = await start();
    const contents = records();
    await deployment.transform.invoke(kinesis(contents));
    await deployment.transform.invoke(kafka(contents));
    await deployment.runLateJoin();
    expect(deployment.quarantined().length).toBeGreaterThan(5);
    const logs = await logsOf(deployment);
    expect(logs).toContain('"Received":');
    expect(logs).not.toContain(CANARY);
    expect(logs).not.toContain('Forged');
  });

  it('nor of what a file, a message or a late-join message holds', async () => {
    const deployment = await start();
    const bucket = aws.s3.createBucket('raw-hostile');
    const lines = Buffer.concat(records().flatMap((record) => [record, Buffer.from('\n')]));
    aws.s3.bucket(bucket).put('a.ndjson', lines, {});
    aws.s3.bucket(bucket).put('damaged.gz', gzipSync(lines).subarray(0, -20), {});
    const answer = await deployment.transform.invoke(
      sqs(
        notification(bucket, 'a.ndjson'),
        notification(bucket, 'damaged.gz'),
        INJECTION,
        EMF,
        `"${CANARY}"`,
      ),
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    await deployment.lateJoin.invoke(sqs(INJECTION, EMF, JSON.stringify({ key: INJECTION })));
    const logs = await logsOf(deployment);
    expect(logs).not.toContain(CANARY);
  });

  it('hold the names of files as text, which makes no line and no metric', async () => {
    const deployment = await start();
    const bucket = aws.s3.createBucket('raw-names');
    const keys = [`${EMF}\n.ndjson`, `a\r\n${EMF}.gz`];
    for (const key of keys)
      aws.s3.bucket(bucket).put(key, gzipSync(JSON.stringify(ended())).subarray(0, -4), {});
    await deployment.transform.invoke(
      sqs(...keys.map((key) => notification(bucket, encodeURIComponent(key)))),
    );
    await logsOf(deployment);
  });
});

describe('a notification', () => {
  it('that is none is kept in quarantine, and one that names what is not there fails alone', async () => {
    const deployment = await start();
    const bucket = aws.s3.createBucket('raw-notified');
    aws.s3.bucket(bucket).put('a.ndjson', Buffer.from(JSON.stringify(ended())), {});
    const none = [
      '',
      '{',
      'null',
      '[]',
      '{"Records":5}',
      '{"Records":[{}]}',
      '{"Records":[{"s3":{"bucket":{"name":5}}}]}',
      notification(bucket, '%'),
      '{"__proto__":{"Records":[]}}',
      '['.repeat(100_000),
      '{"Type":"Notification","Message":"{"}',
      '{"resume":{"bucket":"b","key":"k","etag":"e","record":-1}}',
      '{"resume":{"bucket":"b","key":"k","etag":"e","record":1e400}}',
    ];
    const missing = [
      notification(bucket, '../../etc/passwd'),
      notification(bucket, ''),
      notification(bucket, 'x'.repeat(2000)),
      notification(bucket, '%ED%A0%80'),
      notification('no-such-bucket', 'a.ndjson'),
      notification('', 'a.ndjson'),
      notification('../lake-1', 'a.ndjson'),
    ];
    const answer = (await deployment.transform.invoke(
      sqs(...none, ...missing, notification(bucket, 'a.ndjson')),
    )) as {
      batchItemFailures: { itemIdentifier: string }[];
    }; // true: what Lambda wants of a queue's handler
    const failed = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    // An invalid escape is no notification; every other of the missing fails, and only those.
    const quarantined = deployment.quarantined().filter(({ reason }) => reason === 'not_a_notification');
    expect(quarantined.length + failed.length).toBe(none.length + missing.length);
    for (const id of failed) expect(Number(id.split('-')[1])).toBeGreaterThanOrEqual(none.length);
    expect(await deployment.rows()).toHaveLength(1);
    await logsOf(deployment);
  });

  it('that goes on at a record of another object reads that object from its beginning', async () => {
    const deployment = await start();
    const bucket = aws.s3.createBucket('raw-resumed');
    aws.s3.bucket(bucket).put('a.ndjson', Buffer.from(JSON.stringify(ended())), {});
    const forged = resumeMessage(
      { bucket, key: 'a.ndjson' },
      { etag: '"forged"', record: 9_007_199_254_740_991 },
    );
    expect(await deployment.transform.invoke(sqs(forged))).toEqual({ batchItemFailures: [] });
    expect(await deployment.rows()).toHaveLength(1);
  });
});

describe('a replay of the quarantine', () => {
  it('takes rows that lie for what they hold, and no more', async () => {
    const deployment = await start();
    const bucket = aws.s3.createBucket('raw-replayed');
    const row = (data: string, more: object = {}): string =>
      JSON.stringify({ reason: INJECTION, input: '../../x', index: 1e308, encoding: 'utf-8', data, ...more });
    const event = JSON.stringify(ended());
    const nested = row(row(row(row(event))));
    const rows = [
      row(event),
      row(event, { encoding: 'base64' }),
      row(event, { encoding: 'hex' }),
      row('', { data: 5 }),
      nested,
      row(event, { __proto__: { encoding: 'base64' } }),
      row(Buffer.from(event).toString('base64'), { encoding: 'base64' }),
    ];
    const honest = encodeQuarantine([
      { reason: 'x', input: 'i', index: 0, bytes: Buffer.from(JSON.stringify(ended({}, {}, 2))) },
    ]);
    aws.s3
      .bucket(bucket)
      .put('rows.ndjson.gz', Buffer.concat([gzipSync(`${rows.join('\n')}\n`), honest]), {});
    await deployment.transform.invoke(sqs(notification(bucket, 'rows.ndjson.gz')));
    const written = (await deployment.rows()).length;
    expect(written).toBe(4);
    expect(deployment.quarantined()).toHaveLength(rows.length + 1 - written);
    expect(await logsOf(deployment)).not.toContain(CANARY);
  });
});
