import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { correlate, mayDefer } from '../../src/join/correlate.ts';
import type { CorrelateOptions } from '../../src/join/correlate.ts';
import { memoryProcessTable } from '../../src/join/memory-process-table.ts';
import { processContextOf } from '../../src/join/process-context.ts';
import type { ProcessContext, ProcessTable } from '../../src/join/process-table.ts';
import { newFields } from '../../src/sysmon/event.ts';
import type { SysmonEvent } from '../../src/sysmon/event.ts';

/** 2026-01-01T00:00:00Z, when most processes here begin. */
const START_SECONDS = Date.UTC(2026, 0, 1) / 1000;

/** The guid of a process by its number and its start: `xxxxxxxx-LLLL-HHHH-…`. */
function guidOf(number: number, startSeconds = START_SECONDS): string {
  const start = startSeconds.toString(16).padStart(8, '0');
  return `6a910b9d-${start.slice(4)}-${start.slice(0, 4)}-c903-${number.toString(16).padStart(12, '0')}`;
}

const fieldsOf = (entries: Record<string, string>) => Object.assign(newFields(), entries);

interface EventParts {
  readonly EventId?: number;
  readonly guid?: string;
  /** Seconds from START_SECONDS to TimeCreated. Null: there is no TimeCreated. */
  readonly at?: number | null;
  readonly UtcTime?: string;
}

function eventOf({ EventId = 3, guid = guidOf(1), at = 10, UtcTime = '' }: EventParts = {}): SysmonEvent {
  return {
    EventId,
    Description: fieldsOf({
      UtcTime,
      ProcessGuid: guid === '' ? '' : `{${guid.toUpperCase()}}`,
      Image: 'a.exe',
    }),
    UserDefined: newFields(),
    ...(at === null ? {} : { TimeCreated: new Date((START_SECONDS + at) * 1000).toISOString() }),
  };
}

const contextOf = (guid: string): ProcessContext => ({ guid, fields: fieldsOf({ Image: guid }) });
const processes = (...guids: string[]) => new Map(guids.map((guid) => [guid, contextOf(guid)]));

/** A table of these processes that writes down what it is asked for. */
function tableOf(...guids: string[]) {
  const known = processes(...guids);
  const asked: (readonly string[])[] = [];
  const table: ProcessTable = {
    get(keys) {
      asked.push(keys);
      return Promise.resolve(
        new Map(keys.flatMap((key) => (known.has(key) ? [[key, known.get(key)!] as const] : []))),
      );
    },
    put: () => Promise.reject(new Error('correlate never puts')),
  };
  return { table, asked };
}

const run = (options: Partial<CorrelateOptions>) =>
  correlate({
    events: [],
    batchProcesses: new Map(),
    table: tableOf().table,
    horizonSeconds: 900,
    ...options,
  });

const kindOf = async (parts: EventParts, options: Partial<CorrelateOptions> = {}) =>
  (await run({ events: [eventOf(parts)], ...options }))[0]!.kind;

