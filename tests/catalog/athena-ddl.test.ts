/** The statements that make a table in Athena. */
import { describe, expect, it } from '@jest/globals';
import { createDatabase, createTable, STATEMENT_SIZE_BYTES_MAX } from '../../src/catalog/athena-ddl.ts';
import type { CatalogTable } from '../../src/catalog/table.ts';
import type { Column } from '../../src/ocsf/column.ts';

const text = { kind: 'string' } as const;

const tableOf = (source: readonly Column[], types: readonly string[]): CatalogTable => ({
  name: 'process_activity',
  description: 'OCSF Process Activity (1007)',
  columns: source.map(({ name }, i) => ({ name, type: types[i] ?? '', comment: `from ${name}` })),
  source,
});
const PARTITIONS = { regions: 'eu-central-1', accountIds: '123456789012', startDay: '20200101' };
const FOLDER = 's3://lake/ext/windows-sysmon/process_activity';

describe('createTable', () => {
  it('is this', () => {
    const table = tableOf(
      [
        { name: 'time', type: { kind: 'bigint' } },
        {
          name: 'actor',
          type: {
            kind: 'struct',
            fields: [
              { name: 'user', type: { kind: 'struct', fields: [{ name: 'name', type: text }] } },
              { name: '_id', type: text },
            ],
          },
        },
      ],
      ['bigint', 'struct<user:struct<name:string>,_id:string>'],
    );
    expect(createTable(table, 'sysmon_lake', FOLDER, PARTITIONS)).toBe(
      `CREATE EXTERNAL TABLE IF NOT EXISTS \`sysmon_lake\`.\`process_activity\` (
  \`time\` bigint COMMENT 'from time',
  \`actor\` struct<\`user\`:struct<name:string>,\`_id\`:string> COMMENT 'from actor'
)
COMMENT 'OCSF Process Activity (1007)'
PARTITIONED BY (
  \`region\` string COMMENT 'region= in the path',
  \`accountid\` string COMMENT 'accountId= in the path',
  \`eventday\` string COMMENT 'eventDay= in the path: the UTC day of time, as YYYYMMDD'
)
ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
LOCATION 's3://lake/ext/windows-sysmon/process_activity/'
TBLPROPERTIES (
  'classification' = 'parquet',
  'projection.enabled' = 'true',
  'projection.region.type' = 'enum',
  'projection.region.values' = 'eu-central-1',
  'projection.accountid.type' = 'enum',
  'projection.accountid.values' = '123456789012',
  'projection.eventday.type' = 'date',
  'projection.eventday.format' = 'yyyyMMdd',
  'projection.eventday.range' = '20200101,NOW+1DAYS',
  'projection.eventday.interval' = '1',
  'projection.eventday.interval.unit' = 'DAYS',
  'storage.location.template' = 's3://lake/ext/windows-sysmon/process_activity/region=\${region}/accountId=\${accountid}/eventDay=\${eventday}/'
)`,
    );
  });

  it('refuses a statement that is longer than Athena takes', () => {
    const source = Array.from({ length: 4000 }, (_, i) => ({ name: `column_${i}`, type: text }));
    const table = tableOf(
      source.map((column) => ({ ...column, name: column.name.padEnd(60, 'x') })),
      source.map(() => 'string'),
    );
    expect(() => createTable(table, 'sysmon_lake', FOLDER, PARTITIONS)).toThrow(
      `Athena takes ${STATEMENT_SIZE_BYTES_MAX}`,
    );
  });
});

describe('createDatabase', () => {
  it('leaves one that is there', () => {
    expect(createDatabase('sysmon_lake')).toBe('CREATE DATABASE IF NOT EXISTS `sysmon_lake`');
  });
});
