/** The soak: how it judges, searches and tells, and that what it sends arrives. Nothing is said of times. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { generatedPool } from '../../bench/generate.ts';
import { readArguments } from '../../bench/soak/arguments.ts';
import { newBacklog } from '../../bench/soak/backlog.ts';
import { soakEvents } from '../../bench/soak/events.ts';
import { SETTINGS } from '../../bench/soak/functions.ts';
import { limitOf } from '../../bench/soak/limit.ts';
import { phaseResult } from '../../bench/soak/phase.ts';
import type { PhaseResult } from '../../bench/soak/phase.ts';
import { plot, roundUp } from '../../bench/soak/plot.ts';
import { hasProc } from '../../bench/soak/proc.ts';
import type { SoakResult } from '../../bench/soak/result.ts';
import { planOf, runSoak } from '../../bench/soak/run.ts';
import { PROCESSES } from '../../bench/soak/sample.ts';
import type { Phase, Sample } from '../../bench/soak/sample.ts';
import { highestHeld } from '../../bench/soak/search.ts';
import { sentencesOf, tablesOf } from '../../bench/soak/tables.ts';
import { isHopeless, reasonsAgainst, slope, third } from '../../bench/soak/verdict.ts';
import { startWorld } from '../../bench/soak/world.ts';
import type { Balance, World } from '../../bench/soak/world.ts';
import { pageWith } from '../../bench/soak/write-docs.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import { processStartSeconds } from '../../src/sysmon/process-guid.ts';

const RATE = 100;

interface Course {
  readonly seconds?: number;
  readonly phase?: Phase;
  readonly lag?: (atSeconds: number) => number;
  readonly age?: (atSeconds: number) => number;
  readonly rssMb?: (atSeconds: number) => number;
  readonly sentShare?: number;
  readonly errors?: number;
}

/** A sample a second; what is not said is as it should be. */
function course({
  seconds = 90,
  phase = 'hold',
  lag = () => 100,
  age = () => 1,
  rssMb = () => 300,
  sentShare = 1,
  errors = 0,
}: Course = {}): Sample[] {
  return Array.from({ length: seconds + 1 }, (_, at) => {
    const sent = at * RATE * sentShare;
    const use = { cpu_ms: at * 100, rss_mb: rssMb(at) };
    return {
      at_s: at,
      phase,
      rate: RATE,
      sent,
      finished: sent - lag(at),
      lag: lag(at),
      age_s: age(at),
      invocations: at,
      errors: at < seconds ? 0 : errors,
      busy_ms: at * 500,
      transform_thread: { cpu_ms: at * 90, queued_ms: at * 10 },
      machine_ms: at * 1000,
      processes: Object.fromEntries(PROCESSES.map((name) => [name, use])) as Sample['processes'],
    };
  });
}

const against = (samples: readonly Sample[], drainSeconds: number | undefined = 1): string[] =>
  reasonsAgainst({ rate: RATE, samples, drainSeconds });

describe('a rate', () => {
  it('holds where lag and memory stay', () => {
    expect(against(course())).toEqual([]);
  });

  it('holds where the lag goes up and down', () => {
    expect(against(course({ lag: (at) => 50 + 100 * (at % 3) }))).toEqual([]);
  });

  it.each<[string, Course, string]>([
    ['invocations fail', { errors: 2 }, '2 invocations failed'],
    ['it was not sent', { sentShare: 0.9 }, 'only 90 % of the rate could be sent'],
    ['events grow old', { age: (at) => at / 2 }, 'the oldest event waits 38 s, more than 10'],
    ['the lag grows', { lag: (at) => 5 * at }, 'the lag grows, by 300 events in 60 s'],
    ['memory grows', { rssMb: (at) => 300 + 2 * at }, 'the memory of transform grows, from 390 to 451 MB'],
  ])('does not hold where %s', (_, samples, reason) => {
    expect(against(course(samples))).toEqual([reason]);
  });

  it('does not hold where the rest takes long, or nothing was measured', () => {
    expect(against(course(), 11)).toEqual(['the rest takes 11 s, more than 10']);
    expect(against([])).toEqual(['nothing was measured']);
  });

  it('is not judged by its memory in less than a minute', () => {
    expect(against(course({ seconds: 30, rssMb: (at) => 300 + 10 * at }))).toEqual([]);
  });

  it('is given up where it is far behind', () => {
    expect(course({ age: (at) => at }).find(isHopeless)?.at_s).toBe(31);
  });
});

