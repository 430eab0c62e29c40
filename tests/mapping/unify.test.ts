import { describe, expect, it } from '@jest/globals';
import { unifyColumns, unifyTypes } from '../../src/mapping/unify.ts';
import type { ColumnType } from '../../src/ocsf/column.ts';

const STRING: ColumnType = { kind: 'string' };
const BIGINT: ColumnType = { kind: 'bigint' };
const struct = (fields: Readonly<Record<string, ColumnType>>): ColumnType => ({
  kind: 'struct',
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});
const list = (element: ColumnType): ColumnType => ({ kind: 'list', element });

describe('two types', () => {
  it('are one where they are the same', () => {
    for (const kind of ['string', 'bigint', 'double', 'boolean', 'json', 'map'] as const) {
      expect(unifyTypes({ kind }, { kind })).toEqual({ kind });
    }
    expect(unifyTypes(STRING, BIGINT)).toBeUndefined();
    expect(unifyTypes(STRING, list(STRING))).toBeUndefined();
  });

  it('are merged field by field, in the order in which the fields first appear', () => {
    const a = struct({ b: STRING, a: list(struct({ x: STRING })) });
    const b = struct({ c: BIGINT, a: list(struct({ y: STRING, x: STRING })), b: STRING });
    const both = unifyTypes(a, b);
    expect(both).toEqual(struct({ b: STRING, a: list(struct({ x: STRING, y: STRING })), c: BIGINT }));
    expect(both?.kind === 'struct' ? both.fields.map(({ name }) => name) : []).toEqual(['b', 'a', 'c']);
  });

  it('contradict each other at any depth', () => {
    expect(unifyTypes(list(struct({ a: STRING })), list(struct({ a: BIGINT })))).toBeUndefined();
  });
});

describe('two column lists', () => {
  const columns = (fields: Readonly<Record<string, ColumnType>>): Parameters<typeof unifyColumns>[0] =>
    Object.entries(fields).map(([name, type]) => ({ name, type }));

  it('are their union', () => {
    expect(unifyColumns(columns({ a: STRING }), columns({ b: BIGINT, a: STRING }))).toEqual(
      columns({ a: STRING, b: BIGINT }),
    );
    expect(unifyColumns([], columns({ a: STRING }))).toEqual(columns({ a: STRING }));
  });

  it('name the first column that they type differently', () => {
    expect(unifyColumns(columns({ a: STRING }), columns({ a: BIGINT }))).toBe('a');
    expect(
      unifyColumns(
        columns({ a: struct({ b: struct({ c: STRING }) }) }),
        columns({ a: struct({ b: struct({ c: BIGINT }) }) }),
      ),
    ).toBe('a.b.c');
    expect(unifyColumns(columns({ a: struct({ b: STRING }) }), columns({ a: STRING }))).toBe('a');
  });
});
