import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Distinct } from '../../src/parquet/distinct.ts';

const indexesOf = (distinct: Distinct<string>): number[] => [
  ...distinct.indexes.subarray(0, distinct.length),
];

describe('the distinct values of a column', () => {
  it('stand in the order in which they came first, and every value has the number of its own', () => {
    const runs = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', ''), fc.nat(40)));
    fc.assert(
      fc.property(runs, fc.array(fc.nat(20)), (given, readAfter) => {
        const told: string[] = [];
        const distinct = new Distinct<string>((value) => void told.push(value));
        const values: string[] = [];
        given.forEach(([value, count], n) => {
          distinct.push(value, count);
          values.push(...Array<string>(count).fill(value));
          // What is read in between is of all that came so far, and does not change what comes.
          if (readAfter.includes(n))
            expect(indexesOf(distinct).map((i) => distinct.values[i])).toEqual(values);
        });
        expect(distinct).toHaveLength(values.length);
        expect(indexesOf(distinct).map((i) => distinct.values[i])).toEqual(values);
        expect(distinct.values).toEqual([...new Set(given.map(([value]) => value))]);
        expect(told).toEqual(distinct.values);
      }),
    );
  });

  it('stay as they were where one is refused', () => {
    const distinct = new Distinct<string>((value) => {
      if (value === 'bad') throw new Error('refused');
    });
    distinct.push('a', 2);
    expect(() => distinct.push('bad')).toThrow('refused');
    distinct.push('b');
    expect([distinct.values, indexesOf(distinct)]).toEqual([
      ['a', 'b'],
      [0, 0, 1],
    ]);
  });
});