describe('a trend', () => {
  it('is the straight line that is nearest', () => {
    expect(
      slope([
        [0, 1],
        [1, 3],
        [2, 5],
      ]),
    ).toBeCloseTo(2);
    expect(slope([[1, 1]])).toBeNaN();
  });

  it('has three thirds, which are all of it', () => {
    const samples = course({ seconds: 9 });
    expect(([0, 1, 2] as const).flatMap((n) => third(samples, n))).toEqual(samples);
  });
});

describe('the search', () => {
  const search = async (limit: number): Promise<[found: number | undefined, tried: number[]]> => {
    const tried: number[] = [];
    const probe = (rate: number): Promise<boolean> => {
      tried.push(rate);
      return Promise.resolve(rate <= limit);
    };
    return [await highestHeld({ probe, start: 500, halvings: 3, least: 20, most: 8000 }), tried];
  };

  it('doubles until a rate fails, and halves between', async () => {
    expect(await search(2700)).toEqual([2500, [500, 1000, 2000, 4000, 3000, 2500, 2750]]);
  });

  it('goes down where the first rate fails', async () => {
    expect(await search(200)).toEqual([190, [500, 250, 130, 190, 220, 210]]);
  });

  it('ends', async () => {
    expect(await search(0)).toEqual([undefined, [500, 250, 130, 70, 40, 20]]);
    expect(await search(Infinity)).toEqual([8000, [500, 1000, 2000, 4000, 8000]]);
  });
});

describe('a backlog', () => {
  it('is as old as its oldest record, shard by shard', () => {
    const backlog = newBacklog();
    backlog.sent('a', 10, 1000);
    backlog.sent('b', 10, 2000);
    backlog.sent('a', 10, 3000);
    expect([backlog.lag(), backlog.ageMs(4000)]).toEqual([30, 3000]);
    backlog.finished('a', 10);
    expect([backlog.lag(), backlog.ageMs(4000)]).toEqual([20, 2000]);
    backlog.finished('b', 9);
    expect([backlog.lag(), backlog.ageMs(4000)]).toEqual([11, 2000]);
    backlog.finished('b', 1);
    backlog.finished('a', 10);
    expect([backlog.lag(), backlog.ageMs(4000)]).toEqual([0, 0]);
    expect([backlog.sentTotal(), backlog.finishedTotal()]).toEqual([30, 30]);
  });

  it('bears that records are finished before their put is told of', () => {
    const backlog = newBacklog();
    backlog.finished('a', 5);
    expect([backlog.lag(), backlog.ageMs(9)]).toEqual([0, 0]);
    backlog.sent('a', 6, 1);
    expect([backlog.lag(), backlog.ageMs(9)]).toEqual([1, 8]);
  });
});

describe('the events', () => {
  const records = soakEvents(generatedPool(100, 1), 1).take(5000).toArray();
  const eventOf = (record: unknown) => decodeRecord(Buffer.from(JSON.stringify(record)), 'auto').event!;
  const events = records.map(eventOf);

  it('begin a process when its EventID 1 says so', () => {
    for (const { EventId, Description, TimeCreated } of events) {
      if (EventId !== 1) continue;
      expect(processStartSeconds(Description.ProcessGuid!)).toBe(Math.floor(Date.parse(TimeCreated!) / 1000));
    }
  });

  it('have connections right before their process, one in seven', () => {
    const early = events.filter(
      ({ EventId, Description }, i) =>
        EventId === 3 && events[i + 1]?.Description.ProcessGuid === Description.ProcessGuid,
    );
    const connections = events.filter(({ EventId }) => EventId === 3);
    expect(Math.abs(early.length / connections.length - 1 / 7)).toBeLessThan(0.02);
  });

  it('are each there once', () => {
    expect(new Set(records.map(({ Index }) => Index)).size).toBe(records.length);
  });
});

