import { describe, expect, it } from '@jest/globals';
import type { KinesisStreamRecord } from 'aws-lambda';
import { deliver, type DeliveryOptions } from './batch-delivery.ts';

const records = (count: number): KinesisStreamRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'p',
      sequenceNumber: String(100 + i),
      data: '',
      approximateArrivalTimestamp: 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shard:${100 + i}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/transform',
    awsRegion: 'eu-central-1',
    eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/sysmon',
  }));

const failing = (...identifiers: unknown[]): unknown => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

/** Delivers four records to a function that answers so, one answer an invocation; an Error is thrown. */
async function delivered(answers: readonly unknown[], options: Partial<DeliveryOptions> = {}) {
  const invoked: string[][] = [];
  const batches = await deliver('shard', records(4), {
    invoke: ({ Records }) => {
      const answer = answers[invoked.length];
      invoked.push(Records.map(({ kinesis }) => kinesis.sequenceNumber));
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    ...options,
  });
  return { invoked, ends: batches.map(({ event, attempts, end }) => [event.Records.length, attempts, end]) };
}

const ALL = ['100', '101', '102', '103'];

describe('a batch', () => {
  it.each([[undefined], [null], [{}], [failing()]])('is done by the answer %j', async (answer) => {
    expect(await delivered([answer])).toEqual({ invoked: [ALL], ends: [[4, 1, 'done']] });
  });

  it('that fails comes again whole, until it is done', async () => {
    const { invoked, ends } = await delivered([new Error('a'), new Error('b'), undefined]);
    expect(invoked).toEqual([ALL, ALL, ALL]);
    expect(ends).toEqual([[4, 3, 'done']]);
  });

  it('goes on at the lowest sequence number that a response tells', async () => {
    const { invoked, ends } = await delivered([failing('103', '102'), undefined]);
    expect(invoked).toEqual([ALL, ['102', '103']]);
    expect(ends).toEqual([
      [2, 1, 'done'],
      [2, 1, 'done'],
    ]);
  });

  it.each(['', null, undefined, '999', '100'])(
    'fails whole where a response tells %j',
    async (identifier) => {
      const { invoked } = await delivered([failing('102', identifier), undefined]);
      expect(invoked).toEqual([ALL, ALL]);
    },
  );

  it('is given up, whole, behind its last retry', async () => {
    const given: string[] = [];
    const { ends } = await delivered([new Error('a'), new Error('b'), new Error('c')], {
      retryAttemptsMax: 2,
      giveUp: (_, body) => given.push(body),
    });
    expect(ends).toEqual([[4, 3, 'RetryAttemptsExhausted']]);
    const { payload } = JSON.parse(given[0]!) as { payload: string };
    expect(JSON.parse(payload)).toEqual({ Records: records(4) });
  });

  it('is given up where its first record is too old', async () => {
    const options = { recordAgeSecondsMax: 60, now: () => 1_061_000 };
    expect((await delivered([new Error('a')], options)).ends).toEqual([[4, 1, 'RecordAgeExceeded']]);
  });

  it('that fails without end is a defect of the test', async () => {
    await expect(delivered(Array(100).fill(new Error('a')))).rejects.toThrow(
      'a batch of shard failed 20 times',
    );
  });
});
