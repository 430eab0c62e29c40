import { describe, expect, it } from '@jest/globals';
import type { CompiledEntry } from '../../src/mapping/compile.ts';
import { parseUtcTime } from '../../src/sysmon/time.ts';
import { compiled, entriesText, eventOf, fields, problemsOf, TIME_MS } from './mappings.ts';

const LOGGED = '2020-06-10T02:50:55.001Z';
const OTHER = '2020-06-09 01:02:03.004';

/** The entry of a mapping that states this of `time`, or nothing at all. */
const entryOf = (stated: { time?: unknown; message?: unknown } = {}): CompiledEntry => {
  const metadata = { version: '1.1.0', product: { vendor_name: 'Microsoft Sysinternals' } };
  const schema_mapping = { metadata, ...stated };
  return compiled(entriesText({ '1': { schema: 'process_activity', schema_mapping } })).entries[0]!;
};

const timeOf = (Description: Readonly<Record<string, string>>, TimeCreated?: string): number | undefined =>
  entryOf().map(eventOf(Description, { ...(TimeCreated !== undefined && { TimeCreated }) })).timeMs;

describe('the time of an entry that states none', () => {
  it('is by the timestamp of the mapping', () => {
    const { record, timeMs, failed } = entryOf().map(eventOf({}, { TimeCreated: LOGGED }));
    expect([record.time, timeMs, failed]).toEqual([TIME_MS, TIME_MS, []]);
  });

  it.each(['', '-', 'soon', '1979-12-31 23:59:59.999', '2100-01-01 00:00:00.000'])(
    'is when the log wrote the event, for %j',
    (UtcTime) => {
      expect(timeOf({ UtcTime }, LOGGED)).toBe(parseUtcTime(LOGGED));
    },
  );

  it.each([undefined, '', '-', 'soon', '1601-01-01T00:00:00.000Z', '2100-01-01T00:00:00.000Z'])(
    'is absent where the log tells none either, as in %j',
    (TimeCreated) => {
      expect(timeOf({ UtcTime: '' }, TimeCreated)).toBeUndefined();
    },
  );
});

it.each([{}, { time: null }])('is told to be read from the timestamp where the entry has %j', (stated) => {
  expect(entryOf(stated).leaves.filter(({ attribute }) => attribute === 'time')).toEqual([
    {
      attribute: 'time',
      reads: [{ kind: 'Description', name: 'UtcTime' }],
      pointer: '/custom_source_events/timestamp',
    },
  ]);
});

describe('the time of an entry that states one', () => {
  it('goes before the timestamp of the mapping, and that before the time of the log', () => {
    const entry = entryOf({ time: '$.Description.CreationUtcTime' });
    const timeOfEvent = (CreationUtcTime: string): number | undefined =>
      entry.map(eventOf({ CreationUtcTime }, { TimeCreated: LOGGED })).timeMs;
    expect(timeOfEvent(OTHER)).toBe(parseUtcTime(OTHER));
    expect(timeOfEvent('')).toBe(TIME_MS);
    expect(timeOfEvent('soon')).toBe(TIME_MS);
  });

  it('is no text, even of a number that could be a time', () => {
    const entry = entryOf({ time: { convert: { evaluate: '$.Description.Name', to: 'unquoted' } } });
    const { timeMs, failed } = entry.map(eventOf({ Name: String(parseUtcTime(OTHER)) }));
    expect([timeMs, failed]).toEqual([TIME_MS, ['time']]);
  });

  it.each([
    '$.Process.UtcTime',
    { first: ['$.Process.UtcTime', '$.Description.UtcTime'] },
    "$['Process'].*",
    { convert: { evaluate: '$.Process.ProcessGuid', to: 'process_start_time' } },
  ])('is never of the joined process, as in %j', (time) => {
    const schema_mapping = { metadata: { version: '1.1.0' }, time };
    expect(problemsOf(entriesText({ '1': { schema: 'process_activity', schema_mapping } }))).toContainEqual({
      severity: 'error',
      pointer: '/custom_source_events/ocsf_mapping/1/schema_mapping/time',
      message: 'the time of an event cannot be read from $.Process',
    });
  });

  it('does not search the joined process', () => {
    const entry = entryOf({ time: '$..Started', message: '$.Process.Started' });
    const join = { outcome: 'hit', process: fields({ Started: OTHER }) } as const;
    const { record, timeMs } = entry.map(eventOf({}), join);
    expect([timeMs, record.time, record.message]).toEqual([TIME_MS, TIME_MS, OTHER]);
  });
});

