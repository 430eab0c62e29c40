/** Batches of Kafka topics, of MSK or self-managed. */
import type { MSKEvent, SelfManagedKafkaEvent } from 'aws-lambda';
import { nameWithIdentity } from '../src/lake/layout.ts';
import type { Batch } from '../src/sources/batches.ts';
import { messageRecords } from '../src/sources/records.ts';
import type { RawRecord } from '../src/sources/source.ts';

export type KafkaEvent = MSKEvent | SelfManagedKafkaEvent;

/** One batch for each partition, named by topic, partition, and first and last offset. A null value holds no event. */
export async function kafkaBatches(event: KafkaEvent): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (const records of Object.values(event.records)) {
    const [first, last] = [records[0], records.at(-1)];
    if (first === undefined || last === undefined) continue;
    const raws: RawRecord[] = [];
    for (const record of records) {
      // The type says text; a tombstone has null.
      const value = record.value as string | null | undefined; // true: wider than the type
      if (value === null || value === undefined) continue;
      for (const raw of await messageRecords(Buffer.from(value, 'base64'))) {
        raws.push({ ...raw, index: raws.length });
      }
    }
    const span = `${first.topic}-${first.partition}-${first.offset}-${last.offset}`;
    // Another cluster, and a topic that was made anew, have the same offsets.
    const cluster = 'eventSourceArn' in event ? event.eventSourceArn : event.bootstrapServers;
    const name = nameWithIdentity(span, [cluster, first.timestamp, last.timestamp]);
    batches.push({ name, input: `kafka:${span}`, records: raws, format: 'auto' });
  }
  return batches;
}
