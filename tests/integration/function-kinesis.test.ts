/** The functions on a stream where nothing fails: each event once in the lake, joined, whatever the order. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeStreamCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf } from '../pipeline.world.ts';
import { startKinesis, type LocalKinesis } from '../servers/kinesis.ts';
import { allOf, hostEvents, mappingOf, seeded, send, shuffled } from './function-stream.ts';
import { deploy, expectBalance, expectLake, startAws, type Aws, type Deployment } from './function-world.ts';

let aws: Aws;
const onTestEnd: (() => Promise<void>)[] = [];
beforeAll(async () => {
  aws = await startAws();
});
afterEach(async () => {
  for (const end of onTestEnd.splice(0)) await end();
});
afterAll(() => aws.close());

async function start(
  shards = 1,
  options: Parameters<typeof deploy>[1] = {},
): Promise<{ kinesis: LocalKinesis; deployment: Deployment }> {
  const [kinesis, deployment] = await Promise.all([startKinesis({ shards }), deploy(aws, options)]);
  onTestEnd.push(() => kinesis.close(), deployment.end);
  return { kinesis, deployment };
}

const joinsOf = (rows: readonly { join: string | undefined }[]): Record<string, number> =>
  Object.fromEntries(
    ['hit', 'late', 'miss'].map((outcome) => [outcome, rows.filter(({ join }) => join === outcome).length]),
  );

describe('a stream', () => {
  it('of one shard ends in the lake, batch after batch, and says nothing of its content', async () => {
    const { kinesis, deployment } = await start();
    const contents = allOf(hostEvents(20));
    await send(kinesis, contents, seeded(1));
    const mapping = mappingOf(kinesis, deployment, { batchSize: 25 });
    await mapping.drain();
    await deployment.runLateJoin();
    const rows = await expectLake(deployment, contents);
    expect(joinsOf(rows)).toEqual({ hit: 40, late: 0, miss: 2 });
    expect(mapping.batches.map(({ event, attempts }) => [event.Records.length, attempts])).toEqual([
      [25, 1],
      [25, 1],
      [14, 1],
    ]);
    const metrics = await expectBalance(deployment, contents.length);
    expect(metrics.transform).toMatchObject({ JoinHit: 40, JoinMiss: 1, Deferred: 1 });
    const output = [...deployment.transform.output, ...deployment.lateJoin.output].join('\n');
    expect(output).toContain('"Received"');
    for (const content of ['curl', 'host.corp', '5fe2a7c1', 'System32', 'Temp'])
      expect(output).not.toContain(content);
  });

  it('of four shards, over which the records of one host are scattered at random, loses no join', async () => {
    const { kinesis, deployment } = await start(4, { instancesMax: 2 });
    const random = seeded(2);
    const contents = shuffled(allOf(hostEvents(80)), random);
    await send(kinesis, contents, random);
    const mapping = mappingOf(kinesis, deployment, { batchSize: 20 });
    await mapping.drain();
    await deployment.runLateJoin();
    const { hit, late, miss } = joinsOf(await expectLake(deployment, contents));
    expect(hit! + late!).toBe(160);
    expect(late).toBeGreaterThan(0);
    expect(miss).toBe(2);
    expect(new Set(mapping.batches.map(({ shardId }) => shardId)).size).toBe(4);
    await expectBalance(deployment, contents.length);
  });

  it('with connections before their processes defers them, and joins them late', async () => {
    const { kinesis, deployment } = await start(1, { environment: { JOIN_WAIT_SECONDS: '1' } });
    const { processes, connections } = hostEvents(15);
    await send(kinesis, [...connections, ...processes], seeded(3));
    await mappingOf(kinesis, deployment, { batchSize: 30 }).drain();
    expect((await deployment.rows()).map(({ schema }) => schema)).toEqual(
      processes.map(() => 'process_activity'),
    );
    const sent = aws.sqs.requests.filter(
      ({ operation, input }) => operation === 'SendMessage' && input.QueueUrl === deployment.queueUrl,
    );
    expect(sent.map(({ input }) => input.DelaySeconds)).toEqual([1]);

    expect(await deployment.runLateJoin()).toEqual([[expect.stringContaining('deferred/'), 'done']]);
    expect(joinsOf(await expectLake(deployment, [...connections, ...processes]))).toEqual({
      hit: 0,
      late: 30,
      miss: 0,
    });
    const { transform, lateJoin } = await expectBalance(deployment, 45);
    expect(transform).toMatchObject({ Deferred: 30, Written: 15 });
    expect(lateJoin).toMatchObject({ JoinLate: 30, Written: 30 });
  });

  it('that is replayed, batch by batch, changes nothing', async () => {
    const { kinesis, deployment } = await start(2);
    const random = seeded(4);
    const contents = shuffled(
      [...allOf(hostEvents(20)), Buffer.from('{"EventId":'), { hello: 'world' }],
      random,
    );
    await send(kinesis, contents, random);
    const mapping = mappingOf(kinesis, deployment, { batchSize: 16 });
    await mapping.drain();
    const { length: messages } = await deployment.runLateJoin();
    const before = deployment.objects();
    await expectLake(deployment, contents);
    expect(deployment.quarantined()).toHaveLength(2);
    // By an instance that remembers nothing, in another order.
    await deployment.transform.stop();
    for (const { event } of mapping.batches.toReversed()) await deployment.transform.invoke(event);
    expect(messages).toBeGreaterThan(0);
    expect(await deployment.runLateJoin()).toHaveLength(messages);
    expect(deployment.objects()).toEqual(before);
  });

  it('with poison in the middle has it in quarantine, byte for byte, and all the rest in the lake', async () => {
    const { kinesis, deployment } = await start();
    const { processes, connections } = hostEvents(5);
    const poison = [
      Buffer.from('{"EventId":1,'),
      Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
      Buffer.from('nonsense'),
      Buffer.from('{"EventId":1,"Description":"Cannot retrieve event message text."}'),
      Buffer.from(JSON.stringify(eventOf({ id: 200, index: 50_001 }))),
      Buffer.alloc(1024 * 1024, 'x'),
    ];
    const large = eventOf({ index: 50_002, fields: { CommandLine: 'y'.repeat(1024 * 1024 - 1000) } });
    const good = [...processes, large, ...connections];
    await send(kinesis, [...processes, ...poison, large, ...connections], seeded(5));
    const mapping = mappingOf(kinesis, deployment);
    await mapping.drain();
    expect(mapping.batches).toMatchObject([{ attempts: 1, end: 'done' }]);
    await expectLake(deployment, good);
    const quarantined = deployment.quarantined();
    expect(quarantined.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).toEqual(
      poison.map((bytes) => bytes.toString('base64')),
    );
    expect(quarantined.map(({ reason, index }) => [reason, index])).toEqual([
      ['not_json', 5],
      ['not_utf8', 6],
      ['not_json', 7],
      ['unreadable_text', 8],
      ['no_mapping', 9],
      ['not_json', 10],
    ]);
    for (const { input } of quarantined) expect(input).toContain('stream/sysmon/shardId-000000000000-');
    expect((await expectBalance(deployment, good.length + poison.length)).transform.Quarantined).toBe(
      poison.length,
    );
  });

  it('whose batches would pass 6 MB has them cut before', async () => {
    const { kinesis, deployment } = await start();
    const contents = Array.from({ length: 9 }, (_, i) =>
      eventOf({ id: 5, index: i + 1, fields: { Image: `${'C:\\a\\'.repeat(90_000)}${i}` } }),
    );
    await send(kinesis, contents, seeded(6));
    const mapping = mappingOf(kinesis, deployment);
    await mapping.drain();
    expect(mapping.batches.length).toBeGreaterThan(1);
    for (const { event } of mapping.batches) {
      expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(6 * 1024 * 1024);
    }
    await expectLake(deployment, contents);
  });

  it('whose deadline cuts a batch goes on at the first record that was not taken', async () => {
    const { kinesis, deployment } = await start();
    const contents = shuffled(allOf(hostEvents(30)), seeded(7));
    await send(kinesis, contents, seeded(7));
    const responses: unknown[] = [];
    const mapping = mappingOf(kinesis, deployment, {
      invoke: async (event) => {
        // Five seconds are kept for the end; a millisecond is taken for a record at first.
        const response = await deployment.transform.invoke(event, responses.length === 0 ? 5_012 : undefined);
        responses.push(response);
        return response;
      },
    });
    await mapping.drain();
    const [cut, rest] = mapping.batches;
    expect(cut!.event.Records.length).toBeGreaterThan(0);
    expect(cut!.event.Records.length).toBeLessThanOrEqual(12);
    expect(responses).toEqual([
      { batchItemFailures: [{ itemIdentifier: rest!.event.Records[0]!.kinesis.sequenceNumber }] },
      { batchItemFailures: [] },
    ]);
    await deployment.runLateJoin();
    await expectLake(deployment, contents);
    await expectBalance(deployment, contents.length);
  });

  it('whose shard is split is read in order: the parent to its end, and then its children', async () => {
    const { kinesis, deployment } = await start();
    const { processes, connections, others } = hostEvents(20);
    const random = seeded(8);
    const before = [...connections.slice(0, 10), ...processes.slice(5)];
    const after = [...processes.slice(0, 5), ...connections.slice(10), ...others];
    await send(kinesis, before, random);
    const client = kinesis.client();
    const StreamName = kinesis.streamName;
    await client.send(
      new SplitShardCommand({
        StreamName,
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    for (;;) {
      const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
      if (StreamDescription!.StreamStatus === 'ACTIVE') break;
      await sleep(50);
    }
    await send(kinesis, after, random);
    const mapping = mappingOf(kinesis, deployment, { batchSize: 10 });
    await mapping.drain();
    const shards = mapping.batches.map(({ shardId }) => Number(shardId.slice(-1)));
    expect(shards.filter((shard) => shard === 0)).toHaveLength(3);
    expect(shards.slice(0, 3)).toEqual([0, 0, 0]);
    expect(new Set(shards)).toEqual(new Set([0, 1, 2]));
    await deployment.runLateJoin();
    await expectLake(deployment, [...before, ...after]);
    await expectBalance(deployment, before.length + after.length);
  });
});
