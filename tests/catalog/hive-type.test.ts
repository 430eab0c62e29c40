/** Hive's names for the types of columns. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CatalogError } from '../../src/catalog/catalog-error.ts';
import { catalogName, hiveType, TYPE_LENGTH_MAX } from '../../src/catalog/hive-type.ts';
import type { ColumnType } from '../../src/ocsf/column.ts';

const text = { kind: 'string' } as const;

describe('hiveType', () => {
  it.each([
    [{ kind: 'string' }, 'string'],
    [{ kind: 'json' }, 'string'],
    [{ kind: 'bigint' }, 'bigint'],
    [{ kind: 'double' }, 'double'],
    [{ kind: 'boolean' }, 'boolean'],
    [{ kind: 'map' }, 'map<string,string>'],
    [{ kind: 'list', element: { kind: 'list', element: text } }, 'array<array<string>>'],
    [
      {
        kind: 'struct',
        fields: [
          { name: 'pid', type: { kind: 'bigint' } },
          {
            name: 'hashes',
            type: { kind: 'list', element: { kind: 'struct', fields: [{ name: 'value', type: text }] } },
          },
        ],
      },
      'struct<pid:bigint,hashes:array<struct<value:string>>>',
    ],
  ] satisfies [ColumnType, string][])('%j is %s', (type, expected) => {
    expect(hiveType(type, 'column')).toBe(expected);
  });

  it('keeps the order of the fields, in lower case', () => {
    const fields = ['Zeta', 'alpha', 'Mid'].map((name) => ({ name, type: text }));
    expect(hiveType({ kind: 'struct', fields }, 'c')).toBe('struct<zeta:string,alpha:string,mid:string>');
  });

  it('says which field of which column has a name that Athena does not take', () => {
    const type = {
      kind: 'list',
      element: { kind: 'struct', fields: [{ name: 'a-b', type: text }] },
    } as const;
    expect(() => hiveType(type, 'process_activity.process')).toThrow(
      new CatalogError(
        'process_activity.process.a-b',
        'Athena takes names of letters, digits and _ alone; name the attribute so',
      ),
    );
  });

  it('refuses a type that Glue would cut', () => {
    const structOf = (length: number): ColumnType => ({
      kind: 'struct',
      // `f00000:string,` is 14 characters.
      fields: Array.from({ length }, (_, i) => ({ name: `f${String(i).padStart(5, '0')}`, type: text })),
    });
    const most = Math.floor((TYPE_LENGTH_MAX - 'struct<>'.length + 1) / 14);
    expect(hiveType(structOf(most), 'c').length).toBeLessThanOrEqual(TYPE_LENGTH_MAX);
    expect(() => hiveType(structOf(most + 1), 'c')).toThrow(CatalogError);
  });

  it('gives names that never leave their place in the type, or refuses them', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        let type: string | undefined;
        try {
          type = hiveType({ kind: 'struct', fields: [{ name, type: text }] }, 'c');
        } catch (error) {
          expect(error).toBeInstanceOf(CatalogError);
        }
        if (type !== undefined) expect(type).toMatch(/^struct<[a-z0-9_]+:string>$/);
      }),
    );
  });
});

describe('catalogName', () => {
  it.each(['', 'a b', 'a.b', 'a:b', 'é', 'x'.repeat(256)])('refuses %j', (name) => {
    expect(() => catalogName(name, 'here')).toThrow('here: ');
  });
});
