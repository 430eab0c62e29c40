import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledEntry } from '../src/mapping/compile.ts';
import type { OcsfValue } from '../src/ocsf/column.ts';
import { decodeDeferred } from '../src/join/deferred.ts';
import { decodeQuarantine } from '../src/lake/quarantine.ts';
import { loadMapping } from '../src/mapping/load.ts';
import { mapBatch, transformBatch } from '../src/pipeline.ts';
import {
  batchOf,
  eventOf,
  guidOf,
  Killed,
  lateBatch,
  mapping,
  newWorld,
  processOf,
  rawOf,
  rowsOf,
  unmappedOf,
} from './pipeline.world.ts';
import type { World } from './pipeline.world.ts';

const HOUR = 3600;
const YOUNG = guidOf(7, 10);
const OLD = guidOf(8, HOUR);

const outcomes = async (world: World): Promise<(string | undefined)[]> =>
  (await rowsOf(world))
    .filter(({ schema }) => schema === 'network_activity')
    .map((row) => unmappedOf(row, 'join'));

/** One record, and what must become of it. */
interface Case {
  readonly content: unknown;
  readonly end: 'written' | 'deferred' | (string & {});
}

/** Everything that can arrive, by kind; `n` tells records apart. */
const KINDS: Readonly<Record<string, (n: number) => Case>> = {
  connection: (n) => ({ content: eventOf({ index: n }), end: 'written' }),
  process: (n) => ({ content: processOf(guidOf(n, HOUR), n), end: 'written' }),
  'a young connection': (n) => ({ content: eventOf({ index: n, guid: guidOf(n, 30) }), end: 'deferred' }),
  'a wrong type': (n) => ({
    content: eventOf({ id: '3', index: n, fields: { SourcePort: { a: [1] } } }),
    end: 'written',
  }),
  'wrong types': (n) => ({
    content: eventOf({
      id: '3',
      index: n,
      fields: { SourcePort: { a: [1] }, SourceIp: 'nonsense', ProcessId: -1 },
    }),
    end: 'unreadable_text',
  }),
  'names of JavaScript': (n) => ({
    content: JSON.parse(`{"EventId":5,"TimeCreated":"2026-01-02T03:04:05Z","Index":${n},"__proto__":{"a":"b"},
      "constructor":"c","Description":{"__proto__":"d","toString":"e","Image":"x"}}`) as unknown,
    end: 'written',
  }),
  'lone surrogates': (n) => ({
    content: Buffer.from(
      `{"EventId":5,"TimeCreated":"2026-01-02T03:04:05Z","Index":${n},"Description":{"Image":"\\ud800"}}`,
    ),
    end: 'written',
  }),
  'another provider': () => ({
    content: eventOf({ envelope: { ProviderName: 'Security' } }),
    end: 'not_sysmon',
  }),
  'no message': () => ({
    content: {
      EventId: 1,
      Description: 'Cannot retrieve event message text.',
      ProviderName: 'Microsoft-Windows-Sysmon',
    },
    end: 'unreadable_text',
  }),
  'no time': (n) => ({
    content: eventOf({ index: n, fields: { UtcTime: '-' }, envelope: { TimeCreated: '' } }),
    end: 'no_time',
  }),
  'a time that cannot be': (n) => ({
    content: eventOf({
      index: n,
      fields: { UtcTime: '0000-01-01 00:00:00.000' },
      envelope: { TimeCreated: '9999-12-31T23:59:59Z' },
    }),
    end: 'no_time',
  }),
  'an event that nobody maps': (n) => ({ content: eventOf({ id: 200, index: n }), end: 'no_mapping' }),
  'no EventId': () => ({
    content: { ...eventOf(), EventId: null },
    end: 'no_event_id',
  }),
  'another object': () => ({ content: { hello: 'world' }, end: 'not_an_event' }),
  'a list': () => ({ content: [], end: 'not_an_event' }),
  'no JSON': () => ({ content: Buffer.from('{"EventId":1,'), end: 'not_json' }),
  'no XML': () => ({ content: Buffer.from('<Event><System>'), end: 'not_xml' }),
  'no UTF-8': () => ({ content: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), end: 'not_utf8' }),
  nothing: () => ({ content: Buffer.alloc(0), end: 'not_json' }),
};

const cases = fc
  .array(fc.constantFrom(...Object.keys(KINDS)), { maxLength: 12 })
  .map((kinds) => kinds.map((kind, i) => KINDS[kind]!(i + 1)));

