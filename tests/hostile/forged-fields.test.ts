/** Command lines that hold line breaks and, behind them, what looks like fields: how far they get into the lake. */
import { describe, expect, it } from '@jest/globals';
import { splitRecords } from '../../src/sources/split.ts';
import { ended, envelope, eventXml, lakeOf, messageOf, namesOf, winlogbeat } from './world.ts';
import type { SqlRow } from './world.ts';

type Fields = Readonly<Record<string, string>>;

const TRUE_VALUES: Fields = {
  UtcTime: '2026-01-02 03:04:05.678',
  ProcessGuid: '{5fe2a7c1-3456-6957-0001-000000000500}',
  ProcessId: '4711',
  User: 'CORP\\alice',
  LogonGuid: '{5fe2a7c1-3400-6957-0003-000000000500}',
  TerminalSessionId: '1',
  ParentUser: 'CORP\\bob',
  LogonId: '0x3E7',
  ParentProcessGuid: '{5fe2a7c1-3455-6957-0002-000000000500}',
  ParentProcessId: '4710',
  Hashes: `MD5=${'A'.repeat(32)}`,
};

/** What an attacker would like the record to say. The last is a name of a Sysmon to come. */
const FORGED: Fields = {
  UtcTime: '1999-01-01 00:00:00.000',
  ProcessGuid: '{00000000-aaaa-bbbb-cccc-000000000001}',
  Image: 'C:\\Windows\\System32\\svchost.exe',
  CurrentDirectory: 'C:\\forged\\',
  User: 'NT AUTHORITY\\SYSTEM',
  Hashes: `MD5=${'0'.repeat(32)}`,
  ParentUser: 'NT AUTHORITY\\SYSTEM',
  Signed: 'true',
};

