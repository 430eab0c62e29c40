import { describe, expect, it } from '@jest/globals';
import type { Column, OcsfRecord } from '../../src/ocsf/column.ts';
import { rowEncoder } from '../../src/lake/writer-value.ts';

const columns: Column[] = [
  { name: 'time', type: { kind: 'bigint' } },
  { name: 'score', type: { kind: 'double' } },
  { name: 'is_alert', type: { kind: 'boolean' } },
  { name: 'data', type: { kind: 'json' } },
  { name: 'unmapped', type: { kind: 'map' } },
  {
    name: 'hashes',
    type: {
      kind: 'list',
      element: { kind: 'struct', fields: [{ name: 'value', type: { kind: 'string' } }] },
    },
  },
];

const encode = (row: OcsfRecord): unknown => rowEncoder(columns)(row, { bytes: 0 });

describe('rowEncoder', () => {
  it('gives each value as the writer takes it', () => {
    expect(
      encode({
        time: 1705312800000,
        score: 0.5,
        is_alert: false,
        data: { a: ['\ud800'] },
        unmapped: { Company: 'Microsoft' },
        hashes: [{ value: 'ab' }, {}],
      }),
    ).toEqual({
      time: 1705312800000n,
      score: 0.5,
      is_alert: false,
      data: '{"a":["\\ud800"]}',
      unmapped: [{ key: 'Company', value: 'Microsoft' }],
      hashes: [{ value: 'ab' }, {}],
    });
  });

  it('leaves absent attributes out, also those that are there but undefined', () => {
    expect(encode({ time: 1, score: undefined } as unknown as OcsfRecord)).toEqual({ time: 1n });
  });

  it('counts the bytes of a row', () => {
    const count = { bytes: 0 };
    rowEncoder(columns)({ time: 1, unmapped: { a: 'bc' }, hashes: [{ value: 'x'.repeat(100) }] }, count);
    expect(count.bytes).toBe(8 + (1 + 2 + 8) + (1 + 104));
  });

  it.each<[string, object]>([
    ['time', { time: 1.5 }],
    ['time', { time: 2 ** 53 }],
    ['time', { time: '1' }],
    ['time', { time: null }],
    ['score', { score: '1' }],
    ['is_alert', { is_alert: 1 }],
    ['unmapped', { unmapped: { a: 1 } }],
    ['unmapped', { unmapped: ['a'] }],
    ['hashes', { hashes: 'a' }],
    ['hashes.element', { hashes: ['a'] }],
    ['hashes.element.value', { hashes: [{ value: 1 }] }],
    ['hashes.element.uid', { hashes: [{ uid: 1 }] }],
    ['other', { time: 1, other: 1 }],
  ])('names the column %s of a value that does not belong there', (column, row) => {
    expect(() => encode(row as OcsfRecord)).toThrow(expect.objectContaining({ name: 'ColumnError', column }));
  });
});
