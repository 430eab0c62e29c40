import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Column, ColumnType, OcsfRecord, OcsfValue } from '../../src/ocsf/column.ts';
import { encodeRecords } from './encode-records.ts';

import { ColumnError, RowError } from '../../src/parquet/schema.ts';
import { columns as networkColumns, networkRow, networkRows } from '../lake/network-activity.ts';
import {
  expectedRows,
  metadataOf,
  pagesOf,
  queryWithDuckDb,
  readWithDuckDb,
  readWithHyparquet,
} from '../lake/parquet-readers.ts';
import type { Plain } from '../lake/parquet-readers.ts';

const string = { kind: 'string' } as const;
const bigint = { kind: 'bigint' } as const;
const list = (element: ColumnType): ColumnType => ({ kind: 'list', element });
const struct = (...fields: Column[]): ColumnType => ({ kind: 'struct', fields });

async function expectRoundTrip(columns: readonly Column[], rows: readonly OcsfRecord[]): Promise<void> {
  const bytes = encodeRecords(columns, rows);
  const expected = expectedRows(columns, rows);
  expect(await readWithHyparquet(columns, bytes)).toEqual(expected);
  expect(await readWithDuckDb(columns, bytes)).toEqual(expected.map(withoutMarks));
}

/** DuckDB's client for Node drops a byte order mark that a text begins with. */
function withoutMarks<T extends Plain>(value: T): T;
function withoutMarks(value: Plain): Plain {
  if (typeof value === 'string') return value.replace(/^\ufeff/, '');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutMarks);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutMarks(inner)]));
}

const fieldNames = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z_]{0,6}$/), { minLength: 1, maxLength: 4 });

const fieldsOf = (type: fc.Arbitrary<ColumnType>): fc.Arbitrary<Column[]> =>
  fieldNames.chain((names) =>
    fc.tuple(...names.map((name) => type.map((fieldType): Column => ({ name, type: fieldType })))),
  );

const { type: anyType } = fc.letrec<{ type: ColumnType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<ColumnType>(string, bigint, { kind: 'double' }, { kind: 'boolean' }, { kind: 'json' }),
    fc.constant<ColumnType>({ kind: 'map' }),
    tie('type').map(list),
    fieldsOf(tie('type')).map((fields) => struct(...fields)),
  ),
}));

/** Any UTF-16 units: astral characters, unpaired surrogates, controls. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(fc.nat(0xffff), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', 'svchost.exe', '\ud83d\ude00', 'a\ud800b', '\ufeff', '\ufeffa'),
);

function anyValue(type: ColumnType): fc.Arbitrary<OcsfValue> {
  switch (type.kind) {
    case 'string':
      return anyText;
    case 'bigint':
      return fc.maxSafeInteger();
    case 'double':
      return fc.double({ noNaN: true }).map((value) => value + 0);
    case 'boolean':
      return fc.boolean();
    case 'json':
      return fc.jsonValue().filter((value) => value !== null) as fc.Arbitrary<OcsfValue>;
    case 'list':
      return fc.array(anyValue(type.element), { maxLength: 4 });
    case 'struct':
      return anyRecord(type.fields);
    case 'map':
      // Keys that differ only in unpaired surrogates, or for DuckDB's client in a byte order mark, would become the same
      // key; hyparquet reads a map as an object.
      return fc.dictionary(
        anyText.map((key) => key.toWellFormed().replace(/^\ufeff+/, '')).filter((key) => key !== '__proto__'),
        anyText,
        { maxKeys: 4, noNullPrototype: true },
      );
  }
}

const anyRecord = (columns: readonly Column[]): fc.Arbitrary<OcsfRecord> =>
  fc.record(Object.fromEntries(columns.map(({ name, type }) => [name, anyValue(type)])), {
    requiredKeys: [],
    noNullPrototype: true,
  }) as fc.Arbitrary<OcsfRecord>; // true: a key that is not required is left out, not set to undefined

/** Outside of lists an object with nothing in it is absent: a row has slots for what is in it alone. */
function withoutEmpty(columns: readonly Column[], record: OcsfRecord): OcsfRecord {
  const kept = columns.flatMap(({ name, type }): [string, OcsfValue][] => {
    const value = record[name];
    if (value === undefined) return [];
    if (type.kind !== 'struct') return [[name, value]];
    const inner = withoutEmpty(type.fields, value as OcsfRecord);
    return Object.keys(inner).length > 0 ? [[name, inner]] : [];
  });
  return Object.fromEntries(kept);
}

