/** The functions where something fails: machines that stop, services that refuse, settings that are wrong. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { KinesisStreamEvent } from 'aws-lambda';
import { eventOf, guidOf, processOf } from '../pipeline.world.ts';
import { THROTTLED, unprocessed } from '../servers/dynamodb.ts';
import type { Injected } from '../servers/faults.ts';
import { startKinesis, type LocalKinesis } from '../servers/kinesis.ts';
import type { LocalLambda } from '../servers/lambda.ts';
import { allOf, hostEvents, mappingOf, seeded, send, shuffled } from './function-stream.ts';
import { deploy, expectBalance, expectLake, startAws, type Aws, type Deployment } from './function-world.ts';

let aws: Aws;
const onTestEnd: (() => unknown)[] = [];
beforeAll(async () => {
  aws = await startAws();
});
afterEach(async () => {
  for (const end of onTestEnd.splice(0)) await end();
});
afterAll(() => aws.close());

async function start(options: Parameters<typeof deploy>[1] = {}): Promise<Deployment> {
  const deployment = await deploy(aws, options);
  onTestEnd.push(deployment.end);
  return deployment;
}

async function streamOf(contents: readonly unknown[]): Promise<LocalKinesis> {
  const kinesis = await startKinesis();
  onTestEnd.push(() => kinesis.close());
  await send(kinesis, contents, seeded(1));
  return kinesis;
}

const during = (injected: Injected): Injected => {
  onTestEnd.push(() => injected.stop());
  return injected;
};

/** Stops the machine of a function behind its so many-th side effect; the answer of the service is lost. */
function killBehind(
  lambda: LocalLambda,
  effect: number,
): { readonly effects: readonly string[]; stop: () => void } {
  const effects: string[] = [];
  const strike = (name: string): 'drop-after' | undefined => {
    if (effects.push(name) !== effect) return undefined;
    lambda.kill();
    return 'drop-after';
  };
  const rules = [
    aws.dynamodb.fail(({ operation }) => (operation === 'BatchWriteItem' ? strike('contexts') : undefined)),
    aws.s3.fail(({ operation, key }) => (operation === 'PutObject' ? strike(key) : undefined)),
    aws.sqs.fail(({ operation }) => (operation === 'SendMessage' ? strike('message') : undefined)),
  ].map(during);
  return { effects, stop: () => rules.forEach((rule) => rule.stop()) };
}

describe('a machine that stops', () => {
  it('behind each side effect in turn leaves, after the retry, what an undisturbed run leaves', async () => {
    const early = hostEvents(3);
    const guid = guidOf(500, 60);
    const late = [eventOf({ index: 500, guid }), eventOf({ index: 501, guid })];
    // The first batch writes contexts, defers, quarantines and writes several classes; the second brings the process.
    const first = [...allOf(early), ...late, Buffer.from('poison')];
    const contents = [...first, processOf(guid, 502)];
    const kinesis = await streamOf(contents);

    const run = async (
      effect: number,
    ): Promise<{ effects: readonly string[]; objects: Record<string, string> }> => {
      const deployment = await start();
      const mapping = mappingOf(kinesis, deployment, { batchSize: first.length });
      const killing = killBehind(deployment.transform, effect);
      await mapping.drain();
      const effects = [...killing.effects];
      killing.stop();
      const attempts = mapping.batches.reduce((sum, batch) => sum + batch.attempts, 0);
      expect([effect, attempts, deployment.transform.coldStarts]).toEqual(
        effect === Infinity ? [effect, 2, 1] : [effect, 3, 2],
      );
      const { length: messages } = await deployment.runLateJoin();
      expect(messages).toBe(effects[effect - 1] === 'message' ? 2 : 1);
      const joins = (await expectLake(deployment, contents)).map(({ join }) => join);
      expect(joins.filter((join) => join === 'late')).toHaveLength(late.length);
      expect(deployment.quarantined()).toHaveLength(1);
      const objects = deployment.objects();
      await expectBalance(deployment, contents.length, messages);
      return { effects, objects };
    };

    const undisturbed = await run(Infinity);
    const kinds = undisturbed.effects.map(
      (name) => /^(contexts|message|deferred|quarantine|ext)/.exec(name)?.[0],
    );
    expect(kinds.slice(0, 2)).toEqual(['contexts', 'deferred']);
    expect(kinds.slice(2, -4)).toEqual(kinds.slice(2, -4).map(() => 'ext'));
    expect(kinds.length).toBeGreaterThan(7);
    expect(kinds.slice(-4)).toEqual(['quarantine', 'message', 'contexts', 'ext']);
    for (const [i, name] of undisturbed.effects.entries()) {
      const { effects, objects } = await run(i + 1);
      expect(effects[i]).toBe(name);
      expect(Object.keys(objects)).toEqual(Object.keys(undisturbed.objects));
      expect(objects).toEqual(undisturbed.objects);
    }
  }, 180_000);

  it('behind the objects of late-join does it again, to the same end', async () => {
    const deployment = await start();
    const { processes, connections } = hostEvents(4);
    const contents = [...connections, ...processes];
    await mappingOf(await streamOf(contents), deployment, { batchSize: connections.length }).drain();
    const { effects } = killBehind(deployment.lateJoin, 1);
    const deliveries = await deployment.runLateJoin();
    expect(deliveries.map(([, end]) => end)).toEqual(['failed', 'done']);
    expect(effects).toHaveLength(2);
    expect(effects[1]).toBe(effects[0]);
    await expectLake(deployment, contents);
    await expectBalance(deployment, contents.length);
  });
});

