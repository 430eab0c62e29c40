/** How an event source mapping gets one batch into a function: retries, partial responses, and giving up. */
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

export interface DeliveryOptions {
  readonly invoke: (event: KinesisStreamEvent) => Promise<unknown>;
  /** MaximumRetryAttempts: -1, as in template.yaml, is without end. Default: -1. */
  readonly retryAttemptsMax?: number;
  /** MaximumRecordAgeInSeconds; older records are given up before they are tried again. Default: none. */
  readonly recordAgeSecondsMax?: number;
  /** The clock of the record age: epoch milliseconds. */
  readonly now?: () => number;
  /** The on-failure destination, a bucket: the key and the body of the object that holds what is given up. */
  readonly giveUp?: (key: string, body: string) => void;
}

export interface DeliveredBatch {
  readonly shardId: string;
  readonly event: KinesisStreamEvent;
  /** Invocations that it took. */
  readonly attempts: number;
  readonly end: 'done' | 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
}

/** A test that retries more often has met a defect, not a fault. */
const ATTEMPTS_MAX = 20;

/**
 * Delivers records, in order, until all are done or given up: as one batch, or as several where a response tells a
 * sequence number: that is the new beginning, and what is before it is done. Never halved on an error (bisect off).
 */
export async function deliver(
  shardId: string,
  records: readonly KinesisStreamRecord[],
  options: DeliveryOptions,
): Promise<DeliveredBatch[]> {
  const { invoke, retryAttemptsMax = -1, recordAgeSecondsMax, now = Date.now } = options;
  const delivered: DeliveredBatch[] = [];
  let left = records;
  let attempts = 0;
  let failure: unknown;
  while (left.length > 0) {
    const event = { Records: [...left] };
    const done = await tryOnce(event, invoke).catch((error: unknown) => {
      failure = error;
      return 0;
    });
    attempts++;
    if (done > 0) {
      delivered.push({ shardId, event: { Records: left.slice(0, done) }, attempts, end: 'done' });
      left = left.slice(done);
      attempts = 0;
      continue;
    }
    const isOld =
      recordAgeSecondsMax !== undefined &&
      now() / 1000 - left[0]!.kinesis.approximateArrivalTimestamp > recordAgeSecondsMax;
    if (isOld || (retryAttemptsMax >= 0 && attempts > retryAttemptsMax)) {
      const end = isOld ? 'RecordAgeExceeded' : 'RetryAttemptsExhausted';
      options.giveUp?.(...failedObject(shardId, event, end, attempts));
      return [...delivered, { shardId, event, attempts, end }];
    }
    if (attempts >= ATTEMPTS_MAX)
      throw new Error(`a batch of ${shardId} failed ${attempts} times`, { cause: failure });
  }
  return delivered;
}

/** How many records, from the first, an invocation has done. */
async function tryOnce(event: KinesisStreamEvent, invoke: DeliveryOptions['invoke']): Promise<number> {
  const failures = failuresOf(await invoke(event));
  // An identifier that is no record's fails the whole batch; of several the lowest counts.
  const positions = failures.map((identifier) =>
    event.Records.findIndex(({ kinesis }) => kinesis.sequenceNumber === identifier),
  );
  return Math.max(0, Math.min(event.Records.length, ...positions));
}

/** The identifiers of a partial batch response; none of a response that is null or empty. */
export function failuresOf(response: unknown): unknown[] {
  if (typeof response !== 'object' || response === null || !('batchItemFailures' in response)) return [];
  const { batchItemFailures } = response;
  if (!Array.isArray(batchItemFailures)) return [];
  return batchItemFailures.map((failure: { itemIdentifier?: unknown }) => failure.itemIdentifier);
}

/** What Lambda puts into a bucket: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
function failedObject(
  shardId: string,
  event: KinesisStreamEvent,
  condition: string,
  attempts: number,
): [key: string, body: string] {
  const [first, last] = [event.Records[0]!, event.Records.at(-1)!];
  const arrival = ({ kinesis }: KinesisStreamRecord): string =>
    new Date(kinesis.approximateArrivalTimestamp * 1000).toISOString();
  const time = arrival(last);
  const key = `aws/lambda/mapping/${shardId}/${time.slice(0, 10).replaceAll('-', '/')}/${time.replaceAll(':', '.')}-${first.kinesis.sequenceNumber}`;
  const body = JSON.stringify({
    requestContext: { condition, approximateInvokeCount: attempts },
    version: '1.0',
    KinesisBatchInfo: {
      shardId,
      startSequenceNumber: first.kinesis.sequenceNumber,
      endSequenceNumber: last.kinesis.sequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: time,
      batchSize: event.Records.length,
      streamArn: first.eventSourceARN,
    },
    payload: JSON.stringify(event),
  });
  return [key, body];
}
