/**
 * Puts records into a Kinesis stream as Kinesis Agent does: full calls of PutRecords, several under way at once.
 * Unlike the agent it sends again what Kinesis rejected of a call.
 */
import { setTimeout as sleepFor } from 'node:timers/promises';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { serviceErrorCode } from '../join/service-error-code.ts';
import { BATCH_RECORDS_MAX, inCalls } from './kinesis-batches.ts';
import type { StreamRecord } from './kinesis-batches.ts';
import { KinesisStreamError, isThrottling } from './kinesis-stream-error.ts';

/** As many as the agent has, so that batches overtake each other here too. */
export const CALLS_IN_PARALLEL = 3;

/** Attempts in a row that brought nothing: about 25 s on average, 50 s at most. */
export const ATTEMPTS_MAX = 15;
const WAIT_MS_BASE = 100;
const WAIT_MS_MAX = 5000;

/** What the stream has taken. */
export interface Sent {
  events: number;
  /** Calls whose records are all in the stream; those that sent again are not counted. */
  batches: number;
  /** Records that were sent again, each time that they were. */
  sentAgain: number;
}

export interface SenderOptions {
  /** Its own retries come first. One that hides a lost answer may put a call's records twice, as the agent may. */
  readonly client: KinesisClient;
  readonly streamName: string;
  /** Events a second at most, over all calls. Default: as many as the stream takes. */
  readonly ratePerSecond?: number;
  /** Stops the sending: no call begins any more, and those under way are waited for. */
  readonly signal: AbortSignal;
  /** Randomness of the backoff: from 0 up to, and without, 1. Default: Math.random. */
  readonly random?: () => number;
  /** A clock in milliseconds. Default: performance.now. */
  readonly now?: () => number;
  /** Default: a timer. */
  readonly sleep?: (waitMs: number, signal: AbortSignal) => Promise<unknown>;
}

/**
 * A client for streams in this region (default: the SDK's). HTTP/1.1: the SDK's HTTP/2 gains nothing for PutRecords,
 * and local servers do not speak it.
 */
export const kinesisClient = (region?: string): KinesisClient =>
  new KinesisClient({ ...(region !== undefined && { region }), requestHandler: new NodeHttpHandler() });

/**
 * Puts all records into the stream. `sent` counts what the stream has taken, also where this rejects: with
 * {@link KinesisStreamError}, with the reason of the signal, or with what `records` throws. No call is under way
 * then, and none follows.
 */
export async function sendRecords(
  records: AsyncIterable<StreamRecord>,
  sent: Sent,
  options: SenderOptions,
): Promise<void> {
  const batches = paced(inCalls(records, batchRecordsMax(options)), options);
  let hasFailed = false;
  const sender = async (): Promise<void> => {
    for await (const batch of batches) {
      if (hasFailed) return;
      try {
        await untilTaken(batch, sent, options);
      } catch (error) {
        hasFailed = true; // said before the loop ends: its end waits for the reading of the next batch
        throw error;
      }
      sent.batches++;
    }
  };
  const senders = await Promise.allSettled(Array.from({ length: CALLS_IN_PARALLEL }, sender));
  for (const outcome of senders) if (outcome.status === 'rejected') throw outcome.reason;
}

/** What goes out within a second, so that a low rate does not come in bursts. */
const batchRecordsMax = ({ ratePerSecond = BATCH_RECORDS_MAX }: SenderOptions): number =>
  Math.max(1, Math.min(BATCH_RECORDS_MAX, Math.floor(ratePerSecond)));

/** The batches, none of them before its time: each takes its share of a second, and lost time is not caught up. */
async function* paced(
  batches: AsyncIterable<readonly StreamRecord[]>,
  options: SenderOptions,
): AsyncGenerator<readonly StreamRecord[]> {
  const { ratePerSecond, signal, now = () => performance.now() } = options;
  let nextMs = -Infinity;
  for await (const batch of batches) {
    signal.throwIfAborted();
    if (ratePerSecond !== undefined) {
      const waitMs = nextMs - now();
      if (waitMs > 0) await pause(waitMs, options);
      nextMs = Math.max(nextMs, now()) + (batch.length / ratePerSecond) * 1000;
    }
    yield batch;
  }
}

/** Calls until every record of a batch is taken; exponential backoff with full jitter in between. */
async function untilTaken(batch: readonly StreamRecord[], sent: Sent, options: SenderOptions): Promise<void> {
  const { random = Math.random } = options;
  let left = batch;
  let attempt = 0;
  for (;;) {
    const { rejected, code } = await put(left, options);
    sent.events += left.length - rejected.length;
    if (rejected.length === 0) return;
    attempt = rejected.length < left.length ? 1 : attempt + 1;
    if (attempt === ATTEMPTS_MAX) throw new KinesisStreamError(options.streamName, code);
    await pause(random() * Math.min(WAIT_MS_MAX, WAIT_MS_BASE * 2 ** (attempt - 1)), options);
    sent.sentAgain += rejected.length;
    left = rejected;
  }
}

/** One call. The records that it did not take: some of them, or, where it was throttled, all. */
async function put(
  records: readonly StreamRecord[],
  { client, streamName }: SenderOptions,
): Promise<{ rejected: readonly StreamRecord[]; code: string }> {
  try {
    const { Records: answers = [] } = await client.send(
      new PutRecordsCommand({ StreamName: streamName, Records: [...records] }),
    );
    const codes = answers.map(({ ErrorCode }) => ErrorCode);
    return {
      rejected: records.filter((_, i) => codes[i] !== undefined),
      code: codes.find((code) => code !== undefined) ?? '',
    };
  } catch (error) {
    const code = serviceErrorCode(error);
    if (!isThrottling(code)) throw new KinesisStreamError(streamName, code, { cause: error });
    return { rejected: records, code };
  }
}

async function pause(
  waitMs: number,
  { signal, sleep = (ms, stop) => sleepFor(ms, undefined, { signal: stop }) }: SenderOptions,
): Promise<void> {
  try {
    await sleep(waitMs, signal);
  } finally {
    signal.throwIfAborted(); // the reason of the caller, not the timer's
  }
}