const anyTable = fieldsOf(anyType).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(
      anyRecord(columns).map((record) => withoutEmpty(columns, record)),
      { maxLength: 12 },
    ),
  }),
);

describe('encodeParquet', () => {
  it('writes any rows of any columns so that hyparquet and DuckDB read them back', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, ({ columns, rows }) => expectRoundTrip(columns, rows)),
      { numRuns: 150 },
    );
  });

  it('writes realistic rows so that both readers agree', async () => {
    await expectRoundTrip(networkColumns, [...networkRows(500)]);
  });

  it('gives the columns of the class when there are no rows', async () => {
    const bytes = encodeRecords(networkColumns, []);
    expect(await readWithHyparquet(networkColumns, bytes)).toEqual([]);
    const described = await queryWithDuckDb(bytes, 'describe select * from read_parquet(?)');
    expect(described.map((column) => [column.column_name, column.column_type])).toEqual([
      ['time', 'BIGINT'],
      ['class_uid', 'BIGINT'],
      ['metadata', 'STRUCT(uid VARCHAR, "version" VARCHAR, profiles VARCHAR[])'],
      ['actor', 'STRUCT(process STRUCT(pid BIGINT, cmd_line VARCHAR, file STRUCT(path VARCHAR)))'],
      ['dst_endpoint', 'STRUCT(ip VARCHAR, port BIGINT)'],
      ['is_alert', 'BOOLEAN'],
      ['observables', 'STRUCT("name" VARCHAR, type_id BIGINT, "value" VARCHAR)[]'],
      ['unmapped', 'MAP(VARCHAR, VARCHAR)'],
    ]);
  });

  it('writes columns in which every value is absent', async () => {
    await expectRoundTrip(
      networkColumns,
      Array.from({ length: 40 }, () => ({})),
    );
  });

  it('writes JSON text as a plain string, which Athena can read', async () => {
    const columns = [{ name: 'data', type: { kind: 'json' } }] as const;
    const bytes = encodeRecords(columns, [{ data: { b: [1, 'x'], a: { c: true } } }]);
    expect(await queryWithDuckDb(bytes, 'select data, typeof(data) as type from read_parquet(?)')).toEqual([
      { data: '{"b":[1,"x"],"a":{"c":true}}', type: 'VARCHAR' },
    ]);
  });

  it('writes values larger than a page, each in a page of its own', async () => {
    const columns: Column[] = [
      { name: 'cmd_line', type: string },
      { name: 'unmapped', type: { kind: 'map' } },
    ];
    const rows = Array.from({ length: 12 }, (_, index) =>
      index % 5 === 2
        ? {
            cmd_line: `${'\u00e9'.repeat(1_000_000)}${String(index)}`,
            unmapped: { text: 'x'.repeat(2_000_000) },
          }
        : { cmd_line: `cmd ${String(index)}`, unmapped: { text: `small ${String(index)}` } },
    );
    await expectRoundTrip(columns, rows);
    const bytes = encodeRecords(columns, rows);
    const large = pagesOf(bytes, metadataOf(bytes)).filter((page) => page.uncompressedBytes > 1_000_000);
    expect(large.map(({ column, rows: pageRows }) => [column, pageRows]).sort()).toEqual([
      ['cmd_line', 1],
      ['cmd_line', 1],
      ['unmapped.key_value.value', 1],
      ['unmapped.key_value.value', 1],
    ]);
  });

  it('keeps empty lists and empty maps apart from absent ones', async () => {
    const columns: Column[] = [
      { name: 'names', type: list(string) },
      { name: 'unmapped', type: { kind: 'map' } },
    ];
    await expectRoundTrip(columns, [{ names: [], unmapped: {} }, {}, { names: [''], unmapped: { '': '' } }]);
  });

  it('gives the same bytes for the same rows', () => {
    const encode = (): Uint8Array => encodeRecords(networkColumns, networkRows(3000));
    expect(Buffer.compare(encode(), encode())).toBe(0);
  });

  it('says who wrote it, compresses with zstd, and counts nulls and bounds', async () => {
    const bytes = encodeRecords(networkColumns, networkRows(100));
    expect(metadataOf(bytes).created_by).toBe('sysmon-lake version 1.0.0 (build 1)');
    const chunks = await queryWithDuckDb(
      bytes,
      `select compression, stats_min_value, stats_max_value, stats_null_count from parquet_metadata(?)
       where path_in_schema in ('time', 'is_alert') order by path_in_schema`,
    );
    const time = (index: number): string => JSON.stringify(networkRow(index).time);
    expect(chunks).toEqual([
      { compression: 'ZSTD', stats_min_value: 'false', stats_max_value: 'true', stats_null_count: 80n },
      { compression: 'ZSTD', stats_min_value: time(0), stats_max_value: time(99), stats_null_count: 0n },
    ]);
  });

  it('begins a row group when rows or bytes reach their limit', () => {
    const sizes = (options: object): number[] =>
      metadataOf(
        encodeRecords(
          [{ name: 'a', type: string }],
          Array.from({ length: 10 }, (_, i) => ({ a: String(i).repeat(96) })),
          options,
        ),
      ).row_groups.map((group) => Number(group.num_rows));
    expect(sizes({})).toEqual([10]);
    expect(sizes({ rowGroupRowsMax: 4 })).toEqual([4, 4, 2]);
    expect(sizes({ rowGroupBytesMax: 300 })).toEqual([3, 3, 3, 1]);
    expect(sizes({ rowGroupBytesMax: 1 })).toEqual(Array(10).fill(1));
  });

  it('compresses more at a higher level', () => {
    const size = (zstdLevel: number): number =>
      encodeRecords(networkColumns, networkRows(2000), { zstdLevel }).length;
    expect(size(15)).toBeLessThan(size(1));
  });

  it('takes rows one row group at a time', () => {
    let given = 0;
    let largestLead = 0;
    let taken = 0;
    function* rows(): Generator<OcsfRecord> {
      for (; given < 50; given += 1) {
        yield {
          get a() {
            taken += 1;
            largestLead = Math.max(largestLead, given - taken);
            return 'x';
          },
        };
      }
    }
    encodeRecords([{ name: 'a', type: string }], rows(), { rowGroupRowsMax: 5 });
    expect(given).toBe(50);
    expect(largestLead).toBeLessThanOrEqual(5);
  });

  it('writes __proto__ as a key like any other', async () => {
    const columns: Column[] = [{ name: 'names', type: { kind: 'map' } }];
    const names = JSON.parse('{"__proto__": "a", "constructor": "b"}') as OcsfRecord;
    const entries = [
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ];
    expect(await readWithDuckDb(columns, encodeRecords(columns, [{ names }]))).toEqual([{ names: entries }]);
  });

  it('refuses a row that is not of its columns, by the name of the column and not by its content', () => {
    const columns = [{ name: 'pid', type: bigint }];
    expect(() => encodeRecords(columns, [{ pid: 'secret' }])).toThrow(
      new RowError(0, new ColumnError('pid', 'a value is not of its type, bigint')),
    );
    const list: Column[] = [
      { name: 'list', type: { kind: 'list', element: struct({ name: 'pid', type: bigint }) } },
    ];
    expect(() => encodeRecords(list, [{ list: [{ pid: 1, name: 'secret' }] }])).toThrow(
      new RowError(0, new ColumnError('list.list.element', 'has a value that no column is for')),
    );
    expect(() => encodeRecords([], [{}])).toThrow(ColumnError);
  });

  it.each([0, 63, 64, 100, 149])('names row %i of 150 when its value is not of its column', (bad) => {
    const columns: Column[] = [
      { name: 'pid', type: bigint },
      { name: 'tags', type: { kind: 'list', element: string } },
    ];
    const records = Array.from({ length: 150 }, (_, row): OcsfRecord => ({
      pid: row === bad ? 'secret' : row,
      tags: ['a'],
    }));
    for (const rowGroupRowsMax of [150, 40]) {
      expect(() => encodeRecords(columns, records, { rowGroupRowsMax })).toThrow(
        expect.objectContaining({
          row: bad,
          cause: new ColumnError('pid', 'a value is not of its type, bigint'),
        }),
      );
    }
  });
});
