import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { streamRecord } from '../../src/cli/kinesis-batches.ts';
import type { StreamRecord } from '../../src/cli/kinesis-batches.ts';
import { ATTEMPTS_MAX, CALLS_IN_PARALLEL, sendRecords } from '../../src/cli/kinesis-sender.ts';
import type { SenderOptions, Sent } from '../../src/cli/kinesis-sender.ts';
import { KinesisStreamError } from '../../src/cli/kinesis-stream-error.ts';
import { startKinesis, type LocalKinesis } from '../servers/kinesis.ts';
import { arrivedIn, recordsOf, rejecting } from './local-stream.ts';

let server: LocalKinesis;
beforeEach(async () => {
  server = await startKinesis({ shards: 2 });
});
afterEach(() => server.close());

/** Random numbers that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const textOf = (i: number): string => `{"Index":${i}}`;

async function* events(
  count: number,
  onRead: (i: number) => void = () => undefined,
): AsyncGenerator<StreamRecord> {
  const random = seeded(1);
  for (let i = 0; i < count; i++) {
    onRead(i);
    yield await Promise.resolve(streamRecord(Buffer.from(textOf(i)), random));
  }
}

const none = (): Sent => ({ events: 0, batches: 0, sentAgain: 0 });

/** A clock that runs as it is slept. */
function newClock(): { waitsMs: number[]; now: () => number; sleep: (waitMs: number) => Promise<void> } {
  const waitsMs: number[] = [];
  let nowMs = 1000;
  return {
    waitsMs,
    now: () => nowMs,
    sleep(waitMs) {
      waitsMs.push(waitMs);
      nowMs += waitMs;
      return Promise.resolve();
    },
  };
}

const optionsFor = (options: Partial<SenderOptions> = {}): SenderOptions => ({
  client: server.client({ maxAttempts: 1 }),
  streamName: server.streamName,
  signal: new AbortController().signal,
  random: seeded(2),
  sleep: () => Promise.resolve(),
  ...options,
});

const puts = (): readonly number[] =>
  server.requests
    .filter(({ operation }) => operation === 'PutRecords')
    .map((request) => recordsOf(request).length);

