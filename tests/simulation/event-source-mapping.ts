/**
 * The event source mapping of the stream: for each shard batches in order, parents before children, a failed batch
 * again whole, a partly done one from its checkpoint, one that is too old to the on-failure destination; and a mapping
 * that starts anew from an old checkpoint and cuts other batches.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { Clock } from './clock.ts';
import type { Unit } from './events.ts';
import type { Faults } from './faults.ts';
import type { Lambda } from './lambda.ts';
import type { Random } from './random.ts';
import type { Settings } from './settings.ts';
import type { Shard, StreamRecord } from './stream.ts';

export interface EventSourceMapping {
  readonly follow: (shard: Shard) => void;
  /** What was given up, records whole. */
  readonly onFailure: readonly StreamRecord[];
  /** The records that a response said were done, by their sequence numbers. */
  readonly done: ReadonlySet<string>;
}

export interface EventSourceMappingOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly settings: Settings;
  readonly lambda: () => Lambda;
  readonly trace: (line: string) => void;
  /** Told where a response is none. */
  readonly complain: (problem: string) => void;
}

const STREAM_ARN = 'arn:aws:kinesis:eu-central-1:123456789012:stream/sysmon';
const RETRY_MS_MAX = 60_000;

const lines = ({ units }: StreamRecord): Buffer =>
  Buffer.concat(units.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]));

function kinesisEvent(shard: Shard, batch: readonly StreamRecord[]): KinesisStreamEvent {
  const Records = batch.map((record) => ({
    eventID: `${shard.id}:${record.sequenceNumber}`,
    eventSourceARN: STREAM_ARN,
    kinesis: {
      sequenceNumber: record.sequenceNumber,
      partitionKey: String(record.hashKey),
      data: lines(record).toString('base64'),
      approximateArrivalTimestamp: record.arrivedMs / 1000,
    },
  }));
  return { Records } as KinesisStreamEvent; // as: the function reads nothing else of a record
}

const unitsOf = (batch: readonly StreamRecord[]): Unit[] => batch.flatMap(({ units }) => units);

/** Shards, and first and last sequence number: names what an invocation takes. */
const cutName = (shard: Shard, batch: readonly StreamRecord[]): string =>
  `${shard.id}[${batch[0]!.sequenceNumber.slice(-4)}…${batch.at(-1)!.sequenceNumber.slice(-4)}]`;

export function newEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { clock, random, faults, settings, lambda, trace, complain } = options;
  const onFailure: StreamRecord[] = [];
  const done = new Set<string>();

  /** How many of a batch's records a response says are done. */
  const doneOf = (batch: readonly StreamRecord[], response: unknown): number => {
    const { batchItemFailures } = response as KinesisStreamBatchResponse; // as: the handler's type
    const failed = batchItemFailures.map(({ itemIdentifier }) =>
      batch.findIndex(({ sequenceNumber }) => sequenceNumber === itemIdentifier),
    );
    if (failed.includes(-1)) complain('a response names a record that was not in the batch');
    return failed.length === 0 ? batch.length : Math.max(0, Math.min(...failed));
  };

  /** Invokes once; gives the number of records that are done, undefined where it failed. */
  const invoke = async (shard: Shard, batch: readonly StreamRecord[]): Promise<number | undefined> => {
    const answer = await lambda().invoke({
      functionName: 'transform',
      event: kinesisEvent(shard, batch),
      given: unitsOf(batch),
      cut: {
        name: cutName(shard, batch),
        records: batch.length,
        of: (response) => {
          const taken = batch.slice(0, doneOf(batch, response));
          return { name: taken.length > 0 ? cutName(shard, taken) : undefined, taken: unitsOf(taken) };
        },
      },
    });
    return answer.ok ? doneOf(batch, answer.response) : undefined;
  };

  /** Delivers until all of the batch is done or given up, or until the mapping starts anew. */
  const deliver = async (
    shard: Shard,
    batch: readonly StreamRecord[],
    isStopped: () => boolean,
  ): Promise<void> => {
    let left = batch;
    for (let retries = 0; left.length > 0 && !isStopped();) {
      if (clock.now() - left[0]!.arrivedMs > settings.recordAgeSecondsMax * 1000) {
        trace(`given up: ${cutName(shard, left)}`);
        onFailure.push(...left);
        return;
      }
      if (faults.strikes('no instance free for minutes')) await clock.sleep(random.between(1, 300) * 1000);
      const taken = isStopped() ? 0 : await invoke(shard, left);
      if (isStopped()) return;
      for (const { sequenceNumber } of left.slice(0, taken ?? 0)) done.add(sequenceNumber);
      left = left.slice(taken ?? 0);
      if (taken === undefined || taken === 0) {
        await clock.sleep(random.next() * Math.min(RETRY_MS_MAX, 1000 * 2 ** retries++));
      }
    }
  };

  const poll = async (shard: Shard): Promise<void> => {
    const untilWoken = (): Promise<void> => new Promise((resolve) => (shard.wake = resolve));
    while (!shard.parents.every(({ isDrained }) => isDrained)) await untilWoken();
    let position = 0;
    const checkpoints = [0];
    for (;;) {
      while (position === shard.records.length) {
        if (shard.isClosed) {
          shard.isDrained = true;
          for (const child of followed) if (child.parents.includes(shard)) child.wake();
          return;
        }
        await untilWoken();
      }
      await clock.sleep(random.next() * settings.windowSeconds * 1000);
      const batch = shard.records.slice(position, position + random.int(1, settings.batchSize));
      let isStopped = false;
      const delivered = deliver(shard, batch, () => isStopped);
      if (faults.strikes('event source mapping starts anew')) {
        await Promise.race([delivered, clock.sleep(random.between(0, 10_000))]);
        isStopped = true;
        position = random.pick(checkpoints.slice(-3));
        trace(`mapping of ${shard.id} starts anew at record ${position}`);
      } else {
        await delivered;
        position += batch.length;
        checkpoints.push(position);
      }
    }
  };

  const followed: Shard[] = [];
  return {
    onFailure,
    done,
    follow(shard) {
      followed.push(shard);
      void poll(shard);
    },
  };
}