describe('arguments', () => {
  it('have defaults', () => {
    expect(readArguments([])).toEqual({ minutes: 10, rate: undefined, json: false, writesDocs: false });
  });

  it('are read', () => {
    expect(readArguments(['--minutes', '0.3', '--rate', '200', '--json', '--write-docs'])).toEqual({
      minutes: 0.3,
      rate: 200,
      json: true,
      writesDocs: true,
    });
  });

  it.each([
    ['--minutes', '0'],
    ['--minutes', '-1'],
    ['--minutes', 'ten'],
    ['--rate', ''],
    ['--rate', '1e9'],
    ['--rate', 'NaN'],
    ['--hours', '1'],
    ['more'],
  ])('that make no sense are refused: %s %s', (...args) => {
    expect(() => readArguments(args)).toThrow(expect.objectContaining({ name: 'TypeError' }));
  });
});

describe('what limits', () => {
  const phase = (changes: Partial<PhaseResult>): PhaseResult => ({ ...phaseResult(course())!, ...changes });
  const sentence = (changes: Partial<PhaseResult>): string => limitOf(phase(changes), 2).sentence;

  it('is nothing where all was finished', () => {
    expect(sentence({})).toContain('nothing was at its limit');
  });

  it('is the load where it could not be sent', () => {
    expect(sentence({ sent_per_second: 50 })).toContain('the load itself is the limit');
  });

  it('is what comes before transform where that has time left', () => {
    expect(sentence({ finished_per_second: 50, busy_share: 0.5 })).toContain('what brings events to it');
  });

  it('is transform where its thread does not wait for services', () => {
    const busy = { finished_per_second: 50, busy_share: 0.98, thread_queued_share: 0.1 };
    expect(sentence({ ...busy, thread_cpu_share: 0.85 })).toContain('transform is the limit');
    expect(sentence({ ...busy, thread_cpu_share: 0.5 })).toContain('the services that it waits for');
  });

  it('names the process that uses most, and a machine that has nothing left', () => {
    const cpu_share = { ...phase({}).cpu_share, kinesis: 0.97 };
    const limit = limitOf(phase({ cpu_share, others_cpu_share: 0.5 }), 2);
    expect(limit.process).toBe('kinesis');
    expect(limit.sentence).toMatch(
      /Kinesis server used more CPU time.*nothing left.*other programs took 50 %/,
    );
  });
});

const NOTHING: Balance = {
  sent: 0,
  received: 0,
  written: 0,
  quarantined: 0,
  deferred: 0,
  late_written: 0,
  late_quarantined: 0,
  join_hit: 0,
  join_late: 0,
  join_miss: 0,
  lake_objects: 0,
  lake_rows: 0,
  lake_bytes: 0,
  lost: 0,
  cold_starts: 1,
};

