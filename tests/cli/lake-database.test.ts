import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { queriesFor, readQueryFiles } from '../../src/cli/query-files.ts';
import { LakeError, openLake, QueryError, type QueryResult } from '../../src/cli/lake-database.ts';
import { encodeRecords } from '../parquet/encode-records.ts';
import type { OcsfRecord } from '../../src/ocsf/column.ts';
import {
  connection,
  event,
  mapped,
  mapping,
  partition,
  PROCESS,
  temporaryFolder,
  text,
  writeObject,
  writeRows,
} from './test-lake.ts';

/** One query of the lake in a folder. */
async function ask(dir: string, sql: string): Promise<QueryResult> {
  const lake = await openLake(dir);
  try {
    return await lake.query(sql);
  } finally {
    lake.close();
  }
}

const rowsOf = async (dir: string, sql: string) => (await ask(dir, sql)).rows;

/** What a promise is rejected with, which has to be of this kind. */
async function rejection<E extends Error>(
  kind: new (...args: never[]) => E,
  promise: Promise<unknown>,
): Promise<E> {
  const error: unknown = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof kind) return error;
  throw error;
}

/** A lake of one class `notes` with one row. */
function noteLake(dir = temporaryFolder()): string {
  writeRows(dir, partition('notes'), [{ note: 'one' }], text('note'));
  return dir;
}

describe('the views of a lake', () => {
  it('are the classes by their names, those of the mapping that it does not hold, and the views of queries/', async () => {
    const dir = temporaryFolder();
    writeRows(dir, partition('network_activity'), [connection()]);
    writeRows(dir, partition('process_activity'), [mapped(event(1, PROCESS))]);
    const names = (await rowsOf(dir, 'SHOW TABLES')).flat();
    const views = queriesFor(await readQueryFiles(), 'class').flatMap(({ view }) => view ?? []);
    expect(views).toContain('sysmon_join');
    expect(names).toEqual([...mapping.tables.keys(), ...views].toSorted());
    expect(await rowsOf(dir, 'SELECT count(*) FROM dns_activity')).toEqual([[0]]);
    expect(await rowsOf(dir, 'SELECT process.pid, process.file.path FROM process_activity')).toEqual([
      [4711, 'C:\\Windows\\System32\\svchost.exe'],
    ]);
  });

  it('have the columns of the path as text', async () => {
    const { columns, rows } = await ask(noteLake(), 'SELECT region, accountId, eventDay FROM notes');
    expect(columns).toEqual(['region', 'accountId', 'eventDay'].map((name) => ({ name, type: 'VARCHAR' })));
    expect(rows).toEqual([['eu-central-1', '000123456789', '20190213']]);
  });

  it('hold the objects of all sources, columns united by name', async () => {
    const dir = noteLake();
    const struct = (...names: string[]) => [
      { name: 'parts', type: { kind: 'struct', fields: text(...names) } } as const,
    ];
    writeRows(dir, partition('notes', 'b'), [{ parts: { a: '1' } }], struct('a'));
    writeRows(dir, partition('notes', 'c', 'other'), [{ parts: { b: '2' } }], struct('b'));
    expect(await rowsOf(dir, 'SELECT note, parts.a, parts.b FROM notes ORDER BY ALL')).toEqual([
      ['one', null, null],
      [null, '1', null],
      [null, null, '2'],
    ]);
  });

  it('are made for class names alone, and for Parquet files that are finished', async () => {
    const dir = noteLake();
    for (const schema of ['Notes', '1note', 'no"te', "no'te", 'day=1']) {
      writeRows(dir, partition(schema), [{ note: 'no' }], text('note'));
    }
    mkdirSync(path.join(dir, 'ext/windows-sysmon/empty_activity/region=x'), { recursive: true });
    writeFileSync(path.join(dir, 'ext/windows-sysmon/file'), '');
    writeObject(dir, partition('unfinished').replace(/[^/]+$/, '.sysmon-lake-1.parquet'), new Uint8Array(4));
    writeObject(dir, partition('notes').replace(/[^/]+$/, 'readme.txt'), new Uint8Array(4));
    const others = new Set([...mapping.tables.keys(), ...(await readQueryFiles()).map(({ view }) => view)]);
    const names = (await rowsOf(dir, 'SHOW TABLES')).flat();
    expect(names.filter((name) => typeof name !== 'string' || !others.has(name))).toEqual(['notes']);
    expect(await rowsOf(dir, 'SELECT note FROM notes')).toEqual([['one']]);
  });

  it('may be named as a word of SQL', async () => {
    const dir = temporaryFolder();
    writeRows(dir, partition('select'), [{ note: 'one' }], text('note'));
    expect(await rowsOf(dir, 'SELECT note FROM "select"')).toEqual([['one']]);
  });

  it('are the classes also where each is a source of its own (layout per-source)', async () => {
    const dir = temporaryFolder();
    const key = (source: string): string => partition('x').replace('ext/windows-sysmon/x/', `ext/${source}/`);
    const write = (source: string, schema: string, rows: readonly OcsfRecord[]): string =>
      writeObject(dir, key(source), encodeRecords(mapping.tables.get(schema)!.columns, rows));
    write('sysmon-network', 'network_activity', [connection()]);
    write('sysmon-0a1b', 'process_activity', [mapped(event(1, PROCESS))]);
    writeRows(dir, partition('process_activity'), [mapped(event(1, PROCESS))]);
    writeObject(dir, key('sysmon-notes'), encodeRecords(text('note'), [{ note: 'one' }]));
    expect(await rowsOf(dir, 'SELECT count(*) FROM process_activity')).toEqual([[2]]);
    expect(await rowsOf(dir, 'SELECT DST_IP_ADDR FROM sysmon_join')).toEqual([['40.83.74.46']]);
    expect(await rowsOf(dir, 'SELECT eventday, note FROM sysmon_notes')).toEqual([['20190213', 'one']]);
  });

  it('leave a class alone that has the name of one', async () => {
    const dir = temporaryFolder();
    writeRows(dir, partition('sysmon_join'), [{ note: 'one' }], text('note'));
    expect(await rowsOf(dir, 'SELECT note FROM sysmon_join')).toEqual([['one']]);
  });

  it('raise what is wrong with the objects of their class, and leave the other classes alone', async () => {
    const dir = noteLake();
    writeObject(dir, partition('broken'), Buffer.from('PAR1 no more'));
    expect(await rowsOf(dir, 'SELECT note FROM notes')).toEqual([['one']]);
    const error = await rejection(QueryError, ask(dir, 'SELECT count(*) FROM broken'));
    expect(error.message).toMatch(/The objects of broken cannot be read together: .*a\.zstd\.parquet/);
  });
});

