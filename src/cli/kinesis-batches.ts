/**
 * Events as records of a Kinesis stream, and records in calls of PutRecords.
 * Limits: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
 */

/** A record by the names that PutRecords has for its parts. */
export interface StreamRecord {
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
}

/** A record at most, with its key: what a stream takes that is not set up for more, and what the agent sends. */
export const RECORD_BYTES_MAX = 1024 * 1024;

/** A call at most, as the agent fills it. */
export const BATCH_RECORDS_MAX = 500;
export const BATCH_BYTES_MAX = 5 * 1024 * 1024;

const LINE_BREAK = Buffer.from('\n');

/**
 * One event as the agent puts it: its bytes and a line break, under a random key, so that the events of one host
 * are spread over all shards.
 * @param random from 0 up to, and without, 1
 */
export const streamRecord = (event: Uint8Array, random: () => number): StreamRecord => ({
  Data: Buffer.concat([event, LINE_BREAK]),
  PartitionKey: String(Math.floor(random() * 2 ** 31)),
});

/** What the limits count: the data and the key. */
export const recordSizeBytes = ({ Data, PartitionKey }: StreamRecord): number =>
  Data.length + Buffer.byteLength(PartitionKey);

/**
 * The records in batches that one call takes, in their order; none is empty. A record above
 * {@link RECORD_BYTES_MAX} is the caller's to leave out.
 */
export async function* inCalls(
  records: AsyncIterable<StreamRecord>,
  recordsMax: number = BATCH_RECORDS_MAX,
): AsyncGenerator<readonly StreamRecord[]> {
  let batch: StreamRecord[] = [];
  let batchBytes = 0;
  for await (const record of records) {
    const sizeBytes = recordSizeBytes(record);
    if (batch.length > 0 && (batch.length >= recordsMax || batchBytes + sizeBytes > BATCH_BYTES_MAX)) {
      yield batch;
      batch = [];
      batchBytes = 0;
    }
    batch.push(record);
    batchBytes += sizeBytes;
  }
  if (batch.length > 0) yield batch;
}