describe('DynamoDB', () => {
  it('that throttles and does parts of calls costs no join and no batch', async () => {
    const deployment = await start();
    const { processes, connections } = hostEvents(60);
    const contents = [...processes, ...shuffled(connections, seeded(2))];
    const kinesis = await streamOf(contents);
    const injected = ['BatchWriteItem', 'BatchGetItem'].flatMap((name) => [
      during(aws.dynamodb.fail(({ operation }) => (operation === name ? THROTTLED : undefined), 3)),
      during(
        aws.dynamodb.fail((request) => (request.operation === name ? unprocessed(request, 9) : undefined), 4),
      ),
    ]);
    const mapping = mappingOf(kinesis, deployment, {
      batchSize: 60,
      invoke: async (event) => {
        await deployment.transform.stop(); // it remembers no process from the batch before
        return deployment.transform.invoke(event);
      },
    });
    await mapping.drain();
    expect(injected.map(({ count }) => count)).toEqual([3, 4, 3, 4]);
    expect(mapping.batches.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
    const rows = await expectLake(deployment, contents);
    expect(rows.filter(({ join }) => join === 'hit')).toHaveLength(connections.length);
    await expectBalance(deployment, contents.length);
  });

  it('whose table is not there fails the batch with its name, and nothing is lost', async () => {
    const deployment = await start({ environment: { PROCESS_TABLE: 'nowhere' } });
    const mapping = mappingOf(await streamOf([processOf(guidOf(1, 10), 1)]), deployment, {
      retryAttemptsMax: 1,
    });
    await mapping.drain();
    expect(mapping.batches).toMatchObject([{ attempts: 2, end: 'RetryAttemptsExhausted' }]);
    await expect(deployment.transform.invoke(mapping.batches[0]!.event)).rejects.toMatchObject({
      errorType: 'DynamodbTableError',
      message: expect.stringMatching(
        /^DynamoDB table nowhere: there is no such table .*\(ResourceNotFoundException\)$/,
      ),
      // In places of the sources.
      trace: expect.arrayContaining([
        expect.stringMatching(/^ {4}at .*src\/join\/dynamodb-table-error\.ts:\d+:\d+\)?$/),
        expect.stringMatching(/^ {4}at async .*src\/pipeline\.ts:\d+:\d+\)?$/),
      ]),
    });
    expect(await deployment.rows()).toEqual([]);
    await deployment.transform.stop();
    expect(deployment.transform.output.filter((line) => line.includes('it comes again'))).toHaveLength(3);
  });
});

