import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fieldsOf, leavesOf, nestsDeeperThan, textOf } from '../../src/sources/json.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map((inner) => depthOf(inner)))
    : 0;

describe('textOf', () => {
  it('keeps strings, writes other values as JSON, and null as nothing', () => {
    expect(['a', 1, true, null, undefined, [1, 'x'], { a: 1 }].map(textOf)).toEqual([
      'a',
      '1',
      'true',
      '',
      '',
      '[1,"x"]',
      '{"a":1}',
    ]);
  });
});

describe('fieldsOf', () => {
  it('takes any name for a name only', () => {
    const fields = fieldsOf(JSON.parse('{"__proto__":"x","constructor":{"a":1}}') as Record<string, unknown>);
    expect(Object.entries(fields)).toEqual([
      ['__proto__', 'x'],
      ['constructor', '{"a":1}'],
    ]);
    for (const name of ['toString', 'hasOwnProperty', 'valueOf']) expect(name in fields).toBe(false);
  });
});

describe('leavesOf', () => {
  it('joins names with a dot, keeps lists whole, and leaves nulls and empty objects out', () => {
    const leaves = leavesOf({ a: { b: 1, c: { d: [1] } }, e: null, f: {}, g: '' });
    expect([...leaves]).toEqual([
      ['a.b', 1],
      ['a.c.d', [1]],
      ['g', ''],
    ]);
  });

  it('lets the first of two equal paths stay', () => {
    expect([...leavesOf({ 'a.b': 1, a: { b: 2 } })]).toEqual([['a.b', 1]]);
  });

  it('keeps what is nested very deep as one leaf', () => {
    let nested: unknown = 'core';
    for (let depth = 0; depth < 100; depth++) nested = { x: nested };
    const [leaf] = leavesOf({ root: nested });
    expect(leaf![0].split('.')).toHaveLength(16);
    expect(textOf(leaf![1])).toContain('core');
  });
});

describe('nestsDeeperThan', () => {
  it('agrees with the depth of the parsed value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 1, max: 8 }), (json, depthMax) => {
        const deeper = depthOf(JSON.parse(json)) > depthMax;
        expect(nestsDeeperThan(Buffer.from(json), depthMax)).toBe(deeper);
      }),
    );
  });

  it('does not count brackets in strings', () => {
    expect(nestsDeeperThan(Buffer.from(JSON.stringify({ a: '[[[["[[[[\\' })), 1)).toBe(false);
  });
});
