import { describe, expect, it } from '@jest/globals';
import type { Column } from '../../src/ocsf/column.ts';
import { ColumnError, parquetSchema } from '../../src/parquet/schema.ts';

const UTF8 = { type: 'BYTE_ARRAY', annotation: 'STRING' };

const column = (name: string, type: Column['type']): Column => ({ name, type });

describe('parquetSchema', () => {
  it('makes every attribute optional, and JSON a plain string', () => {
    const schema = parquetSchema([
      column('a', { kind: 'string' }),
      column('b', { kind: 'bigint' }),
      column('c', { kind: 'double' }),
      column('d', { kind: 'boolean' }),
      column('e', { kind: 'json' }),
    ]);
    expect(schema).toEqual([
      { name: 'root', children: 5 },
      { name: 'a', repetition: 'OPTIONAL', ...UTF8 },
      { name: 'b', repetition: 'OPTIONAL', type: 'INT64' },
      { name: 'c', repetition: 'OPTIONAL', type: 'DOUBLE' },
      { name: 'd', repetition: 'OPTIONAL', type: 'BOOLEAN' },
      { name: 'e', repetition: 'OPTIONAL', ...UTF8 },
    ]);
  });

  it('writes lists in three levels and maps as key_value, as the format asks', () => {
    const schema = parquetSchema([
      column('hashes', {
        kind: 'list',
        element: { kind: 'struct', fields: [column('value', { kind: 'string' })] },
      }),
      column('unmapped', { kind: 'map' }),
    ]);
    expect(schema).toEqual([
      { name: 'root', children: 2 },
      {
        name: 'hashes',
        repetition: 'OPTIONAL',
        children: 1,
        annotation: 'LIST',
      },
      { name: 'list', repetition: 'REPEATED', children: 1 },
      { name: 'element', repetition: 'OPTIONAL', children: 1 },
      { name: 'value', repetition: 'OPTIONAL', ...UTF8 },
      {
        name: 'unmapped',
        repetition: 'OPTIONAL',
        children: 1,
        annotation: 'MAP',
      },
      { name: 'key_value', repetition: 'REPEATED', children: 2 },
      { name: 'key', repetition: 'REQUIRED', ...UTF8 },
      { name: 'value', repetition: 'OPTIONAL', ...UTF8 },
    ]);
  });

  const inside = (fields: Column[]): Column[] => [
    column('actor', { kind: 'list', element: { kind: 'struct', fields } }),
  ];
  it.each([
    ['a struct without fields', inside([]), 'actor.element'],
    ['no columns', [], ''],
    ['an empty name', [column('', { kind: 'json' })], ''],
    ['a name twice', [column('a', { kind: 'json' }), column('a', { kind: 'map' })], 'a'],
    [
      'names that differ only in case',
      inside([column('uid', { kind: 'json' }), column('Uid', { kind: 'map' })]),
      'actor.Uid',
    ],
    ['a property of every object', [column('constructor', { kind: 'json' })], 'constructor'],
    ['the prototype', [column('__proto__', { kind: 'json' })], '__proto__'],
  ])('refuses %s', (_what, columns, where) => {
    expect(() => parquetSchema(columns)).toThrow(ColumnError);
    expect(() => parquetSchema(columns)).toThrow(expect.objectContaining({ column: where }));
  });
});