describe('S3', () => {
  it('that fails for a while is tried again until all is there', async () => {
    const deployment = await start();
    const contents = [...shuffled(allOf(hostEvents(10)), seeded(3)), Buffer.from('poison')];
    const kinesis = await streamOf(contents);
    const puts = (fault: Parameters<typeof aws.s3.fail>[0], times: number): Injected =>
      during(
        aws.s3.fail((request) => (request.operation === 'PutObject' ? fault(request) : undefined), times),
      );
    // Of the conditional put the first answer is lost: S3 has the object, and its writer is told that it exists.
    const lost = puts(({ key }) => (key.startsWith('deferred/') ? 'drop-after' : undefined), 1);
    const refused = puts(() => ({ status: 503, code: 'SlowDown' }), 5);
    const cut = puts(() => 'drop-before', 4);
    const lostLater = puts(() => 'drop-after', 2);
    const mapping = mappingOf(kinesis, deployment, { batchSize: 15 });
    await mapping.drain();
    expect([lost, refused, cut, lostLater].map(({ count }) => count)).toEqual([1, 5, 4, 2]);
    expect(mapping.batches.reduce((sum, { attempts }) => sum + attempts, 0)).toBeGreaterThan(
      mapping.batches.length,
    );
    await deployment.runLateJoin();
    await expectLake(deployment, contents);
    expect(deployment.quarantined()).toHaveLength(1);
    await expectBalance(deployment, contents.length);
  });

  it('that refuses a bucket fails the batch with its name and the reason', async () => {
    const deployment = await start();
    const refused = during(aws.s3.fail(() => ({ status: 403, code: 'AccessDenied' })));
    const mapping = mappingOf(await streamOf([eventOf({ id: 5 })]), deployment, { retryAttemptsMax: 0 });
    await mapping.drain();
    await expect(deployment.transform.invoke(mapping.batches[0]!.event)).rejects.toMatchObject({
      errorType: 'StoreError',
      message: expect.stringMatching(new RegExp(`in bucket ${deployment.lakeBucket}, access is denied`)),
    });
    expect(refused.count).toBeGreaterThan(0);
  });
});

describe('what the mapping gives up', () => {
  it('after its retries is whole in the on-failure destination, what follows is not held up, and it can be replayed', async () => {
    const deployment = await start();
    const contents = Array.from({ length: 12 }, (_, i) => eventOf({ id: 5, index: i + 1 }));
    const kinesis = await streamOf(contents);
    const work = aws.s3.bucket(deployment.workBucket);
    const refused = during(
      aws.s3.fail(
        ({ operation }) => (operation === 'PutObject' ? { status: 403, code: 'AccessDenied' } : undefined),
        3,
      ),
    );
    const mapping = mappingOf(kinesis, deployment, {
      batchSize: 5,
      retryAttemptsMax: 2,
      giveUp: (key, body) => void work.put(key, Buffer.from(body), {}),
    });
    await mapping.drain();
    expect(refused.count).toBe(3);
    expect(mapping.batches.map(({ end, attempts }) => [end, attempts])).toEqual([
      ['RetryAttemptsExhausted', 3],
      ['done', 1],
      ['done', 1],
    ]);
    await expectLake(deployment, contents.slice(5));
    const failed = work.keys().filter((key) => key.startsWith('aws/lambda/'));
    expect(failed).toHaveLength(1);
    const { payload, KinesisBatchInfo } = JSON.parse(work.get(failed[0]!).body.toString()) as {
      payload: string;
      KinesisBatchInfo: { batchSize: number };
    };
    expect(KinesisBatchInfo.batchSize).toBe(5);
    await deployment.transform.invoke(JSON.parse(payload) as KinesisStreamEvent);
    await expectLake(deployment, contents);
  });

  it('for its age is given up before it is tried again', async () => {
    const deployment = await start({ environment: { PROCESS_TABLE: 'nowhere' } });
    const given: string[] = [];
    const mapping = mappingOf(await streamOf([processOf(guidOf(1, 10), 1)]), deployment, {
      recordAgeSecondsMax: 72_000,
      now: () => Date.now() + 73_000_000,
      giveUp: (key) => given.push(key),
    });
    await mapping.drain();
    expect(mapping.batches).toMatchObject([{ attempts: 1, end: 'RecordAgeExceeded' }]);
    expect(given).toHaveLength(1);
  });
});

describe('an environment that is wrong', () => {
  it.each(['transform', 'lateJoin'] as const)(
    'fails %s with all that is wrong in one error',
    async (name) => {
      const deployment = await start({
        environment: { LAKE_LOCATION: '', WORK_BUCKET: '', LAKE_LAYOUT: 'flat', JOIN_WAIT_SECONDS: 'soon' },
      });
      const error: unknown = await deployment[name]
        .invoke({ Records: [] })
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ errorType: 'ConfigurationError' });
      const { message } = error as Error;
      expect(message).not.toContain('\n');
      for (const problem of [
        'LAKE_LOCATION is not set',
        'WORK_BUCKET is not set',
        'LAKE_LAYOUT: ',
        'JOIN_WAIT_SECONDS: ',
      ]) {
        expect(message).toContain(problem);
      }
    },
  );
});