describe('a result', () => {
  const samples = [
    ...course({ phase: 'hold' }),
    ...course({ phase: 'twice', seconds: 30, lag: (at) => 100 * at }).map((sample) => ({
      ...sample,
      at_s: sample.at_s + 90,
    })),
  ];
  const hold = phaseResult(course())!;
  const result: SoakResult = {
    node: 'v24.0.0',
    cpu: 'Any',
    cores: 2,
    events_are_real: false,
    settings: SETTINGS,
    probes: [{ rate: 200, seconds: 20, reasons: ['the lag grows'], finished_per_second: 150 }],
    holds: [{ rate: 100, seconds: 90, reasons: [], finished_per_second: 99 }],
    rate_held: 100,
    hold,
    hold_drain_s: 1,
    twice: phaseResult(course({ seconds: 30 }))!,
    after: null,
    recovery_s: null,
    drain_s: 4,
    limit: limitOf(hold, 2),
    vcpu_events_per_second: 1000,
    balance: { ...NOTHING, sent: 12_345 },
    samples,
  };

  it('tells the numbers of a phase', () => {
    expect(hold).toMatchObject({
      seconds: 90,
      rate: RATE,
      sent_per_second: 100,
      lag_median: 100,
      busy_share: 0.5,
      thread_cpu_share: 0.09,
      others_cpu_share: 0.2,
      rss_thirds_mb: [300, 300, 300],
      transform_cpu_us_per_event: 1000,
    });
    expect(phaseResult([])).toBeUndefined();
  });

  it('is written between the marks of a page alone', () => {
    const page = 'above\n\n<!-- npm run soak -- --write-docs -->\n\nold\n\n<!-- end -->\n\nbelow\n';
    const written = pageWith(page, result);
    expect(written).toMatch(/^above\n[^]*100 events\/s were held for 90 s[^]*<!-- end -->\n\nbelow\n$/);
    expect(written).toContain('| sent | 12,345 |');
    expect(written).toContain('not in time');
    expect(written).toMatch(/\| what \| events \|\n\| --- \| --: \|/);
    expect(written).not.toMatch(/old\n\n|NaN|undefined/);
    expect(() => pageWith('no marks', result)).toThrow(RangeError);
  });

  it('has tables of even rows', () => {
    for (const { head, rows } of tablesOf(result))
      for (const row of rows) expect(row).toHaveLength(head.length);
  });

  it('says where no rate was held, and why', () => {
    const holds = [{ rate: 100, seconds: 9, reasons: ['the lag grows'], finished_per_second: 9 }];
    expect(sentencesOf({ ...result, rate_held: null, holds })).toContain('not held: the lag grows');
    expect(sentencesOf({ ...result, rate_held: null, hold: null })).toBe('No rate was held.');
  });

  it('is drawn', () => {
    const svg = plot(result);
    for (const name of ['held', 'twice the rate', 'Lag: events', 'Resident memory', 'minutes'])
      expect(svg).toContain(name);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(plot({ ...result, samples: [] })).toBeUndefined();
  });

  it.each([
    [0, 1],
    [0.3, 0.5],
    [7, 10],
    [11, 20],
    [2400, 2500],
  ])('has axes up to a round number: %d to %d', (value, most) => {
    expect(roundUp(value)).toBeCloseTo(most);
  });
});

