/** What is in a local Kinesis stream, and a PutRecords that takes only some of its records. */
import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import type { JsonFault, JsonRequest } from '../servers/aws-json-proxy.ts';
import type { LocalKinesis } from '../servers/kinesis.ts';

export interface Arrived {
  readonly shardId: string;
  readonly text: string;
  readonly partitionKey: string;
}

/** All records of all shards. */
export async function arrivedIn(server: LocalKinesis): Promise<Arrived[]> {
  const client = server.client();
  const StreamName = server.streamName;
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  const arrived: Arrived[] = [];
  for (const { ShardId } of Shards) {
    let { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    for (;;) {
      const answer = await client.send(new GetRecordsCommand({ ShardIterator }));
      const { Records = [], NextShardIterator } = answer;
      if (Records.length === 0) break;
      for (const { Data, PartitionKey } of Records) {
        arrived.push({
          shardId: ShardId!,
          text: Buffer.from(Data!).toString(),
          partitionKey: PartitionKey!,
        });
      }
      ShardIterator = NextShardIterator;
    }
  }
  return arrived;
}

export const recordsOf = ({ input }: JsonRequest): readonly unknown[] => input.Records as readonly unknown[]; // true: of PutRecords

/** A fault for PutRecords: the records at these places are rejected, as a shard does that is full. */
export function rejecting(
  request: JsonRequest,
  isRejected: (place: number) => boolean,
): JsonFault | undefined {
  if (request.operation !== 'PutRecords') return undefined;
  const all = recordsOf(request);
  const marks = all.map((_, i) => isRejected(i));
  const taken = all.filter((_, i) => marks[i] !== true);
  const code = 'ProvisionedThroughputExceededException';
  if (taken.length === all.length) return undefined;
  if (taken.length === 0) return { status: 400, code };
  return {
    input: { ...request.input, Records: taken },
    answer(output) {
      const answers = [...(output.Records as unknown[])]; // true: of PutRecords
      const Records = all.map((_, i) =>
        marks[i] === true ? { ErrorCode: code, ErrorMessage: 'Rate exceeded' } : answers.shift(),
      );
      return { FailedRecordCount: all.length - taken.length, Records };
    },
  };
}
