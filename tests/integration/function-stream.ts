/** Records in a local stream of Kinesis, and the event source mapping that brings them to the function. */
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { eventOf, guidOf, processOf } from '../pipeline.world.ts';
import {
  startEventSourceMapping,
  type EventSourceMapping,
  type EventSourceMappingOptions,
} from '../servers/event-source-mapping.ts';
import type { LocalKinesis } from '../servers/kinesis.ts';
import type { Deployment } from './function-world.ts';

/** Numbers from 0 up to 1 that look random; the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted(([left], [right]) => left - right)
    .map(([, item]) => item);
}

/** Limits of PutRecords. */
const RECORDS_PER_PUT = 500;
const BYTES_PER_PUT = 4 * 1024 * 1024;

/** Puts each content, bytes or a document, as a record of its own, with random partition keys as the agent does. */
export async function send(
  { client: makeClient, streamName }: LocalKinesis,
  contents: readonly unknown[],
  random: () => number,
): Promise<void> {
  const client = makeClient();
  const records = contents.map((content) => ({
    Data: content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content)),
    PartitionKey: String(random()),
  }));
  for (let at = 0; at < records.length;) {
    let [end, sizeBytes] = [at, 0];
    while (end < records.length && end - at < RECORDS_PER_PUT && (end === at || sizeBytes < BYTES_PER_PUT)) {
      sizeBytes += records[end++]!.Data.length;
    }
    const { FailedRecordCount } = await client.send(
      new PutRecordsCommand({ StreamName: streamName, Records: records.slice(at, end) }),
    );
    if (FailedRecordCount !== 0) throw new Error(`${FailedRecordCount} records were rejected`);
    at = end;
  }
}

/** The mapping between a stream and a deployment's transform. */
export const mappingOf = (
  kinesis: LocalKinesis,
  { transform }: Deployment,
  options: Partial<EventSourceMappingOptions> = {},
): EventSourceMapping =>
  startEventSourceMapping({
    client: kinesis.client(),
    streamName: kinesis.streamName,
    batchSize: 5000,
    invoke: (event) => transform.invoke(event),
    ...options,
  });

export interface HostEvents {
  /** EventID 1, one for each process. */
  readonly processes: readonly unknown[];
  /** EventID 3 of these processes, all of which are young. */
  readonly connections: readonly unknown[];
  /** Events that find no process: connections of one that nobody knows, old or young, and others that do not join. */
  readonly others: readonly unknown[];
}

/** What one host logs: some processes, each with two connections. */
export function hostEvents(processCount: number): HostEvents {
  const numbers = Array.from({ length: processCount }, (_, i) => i + 1);
  const guid = (number: number): string => guidOf(number, 10 + number);
  return {
    processes: numbers.map((number) => processOf(guid(number), number)),
    connections: numbers.flatMap((number) =>
      [1, 2].map((nth) => eventOf({ index: nth * 10_000 + number, guid: guid(number) })),
    ),
    others: [
      eventOf({ index: 30_001, guid: guidOf(60_001, 86_400) }),
      eventOf({ index: 30_002, guid: guidOf(60_002, 30) }),
      eventOf({ id: 5, index: 30_003, guid: guid(1) }),
      eventOf({ id: 11, index: 30_004, guid: guid(2), fields: { TargetFilename: 'C:\\Temp\\a.txt' } }),
    ],
  };
}

export const allOf = ({ processes, connections, others }: HostEvents): unknown[] => [
  ...processes,
  ...connections,
  ...others,
];
