/** SQL where none belongs, and SQL that wants more than to read: `query` over names and files that an attacker chose. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openLake, QueryError } from '../../src/cli/lake-database.ts';
import { encodeRecords } from '../parquet/encode-records.ts';
import { ended, lakeOf, rowsOf, temporaryFolder } from './world.ts';

const NAMES = [
  "a'); DROP VIEW process_activity; --",
  'a"; SELECT 1; --',
  "read_csv('etc')",
  "x' UNION ALL SELECT * FROM read_text('passwd')",
  '*',
  '[a]',
  'a?b',
  '{a,b}',
  '$1',
  '%s',
  'a\nb',
  '\\',
  '-- x',
];

describe('SQL in the names of files and folders', () => {
  it('is a name: each object is read, once', async () => {
    const { dir, counts } = await lakeOf([ended()]);
    const file = path.join(dir, counts.objects[0]!.path);
    const folder = path.dirname(file);
    const bytes = encodeRecords([{ name: 'x', type: { kind: 'string' } }], [{ x: 'hostile' }]);
    for (const name of NAMES) writeFileSync(path.join(folder, `${name}.parquet`), bytes);
    expect(
      await rowsOf(dir, "SELECT count(*) AS n, count(*) FILTER (x = 'hostile') AS x FROM process_activity"),
    ).toEqual([{ n: NAMES.length + 1, x: NAMES.length }]);
  });

  it.each(NAMES)('of a source or of the lake itself, %j, is a name', async (name) => {
    const { dir } = await lakeOf([ended()]);
    renameSync(path.join(dir, 'ext/windows-sysmon'), path.join(dir, 'ext', name));
    const parent = temporaryFolder();
    renameSync(dir, path.join(parent, name));
    mkdirSync(dir); // it is removed behind the test
    expect(await rowsOf(path.join(parent, name), 'SELECT count(*) AS n FROM process_activity')).toEqual([
      { n: 1 },
    ]);
  });

  it('of columns and of partitions are names', async () => {
    const { dir, counts } = await lakeOf([ended()]);
    const hostile = NAMES.filter((name) => name !== '');
    const columns = hostile.map((name) => ({ name, type: { kind: 'string' } as const }));
    const folder = path.join(dir, 'ext/windows-sysmon/process_activity', `${NAMES[0]!}=x`);
    mkdirSync(folder);
    writeFileSync(
      path.join(path.dirname(path.join(dir, counts.objects[0]!.path)), 'b.parquet'),
      encodeRecords(columns, [Object.fromEntries(hostile.map((name) => [name, 'v']))]),
    );
    const [row] = await rowsOf(dir, `SELECT * FROM process_activity WHERE "*" = 'v'`);
    for (const name of hostile) expect(row?.[name]).toBe('v');
    expect(readdirSync(dir).toSorted()).toEqual(['ext']);
  });

  it('as a folder of a class that is none is passed over', async () => {
    const { dir } = await lakeOf([ended()]);
    for (const name of [...NAMES, '..x', 'Upper', '1a']) {
      const folder = path.join(dir, 'ext/windows-sysmon', name);
      mkdirSync(folder);
      writeFileSync(path.join(folder, 'x.parquet'), 'no Parquet');
    }
    expect(await rowsOf(dir, 'SELECT count(*) AS n FROM process_activity')).toEqual([{ n: 1 }]);
  });

  it('in the values of events is text', async () => {
    const { query } = await lakeOf(NAMES.map((name, i) => ended({ Note: name }, { MachineName: name }, i)));
    expect(await query('SELECT count(DISTINCT device.hostname) AS n FROM process_activity')).toEqual([
      { n: NAMES.length },
    ]);
  });
});

describe('a statement', () => {
  const target = path.join(temporaryFolder(), 'target');
  const secret = path.join(temporaryFolder(), 'secret.csv');
  writeFileSync(secret, 'TOPSECRET\n');

  it.each([
    `COPY (SELECT 1) TO '${target}'`,
    `SELECT 1; COPY (SELECT 1) TO '${target}'`,
    `EXPLAIN ANALYZE COPY (SELECT 1) TO '${target}'`,
    `PREPARE p AS COPY (SELECT 1) TO '${target}'`,
    `EXPORT DATABASE '${target}'`,
    `ATTACH '${target}'`,
    `ATTACH '${target}' AS x; CREATE TABLE x.t (a INT)`,
    `SELECT * FROM query('COPY (SELECT 1) TO ''${target}''')`,
    'INSTALL httpfs',
    'LOAD httpfs',
    `LOAD '${target}'`,
    'SET enable_external_access = true',
    "SET allowed_directories = ['/']",
    'RESET lock_configuration',
    'PRAGMA enable_profiling',
    'CALL pragma_version()',
    'CHECKPOINT',
    'VACUUM',
    'BEGIN',
    'USE memory',
    'INSERT INTO process_activity VALUES (1)',
    'UPDATE process_activity SET time = 0',
    'DELETE FROM process_activity',
    'DROP VIEW process_activity',
    'ALTER VIEW process_activity RENAME TO x',
    "CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET 'y')",
    "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')",
    `SELECT * FROM '${secret}'`,
    `SELECT * FROM read_csv('${secret}')`,
    `SELECT * FROM read_text('${secret}')`,
    `SELECT * FROM read_blob('${secret}')`,
    `SELECT * FROM read_json('${secret}')`,
    `SELECT * FROM sniff_csv('${secret}')`,
    `SELECT * FROM parquet_schema('${secret}')`,
    `SELECT * FROM glob('${path.dirname(secret)}/*')`,
    `CREATE TABLE t AS SELECT * FROM read_csv('${secret}')`,
    `CREATE MACRO m() AS TABLE SELECT * FROM read_csv('${secret}'); SELECT * FROM m()`,
    "SELECT getenv('HOME')",
  ])('that does more than read the lake is refused: %s', async (sql) => {
    const { dir } = await lakeOf([ended()]);
    const lake = await openLake(dir);
    try {
      const answer = await lake.query(sql).catch((error: unknown) => error);
      // A pattern may find nothing instead: what it looks for is as if it were not there.
      if (answer instanceof QueryError) expect(answer.message).not.toContain('TOPSECRET');
      else expect(answer).toMatchObject({ rows: [] });
      expect((await lake.query('SELECT count(*) AS n FROM process_activity')).rows).toEqual([[1]]);
    } finally {
      lake.close();
    }
    expect(existsSync(target)).toBe(false);
  });

  it('asks nothing of a network', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests++;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address!.port : ''}/x`;
    const { query } = await lakeOf([ended()]);
    for (const read of ['read_parquet', 'read_csv', 'read_text', 'read_json']) {
      await expect(query(`SELECT * FROM ${read}('${url}')`)).rejects.toThrow(QueryError);
    }
    expect(requests).toBe(0);
    server.close();
    await once(server, 'close');
  });
});
