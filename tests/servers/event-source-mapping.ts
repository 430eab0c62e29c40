/**
 * Lambda's event source mapping of a Kinesis stream, for tests, over the wire. Its rules:
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html and …/services-kinesis-batchfailurereporting.html
 * Time is not waited for: where a shard has no more records the batch window counts as over, and a retry comes at once.
 */
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  type KinesisClient,
  type Shard,
  type _Record,
} from '@aws-sdk/client-kinesis';
import type { KinesisStreamRecord } from 'aws-lambda';
import { deliver } from './batch-delivery.ts';
import type { DeliveredBatch, DeliveryOptions } from './batch-delivery.ts';

export interface EventSourceMappingOptions extends DeliveryOptions {
  readonly client: KinesisClient;
  readonly streamName: string;
  /** Records of a batch at most. */
  readonly batchSize: number;
}

export interface EventSourceMapping {
  /** Reads all shards until they have no more; what came after the last call, and the shards that did. */
  readonly drain: () => Promise<void>;
  /** What was delivered, in the order in which it was finished. */
  readonly batches: readonly DeliveredBatch[];
}

/** The limit of an invocation's payload, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const PAYLOAD_BYTES_MAX = 6 * 1024 * 1024;
/** Around the records of an event. */
const ENVELOPE_BYTES = Buffer.byteLength(JSON.stringify({ Records: [] }));

export function startEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { client, streamName, batchSize } = options;
  const batches: DeliveredBatch[] = [];
  /** The last record of each shard that needs not be read again. */
  const checkpoints = new Map<string, string>();
  /** Shards that are closed and read to their end. */
  const drained = new Set<string>();

  /** All of them: a page holds 1,000. */
  const listShards = async (): Promise<Shard[]> =>
    (await client.send(new ListShardsCommand({ StreamName: streamName }))).Shards ?? [];

  /** Delivers what a shard has, batch after batch. */
  const drainShard = async (shardId: string): Promise<void> => {
    let held: KinesisStreamRecord[] = [];
    const take = async (atEnd: boolean): Promise<void> => {
      for (;;) {
        const size = fitting(held, batchSize);
        if (size === 0 || (size === held.length && size < batchSize && !atEnd)) return;
        const last = held[size - 1]!;
        batches.push(...(await deliver(shardId, held.slice(0, size), options)));
        checkpoints.set(shardId, last.kinesis.sequenceNumber);
        held = held.slice(size);
      }
    };
    for await (const records of readShard(shardId)) {
      held.push(...records);
      await take(false);
    }
    await take(true);
  };

  async function* readShard(shardId: string): AsyncGenerator<KinesisStreamRecord[]> {
    const checkpoint = checkpoints.get(shardId);
    const opened = await client.send(
      new GetShardIteratorCommand({
        StreamName: streamName,
        ShardId: shardId,
        ...(checkpoint === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' as const }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, StartingSequenceNumber: checkpoint }),
      }),
    );
    let iterator = opened.ShardIterator;
    while (iterator !== undefined) {
      const { Records = [], NextShardIterator } = await client.send(
        new GetRecordsCommand({ ShardIterator: iterator }),
      );
      if (Records.length > 0) yield Records.map((record) => eventRecord(shardId, streamName, record));
      else if (NextShardIterator !== undefined) return;
      iterator = NextShardIterator;
    }
    drained.add(shardId);
  }

  return {
    batches,
    async drain() {
      const read = new Set<string>();
      for (;;) {
        const shards = await listShards();
        const known = new Set(shards.map(({ ShardId }) => ShardId));
        // A child holds what came after its parents: it waits until they are drained, or are gone.
        const isReady = ({ ShardId, ParentShardId, AdjacentParentShardId }: Shard): boolean =>
          !read.has(ShardId!) &&
          !drained.has(ShardId!) &&
          [ParentShardId, AdjacentParentShardId].every(
            (parent) => parent === undefined || drained.has(parent) || !known.has(parent),
          );
        const ready = shards.filter(isReady);
        if (ready.length === 0) return;
        for (const { ShardId } of ready) read.add(ShardId!);
        const outcomes = await Promise.allSettled(ready.map(({ ShardId }) => drainShard(ShardId!)));
        for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      }
    },
  };
}

/** How many of the records are one batch: as many as are allowed and fit into a payload, at least one. */
function fitting(records: readonly KinesisStreamRecord[], batchSize: number): number {
  let payloadBytes = ENVELOPE_BYTES;
  for (const [index, record] of records.slice(0, batchSize).entries()) {
    payloadBytes += Buffer.byteLength(JSON.stringify(record)) + 1;
    if (payloadBytes > PAYLOAD_BYTES_MAX && index > 0) return index;
  }
  return Math.min(records.length, batchSize);
}

/** A record as the event of Lambda has it; Data is base64 there. */
function eventRecord(shardId: string, streamName: string, record: _Record): KinesisStreamRecord {
  const { SequenceNumber, PartitionKey, Data, ApproximateArrivalTimestamp } = record;
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: PartitionKey!,
      sequenceNumber: SequenceNumber!,
      data: Buffer.from(Data!).toString('base64'),
      approximateArrivalTimestamp: ApproximateArrivalTimestamp!.getTime() / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${SequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/transform',
    awsRegion: 'eu-central-1',
    eventSourceARN: `arn:aws:kinesis:eu-central-1:123456789012:stream/${streamName}`,
  };
}
