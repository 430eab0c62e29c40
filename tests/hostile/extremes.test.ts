/** Values at the ends of what can be written: numbers, dates, lengths, text that is none. */
import { describe, expect, it } from '@jest/globals';
import { ended, lakeOf } from './world.ts';

describe('numbers', () => {
  it.each([
    '1e400',
    '-1e400',
    '9'.repeat(5000),
    '-1',
    '1e308',
    '0.1',
    '0x' + 'F'.repeat(5000),
    '18446744073709551616',
    'NaN',
    'Infinity',
    '-0',
    '٤٢',
  ])('that nobody counts to are kept as text, and fail no event: %.20s', async (number) => {
    const texts = [
      JSON.stringify(ended({ ProcessId: 0, LogonId: 0 }, { Index: 1, ExtraNumber: 0 })),
      JSON.stringify(ended({ ProcessId: number, TerminalSessionId: number })),
    ];
    const bare = /^-?\d[\d.e]*$/.test(number)
      ? texts[0]!.replace(/"(ProcessId|ExtraNumber)":0/g, `"$1":${number}`)
      : texts[0]!;
    const { counts, query } = await lakeOf([bare, texts[1]!]);
    expect(counts).toMatchObject({ written: 2, quarantined: 0 });
    const rows = await query(
      `SELECT typeof(process.pid) AS type, unmapped['ProcessId'] AS kept FROM process_activity`,
    );
    expect(rows).toHaveLength(2);
    for (const { type } of rows) expect(type).toBe('BIGINT');
  });

  it.each(['65536', '-1', '1e3', '5.5', '0x5', '05', '', '99999999999999999999', 'constructor'])(
    'that are no EventId, %j, go to quarantine',
    async (EventId) => {
      const { counts } = await lakeOf([ended({}, { EventId })]);
      expect(counts).toMatchObject({ written: 0, byReason: { no_event_id: 1 } });
    },
  );
});

describe('dates', () => {
  const READABLE = [
    '1601-01-01 00:00:00.000',
    '9999-12-31 23:59:59.999',
    '1969-12-31 23:59:59.999',
    '2000-02-29 12:00:00',
  ];
  const NONE = [
    '0000-00-00 00:00:00.000',
    '0001-01-01 00:00:00.000',
    '10000-01-01 00:00:00',
    '+275760-09-13T00:00:00.001Z',
    '-271821-04-20 00:00:00',
    '2026-02-30 00:00:00.000',
    '2026-01-01 24:00:00.000',
    '../../../../etc',
    '2026-01-01',
    "2026-01-01 00:00:00'--",
    '20260101/../..',
    '\u0000',
    '9999-12-31T23:59:59-23:59',
  ];

  it('at which no event can have happened give way to the time of the event log', async () => {
    const { counts, query } = await lakeOf(READABLE.map((UtcTime, i) => ended({ UtcTime }, {}, i + 1)));
    expect(counts).toMatchObject({ written: READABLE.length, quarantined: 0 });
    const rows = await query('SELECT eventDay, count(*) AS n FROM process_activity GROUP BY 1 ORDER BY 1');
    expect(rows).toEqual([
      { eventDay: '20000229', n: 1 },
      { eventDay: '20260102', n: 3 },
    ]);
  });

  it('that no calendar has never become a folder, nor fail a batch', async () => {
    const records = NONE.flatMap((UtcTime, i) => [
      ended({ UtcTime }, {}, 2 * i),
      ended({ UtcTime }, { TimeCreated: UtcTime }, 2 * i + 1),
    ]);
    const { counts } = await lakeOf([...records, ended({}, {}, 1000)]);
    expect(counts.written + counts.quarantined).toBe(records.length + 1);
    expect(counts.byReason.no_time).toBeGreaterThanOrEqual(NONE.length);
    for (const { path } of counts.objects) expect(path).toContain('/eventDay=20260102/');
  });
});

describe('texts', () => {
  const SIZE = 256 * 1024;

  it.each([
    ['one letter', 'x'.repeat(SIZE)],
    ['line breaks', '\r\n'.repeat(SIZE / 2)],
    ['forged lines', '\r\nUser: SYSTEM'.repeat(SIZE / 14)],
    ['backslashes', '\\'.repeat(SIZE)],
    ['commas and equals signs', 'MD5=,'.repeat(SIZE / 5)],
    ['semicolons', '::ffff:1.2.3.4;'.repeat(SIZE / 15)],
    ['quotes', '"'.repeat(SIZE)],
    ['blanks', ' '.repeat(SIZE)],
    ['unpaired surrogates', '\ud800'.repeat(SIZE / 2)],
    ['emoji', '😀'.repeat(SIZE / 4)],
    ['zero bytes', '\u0000'.repeat(SIZE)],
    ['percent signs', '%5C%1'.repeat(SIZE / 5)],
  ])('of 256 kB of %s are in the lake, whatever field they stand in', async (_name, text) => {
    const fields = [
      'Image',
      'CommandLine',
      'Hashes',
      'RuleName',
      'User',
      'QueryResults',
      'TargetObject',
      'Anything',
    ];
    const ids = [1, 1, 1, 1, 1, 22, 13, 29];
    const records = fields.map((name, i) => ended({ [name]: text }, { EventId: ids[i] }, i + 1));
    const { counts } = await lakeOf([
      ...records,
      ended({}, { MachineName: text }, 100),
      ended({}, { Decoration: text }, 101),
    ]);
    expect(counts).toMatchObject({ written: 10, quarantined: 0 });
    for (const { bytes } of counts.objects) expect(bytes).toBeGreaterThan(0);
  });

  it('of 1 MB, as long as a record of a stream may be, are whole', async () => {
    const { query } = await lakeOf([ended({ Note: 'x'.repeat(1024 * 1024) })]);
    expect(await query("SELECT len(unmapped['Note']) AS n FROM process_activity")).toEqual([
      { n: 1024 * 1024 },
    ]);
  });

  it('with unpaired surrogates are text in the lake, in which each is U+FFFD', async () => {
    const { query } = await lakeOf([ended({ Note: 'a\ud800b\udfff' }, { MachineName: '\udc00host' })]);
    const [row] = await query(
      "SELECT unmapped['Note'] AS note, device.hostname AS host FROM process_activity",
    );
    expect(row).toEqual({ note: 'a\ufffdb\ufffd', host: '\ufffdhost' });
  });
});