describe('sendRecords', () => {
  it('puts every event into the stream once, in full calls, spread over the shards', async () => {
    const sent = none();
    await sendRecords(events(1234), sent, optionsFor());
    expect(sent).toEqual({ events: 1234, batches: 3, sentAgain: 0 });
    expect(puts().toSorted()).toEqual([234, 500, 500]);
    const arrived = await arrivedIn(server);
    expect(new Set(arrived.map(({ text }) => text))).toEqual(
      new Set(Array.from({ length: 1234 }, (_, i) => `${textOf(i)}\n`)),
    );
    expect(arrived).toHaveLength(1234);
    const shards = Map.groupBy(arrived, ({ shardId }) => shardId);
    expect(shards.size).toBe(2);
    for (const records of shards.values()) expect(records.length).toBeGreaterThan(500);
  });

  it('sends what was rejected again, and nothing else', async () => {
    const random = seeded(3);
    let rejected = 0;
    const faults = server.fail((request) => {
      if (request.operation !== 'PutRecords') return undefined;
      const marks = recordsOf(request).map(() => random() < 0.4);
      rejected += marks.filter(Boolean).length;
      return rejecting(request, (i) => marks[i]!);
    });
    const sent = none();
    await sendRecords(events(1600), sent, optionsFor());
    expect(faults.count).toBeGreaterThan(4);
    expect(rejected).toBeGreaterThan(500);
    expect(sent).toEqual({ events: 1600, batches: 4, sentAgain: rejected });
    const arrived = (await arrivedIn(server)).map(({ text }) => text);
    expect(arrived).toHaveLength(1600);
    expect(new Set(arrived).size).toBe(1600);
  });

  it('backs off, longer each time that nothing is taken, and gives up in the end', async () => {
    const clock = newClock();
    const faults = server.fail((request) => rejecting(request, () => true));
    const sent = none();
    const sending = sendRecords(events(3), sent, optionsFor({ ...clock, random: () => 1 }));
    await expect(sending).rejects.toThrow(KinesisStreamError);
    await expect(sending).rejects.toThrow(/^Kinesis stream sysmon: it takes no more records; .*Exceeded/);
    expect(faults.count).toBe(ATTEMPTS_MAX);
    expect(sent.events).toBe(0);
    expect(clock.waitsMs).toHaveLength(ATTEMPTS_MAX - 1);
    expect(clock.waitsMs.slice(0, 7)).toEqual([100, 200, 400, 800, 1600, 3200, 5000]);
  });

  it('does not give up while the stream takes something', async () => {
    server.fail((request) => rejecting(request, (i) => i > 0));
    const sent = none();
    await sendRecords(events(2 * ATTEMPTS_MAX), sent, optionsFor());
    expect(sent).toMatchObject({ events: 2 * ATTEMPTS_MAX, batches: 1 });
    expect(await arrivedIn(server)).toHaveLength(2 * ATTEMPTS_MAX);
  });

  it('has three calls under way at once, and reads no further ahead than they need', async () => {
    let read = 0;
    let waiting = 0;
    let readMax = 0;
    let release = (): void => undefined;
    const all = new Promise<void>((resolve) => (release = resolve));
    server.fail(async ({ operation }) => {
      if (operation === 'PutRecords' && ++waiting === CALLS_IN_PARALLEL) {
        readMax = read;
        release();
      }
      await all;
      return undefined;
    });
    await sendRecords(
      events(5000, () => read++),
      none(),
      optionsFor(),
    );
    expect(waiting).toBe(10);
    expect(readMax).toBeLessThanOrEqual((CALLS_IN_PARALLEL + 1) * 500 + 1);
  });

  it('keeps to the rate, in batches of a second at most, whatever it lost', async () => {
    const clock = newClock();
    const sent = none();
    await sendRecords(events(95), sent, optionsFor({ ...clock, ratePerSecond: 20 }));
    expect(sent).toMatchObject({ events: 95, batches: 5 });
    expect(clock.waitsMs).toEqual([1000, 1000, 1000, 1000]);
    expect(puts()).toHaveLength(5);
  });

  it('does not catch up on time that was lost in between', async () => {
    const clock = newClock();
    const stalling = events(95, (i) => {
      if (i === 40) void clock.sleep(60_000);
    });
    await sendRecords(stalling, none(), optionsFor({ ...clock, ratePerSecond: 20 }));
    expect(clock.waitsMs).toEqual([60_000, 1000, 1000, 1000]);
  });

  it.each([
    ['that is not there', 'nowhere', 'there is no such stream', 'ResourceNotFoundException'],
    ['whose name cannot be', 'no where', 'it refused the request', 'ValidationException'],
  ])('tells of a stream %s', async (_, streamName, advice, code) => {
    const sending = sendRecords(events(2000), none(), optionsFor({ streamName }));
    await expect(sending).rejects.toMatchObject({ name: 'KinesisStreamError', streamName, code });
    await expect(sending).rejects.toThrow(advice);
  });

  it('stops at the first failure: no call follows those under way', async () => {
    const faults = server.fail(() =>
      puts().length > 1 ? { status: 400, code: 'AccessDeniedException' } : undefined,
    );
    const sent = none();
    await expect(sendRecords(events(50_000), sent, optionsFor())).rejects.toThrow('kinesis:PutRecords');
    faults.stop();
    expect(puts().length).toBeLessThanOrEqual(2 * CALLS_IN_PARALLEL);
    expect(sent.events).toBe((await arrivedIn(server)).length);
  });

  it('makes no call of what is read after a failure', async () => {
    server.fail(() => ({ status: 400, code: 'AccessDeniedException' }));
    const client = server.client({ maxAttempts: 1 });
    let answered = (): void => undefined;
    const answer = new Promise<void>((resolve) => (answered = resolve));
    client.middlewareStack.add(
      (next) => async (args) => {
        try {
          return await next(args);
        } finally {
          answered();
        }
      },
      { step: 'initialize' },
    );
    async function* slow(): AsyncGenerator<StreamRecord> {
      yield* events(501);
      await answer;
      await new Promise((resolve) => setImmediate(resolve));
      yield* events(2000);
    }
    await expect(sendRecords(slow(), none(), optionsFor({ client }))).rejects.toThrow(KinesisStreamError);
    expect(puts()).toEqual([500]);
  });

  it('stops when it is told to, with an exact count of what went in', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    server.fail((request) => {
      if (puts().length > 4) abort.abort(reason);
      return rejecting(request, (i) => i % 5 === 0);
    });
    const sent = none();
    const { signal } = abort;
    await expect(sendRecords(events(50_000), sent, optionsFor({ signal }))).rejects.toBe(reason);
    expect(sent.events).toBeGreaterThan(0);
    expect(sent.events).toBe((await arrivedIn(server)).length);
  });

  it('fails with what the reading of the events failed with', async () => {
    const failure = new Error('the disk is gone');
    const failing = events(900, (i) => {
      if (i === 800) throw failure;
    });
    const sent = none();
    await expect(sendRecords(failing, sent, optionsFor())).rejects.toBe(failure);
    expect(sent.events).toBe(500);
  });
});