describe('correlate', () => {
  it('gives one result for each event, in their order', async () => {
    const [a, b, c] = [guidOf(1), guidOf(2), guidOf(3, START_SECONDS - 86_400)];
    const events = [eventOf({ guid: a }), eventOf({ guid: b }), eventOf({ guid: c })];
    const results = await run({ events, batchProcesses: processes(a) });
    expect(results).toEqual([{ kind: 'hit', process: contextOf(a) }, { kind: 'defer' }, { kind: 'miss' }]);
  });

  it('takes a process from the batch, and does not ask the table for it', async () => {
    const { table, asked } = tableOf(guidOf(1));
    await run({ events: [eventOf()], batchProcesses: processes(guidOf(1)), table });
    expect(asked).toEqual([]);
  });

  it('takes a process from the table where the batch has none', async () => {
    const { table } = tableOf(guidOf(1));
    expect(await run({ events: [eventOf()], table })).toEqual([
      { kind: 'hit', process: contextOf(guidOf(1)) },
    ]);
  });

  it('asks the table once, for each unknown process once', async () => {
    const { table, asked } = tableOf();
    const guids = [1, 2, 1, 3, 2, 4].map((number) => guidOf(number));
    await run({
      events: guids.map((guid) => eventOf({ guid })),
      batchProcesses: processes(guidOf(3)),
      table,
    });
    expect(asked).toEqual([[guidOf(1), guidOf(2), guidOf(4)]]);
  });

  it.each([
    ['null', '00000000-0000-0000-0000-000000000000'],
    ['empty', ''],
    ['no GUID', 'system'],
  ])('never joins, asks for or defers a guid that is %s', async (_, guid) => {
    const { table, asked } = tableOf(guid);
    const events = [eventOf({ guid, at: 0 })];
    expect(await run({ events, batchProcesses: processes(guid), table })).toEqual([{ kind: 'miss' }]);
    expect(asked).toEqual([]);
  });

  it('rejects with what the table rejects with', async () => {
    const table: ProcessTable = { ...tableOf().table, get: () => Promise.reject(new Error('no table')) };
    await expect(run({ events: [eventOf()], table })).rejects.toThrow('no table');
  });

  describe('where no process is known', () => {
    it.each([
      ['defer', 'the process began this second', 0],
      ['defer', 'the process is younger than the horizon', 899.999],
      ['miss', 'the process is as old as the horizon', 900],
      ['miss', 'the process is older', 86_400],
      ['defer', 'the event is dated a little before its process', -60],
      [
        'miss',
        'the event is dated long before its process: a clock was set, and the age is not known',
        -60.001,
      ],
    ])('answers %s when %s', async (kind, _, at) => {
      expect(await kindOf({ at })).toBe(kind);
    });

    it('never defers without a horizon', async () => {
      expect(await kindOf({ at: 0 }, { horizonSeconds: undefined })).toBe('miss');
    });

    it('goes by TimeCreated, not by UtcTime', async () => {
      expect(await kindOf({ at: 10, UtcTime: '2025-06-01 00:00:00.000' })).toBe('defer');
      expect(await kindOf({ at: 86_400, UtcTime: '2026-01-01 00:00:01.000' })).toBe('miss');
    });

    it('goes by UtcTime where there is no TimeCreated that can be read', async () => {
      expect(await kindOf({ at: null, UtcTime: '2026-01-01 00:14:59.999' })).toBe('defer');
      expect(await kindOf({ at: null, UtcTime: '2026-01-01 00:15:00.000' })).toBe('miss');
      const unreadable = { ...eventOf({ UtcTime: '2026-01-01 00:00:01.000' }), TimeCreated: 'yesterday' };
      expect(await run({ events: [unreadable] })).toEqual([{ kind: 'defer' }]);
    });

    it.each(['', '-', '%7', 'yesterday'])(
      'does not defer an event whose only time is %p',
      async (UtcTime) => {
        expect(await kindOf({ at: null, UtcTime })).toBe('miss');
      },
    );

    it('reads a TimeCreated with seven fractional digits', async () => {
      const event = { ...eventOf(), TimeCreated: '2026-01-01T00:14:59.9999999Z' };
      expect(await run({ events: [event] })).toEqual([{ kind: 'defer' }]);
    });
  });
});