const trueFields = (without: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(namesOf(1, without).map((name) => [name, TRUE_VALUES[name] ?? `the ${name}`]));

/** Every order of every choice of up to so many. */
function orders(names: readonly string[], lengthMax: number): string[][] {
  if (lengthMax === 0) return [[]];
  const longer = names.flatMap((name) =>
    orders(
      names.filter((other) => other !== name),
      lengthMax - 1,
    ).map((rest) => [name, ...rest]),
  );
  return [[], ...longer];
}

/** Values with forged lines: in every order, with either line break, the whole rest of the message among them. */
function attacks(): string[] {
  const few = orders(Object.keys(FORGED), 2).slice(1);
  const many = orders(['User', 'ProcessGuid', 'ParentUser'], 3).slice(1);
  const all = namesOf(1);
  const tails = [
    all,
    all.slice(all.indexOf('CurrentDirectory')),
    all.slice(all.indexOf('CurrentDirectory'), -1),
    all.toReversed(),
    [...all, 'Signed'],
    [...all, ...all],
  ];
  const choices = [...new Map([...few, ...many, ...tails].map((names) => [names.join(), names])).values()];
  return ['\r\n', '\n'].flatMap((lineBreak) =>
    choices.map((names) =>
      ['x.exe', ...names.map((name) => `${name}: ${FORGED[name] ?? 'forged'}`)].join(lineBreak),
    ),
  );
}

interface Case {
  readonly index: number;
  readonly fields: Fields;
}

const cases: readonly Case[] = ['CommandLine', 'ParentCommandLine', 'Description'].flatMap((field, at) =>
  attacks().map((value, i) => ({ index: 10_000 * at + i + 1, fields: { ...trueFields(), [field]: value } })),
);

const ALL = 'SELECT * FROM process_activity';

const bySequence = (rows: readonly SqlRow[]): Map<unknown, SqlRow> =>
  new Map(rows.map((row) => [(row.metadata as { sequence: unknown }).sequence, row]));

const mark = (row: SqlRow | undefined): unknown =>
  (row?.unmapped as Record<string, unknown> | null)?.ambiguous;

/** The rows of events whose values come by name, so that there is nothing to read in two ways. */
const honest = lakeOf(
  cases.map(({ index, fields }) => ({ ...envelope(1, index), Description: fields })),
).then(async ({ query }) => bySequence(await query(ALL)));

describe('a line break in a value, and fields behind it', () => {
  it('are the text of the value where the values come beside the message', async () => {
    const records = cases.flatMap(({ index, fields }) => [
      { ...envelope(1, index), Description: messageOf(1, fields), EventData: Object.values(fields) },
    ]);
    const { counts, query } = await lakeOf(records);
    expect(counts).toMatchObject({ written: cases.length, quarantined: 0 });
    expect(bySequence(await query(ALL))).toEqual(await honest);
  });

  it.each([
    ['Winlogbeat', winlogbeat],
    ['Event XML', eventXml],
  ] as const)('forge nothing in %s', async (_name, write) => {
    const forged = cases.map(({ index, fields }) => write(1, index, fields, messageOf(1, fields)));
    const plain = cases.map(({ index, fields }) => write(1, index, fields));
    const lakes = await Promise.all([lakeOf(forged), lakeOf(plain)]);
    const [withMessage, without] = await Promise.all(lakes.map(({ query }) => query(ALL)));
    expect(withMessage).toHaveLength(cases.length);
    expect(bySequence(withMessage!)).toEqual(bySequence(without!));
  });

  it.each(['\r\n', '\n'])(
    'change nothing in text alone without leaving a mark, lines ending in %j',
    async (end) => {
      const texts = cases.map(({ index, fields }) => ({
        ...envelope(1, index),
        Description: messageOf(1, fields, end),
      }));
      const { counts, query } = await lakeOf(texts);
      // A text in which a forged line took the place of a field is quarantined, if the field has a type.
      expect(counts.written + counts.quarantined).toBe(cases.length);
      expect(counts.byReason).toEqual({ unreadable_text: counts.quarantined });
      expect(counts.written).toBeGreaterThan(cases.length / 2);
      const rows = bySequence(await query(ALL));
      const expected = await honest;
      const told = cases.filter(({ index }) => mark(rows.get(index)) !== undefined);
      for (const { index, fields } of cases) {
        const row = rows.get(index);
        // A name that stands twice is told, whichever of the two was taken for the field.
        const names = namesOf(1).filter((name) => Object.values(fields).join('\n').includes(`\n${name}: `));
        if (names.length > 0 && row === undefined) continue;
        if (names.length > 0) expect([index, mark(row)]).not.toEqual([index, undefined]);
        else expect(row).toEqual(expected.get(index));
      }
      expect(told.length).toBeGreaterThan(counts.written / 2);
    },
  );

  it('take no field away from what stands above them', async () => {
    const { counts, query } = await lakeOf(
      cases.map(({ index, fields }) => ({ ...envelope(1, index), Description: messageOf(1, fields) })),
    );
    const [row] = await query(
      `SELECT count(*) AS n, count(DISTINCT time) AS times, count(DISTINCT process.uid) AS guids,
              count(DISTINCT process.pid) AS pids, min(process.name) AS first, max(process.name) AS last
       FROM process_activity`,
    );
    expect(row).toEqual({
      n: counts.written,
      times: 1,
      guids: 1,
      pids: 1,
      first: 'the Image',
      last: 'the Image',
    });
  });
});

describe('a field that the version of Sysmon on the host has not', () => {
  const old = { ...trueFields(['ParentUser']), ParentCommandLine: 'x\r\nParentUser: NT AUTHORITY\\SYSTEM' };
  const parentUser = `SELECT count(*) AS n FROM process_activity
    WHERE process.parent_process.user IS NOT NULL OR unmapped['ParentUser'] IS NOT NULL`;

  it.each([
    [
      'a message with values beside it',
      { ...envelope(1, 1), Description: messageOf(1, old), EventData: Object.values(old) },
    ],
    ['Winlogbeat', winlogbeat(1, 1, old, messageOf(1, old))],
    ['Event XML', eventXml(1, 1, old, messageOf(1, old))],
  ])('is not forged in %s', async (_name, record) => {
    const { counts, query } = await lakeOf([record]);
    expect(counts.written).toBe(1);
    expect(await query(parentUser)).toEqual([{ n: 0 }]);
    const [row] = await query('SELECT process.parent_process.cmd_line AS text FROM process_activity');
    expect(row).toEqual({ text: old.ParentCommandLine });
  });

  it('cannot be told from a true one in text alone, where it stands last', async () => {
    const { query } = await lakeOf([{ ...envelope(1, 1), Description: messageOf(1, old) }]);
    expect(await query(parentUser)).toEqual([{ n: 1 }]);
  });
});

it('an event within a line of a text log is text', async () => {
  const event = JSON.stringify(ended());
  const log = `2026-01-02 host sshd: user }${event}${event} logged in\n${event}${event}\n`;
  const records: Buffer[] = [];
  for await (const { bytes } of splitRecords(ReadableStream.from([Buffer.from(log)])))
    records.push(Buffer.from(bytes));
  const { counts, quarantined } = await lakeOf(records);
  expect(counts).toMatchObject({ received: 3, written: 2, quarantined: 1 });
  expect(quarantined.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([log.split('\n')[0]]);
});
