import { describe, expect, it } from '@jest/globals';
import type { Column } from '../../src/ocsf/column.ts';
import { leavesOf, planPages } from '../../src/lake/page-plan.ts';

const string = { kind: 'string' } as const;
const MB = 1_000_000;

describe('leavesOf', () => {
  it('finds the way to every column of the file', () => {
    const columns: Column[] = [
      { name: 'time', type: { kind: 'bigint' } },
      { name: 'unmapped', type: { kind: 'map' } },
      {
        name: 'a',
        type: {
          kind: 'list',
          element: { kind: 'struct', fields: [{ name: 'b', type: { kind: 'list', element: string } }] },
        },
      },
    ];
    expect(
      leavesOf(columns).map(({ columnIndex, path, isString, isRepeated }) => [
        columnIndex,
        path,
        isString,
        isRepeated,
      ]),
    ).toEqual([
      [0, [], false, false],
      [1, ['[]', 'key'], true, true],
      [1, ['[]', 'value'], true, true],
      [2, ['[]', 'b', '[]'], true, true],
    ]);
  });
});

describe('planPages', () => {
  const flat = leavesOf([{ name: 'a', type: string }]);
  const lists = leavesOf([{ name: 'a', type: { kind: 'list', element: string } }]);

  it('leaves room for the lengths and levels of every row', () => {
    expect(planPages(flat, [Array(100).fill('x')], 100, MB)?.pageSize).toBeGreaterThan(0.99 * MB);
    const plan = planPages(flat, [Array(100_000).fill('x')], 100_000, MB);
    expect(plan?.pageSize).toBeLessThan(MB - 400_000);
    expect(plan?.dictionarySize).toBe(MB - 400_000);
  });

  it('takes a smaller page where lists hold short strings', () => {
    const data = Array.from({ length: 1000 }, () => Array(1000).fill('x') as string[]);
    const plan = planPages(lists, [data], 1000, MB);
    expect(plan?.pageSize).toBeLessThan(MB / 5);
    expect(plan?.dictionarySize).toBeLessThan(MB / 2);
  });

  it('gives up where no page size helps, but never on one row', () => {
    const row = Array(300_000).fill('') as string[];
    expect(planPages(lists, [[row, row]], 2, MB)).toBeUndefined();
    expect(planPages(lists, [[row]], 1, MB)?.pageSize).toBeGreaterThan(0);
  });
});