describe('mayDefer', () => {
  const may = (parts: EventParts, options: Partial<CorrelateOptions> = {}) =>
    mayDefer({
      events: [eventOf({ at: 86_400 }), eventOf(parts)],
      batchProcesses: new Map(),
      horizonSeconds: 900,
      ...options,
    });

  it('is true where an event joins a young process that the batch does not know', () => {
    expect(may({ at: 1 })).toBe(true);
  });

  it('is false where the process is old, in the batch, or nothing', () => {
    expect(may({ at: 901 })).toBe(false);
    expect(may({ at: 1 }, { batchProcesses: processes(guidOf(1)) })).toBe(false);
    expect(may({ at: 1, guid: '' })).toBe(false);
  });

  it('is false where nothing joins or nothing is ever deferred', () => {
    expect(may({ at: 1 }, { events: [] })).toBe(false);
    expect(may({ at: 1 }, { horizonSeconds: undefined })).toBe(false);
  });

  it('is true exactly where an empty table would make correlate defer (property)', async () => {
    const anyEvent = fc.record({ number: fc.nat(3), at: fc.integer({ min: -100, max: 1000 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent), fc.array(fc.nat(3)), async (all, inBatch) => {
        const batch = {
          events: all.map(({ number, at }) => eventOf({ guid: guidOf(number), at })),
          batchProcesses: processes(...inBatch.map((number) => guidOf(number))),
          horizonSeconds: 900,
        };
        const deferred = (await run(batch)).some(({ kind }) => kind === 'defer');
        expect(mayDefer(batch)).toBe(deferred);
      }),
    );
  });
});

/** Runs events as batches, the way the pipeline does: the batch's processes are put, then its events joined. */
async function runBatches(
  batches: readonly (readonly SysmonEvent[])[],
  table: ProcessTable,
  horizonSeconds?: number,
): Promise<Map<SysmonEvent, string>> {
  const results = new Map<SysmonEvent, string>();
  for (const events of batches) {
    const contexts = events.flatMap((event) => processContextOf(event, ['Image']) ?? []);
    const batchProcesses = new Map(contexts.map((context) => [context.guid, context]));
    await table.put(contexts);
    const joining = events.filter((event) => event.EventId !== 1);
    const correlations = await correlate({ events: joining, batchProcesses, table, horizonSeconds });
    joining.forEach((event, position) => {
      const found = correlations[position]!;
      results.set(event, found.kind === 'hit' ? `hit ${found.process.guid}` : found.kind);
    });
  }
  return results;
}

function cut<T>(items: readonly T[], sizes: readonly number[]): T[][] {
  const batches: T[][] = [];
  let start = 0;
  for (let turn = 0; start < items.length; turn++) {
    const size = sizes[turn % sizes.length] ?? items.length;
    batches.push(items.slice(start, start + size));
    start += size;
  }
  return batches;
}

const newTable = () => memoryProcessTable({ now: () => 0, retentionSeconds: 3600 });

describe('the order of events', () => {
  const anyEvent = fc
    .record({ EventId: fc.constantFrom(1, 3, 22), number: fc.nat(6), at: fc.integer({ min: 0, max: 2000 }) })
    .map(({ EventId, number, at }) => eventOf({ EventId, guid: guidOf(number), at }));
  const anyRun = fc.array(anyEvent, { maxLength: 30 }).chain((events) =>
    fc.record({
      events: fc.constant(events),
      shuffled: fc.shuffledSubarray(events, { minLength: events.length }),
      sizes: fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1 }),
    }),
  );
  const inOrderOf = (events: readonly SysmonEvent[], results: Map<SysmonEvent, string>) =>
    events.map((event) => results.get(event));

  it('and the cut of batches change no result once the table has every process (property)', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async ({ events, shuffled, sizes }) => {
        const table = newTable();
        await runBatches([events], table);
        const reference = inOrderOf(events, await runBatches([events], newTable()));
        const again = inOrderOf(events, await runBatches(cut(shuffled, sizes), table));
        expect(again).toEqual(reference);
      }),
    );
  });

  it('changes a result only to defer or miss while the table is filling, and late-join mends every defer (property)', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async ({ events, shuffled, sizes }) => {
        const reference = await runBatches([events], newTable());
        const table = newTable();
        const streamed = await runBatches(cut(shuffled, sizes), table, 900);
        const deferred = events.filter((event) => streamed.get(event) === 'defer');
        const late = await runBatches([deferred], table);
        for (const event of events) {
          const first = streamed.get(event)!;
          if (first === 'defer') expect(late.get(event)).toBe(reference.get(event));
          else expect([reference.get(event), 'miss']).toContain(first);
        }
      }),
    );
  });
});

const file = join(import.meta.dirname, '../../../shared/data/sysmon-kinesis-agent.ndjson.gz');
const available = existsSync(file);

(available ? describe : describe.skip)('37,959 real events, where ../shared is at hand', () => {
  const events = available ? readEvents() : [];
  const connections = (kinds: Iterable<[SysmonEvent, string]>) => {
    const counts: Record<string, number> = {};
    for (const [event, kind] of kinds) {
      if (event.EventId !== 3) continue;
      const name = kind.split(' ', 1)[0]!;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  };

  it('read backwards in batches of 500 join all that one batch joins, but those beyond the horizon', async () => {
    const whole = await runBatches([events], newTable());
    const table = newTable();
    const streamed = await runBatches(cut([...events].reverse(), [500]), table, 900);
    const deferred = [...streamed].filter(([, kind]) => kind === 'defer').map(([event]) => event);
    const late = await runBatches([deferred], table);
    const hits = (kinds: Map<SysmonEvent, string>) =>
      [...kinds].filter(([event, kind]) => event.EventId !== 1 && kind.startsWith('hit')).length;
    const lost = [...whole].filter(
      ([event, kind]) => kind.startsWith('hit') && streamed.get(event) === 'miss',
    ).length;
    expect({
      joined: hits(whole),
      joinedAtOnce: hits(streamed),
      joinedLate: hits(late),
      beyondTheHorizon: lost,
    }).toEqual({ joined: 12_622, joinedAtOnce: 10_306, joinedLate: 2117, beyondTheHorizon: 199 });
    expect(connections(whole)).toEqual({ hit: 169, miss: 2414 });
  });
});

/** The events of the file, with as much of a description as the join reads. */
function readEvents(): SysmonEvent[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf-8').trimEnd().split('\n');
  return lines.map((line) => {
    // true: every line of this file is an event of the agent
    const raw = JSON.parse(line) as { EventId: number; TimeCreated: string; Description: string | null };
    const entries = (raw.Description ?? '').split('\r\n').map((text) => /^(\w+): (.*)$/.exec(text));
    const Description = newFields();
    for (const entry of entries) if (entry) Description[entry[1]!] ??= entry[2]!;
    return { EventId: raw.EventId, TimeCreated: raw.TimeCreated, Description, UserDefined: newFields() };
  });
}
