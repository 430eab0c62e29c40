import { describe, expect, it } from '@jest/globals';
import { MappingError, nearest, pointerTo, suggestion, uniqueProblems } from '../../src/mapping/problem.ts';
import type { Problem } from '../../src/mapping/problem.ts';

const problem = (pointer: string, severity: Problem['severity'] = 'error'): Problem => ({
  severity,
  pointer,
  message: 'is wrong',
});

it('a pointer is escaped as RFC 6901 has it', () => {
  expect(pointerTo('/a', 'b/c~d')).toBe('/a/b~1c~0d');
  expect(pointerTo('', 0)).toBe('/0');
});

describe('the nearest name', () => {
  const names = ['process', 'parent_process', 'pid', 'uid', 'device', 'severity_id'];
  it.each([
    ['proces', 'process'],
    ['Process', 'process'],
    ['porcess', 'process'],
    ['serverity_id', 'severity_id'],
    ['pd', 'pid'],
    ['devcie', 'device'],
  ])('to %s is %s', (name, near) => {
    expect(nearest(name, names)).toBe(near);
    expect(suggestion(name, names)).toBe(`; did you mean "${near}"?`);
  });
  it.each(['file', 'x', 'connection', ''])('to %j is none', (name) => {
    expect(nearest(name, names)).toBeUndefined();
    expect(suggestion(name, names)).toBe('');
  });
});

it('a problem is told once, wherever it was met', () => {
  expect(uniqueProblems([problem('/a'), problem('/b'), problem('/a')])).toEqual([
    problem('/a'),
    problem('/b'),
  ]);
});

it('an error names the first error, and counts errors alone', () => {
  expect(new MappingError([problem('/a', 'warning'), problem('/b'), problem('/c')]).message).toBe(
    '/b: is wrong (and 1 more)',
  );
  expect(new MappingError([problem('')]).message).toBe('/: is wrong');
  expect(new MappingError([problem('/a', 'warning')]).problems).toHaveLength(1);
});
