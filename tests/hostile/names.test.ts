/** Names that an attacker chooses: what JavaScript's objects have, what the pipeline itself writes, what is no Unicode. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadMapping } from '../../src/mapping/load.ts';
import { ROOT } from '../cli/command.ts';
import { ended, eventXml, lakeOf, winlogbeat } from './world.ts';

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'length',
  '',
];

/** An object with these keys as its own, `__proto__` too, as JSON.parse makes it. */
const own = (names: readonly string[], value: unknown): Record<string, unknown> =>
  JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`) as Record<
    string,
    unknown
  >; // true: it is an object

const json = (value: unknown): string => JSON.stringify(value);

/** A document whose keys are taken as they stand: spreading would lose nothing, but reads badly. */
const withOwn = (document: Record<string, unknown>, keys: Record<string, unknown>): string =>
  `${json(document).slice(0, -1)},${json(keys).slice(1)}`;

const expectNothingPolluted = (): void => {
  for (const key in {}) throw new Error(`Object.prototype has ${key}`);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
};

const unmapped = 'SELECT CAST(map_keys(unmapped) AS JSON)::VARCHAR AS names FROM process_activity';

describe('names that every object has', () => {
  const pollution = { polluted: 'yes', 'constructor.prototype.polluted': 'yes' };

  it.each([
    ['fields', json({ ...ended(), Description: { UtcTime: '2026-01-02 03:04:05.678', ...own(NAMES, 'v') } })],
    ['decoration', withOwn(ended(), own(NAMES, 'v'))],
    ['nested decoration', json(ended({}, { UserDefined: own(NAMES, 'v') }))],
    [
      'Event XML',
      eventXml(5, 1, { UtcTime: '2026-01-02 03:04:05.678', ...(own(NAMES.slice(0, -1), 'v') as object) }),
    ],
    [
      'Winlogbeat',
      json(winlogbeat(5, 1, { UtcTime: '2026-01-02 03:04:05.678', ...(own(NAMES, 'v') as object) })),
    ],
  ])('are names of %s like others', async (_name, record) => {
    const text = record.includes('__proto__')
      ? record
      : withOwn(JSON.parse(record) as Record<string, unknown>, own(['__proto__'], 'v'));
    const { counts, query } = await lakeOf([text]);
    expect(counts).toMatchObject({ written: 1, quarantined: 0 });
    const [row] = await query(unmapped);
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
      expect(row?.names).toContain(`"${name}"`);
    }
    expectNothingPolluted();
  });

  it('as objects pollute nothing', async () => {
    const nested = `{"__proto__":${json(pollution)},"constructor":{"prototype":${json(pollution)}}}`;
    const records = [
      withOwn(ended(), { a: 1 }).replace('"a":1', `"__proto__":${json(pollution)},"UserDefined":${nested}`),
      json(ended()).replace('"UtcTime"', `"__proto__":${json(pollution)},"UtcTime"`),
      json(winlogbeat(5, 2, { UtcTime: '2026-01-02 03:04:05.678' })).replace(
        '"winlog":{',
        `"winlog":{"__proto__":{"event_data":${nested}},`,
      ),
      `{"__proto__":${json(ended())}}`,
      `{"reason":"x","input":"y","index":0,"encoding":"utf-8","data":"","__proto__":${json(pollution)}}`,
    ];
    const { counts } = await lakeOf(records);
    expect(counts).toMatchObject({ received: 5, written: 3, quarantined: 2 });
    expectNothingPolluted();
  });

  it('are no entries of a mapping that matches by text', async () => {
    const file = JSON.parse(readFileSync(path.join(ROOT, 'OCSFmapping.json'), 'utf8')) as {
      custom_source_events: Record<string, Record<string, unknown>>;
    }; // true: the shape of a mapping file
    const { ocsf_mapping: entries } = file.custom_source_events;
    const mapping = loadMapping(
      json({
        custom_source_events: {
          ...file.custom_source_events,
          matched_field: '$.MachineName',
          ocsf_mapping: { constructor: entries!['5'] },
        },
      }),
    );
    const records = ['constructor', '__proto__', 'toString', 'valueOf'].map((MachineName, i) =>
      ended({}, { MachineName }, i + 1),
    );
    const { counts } = await lakeOf(records, { with: mapping });
    expect(counts).toMatchObject({ written: 1, byReason: { no_mapping: 3 } });
  });
});

describe('names that the pipeline gives itself', () => {
  it('are told from those of the event', async () => {
    const { query } = await lakeOf([
      ended({ join: 'hit', ambiguous: 'no' }, { join: 'late', 'UserDefined.join': 'x', ambiguous: '' }),
    ]);
    const [row] = await query(
      `SELECT unmapped['join'] AS "join", unmapped['ambiguous'] AS ambiguous, unmapped['Description.join'] AS field,
              unmapped['UserDefined.join'] IS NOT NULL AS decoration FROM process_activity`,
    );
    expect(row).toEqual({ join: null, ambiguous: null, field: 'hit', decoration: true });
  });
});

describe('names that are no Unicode', () => {
  it('stay apart in the lake, where each may stand once', async () => {
    const names = ['\ud800', '\ud801', '\udfff', '\ufffd', 'a\ud800b', '\\ud800', '\u0000', '\u202e'];
    const keys = Object.fromEntries(names.map((name) => [name, 'v']));
    const { counts, query } = await lakeOf([ended(keys), ended({}, keys, 2)]);
    expect(counts.written).toBe(2);
    for (const row of await query(
      'SELECT len(map_keys(unmapped)) AS n, len(list_distinct(map_keys(unmapped))) AS different FROM process_activity',
    )) {
      expect(row.n).toBe(row.different);
      expect(row.n).toBeGreaterThanOrEqual(names.length);
    }
  });
});
