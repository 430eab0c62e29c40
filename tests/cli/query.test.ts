/** `query` as a person runs it: a statement, a file, or the list of what comes along. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, EVENTS, run } from './command.ts';
import type { Ended } from './command.ts';
import { temporaryFolder } from './test-lake.ts';

const folder = temporaryFolder();
const query = (...args: string[]): Promise<Ended> => run(['query', ...args], { cwd: folder });
const write = (name: string, content: string | Uint8Array): void =>
  writeFileSync(path.join(folder, name), content);

beforeAll(async () => {
  await build();
  const ended = await run(['transform', EVENTS, '--out', 'lake', '--allow-quarantine'], { cwd: folder });
  expect(ended.code).toBe(0);
});

describe('query', () => {
  it('runs a statement', async () => {
    const { code, stdout } = await query('lake', 'SELECT 1 AS a', '--format', 'csv');
    expect([code, stdout]).toEqual([0, 'a\n1\n']);
  });

  it('runs a file, with or without a header, a mark of the byte order and a semicolon', async () => {
    write('a b;.sql', '\ufeff-- name: mine\nSELECT count(*) > 0 AS a\nFROM sysmon_join;\n');
    const { code, stdout } = await query('lake', '--file', 'a b;.sql', '--format', 'csv');
    expect([code, stdout]).toEqual([0, 'a\ntrue\n']);
  });

  it('runs what comes along by its name, from any folder', async () => {
    const hunt = await query('lake', '--file', 'office_shell_network', '--format', 'csv');
    expect(hunt.code).toBe(0);
    expect(hunt.stdout).toMatch(/WINWORD\.EXE.*203\.0\.113\.50/);
    const view = await query('lake', '--file', 'sysmon_join', '--format', 'csv');
    expect(view.stdout).toMatch(/^EVENT_DATE_CREATION,PROCESS_GUID,/);
  });

  it('lists what comes along', async () => {
    const { code, stdout } = await query('--list', '--format', 'csv');
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toBe('name,kind,technique,title');
    expect(lines).toContain('lsass_access,hunt,T1003.001,Processes that read the memory of lsass.exe');
    expect(lines.filter((line) => line.startsWith('driver_load,view,'))).toHaveLength(1);
  });

  it.each([
    [
      ['lake', '--file', 'missing.sql'],
      1,
      'missing.sql: there is no such file or folder; give the path of a file',
    ],
    [['lake', '--file', 'folder'], 1, 'folder: is a folder; give the path of a file of SQL'],
    [['lake', '--file', 'binary.sql'], 1, 'binary.sql: is no text in UTF-8'],
    [['lake', '--file', 'empty.sql'], 2, 'empty.sql: There is no statement'],
    [['lake', '--file', 'wrong.sql'], 2, 'wrong.sql: Parser Error: syntax error at or near "SELEC"'],
    [['lake', '--file', 'writes.sql'], 2, 'writes.sql: Permission Error: Cannot access file'],
    [['lake', '--file', 'reads.sql'], 2, 'reads.sql: Permission Error'],
    [['lake', 'SELECT 1', '--file', 'wrong.sql'], 2, 'give a statement or --file, not both'],
    [['lake', 'SELECT 1', '--list'], 2, '--list takes no statement and no file'],
    [['lake'], 2, "missing required argument 'sql': a statement, or --file"],
    [[], 2, "missing required argument 'dir': the folder of a lake"],
    [['missing', '--file', 'lsass_access'], 1, '"missing" cannot be read as a folder'],
  ])('says in one line what is wrong: %j', async (args, exitCode, line) => {
    mkdirSync(path.join(folder, 'folder'), { recursive: true });
    write('binary.sql', new Uint8Array([0xff, 0xfe, 0x00]));
    write('empty.sql', '-- nothing\n;\n');
    write('wrong.sql', 'SELEC 1');
    write('writes.sql', "SELECT 1;\nCOPY (SELECT 1) TO 'out.csv'");
    write('reads.sql', "SELECT * FROM read_text('wrong.sql')");
    const { code, stdout, stderr } = await query(...args);
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr).toMatch(/^sysmon-lake: [^\n]+\n$/);
    expect(stderr).toContain(line);
  });
});