describe('the field that a time is read from', () => {
  const readsOf = (entry: CompiledEntry): object[] =>
    entry.leaves.filter(({ attribute }) => attribute === 'time');

  it('is the one that the entry states', () => {
    expect(readsOf(entryOf({ time: '$.Description.CreationUtcTime' }))).toEqual([
      {
        attribute: 'time',
        reads: [{ kind: 'Description', name: 'CreationUtcTime' }],
        pointer: '/custom_source_events/ocsf_mapping/1/schema_mapping/time',
      },
    ]);
  });
});

describe('$.EventTime', () => {
  const BEHIND = eventOf({}, { EventId: 3, TimeCreated: '2020-06-14T02:50:54.7001234Z' });
  const BEHIND_MS = Date.UTC(2020, 5, 14, 2, 50, 54, 700);

  const networkEntry = (
    stated: Readonly<Record<string, unknown>>,
    timestamp = '$.EventTime',
    format = '%Y-%m-%d %H:%M:%S.%f',
  ): CompiledEntry => {
    const metadata = { version: '1.1.0', original_time: '$.Description.UtcTime' };
    const entry = { schema: 'network_activity', schema_mapping: { metadata, ...stated } };
    return compiled(entriesText({ '3': entry }, { timestamp, format })).entries[0]!;
  };
  const timeSource = (entry: CompiledEntry, event = BEHIND): unknown => {
    const { unmapped } = entry.map(event).record as { unmapped?: Record<string, string> }; // true: one map of text
    return unmapped?.time_source;
  };

  it.each([
    ['as the time', networkEntry({ time: '$.EventTime' })],
    ['as the timestamp alone', networkEntry({})],
    [
      'as the timestamp where the entry states a time that the event has not',
      networkEntry({ time: '$.Gone' }),
    ],
    ['among others', networkEntry({ time: { first: ['$.Gone', '$.EventTime'] } })],
  ])(
    'is the time of the row, of the object and of the order, and says where it is from: %s',
    (_how, entry) => {
      const { record, timeMs, failed } = entry.map(BEHIND);
      expect([record.time, timeMs, entry.timeOf(BEHIND)]).toEqual([BEHIND_MS, BEHIND_MS, BEHIND_MS]);
      expect(record).toMatchObject({ metadata: { original_time: '2020-06-10 02:50:54.631' } });
      expect([failed, timeSource(entry)]).toEqual([[], 'TimeCreated']);
    },
  );

  it('says nothing where it is UtcTime', () => {
    const entry = networkEntry({ time: '$.EventTime' });
    expect(timeSource(entry, eventOf({}, { EventId: 3, TimeCreated: LOGGED }))).toBeUndefined();
    expect(timeSource(entry, eventOf({}, { EventId: 3 }))).toBeUndefined();
  });

  it.each([
    networkEntry({ time: '$.Description.UtcTime' }),
    networkEntry({ time: '$.Description.UtcTime', start_time: '$.EventTime' }),
    networkEntry({ time: '$.Description.UtcTime' }, '$.Description.UtcTime'),
    networkEntry({}, '$.Description.UtcTime'),
  ])('is not taken by a mapping that names UtcTime (%#)', (entry) => {
    expect([entry.map(BEHIND).timeMs, timeSource(entry)]).toEqual([TIME_MS, undefined]);
  });

  it('is read whatever the format of the mapping and the spelling of the event, if the zone is named', () => {
    const entry = networkEntry({}, '$.EventTime', '%d/%m/%Y %T');
    const spelled = eventOf(
      { UtcTime: 'Wed, 10 Jun 2020 02:50:54 GMT' },
      { EventId: 3, TimeCreated: '2020-06-14 04:50:54.7001234 +0200' },
    );
    expect([entry.map(spelled).timeMs, timeSource(entry, spelled)]).toEqual([BEHIND_MS, 'TimeCreated']);
    const byUtcTime = networkEntry({}, '$.Description.UtcTime', '%d/%m/%Y %T');
    expect(byUtcTime.map(spelled).timeMs).toBe(Date.UTC(2020, 5, 10, 2, 50, 54));
    const stated = networkEntry({ time: '$.Description.UtcTime', start_time: '$.TimeCreated' });
    expect(stated.map(spelled).record).toMatchObject({
      time: Date.UTC(2020, 5, 10, 2, 50, 54),
      start_time: BEHIND_MS,
    });
  });
});
