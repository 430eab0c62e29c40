/** That the real SDK client speaks to the local Kinesis, and that its faults strike. */
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKinesis, type LocalKinesis } from './kinesis.ts';

let server: LocalKinesis;
beforeAll(async () => {
  server = await startKinesis({ shards: 3 });
});
afterAll(() => server.close());

describe('startKinesis', () => {
  it('gives back the records of its shards, byte for byte', async () => {
    const client = server.client();
    const StreamName = server.streamName;
    const sent = Array.from({ length: 20 }, (_, number) => `record ${number} \u65e5\0`);
    const put = await client.send(
      new PutRecordsCommand({
        StreamName,
        Records: sent.map((text, number) => ({ PartitionKey: `key-${number}`, Data: Buffer.from(text) })),
      }),
    );
    expect(put.FailedRecordCount).toBe(0);
    const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
    expect(Shards).toHaveLength(3);
    const got: string[] = [];
    for (const { ShardId } of Shards) {
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
      got.push(...Records.map(({ Data }) => Buffer.from(Data!).toString()));
    }
    expect(got.sort()).toEqual(sent.sort());
  });

  it('fails as it is told', async () => {
    const faults = server.fail(({ operation }) =>
      operation === 'ListShards' ? { status: 400, code: 'LimitExceededException' } : undefined,
    );
    const list = server
      .client({ maxAttempts: 1 })
      .send(new ListShardsCommand({ StreamName: server.streamName }));
    await expect(list).rejects.toMatchObject({ name: 'LimitExceededException' });
    expect(faults.count).toBe(1);
    faults.stop();
  });
});
