/** Batches of a Kinesis stream, as Lambda's event source mapping hands them over. */
import type { KinesisStreamRecord } from 'aws-lambda';
import { safeName } from '../src/lake/layout.ts';
import type { Batch } from '../src/sources/batches.ts';
import { messageRecords } from '../src/sources/records.ts';
import type { RawRecord } from '../src/sources/source.ts';

/** The shard is the first half of eventID: `shardId-000000000006:4954…` (Lambda, Kinesis event). */
const shardOf = ({ eventID }: KinesisStreamRecord): string => eventID.split(':')[0] ?? eventID;

/**
 * One batch of records of one shard, named by the shard and its first and last sequence number. The agent puts one
 * event into a record; other producers may put several lines.
 */
export async function kinesisBatch(records: readonly KinesisStreamRecord[]): Promise<Batch> {
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('a batch has records');
  const span = `${shardOf(first)}-${first.kinesis.sequenceNumber}-${last.kinesis.sequenceNumber}`;
  const raws: RawRecord[] = [];
  for (const { kinesis } of records) {
    for (const raw of await messageRecords(Buffer.from(kinesis.data, 'base64'))) {
      raws.push({ ...raw, index: raws.length });
    }
  }
  return { name: safeName(span), input: `${first.eventSourceARN}/${span}`, records: raws, format: 'auto' };
}
