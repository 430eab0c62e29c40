/** `sysmon-lake ddl`: the statements, and one line for what no lake or catalogue can have. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ddl, ddlText } from '../../src/cli/ddl.ts';
import type { DdlOptions } from '../../src/cli/ddl.ts';
import { InputError, UsageError } from '../../src/cli/failure.ts';
import { LayoutError } from '../../src/lake/layout.ts';
import { inFolder, ROOT } from './command.ts';

const OPTIONS: DdlOptions = {
  location: 's3://my-lake/ext/windows-sysmon',
  database: 'sysmon_lake',
  layout: 'per-schema',
  region: 'eu-central-1',
  accountId: '123456789012,external',
  startDay: '20240101',
};
const MAPPING = path.join(ROOT, 'OCSFmapping.json');
const statements = (more: Partial<DdlOptions> = {}): Promise<string[]> =>
  ddl(MAPPING, { ...OPTIONS, ...more });

const locations = (all: readonly string[]): string[] =>
  all.flatMap((statement) => /^LOCATION '(.*)'$/m.exec(statement)?.[1] ?? []);

describe('ddl', () => {
  it('makes the database, then a table for each class of the mapping', async () => {
    const [database, ...tables] = await statements();
    expect(database).toBe('CREATE DATABASE IF NOT EXISTS `sysmon_lake`');
    expect(tables.map((text) => text.split('\n', 1)[0])).toEqual(
      ['process', 'file', 'network', 'kernel', 'memory', 'dns'].map(
        (name) => `CREATE EXTERNAL TABLE IF NOT EXISTS \`sysmon_lake\`.\`${name}_activity\` (`,
      ),
    );
  });

  it('puts the tables over the folders of the layout', async () => {
    expect(locations(await statements())).toContain('s3://my-lake/ext/windows-sysmon/network_activity/');
    expect(locations(await statements({ layout: 'per-source' }))).toContain(
      's3://my-lake/ext/sysmon-network/',
    );
  });

  it.each(['s3://my-lake/ext/windows-sysmon/', 's3://my-lake/ext/windows-sysmon'])(
    'takes %s, with and without the slash',
    async (location) => {
      expect(await statements({ location })).toEqual(await statements());
    },
  );

  it('projects the regions, the accounts and the days that it is given', async () => {
    const [, table] = await statements();
    expect(table).toContain("'projection.region.values' = 'eu-central-1'");
    expect(table).toContain("'projection.accountid.values' = '123456789012,external'");
    expect(table).toContain("'projection.eventday.range' = '20240101,NOW+1DAYS'");
  });

  it.each([
    [{ location: 'my-lake/ext/windows-sysmon' }, UsageError, '--location "my-lake/ext'],
    [{ location: 's3://My-Lake/ext/x' }, UsageError, '--location'],
    [{ location: "s3://my-lake/ext/x'y" }, LayoutError, 'location'],
    [{ location: 's3://my-lake', layout: 'per-source' }, LayoutError, 'needs a source name'],
    [{ database: "x'; DROP" }, UsageError, '--database'],
    [{ region: 'EU' }, LayoutError, 'region "EU"'],
    [{ accountId: 'a,,b' }, LayoutError, 'accountId ""'],
    [{ accountId: '1, 2' }, LayoutError, 'accountId " 2"'],
    [{ startDay: '20240230' }, LayoutError, 'eventDay "20240230"'],
  ] satisfies [Partial<DdlOptions>, unknown, string][])('refuses %j', async (more, kind, message) => {
    await expect(statements(more)).rejects.toThrow(kind);
    await expect(statements(more)).rejects.toThrow(message);
  });

  it('refuses a mapping that is not there, and one with a column that Athena does not take', async () => {
    await expect(ddl('none.json', OPTIONS)).rejects.toThrow(InputError);
    await inFolder(async (folder) => {
      const file = path.join(folder, 'mapping.json');
      const schema_mapping = { metadata: { version: '1.1.0' }, activity_id: 1, 'x-y': '$.Description.Image' };
      writeFileSync(
        file,
        JSON.stringify({
          custom_source_events: {
            source_name: 'windows-sysmon',
            matched_field: '$.EventId',
            timestamp: { field: '$.Description.UtcTime', format: '%Y-%m-%d %H:%M:%S.%f' },
            ocsf_mapping: { '1': { schema: 'process_activity', schema_mapping } },
          },
        }),
      );
      await expect(ddl(file, OPTIONS)).rejects.toThrow(UsageError);
      await expect(ddl(file, OPTIONS)).rejects.toThrow('process_activity.x-y: ');
    });
  });
});

describe('ddlText', () => {
  it('ends each statement with a semicolon', () => {
    expect(ddlText(['CREATE a', 'CREATE b'])).toBe('CREATE a;\n\nCREATE b;\n');
  });
});