describe('a batch', () => {
  it.each(Object.keys(KINDS))('with one record, %s, has it where it belongs', async (kind) => {
    const { content, end } = KINDS[kind]!(1);
    const { written, deferred, byReason } = await transformBatch(batchOf([content]), newWorld().options);
    const expected = { written: 0, deferred: 0, byReason: {} };
    if (end === 'written' || end === 'deferred')
      expect({ written, deferred, byReason }).toEqual({ ...expected, [end]: 1 });
    else expect({ written, deferred, byReason }).toEqual({ ...expected, byReason: { [end]: 1 } });
  });

  it('loses nothing: each record is written, quarantined byte for byte, or deferred byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (mix) => {
        const world = newWorld();
        const batch = batchOf(mix.map(({ content }) => content));
        const counts = await transformBatch(batch, world.options);
        expect(counts.received).toBe(mix.length);
        expect(counts.written + counts.quarantined + counts.deferred).toBe(mix.length);

        const ends = new Map(mix.map(({ end }, i) => [i, end]));
        const bytesOf = (index: number): string =>
          Buffer.from(batch.records[index]!.bytes).toString('base64');
        const kept = new Set<number>();
        const quarantine = await world.options.work.get('quarantine/shard-1-2.ndjson.gz');
        for (const { index, reason, bytes, input } of quarantine === undefined
          ? []
          : decodeQuarantine(quarantine)) {
          expect([reason, input, Buffer.from(bytes).toString('base64')]).toEqual([
            ends.get(index),
            'stream/shard',
            bytesOf(index),
          ]);
          kept.add(index);
        }
        const deferred = await world.options.work.get('deferred/shard-1-2.ndjson.gz');
        for (const { index, bytes } of deferred === undefined ? [] : decodeDeferred(deferred)) {
          expect(['deferred', bytesOf(index)]).toEqual([
            ends.get(index),
            Buffer.from(bytes).toString('base64'),
          ]);
          kept.add(index);
        }
        const rows = await rowsOf(world);
        expect(new Set(rows.map((row) => (row.metadata as { uid: string }).uid)).size).toBe(rows.length);
        expect(rows.length).toBe([...ends.values()].filter((end) => end === 'written').length);
        expect(kept.size + rows.length).toBe(mix.length);
        expect(counts.objects.reduce((sum, object) => sum + object.rows, 0)).toBe(rows.length);
        for (const tally of [counts.byClass, counts.byEventId]) {
          expect(Object.values(tally).reduce((a, b) => a + b, 0)).toBe(counts.written);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('that is run again changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (mix) => {
        const world = newWorld();
        const batch = batchOf(mix.map(({ content }) => content));
        const counts = await transformBatch(batch, world.options);
        const before = await world.contents();
        expect(await transformBatch(batch, world.options)).toEqual(counts);
        expect(await world.contents()).toEqual(before);
        const messages = world.messages();
        expect(messages).toHaveLength(counts.deferred > 0 ? 2 : 0);
        expect(new Set(messages.map(({ key }) => key)).size).toBe(counts.deferred > 0 ? 1 : 0);
      }),
      { numRuns: 30 },
    );
  });

  it('of nothing writes nothing', async () => {
    const world = newWorld();
    expect(await transformBatch(batchOf([]), world.options)).toMatchObject({ received: 0, objects: [] });
    expect(await world.contents()).toEqual({});
  });

  it('has the records that were cut off or too large in quarantine, unread', async () => {
    const whole = rawOf(eventOf(), 0);
    const records = [
      { ...whole, reason: 'truncated' as const },
      { ...whole, index: 1, reason: 'too_large' as const },
    ];
    const { quarantined, counts } = await mapBatch({ ...batchOf([]), records }, newWorld().options);
    expect(counts.byReason).toEqual({ truncated: 1, too_large: 1 });
    expect(quarantined.map(({ bytes }) => bytes)).toEqual([whole.bytes, whole.bytes]);
  });

  it('counts by form what was mapped, and by reason and appearance what could not be read', async () => {
    const security = Buffer.from('{"ProviderName":"Microsoft-Windows-Security-Auditing","a":1}');
    const records = [
      rawOf(eventOf(), 0),
      rawOf(eventOf({ id: 99 }), 1),
      { bytes: security, index: 2 },
      { bytes: Buffer.from('<html>'), index: 3 },
    ];
    const { mapped, counts } = await mapBatch({ ...batchOf([]), records }, newWorld().options);
    expect(mapped.map(({ format, obtained }) => [format, obtained])).toEqual([['kinesis-agent', 'named']]);
    expect(counts).toMatchObject({
      byFormat: { 'kinesis-agent': 1 },
      byReason: { not_an_event: 1, not_xml: 1, no_mapping: 1 },
      byAppearance: { 'not_an_event Windows Security events': 1, 'not_xml HTML': 1 },
    });
  });

  it('has an event in quarantine whose mapping throws; the others are written', async () => {
    const broken = {
      ...mapping,
      find: (event: Parameters<typeof mapping.find>[0]) => {
        const entry = mapping.find(event);
        const fill = (): never => {
          throw new TypeError('a defect');
        };
        return entry && event.EventId === 5 ? { ...entry, fill } : entry;
      },
    };
    const world = newWorld({ with: broken });
    const counts = await transformBatch(batchOf([eventOf({ id: 5 }), eventOf({ index: 2 })]), world.options);
    expect(counts).toMatchObject({ written: 1, quarantined: 1, byReason: { not_mappable: 1 } });
  });

  it.each([
    ['no value of its column', 'a text'],
    ['what no column can hold', null],
  ])('has events in quarantine whose rows have %s; the others are written', async (_, wrong) => {
    const broken = {
      ...mapping,
      find: (event: Parameters<typeof mapping.find>[0]) => {
        const entry = mapping.find(event);
        const time =
          mapping.tables.get(entry?.schema ?? '')?.columns.findIndex(({ name }) => name === 'time') ?? -1;
        const fill: CompiledEntry['fill'] = (...given) => {
          const filled = entry?.fill(...given) ?? { row: [], timeMs: 0, failed: [] };
          return { ...filled, row: filled.row.with(time, wrong as unknown as OcsfValue) }; // true of no value: that is the defect
        };
        return entry && event.Index === '7' ? { ...entry, fill } : entry;
      },
    };
    const world = newWorld({ with: broken });
    const events = Array.from({ length: 150 }, (_event, index) =>
      eventOf({ index: index % 50 === 7 ? 7 : index + 100, fields: { SourceIp: 'nonsense' } }),
    );
    const counts = await transformBatch(batchOf(events), world.options);
    expect(counts).toMatchObject({ written: 147, quarantined: 3, byReason: { not_mappable: 3 } });
    // Each row was made several times; it tells once what did not fit.
    expect(counts.conversionFailures).toEqual({ '3 src_endpoint.ip': 147 });
    const rows = await rowsOf(world);
    expect(rows).toHaveLength(147);
    expect(rows.map((row) => unmappedOf(row, 'SourceIp'))).toEqual(Array(147).fill('nonsense'));
  });

  it('is written as one object for each class and day', async () => {
    const world = newWorld();
    const tomorrow = { TimeCreated: '2026-01-03T00:00:00Z' };
    await transformBatch(
      batchOf([eventOf(), eventOf({ index: 2, envelope: tomorrow }), processOf(OLD, 3)]),
      world.options,
    );
    const place = 'region=eu-central-1/accountId=123456789012';
    expect(Object.keys(await world.contents())).toEqual([
      `ext/windows-sysmon/network_activity/${place}/eventDay=20260102/shard-1-2.zstd.parquet`,
      `ext/windows-sysmon/network_activity/${place}/eventDay=20260103/shard-1-2.zstd.parquet`,
      `ext/windows-sysmon/process_activity/${place}/eventDay=20260102/shard-1-2.zstd.parquet`,
    ]);
  });
});

