/**
 * A Kinesis of the soak's own: PutRecords, and what a consumer reads with. kinesalite, which the tests use, needs more
 * CPU time for an event than the function does and keeps every record for a day: a soak on it would measure it.
 * What it does not have: signatures, limits of a shard, resharding.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html
 */
import { createHash } from 'node:crypto';
import { readBody, serve } from '../../tests/servers/http.ts';
import type { ListeningServer } from '../../tests/servers/http.ts';

interface StreamRecord {
  readonly SequenceNumber: string;
  readonly PartitionKey: string;
  /** Base64, as it came. */
  readonly Data: string;
  /** Seconds since 1970. */
  readonly ApproximateArrivalTimestamp: number;
}

interface ShardLog {
  /** Number of the first record that is kept; what was read is not. */
  first: number;
  readonly records: StreamRecord[];
}

/** GetRecords gives so many, https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html */
const RECORDS_MAX = 10_000;
const ANSWER_BYTES_MAX = 10 * 2 ** 20;

/** Digits of a record's number at the end of its sequence number. */
const NUMBER_DIGITS = 15;

type Input = Readonly<Record<string, unknown>>;

/** An operation that was asked for wrongly, or that is not there. */
class StreamRefusal extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = 'StreamRefusal';
    this.code = code;
  }
}

export const shardName = (shard: number): string => `shardId-${String(shard).padStart(12, '0')}`;

const sequenceNumber = (shard: number, number: number): string =>
  `4966${String(shard).padStart(4, '0')}${'0'.repeat(33)}${String(number).padStart(NUMBER_DIGITS, '0')}`;

/** By the first 32 bits of the key's MD5, as Kinesis does with all of them. */
const shardOf = (partitionKey: string, shards: number): number =>
  Math.floor((createHash('md5').update(partitionKey).digest().readUInt32BE() * shards) / 2 ** 32);

/** Starts a stream, whatever it is called, with so many shards. */
export function startStream(shards: number, now: () => number = Date.now): Promise<ListeningServer> {
  const logs = Array.from({ length: shards }, (): ShardLog => ({ first: 0, records: [] }));
  const logOf = (shard: number): ShardLog => {
    const log = logs[shard];
    if (log === undefined) throw new StreamRefusal('ResourceNotFoundException');
    return log;
  };
  const put = (record: PutRecord): unknown => {
    const shard = shardOf(record.PartitionKey, shards);
    const { first, records } = logOf(shard);
    const SequenceNumber = sequenceNumber(shard, first + records.length);
    records.push({ ...record, SequenceNumber, ApproximateArrivalTimestamp: now() / 1000 });
    return { ShardId: shardName(shard), SequenceNumber };
  };
  const operations: Readonly<Record<string, (input: Input) => unknown>> = {
    PutRecords: ({ Records }) => ({
      FailedRecordCount: 0,
      Records: (Records as readonly PutRecord[]).map(put), // true: what the SDK writes
    }),
    ListShards: () => ({
      Shards: logs.map((_, shard) => ({
        ShardId: shardName(shard),
        SequenceNumberRange: { StartingSequenceNumber: sequenceNumber(shard, 0) },
      })),
    }),
    GetShardIterator({ ShardId, ShardIteratorType, StartingSequenceNumber }) {
      const shard = logs.findIndex((_, n) => shardName(n) === ShardId);
      const { first } = logOf(shard);
      if (ShardIteratorType === 'TRIM_HORIZON') return { ShardIterator: `${shard}:${first}` };
      if (ShardIteratorType !== 'AFTER_SEQUENCE_NUMBER') throw new StreamRefusal('InvalidArgumentException');
      const next = Number(String(StartingSequenceNumber).slice(-NUMBER_DIGITS)) + 1;
      return { ShardIterator: `${shard}:${Math.max(first, next)}` };
    },
    GetRecords({ ShardIterator, Limit }) {
      const [shard = NaN, position = NaN] = String(ShardIterator).split(':').map(Number);
      const log = logOf(shard);
      const { records } = log;
      // The one consumer holds what it has read until it is done with it: nobody asks for what is before this again.
      if (position < log.first) throw new StreamRefusal('ExpiredIteratorException');
      records.splice(0, position - log.first);
      log.first = position;
      const most = Math.min(records.length, Number(Limit ?? RECORDS_MAX), RECORDS_MAX);
      let [count, bytes] = [0, 0];
      while (count < most && bytes < ANSWER_BYTES_MAX) bytes += records[count++]?.Data.length ?? 0;
      return {
        Records: records.slice(0, count),
        NextShardIterator: `${shard}:${position + count}`,
        MillisBehindLatest: 0,
      };
    },
  };

  return serve((message, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    };
    const target = String(message.headers['x-amz-target']);
    const operation = operations[target.slice(target.indexOf('.') + 1)];
    readBody(message).then(
      (body) => {
        try {
          if (operation === undefined) throw new StreamRefusal('UnknownOperationException');
          answer(200, operation(JSON.parse(body.toString()) as Input)); // true: the SDK writes JSON objects
        } catch (error) {
          answer(400, { __type: error instanceof StreamRefusal ? error.code : 'SerializationException' });
        }
      },
      () => message.socket.destroy(), // the client went away while it was sending
    );
  });
}

type PutRecord = Pick<StreamRecord, 'Data' | 'PartitionKey'>;
