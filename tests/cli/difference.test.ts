import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { differences } from '../../src/cli/difference.ts';
import type { Json } from '../../src/cli/difference.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>; // true: that is what JSON is
const clone = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json; // true: of JSON

describe('differences', () => {
  it('tells the attribute, what was expected there and what is', () => {
    const expected = { process: { pid: 4, name: 'System' }, time: 1 };
    const actual = { process: { pid: 8, name: 'System' }, time: 1 };
    expect(differences(expected, actual)).toEqual([{ path: 'process.pid', expected: 4, actual: 8 }]);
  });

  it('tells what one side lacks as one difference', () => {
    expect(differences({ file: { name: 'a', size: 1 } }, {})).toEqual([
      { path: 'file', expected: { name: 'a', size: 1 }, actual: undefined },
    ]);
    expect(differences({}, { file: {} })).toEqual([{ path: 'file', expected: undefined, actual: {} }]);
    expect(differences(undefined, {})).toEqual([{ path: '', expected: undefined, actual: {} }]);
  });

  it('compares lists position by position', () => {
    expect(differences({ answers: [{ rdata: 'a' }, { rdata: 'b' }] }, { answers: [{ rdata: 'c' }] })).toEqual(
      [
        { path: 'answers[0].rdata', expected: 'a', actual: 'c' },
        { path: 'answers[1]', expected: { rdata: 'b' }, actual: undefined },
      ],
    );
  });

  it('writes a name that is no plain one in brackets', () => {
    expect(differences({ unmapped: { 'Process.User': 'a' } }, { unmapped: { 'Process.User': 'b' } })).toEqual(
      [{ path: 'unmapped["Process.User"]', expected: 'a', actual: 'b' }],
    );
  });

  it('tells values of other types apart, and null from nothing', () => {
    expect(differences(1, '1')).toHaveLength(1);
    expect(differences([], {})).toHaveLength(1);
    expect(differences({ a: null }, {})).toHaveLength(1);
    expect(differences(null, false)).toHaveLength(1);
  });

  it('finds nothing where only the order of keys differs', () => {
    expect(differences({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toEqual([]);
  });

  it('does not look into what every object inherits', () => {
    const own = JSON.parse('{"constructor":"a","__proto__":"b"}') as Json; // true: of JSON
    expect(differences(own, {})).toEqual([
      { path: 'constructor', expected: 'a', actual: undefined },
      { path: '__proto__', expected: 'b', actual: undefined },
    ]);
    expect(differences({}, own)).toHaveLength(2);
  });

  it('finds nothing between a value and its copy, and something between values whose text differs', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(differences(a, clone(a))).toEqual([]);
        expect(differences(a, b).length === 0).toBe(differences(b, a).length === 0);
        if (differences(a, b).length === 0) expect(clone(a)).toEqual(clone(b));
      }),
    );
  });
});