describe('the join', () => {
  it('finds a process in the same batch, before or behind its connection', async () => {
    for (const contents of [
      [processOf(OLD, 1), eventOf({ index: 2, guid: OLD })],
      [eventOf({ index: 2, guid: OLD.toUpperCase() }), processOf(OLD, 1)],
    ]) {
      const world = newWorld();
      const counts = await transformBatch(batchOf(contents), world.options);
      expect(counts.join).toEqual({ hit: 1, late: 0, miss: 0 });
      expect(await outcomes(world)).toEqual(['hit']);
      expect(JSON.stringify(await rowsOf(world))).toContain(`run ${OLD}`);
    }
  });

  it('does not decide the time of an event, or its day', async () => {
    const text = readFileSync(path.resolve(import.meta.dirname, '../OCSFmapping.json'), 'utf8');
    // A search that finds nothing in the connection itself.
    const searching = text.replace('"time": "$.EventTime"', '"time": "$..CommandLine"');
    expect(searching).not.toBe(text);
    const world = newWorld({ with: loadMapping(searching) });
    await transformBatch(
      batchOf([processOf(OLD, 1, '2026-01-01 23:59:59.000'), eventOf({ index: 2, guid: OLD })]),
      world.options,
    );
    const connection = (await rowsOf(world)).find(({ schema }) => schema === 'network_activity');
    expect(connection?.time).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
    expect(unmappedOf(connection!, 'join')).toBe('hit');
    const places = Object.keys(await world.contents()).filter((key) => key.includes('/network_activity/'));
    expect(places).toEqual([expect.stringContaining('/eventDay=20260102/')]);
  });

  it('finds a process of an earlier batch in the table', async () => {
    const world = newWorld();
    await transformBatch(batchOf([processOf(YOUNG, 1)], 'first'), world.options);
    const counts = await transformBatch(batchOf([eventOf({ guid: YOUNG })]), world.options);
    expect(counts).toMatchObject({ join: { hit: 1, late: 0, miss: 0 }, deferred: 0 });
  });

  it('misses what began long ago, and says so', async () => {
    const world = newWorld();
    const counts = await transformBatch(batchOf([eventOf({ guid: OLD })]), world.options);
    expect(counts.join).toEqual({ hit: 0, late: 0, miss: 1 });
    expect(await outcomes(world)).toEqual(['miss']);
  });

  it('misses at once where nothing waits', async () => {
    const world = newWorld({ defers: false });
    const counts = await transformBatch(batchOf([eventOf({ guid: YOUNG })]), world.options);
    expect(counts).toMatchObject({ written: 1, deferred: 0, join: { hit: 0, late: 0, miss: 1 } });
    expect(world.messages()).toEqual([]);
  });

  it('is by the table alone where that knows the whole input, so that it is the same however batches are cut', async () => {
    const world = newWorld({ defers: false });
    await world.knowProcess(OLD, 'the copy in the table');
    const batch = batchOf([processOf(OLD, 1, 'the copy in the batch'), eventOf({ index: 2, guid: OLD })]);
    const { mapped } = await mapBatch(batch, { ...world.options, processesKnown: true });
    const connection = JSON.stringify(mapped.find(({ event }) => event.EventId === 3)!.record);
    expect(connection).toContain('the copy in the table');
    expect(connection).not.toContain('the copy in the batch');
  });

  it('puts no process into a table that has them already', async () => {
    const world = newWorld({ defers: false });
    await transformBatch(batchOf([processOf(OLD, 1)]), { ...world.options, processesKnown: true });
    expect(world.effects).not.toContain('table');
  });
});