describe('a run', () => {
  /** A world without processes and without time, which finishes so many events a second, and later perhaps fewer. */
  async function run(
    perSecond: (rate: number, atSeconds: number) => number,
    rate?: number,
  ): Promise<{ result: SoakResult; said: string[] }> {
    let [atSeconds, asked, sent, lag] = [0, 0, 0, 0];
    const [template] = course();
    const said: string[] = [];
    const world: World = {
      send: (next) => void (asked = next),
      sample: (phase) => {
        const age_s = lag / perSecond(asked, atSeconds);
        return { ...template!, phase, rate: asked, at_s: atSeconds, sent, finished: sent - lag, lag, age_s };
      },
      settle: () => Promise.resolve(NOTHING),
      close: () => undefined,
    };
    const result = await runSoak({
      world,
      plan: planOf(10, rate),
      eventsAreReal: false,
      nowMs: () => atSeconds * 1000,
      wait: (ms) => {
        atSeconds += ms / 1000;
        sent += (asked * ms) / 1000;
        lag = Math.max(0, lag + ((asked - perSecond(asked, atSeconds)) * ms) / 1000);
        return Promise.resolve();
      },
      say: (what) => void said.push(what),
    });
    return { result, said };
  }

  it('finds the rate, holds it, doubles it, and waits until the lag is gone', async () => {
    // A short probe bears a rate that is a little too high; the long time at it does not.
    const { result, said } = await run(() => 3100);
    expect(result.probes.map(({ rate }) => rate)).toEqual([500, 1000, 2000, 4000, 3000, 3500, 3250, 3380]);
    expect(result.holds.map(({ rate, reasons }) => [rate, reasons.length])).toEqual([
      [3250, expect.any(Number)],
      [2925, 0],
    ]);
    expect(result).toMatchObject({
      rate_held: 2925,
      hold: { rate: 2925, seconds: 600 },
      twice: { rate: 5850, seconds: 120, lag_peak: 330_000 },
      recovery_s: null,
    });
    expect(said.at(-1)).toBe('counted: 0 of 0 events lost');
    expect([...new Set(result.samples.map(({ phase }) => phase))]).toEqual([
      'warm-up',
      'hold',
      'drain',
      'twice',
      'after',
    ]);
  });

  it('goes down where a rate that a probe found does not hold for long', async () => {
    const { result } = await run((_, atSeconds) => (atSeconds < 400 ? 1000 : 700));
    expect(result.holds.length).toBeGreaterThan(1);
    expect(result.holds[0]?.reasons).not.toEqual([]);
    expect(Math.round((result.rate_held ?? 0) / 10)).toBe(70);
    expect(result.rate_held).toBe(result.holds.at(-1)?.rate);
  });

  it('tells how long it takes to be back', async () => {
    const { result } = await run(() => 1000, 600);
    expect(result.probes).toEqual([]);
    expect(result.rate_held).toBe(600);
    expect(result.twice).toMatchObject({ lag_peak: 24_000 });
    expect(result.recovery_s).toBe(60);
    expect(result.drain_s).toBe(1);
  });

  it('does not try another rate than the one that is asked for', async () => {
    const { result } = await run(() => 100, 600);
    expect(result.holds.map(({ rate }) => rate)).toEqual([600]);
    expect(result.rate_held).toBeNull();
  });

  it('ends with what a wait rejects with', async () => {
    const [template] = course();
    const world: World = {
      send: () => undefined,
      sample: () => template!,
      settle: () => Promise.resolve(NOTHING),
      close: () => undefined,
    };
    const wait = (): Promise<never> => Promise.reject(new Error('stopped'));
    const options = { world, plan: planOf(1, 10), eventsAreReal: false, nowMs: () => 0, wait };
    await expect(runSoak({ ...options, say: () => undefined })).rejects.toThrow('stopped');
  });
});

const onLinux = hasProc() ? describe : describe.skip;

onLinux('the whole app', () => {
  it('brings all that is sent into the lake, and leaves nothing behind', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sysmon-lake-soak-'));
    const world = await startWorld(folder, 0);
    try {
      world.send(400);
      await until(() => world.sample('hold').sent >= 300);
      world.send(0);
      await until(() => world.sample('drain').lag === 0);
      const { processes, errors } = world.sample('drain');
      expect(errors).toBe(0);
      for (const name of PROCESSES)
        if (name !== 'late_join') expect(processes[name].rss_mb).toBeGreaterThan(10);
      const balance = await world.settle();
      expect(balance.sent).toBeGreaterThanOrEqual(300);
      expect(balance).toMatchObject({ received: balance.sent, quarantined: 0, lost: 0, cold_starts: 1 });
      expect(balance.late_written).toBe(balance.deferred);
      expect(balance.lake_rows).toBe(balance.sent);
    } finally {
      world.close();
      await rm(folder, { recursive: true });
    }
  });
});

/** Gives up so early that the world is closed before the test is. */
async function until(isSo: () => boolean): Promise<void> {
  for (let looks = 0; !isSo(); looks++) {
    if (looks > 600) throw new Error('this does not come');
    await sleep(50);
  }
}