describe('the folder of a lake', () => {
  it.each([
    "it's",
    'say "hi"',
    "'; DROP VIEW notes; --",
    'a*',
    'a?c',
    '[b]',
    '[!b]',
    '**',
    '{a,b}',
    'day=1',
    'ä 語',
    'a\\b',
  ])('may be called %s', async (name) => {
    const dir = path.join(temporaryFolder(), name);
    noteLake(dir);
    expect(await rowsOf(dir, 'SELECT note FROM notes')).toEqual([['one']]);
  });

  it('is no pattern for the folders beside it', async () => {
    const parent = temporaryFolder();
    for (const name of ['[ab]*', 'a', 'abc']) {
      writeRows(path.join(parent, name), partition('notes'), [{ note: name }], text('note'));
    }
    expect(await rowsOf(path.join(parent, '[ab]*'), 'SELECT note FROM notes')).toEqual([['[ab]*']]);
  });

  it('is missing: one line says what to give', async () => {
    const dir = path.join(temporaryFolder(), 'missing');
    const error = await rejection(LakeError, openLake(dir));
    expect(error.dir).toBe(dir);
    expect(error.message).toBe(
      `${JSON.stringify(dir)} cannot be read as a folder; give the one that \`sysmon-lake transform --out\` wrote`,
    );
  });

  it('holds no objects: one line says how to get some', async () => {
    const dir = temporaryFolder();
    mkdirSync(path.join(dir, 'ext/windows-sysmon/process_activity'), { recursive: true });
    const error = await rejection(LakeError, openLake(dir));
    expect(error.message).toMatch(
      /holds no Parquet objects below ext\/; fill it with `sysmon-lake transform/,
    );
  });
});

describe('the values of a result', () => {
  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['170141183460469231731687303715884105727', '170141183460469231731687303715884105727'],
    ['sum(3)', 3],
    ['1.50::DECIMAL(4,2)', 1.5],
    ['1.5::DOUBLE', 1.5],
    ["'nan'::DOUBLE", 'NaN'],
    ['0.1::DECIMAL(38,20)', '0.10000000000000000000'],
    ['true', true],
    ['NULL', null],
    ["DATE '2019-02-13'", '2019-02-13'],
    ['epoch_ms(1550055510123)', '2019-02-13T10:58:30.123'],
    ["TIMESTAMPTZ '2019-02-13 10:58:30.5+02'", '2019-02-13T08:58:30.5Z'],
    ["'infinity'::TIMESTAMP", 'infinity'],
    ["TIME '10:58:30'", '10:58:30'],
    ['INTERVAL 3 DAY', '3 days'],
    ["'\\x00\\xFFa'::BLOB", '00ff61'],
    ['\'"a"\'::JSON', '"a"'],
    ["[{'a': 1, 'b': [NULL, DATE '2019-02-13']}]", [{ a: 1, b: [null, '2019-02-13'] }]],
    ['MAP {1: 2, 3: NULL}', { 1: 2, 3: null }],
    ["MAP {'__proto__': 'x'}", JSON.parse('{"__proto__": "x"}')],
    ["union_value(a := 'x')", 'x'],
    ['array_value(1, 2)', [1, 2]],
  ])('%s', async (sql, value) => {
    expect(await rowsOf(noteLake(), `SELECT ${sql}`)).toEqual([[value]]);
  });

  it('have columns of different names, with their types', async () => {
    const { columns } = await ask(noteLake(), 'SELECT 1::BIGINT AS a, note AS a FROM notes');
    expect(columns).toEqual([
      { name: 'a', type: 'BIGINT' },
      { name: 'a:1', type: 'VARCHAR' },
    ]);
  });
});

describe('the words of Trino', () => {
  it.each([
    ["element_at(MAP {'a': 'x'}, 'a')", 'x'],
    ["element_at(MAP {'a': 'x'}, 'b')", null],
    ['element_at([1, 2], 2)', 2],
    ['element_at([1, 2], 3)', null],
    ['from_unixtime(1550055510123 / 1000e0)', '2019-02-13T10:58:30.123Z'],
    ["regexp_like('a.exe -enc', '-e(n|c)+')", true],
    ["regexp_like('a.exe', '^exe')", false],
    [`json_extract_scalar('{"a": "x\\"y"}', '$.a')`, 'x"y'],
    [`json_extract_scalar('{"a": "x"}', '$.b')`, null],
    ["'a\\b' LIKE '%\\b'", true],
  ])('%s', async (sql, value) => {
    expect(await rowsOf(noteLake(), `SELECT ${sql}`)).toEqual([[value]]);
  });
});

describe('a query', () => {
  it('may be several statements: the result is the last one’s', async () => {
    const sql =
      "CREATE TABLE mine AS SELECT note || '!' AS note FROM notes; -- comment\n SELECT * FROM mine;";
    expect(await rowsOf(noteLake(), sql)).toEqual([['one!']]);
    expect(await rowsOf(noteLake(), 'PIVOT notes ON note USING count(*) GROUP BY eventDay')).toEqual([
      ['20190213', 1],
    ]);
  });

  it.each([
    [
      'SELECT nope FROM notes',
      'Binder Error: Referenced column "nope" not found in FROM clause! Candidate bindings: "note"',
    ],
    ['SELEC 1', 'Parser Error: syntax error at or near "SELEC"'],
    ['SELECT * FROM module_activity', 'Catalog Error: Table with name module_activity does not exist!'],
    ['SELECT * FROM nots', '(SHOW TABLES lists what this lake has)'],
    ["SELECT error('a' || chr(27) || chr(10) || 'b')", 'Invalid Input Error: a\\u001b b'],
    ['SELECT ?', 'Values were not provided for the following prepared statement parameters: 1'],
    ['', 'There is no statement; try SHOW TABLES'],
    [' ; -- nothing\n /* at all */', 'There is no statement'],
    [`${'-'.repeat(200)}\n;`, 'There is no statement'],
  ])('that cannot be run gives one line: %s', async (sql, line) => {
    const error = await rejection(QueryError, ask(noteLake(), sql));
    expect(error.sql).toBe(sql);
    expect(error.message).toContain(line);
    expect(error.message).not.toMatch(/[\n\r]|LINE 1/);
  });

  it('leaves the lake usable when it fails', async () => {
    const lake = await openLake(noteLake());
    await rejection(QueryError, lake.query('SELECT nope FROM notes'));
    expect((await lake.query('SELECT note FROM notes')).rows).toEqual([['one']]);
    lake.close();
  });
});

describe('a lake is only read: no statement reaches another file, a setting, or the network', () => {
  const dir = noteLake();
  writeFileSync(path.join(dir, 'secret.csv'), 'a\n1\n');

  it.each([
    "COPY (SELECT 1) TO 'DIR/other.csv'",
    "COPY (SELECT 1) TO 'OBJECT'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO 'OBJECT'",
    "PREPARE p AS COPY (SELECT 1) TO 'OBJECT'",
    "SELECT 1; COPY (SELECT 1) TO 'OBJECT'",
    "EXPORT DATABASE 'DIR/export'",
    "ATTACH 'DIR/a.duckdb'",
    "SELECT * FROM 'DIR/secret.csv'",
    "SELECT * FROM read_text('DIR/secret.csv')",
    "SELECT * FROM glob('DIR/*')",
    "CREATE TABLE t AS FROM read_csv('DIR/secret.csv')",
    'SET enable_external_access = true',
    "SELECT * FROM 'https://example.invalid/a.parquet'",
    'INSTALL httpfs',
    'LOAD httpfs',
    'CREATE PERSISTENT SECRET s (TYPE s3)',
  ])('%s', async (statement) => {
    const object = path.join(dir, partition('notes'));
    const before = readFileSync(object);
    await rejection(QueryError, ask(dir, statement.replace('OBJECT', object).replace('DIR', dir)));
    expect(readFileSync(object).equals(before)).toBe(true);
    expect(readdirSync(dir).toSorted()).toEqual(['ext', 'secret.csv']);
  });
});