describe('an event that waits for its process', () => {
  const connection = eventOf({ index: 5, guid: YOUNG });

  it.each([
    ['joined where it has come', true, 'late'],
    ['unjoined where it has not', false, 'miss'],
  ])('is written once, %s', async (_, comes, outcome) => {
    const world = newWorld();
    const first = await transformBatch(
      batchOf([connection, eventOf({ index: 6, guid: OLD })]),
      world.options,
    );
    expect(first).toMatchObject({ received: 2, written: 1, deferred: 1, join: { hit: 0, late: 0, miss: 1 } });
    if (comes) await world.knowProcess(YOUNG, 'the late one');
    const [message] = world.messages();
    const [batch, options] = await lateBatch(world, message!);
    const second = await transformBatch(batch, options);
    expect(second).toMatchObject({ received: 1, written: 1, deferred: 0 });
    expect(second.join).toEqual({ hit: 0, late: 0, miss: 0, [outcome]: 1 });
    expect((await outcomes(world)).toSorted()).toEqual([outcome, 'miss'].toSorted());
    expect(JSON.stringify(await rowsOf(world)).includes('the late one')).toBe(comes);
    const before = await world.contents();
    await transformBatch(batch, options); // the message came twice
    expect(await world.contents()).toEqual(before);
    expect(world.messages()).toEqual([]);
  });

  it('waits in every later try of its batch, though its process has become known', async () => {
    const world = newWorld();
    const batch = batchOf([connection, eventOf({ index: 6, guid: OLD })]);
    await transformBatch(batch, world.options);
    const before = await world.contents();
    await world.knowProcess(YOUNG, 'in the meantime');
    expect(await transformBatch(batch, world.options)).toMatchObject({ written: 1, deferred: 1 });
    expect(await world.contents()).toEqual(before);
  });

  it('is not deferred by a later try where the first one had joined it', async () => {
    const world = newWorld();
    await world.knowProcess(YOUNG, 'known at first');
    const batch = batchOf([connection]);
    expect(await transformBatch(batch, world.options)).toMatchObject({ written: 1, deferred: 0 });
    const forgetful = {
      ...world.options,
      table: { ...world.options.table, get: () => Promise.resolve(new Map()) },
    };
    expect(await transformBatch(batch, forgetful)).toMatchObject({ written: 1, deferred: 0 });
    expect(world.messages()).toEqual([]);
  });

  it('is joined by a slow try that asked before its process came, where a quicker one had joined it', async () => {
    const world = newWorld();
    const batch = batchOf([connection]);
    let asked = 0;
    const slow: World['options'] = {
      ...world.options,
      table: {
        ...world.options.table,
        get: async (guids) => {
          const before = await world.options.table.get(guids);
          if (asked++ > 0) return before;
          await world.knowProcess(YOUNG, 'came meanwhile');
          expect((await transformBatch(batch, world.options)).join).toMatchObject({ hit: 1 });
          return before;
        },
      },
    };
    expect(await transformBatch(batch, slow)).toMatchObject({ written: 1, deferred: 0, join: { hit: 1 } });
    expect(await outcomes(world)).toEqual(['hit']);
  });
});

