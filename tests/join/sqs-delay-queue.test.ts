import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parseDeferredMessage, sqsDelayQueue, SqsDelayQueueError } from '../../src/join/sqs-delay-queue.ts';
import { startSqs, type LocalSqs } from '../servers/sqs.ts';
import { delayQueueContract } from './delay-queue.contract.ts';

let server: LocalSqs;
beforeAll(async () => {
  server = await startSqs();
});
afterAll(() => server.close());

const receive = async (queueUrl: string) =>
  (await server.takeAll(queueUrl)).map((body) => parseDeferredMessage(body)!);

delayQueueContract('sqsDelayQueue', async () => {
  // The local queue goes by Date.now of this process, which stands still unless the test lets time pass.
  let timeMs = Date.now();
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => timeMs);
  const queueUrl = await server.createQueue();
  return {
    queue: sqsDelayQueue({ client: server.client(), queueUrl }),
    advance: (seconds) => {
      timeMs += seconds * 1000;
    },
    receive: () => receive(queueUrl),
    close: () => clock.mockRestore(),
  };
});

describe('sqsDelayQueue', () => {
  const stops: (() => void)[] = [];
  afterEach(() => stops.splice(0).forEach((stop) => stop()));
  const fail: LocalSqs['fail'] = (rule, times) => {
    const injected = server.fail(rule, times);
    stops.push(() => injected.stop());
    return injected;
  };

  it('sends the key alone, as JSON', async () => {
    const queueUrl = await server.createQueue();
    const message = { key: 'deferred/a"b\u65e5.ndjson.gz', secret: 'no' };
    await sqsDelayQueue({ client: server.client(), queueUrl }).send(message, 0);
    expect(await server.takeAll(queueUrl)).toEqual(['{"key":"deferred/a\\"b\u65e5.ndjson.gz"}']);
  });

  it('makes no call for a delay that no queue can keep', async () => {
    const queueUrl = await server.createQueue();
    const before = server.countOf('SendMessage');
    await expect(
      sqsDelayQueue({ client: server.client(), queueUrl }).send({ key: 'a' }, 901),
    ).rejects.toThrow('from 0 to 900');
    expect(server.countOf('SendMessage')).toBe(before);
  });

  it.each([
    ['drop-before', 1],
    ['drop-after', 2],
  ] as const)(
    'is sent again where the connection breaks (%s): %d times in the queue',
    async (fault, copies) => {
      const queueUrl = await server.createQueue();
      const faults = fail(({ operation }) => (operation === 'SendMessage' ? fault : undefined), 1);
      await sqsDelayQueue({ client: server.client(), queueUrl }).send({ key: 'a' }, 0);
      expect(faults.count).toBe(1);
      expect(await receive(queueUrl)).toEqual(Array(copies).fill({ key: 'a' }));
    },
  );

  it('says that there is no such queue', async () => {
    const queueUrl = `${server.endpoint}/000000000000/elsewhere`;
    const error = await sqsDelayQueue({ client: server.client(), queueUrl })
      .send({ key: 'a' }, 0)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SqsDelayQueueError);
    expect(error).toMatchObject({ queueUrl, code: 'QueueDoesNotExist' });
    expect((error as Error).message).toBe(
      `SQS queue ${queueUrl}: there is no such queue in this account and region; check its URL (QueueDoesNotExist)`,
    );
  });

  it('says that a FIFO queue is the wrong one', async () => {
    const queueUrl = await server.createQueue('wrong.fifo', { FifoQueue: 'true' });
    await expect(
      sqsDelayQueue({ client: server.client(), queueUrl }).send({ key: 'a' }, 1),
    ).rejects.toBeInstanceOf(SqsDelayQueueError);
  });

  it('says what is denied, and no key', async () => {
    const queueUrl = await server.createQueue();
    fail(() => ({ status: 403, code: 'AccessDenied' }));
    const error = await sqsDelayQueue({ client: server.client(), queueUrl })
      .send({ key: 'a-key' }, 0)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'AccessDenied' });
    expect((error as Error).message).not.toContain('a-key');
  });
});

describe('parseDeferredMessage', () => {
  it('reads what was sent', () => {
    expect(parseDeferredMessage('{"key":"deferred/a.ndjson.gz"}')).toEqual({ key: 'deferred/a.ndjson.gz' });
  });

  it.each(['', 'text', 'null', '[]', '"key"', '{}', '{"key":1}'])('knows that %p is no message', (body) => {
    expect(parseDeferredMessage(body)).toBeUndefined();
  });
});
