/** The tables of a mapping: the classes, in the order of their Parquet schema. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CatalogError } from '../../src/catalog/catalog-error.ts';
import { COMMENT_LENGTH_MAX } from '../../src/catalog/column-comment.ts';
import { catalogTables, PARTITION_KEYS } from '../../src/catalog/table.ts';
import { loadMapping } from '../../src/mapping/load.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8');

/** A mapping of one event with these attributes beside what every event needs. */
const mappingWith = (attributes: Record<string, unknown>) =>
  loadMapping(
    JSON.stringify({
      custom_source_events: {
        source_name: 'windows-sysmon',
        matched_field: '$.EventId',
        timestamp: { field: '$.Description.UtcTime', format: '%Y-%m-%d %H:%M:%S.%f' },
        ocsf_mapping: {
          '1': {
            schema: 'process_activity',
            schema_mapping: { metadata: { version: '1.1.0' }, activity_id: 1, ...attributes },
          },
        },
      },
    }),
  );

describe.each(['OCSFmapping.json', 'OCSFmapping.native.json'])('the tables of %s', (name) => {
  const mapping = loadMapping(read(name));
  const tables = catalogTables(mapping);

  it('are one for each class, with its columns in their order', () => {
    expect(tables.map((table) => [table.name, table.columns.map((column) => column.name)])).toEqual(
      Array.from(mapping.tables.values(), ({ schema, columns }) => [schema, columns.map((one) => one.name)]),
    );
  });

  it('have comments that Glue keeps', () => {
    for (const { description, columns } of tables) {
      for (const comment of [description, ...columns.map((column) => column.comment)]) {
        expect(comment.length).toBeGreaterThan(3);
        expect(comment.length).toBeLessThanOrEqual(COMMENT_LENGTH_MAX);
      }
    }
  });

  it('are told apart by class and events', () => {
    const network = tables.find((table) => table.name === 'network_activity');
    expect(network?.description).toMatch(/^OCSF Network Activity \(4001\), Sysmon EventID 3/);
  });
});

describe('catalogTables', () => {
  it('has names in lower case, as Glue keeps them', () => {
    const [table] = catalogTables(mappingWith({ MyColumn: '$.Description.Image' }));
    expect(table?.columns.map(({ name }) => name)).toContain('mycolumn');
  });

  it('refuses a column that is a key of the partitions too', () => {
    expect(() => catalogTables(mappingWith({ AccountID: '$.Description.Image' }))).toThrow(
      new CatalogError(
        'process_activity.AccountID',
        'is a key of the partitions too; name the attribute otherwise',
      ),
    );
  });

  it('refuses a column whose name Athena does not take', () => {
    expect(() => catalogTables(mappingWith({ 'x-column': '$.Description.Image' }))).toThrow(
      'process_activity.x-column: ',
    );
  });
});

describe('the keys of the partitions', () => {
  it('are those of the paths in lower case', () => {
    expect(PARTITION_KEYS.map(({ name, type }) => [name, type])).toEqual([
      ['region', 'string'],
      ['accountid', 'string'],
      ['eventday', 'string'],
    ]);
  });
});
