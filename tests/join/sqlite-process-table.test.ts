import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProcessTableError } from '../../src/join/process-table-error.ts';
import { sqliteProcessTable } from '../../src/join/sqlite-process-table.ts';
import { contextOf, guidOf, processTableContract } from './process-table.contract.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'process-table-'));
  path = join(folder, 'processes.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let timeMs = Date.UTC(2026, 0, 1);
const open = (at = path) => sqliteProcessTable({ path: at, now: () => timeMs, retentionSeconds: 3600 });

processTableContract('sqliteProcessTable', {
  open: (options) => {
    const table = sqliteProcessTable({ path, ...options });
    return { table, close: () => table.close() };
  },
});

describe('sqliteProcessTable', () => {
  it('finds in a later run what an earlier one put', async () => {
    const first = open();
    await first.put([contextOf(1, { Image: 'a' })]);
    first.close();
    const second = open();
    expect((await second.get([guidOf(1)])).get(guidOf(1))).toEqual(contextOf(1, { Image: 'a' }));
    second.close();
  });

  it('that is only read finds what is there, also while it is written, and puts nothing', async () => {
    const writer = open();
    await writer.put([contextOf(1, { Image: 'a' })]);
    const reader = sqliteProcessTable({ path, now: () => timeMs, retentionSeconds: 0, readOnly: true });
    await writer.put([contextOf(2, { Image: 'b' })]);
    expect([...(await reader.get([guidOf(1), guidOf(2), guidOf(3)])).values()]).toEqual(
      [1, 2].map((n) => contextOf(n, { Image: n === 1 ? 'a' : 'b' })),
    );
    await expect(reader.put([contextOf(3, {})])).rejects.toMatchObject({ reason: 'read_only' });
    reader.close();
    writer.close();
  });

  it('that is only read is not made where there is none', () => {
    const options = { path, now: () => timeMs, retentionSeconds: 0, readOnly: true };
    expect(() => sqliteProcessTable(options)).toThrow(ProcessTableError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves one file, also while it is open', async () => {
    const table = open();
    await table.put([contextOf(1)]);
    await table.get([guidOf(1)]);
    expect(readdirSync(folder)).toEqual(['processes.sqlite']);
    table.close();
    expect(readdirSync(folder)).toEqual(['processes.sqlite']);
  });

  it('may be closed twice', () => {
    const table = open();
    table.close();
    expect(() => table.close()).not.toThrow();
  });

  it('writes the same file when the same run is repeated', async () => {
    const run = async (file: string) => {
      const table = open(file);
      await table.put(Array.from({ length: 1000 }, (_, number) => contextOf(number)));
      await table.put([contextOf(7, { Image: 'a' })]);
      table.close();
      return readFileSync(file);
    };
    expect((await run(path)).equals(await run(join(folder, 'again.sqlite')))).toBe(true);
  });

  it('puts all of a batch or none of it', async () => {
    const table = open();
    const broken = {
      guid: guidOf(2),
      get fields(): never {
        throw new Error('no fields');
      },
    };
    await expect(table.put([contextOf(1), broken])).rejects.toThrow('no fields');
    expect((await table.get([guidOf(1)])).size).toBe(0);
    await table.put([contextOf(3)]);
    expect((await table.get([guidOf(3)])).size).toBe(1);
    table.close();
  });

  it('is whole after a run that was killed in the middle of a put', async () => {
    const module = new URL('../../src/join/sqlite-process-table.ts', import.meta.url).href;
    const script = `
      const { sqliteProcessTable } = await import(${JSON.stringify(module)});
      const table = sqliteProcessTable({ path: process.argv[1], now: () => ${timeMs}, retentionSeconds: 3600 });
      const context = (n, fields) => ({ guid: String(n), get fields() { return fields(); } });
      await table.put([context(0, () => ({ Image: 'before' }))]);
      const many = Array.from({ length: 5000 }, (_, n) => context(n + 1, () => ({ Image: 'x'.repeat(1000) })));
      await table.put([...many, context(9999, () => process.kill(process.pid, 'SIGKILL'))]);
    `;
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script, '--', path], {
      encoding: 'utf8',
    });
    expect(run.signal ?? run.stderr).toBe('SIGKILL');
    expect(readdirSync(folder)).toContain('processes.sqlite-journal'); // it was in the middle of a put

    const table = open();
    expect([...(await table.get(['0', '1', '5000'])).keys()]).toEqual(['0']);
    table.close();
    expect(readdirSync(folder)).toEqual(['processes.sqlite']);
  });

  it('lets two runs use one file at a time', async () => {
    const [first, second] = [open(), open()];
    await first.put([contextOf(1)]);
    await second.put([contextOf(2)]);
    expect((await first.get([guidOf(1), guidOf(2)])).size).toBe(2);
    first.close();
    second.close();
  });

  it('deletes expired rows from the file', async () => {
    const table = open();
    await table.put(Array.from({ length: 100 }, (_, number) => contextOf(number)));
    timeMs += 3600_000;
    await table.put([contextOf(1000)]);
    table.close();
    const database = new DatabaseSync(path);
    expect(database.prepare('SELECT guid FROM process').all()).toEqual([{ guid: guidOf(1000) }]);
    database.close();
  });

  describe('refuses a file that it cannot use', () => {
    const failure = (file: string): ProcessTableError => {
      try {
        open(file).close();
      } catch (error) {
        if (error instanceof ProcessTableError) return error;
        throw error;
      }
      throw new Error('it was opened');
    };

    it.each([
      ['that is text', 'not_a_process_table', () => writeFileSync(path, 'time,host,message\n'.repeat(1000))],
      [
        'that is the database of another program',
        'not_a_process_table',
        () => withDatabase('CREATE TABLE places (url TEXT)'),
      ],
      [
        'that is the database of another program, with a version like ours',
        'not_a_process_table',
        () => withDatabase('CREATE TABLE places (url TEXT); PRAGMA user_version = 1'),
      ],
      ['of another version', 'other_version', () => withDatabase('PRAGMA user_version = 2')],
      ['that is a folder', 'cannot_open', () => mkdirSync(path)],
    ])('%s: %s', (_, reason, make) => {
      make();
      const error = failure(path);
      expect(error).toMatchObject({ path, reason });
      expect(error.message).toMatch(/^process table .+\.sqlite: [^\n]+$/);
    });

    it('in a folder that is not there: cannot_open', () => {
      expect(failure(join(folder, 'none', 'processes.sqlite')).reason).toBe('cannot_open');
    });

    it('and leaves it as it was', () => {
      withDatabase('CREATE TABLE places (url TEXT)');
      const before = readFileSync(path);
      failure(path);
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(readdirSync(folder)).toEqual(['processes.sqlite']);
    });

    // Root may write every file, and Windows has other permissions.
    const permissions = process.platform !== 'win32' && process.getuid?.() !== 0;
    (permissions ? it : it.skip)(
      'that may only be read: read_only (needs an account that is not root)',
      () => {
        open().close();
        chmodSync(path, 0o444);
        expect(failure(path).reason).toBe('read_only');
      },
    );

    it('whose fields are no JSON: damaged', async () => {
      const table = open();
      await table.put([contextOf(1)]);
      withDatabase("UPDATE process SET fields = '{'");
      await expect(table.get([guidOf(1)])).rejects.toMatchObject({ path, reason: 'damaged' });
      table.close();
    });

    it('whose pages are overwritten: damaged', async () => {
      const first = open();
      await first.put(Array.from({ length: 1000 }, (_, number) => contextOf(number)));
      first.close();
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.fill(0xaa, 8192));
      const second = open();
      await expect(second.get([guidOf(1), guidOf(999)])).rejects.toMatchObject({ path, reason: 'damaged' });
      second.close();
    });
  });
});

function withDatabase(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

describe('a row that another program changed', () => {
  it.each(['7', 'null', '{"a":1}', '{"a":null}'])('is damage, also where it is JSON: %s', async (text) => {
    const table = open();
    await table.put([contextOf(1)]);
    withDatabase(`UPDATE process SET fields = '${text}'`);
    await expect(table.get([guidOf(1)])).rejects.toMatchObject({ path, reason: 'damaged' });
    table.close();
  });
});

describe('a table that was closed', () => {
  it('is closed: it neither finds nor takes anything more, and closes again without complaint', async () => {
    const table = open();
    await table.put([contextOf(1)]);
    table.close();
    await expect(table.get([guidOf(1)])).rejects.toThrow();
    await expect(table.put([contextOf(2)])).rejects.toThrow();
    expect(() => table.close()).not.toThrow();
  });
});