describe('side effects', () => {
  const contents = [
    processOf(OLD, 1),
    eventOf({ index: 2, guid: OLD }),
    eventOf({ index: 3, guid: YOUNG }),
    { hello: 'world' },
  ];
  const EXPECTED = [
    /^table$/,
    /^put deferred\//,
    /^put ext\/windows-sysmon\/process_activity\//,
    /^put ext\/windows-sysmon\/network_activity\//,
    /^put quarantine\//,
    /^send deferred\//,
  ];
  const steps = EXPECTED.flatMap((_, i) => [[i, 'before'] as const, [i, 'after'] as const]);

  it('come in an order in which each may be the last', async () => {
    const world = newWorld();
    await transformBatch(batchOf(contents), world.options);
    expect(world.effects).toEqual(EXPECTED.map((pattern) => expect.stringMatching(pattern)));
  });

  it.each(steps)(
    'number %i: a machine that stops %s it, and a second try, leave what one try leaves',
    async (effect, when) => {
      const undisturbed = newWorld();
      const counts = await transformBatch(batchOf(contents), undisturbed.options);
      const world = newWorld();
      world.killAt(effect, when);
      await expect(transformBatch(batchOf(contents), world.options)).rejects.toThrow(Killed);
      world.killAt(-1, 'before');
      expect(await transformBatch(batchOf(contents), world.options)).toEqual(counts);
      expect(await world.contents()).toEqual(await undisturbed.contents());
      expect(new Set(world.messages().map(({ key }) => key))).toEqual(
        new Set(undisturbed.messages().map(({ key }) => key)),
      );
    },
  );

  it('name their object before anybody is told of it: no message without a deferred object', async () => {
    for (const [effect, when] of steps) {
      const world = newWorld();
      world.killAt(effect, when);
      await transformBatch(batchOf(contents), world.options).catch(() => undefined);
      for (const { key } of world.messages()) expect(await world.options.work.get(key)).toBeDefined();
    }
  });
});

describe('the time of an event', () => {
  it.each([
    ['9999-12-31 23:59:59.999'],
    ['1601-01-01 00:00:00.000'],
    ['2026-01-01 03:04:05.678'],
    ['2026-01-02 03:05:05.701'],
  ])('is that of the log where Sysmon says %s, whose text is kept', async (UtcTime) => {
    const { mapped } = await mapBatch(batchOf([eventOf({ fields: { UtcTime } })]), newWorld().options);
    const { record, timeMs } = mapped[0]!;
    expect(timeMs).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 700));
    expect(record.time).toBe(timeMs);
    const { original_time: original } = record.metadata as Record<string, unknown>;
    const { UtcTime: unmapped } = record.unmapped as Record<string, unknown>;
    expect([original, unmapped]).toContain(UtcTime);
  });

  it('is that of Sysmon where both can be read', async () => {
    const { mapped } = await mapBatch(batchOf([eventOf()]), newWorld().options);
    expect(mapped[0]!.timeMs).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
  });
});
