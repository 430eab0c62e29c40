import { describe, expect, it } from '@jest/globals';
import { kindOf, scalarProblems } from '../../src/ocsf/scalar.ts';
import { ocsfSchema } from '../../src/ocsf/schemas.ts';

const { types } = ocsfSchema('1.1.0')!;
const codes = (typeName: string, value: unknown) =>
  scalarProblems(types[typeName]!, typeName, value).map(({ code }) => code);

describe('scalarProblems', () => {
  it.each([
    ['boolean_t', [true, false], [0, 'true', null]],
    ['integer_t', [0, -1, 1.0, -(2 ** 63)], [1.5, 2 ** 63, Infinity, NaN, '1', true]],
    ['long_t', [0, 2 ** 63, Number.MAX_SAFE_INTEGER], [0.5, Infinity, '1', false]],
    ['float_t', [0, 0.5, -1e300], ['0.5', true]],
    ['string_t', ['', 'x'], [1, null, ['x'], {}]],
    ['json_t', [null, 1, 'x', [], {}], []],
  ])('takes as %s only what it is', (typeName, good: readonly unknown[], bad: readonly unknown[]) => {
    expect(good.flatMap((value) => codes(typeName, value))).toEqual([]);
    expect(bad.map((value) => codes(typeName, value))).toEqual(bad.map(() => ['attribute_wrong_type']));
  });

  it('keeps numbers in the range of their type, bounds included', () => {
    expect([0, 65_535].flatMap((port) => codes('port_t', port))).toEqual([]);
    expect([-1, 65_536].flatMap((port) => codes('port_t', port))).toEqual([
      'attribute_value_exceeds_range',
      'attribute_value_exceeds_range',
    ]);
  });

  it('counts the length of a text in code points', () => {
    expect(codes('file_hash_t', '\u{1f600}'.repeat(64))).toEqual([]);
    expect(codes('file_hash_t', '\u{1f600}'.repeat(65))).toEqual(['attribute_value_exceeds_max_len']);
    expect(codes('file_hash_t', '\ud83d'.repeat(65))).toEqual(['attribute_value_exceeds_max_len']);
  });

  it('finds a text both too long and unlike its type', () => {
    expect(codes('ip_t', 'x'.repeat(41))).toEqual([
      'attribute_value_exceeds_max_len',
      'attribute_value_regex_not_matched',
    ]);
  });

  it('keeps the value out of its messages', () => {
    const problems = scalarProblems(types.ip_t!, 'ip_t', 'secret'.repeat(10));
    expect(problems.map(({ message }) => message).join(' ')).not.toContain('secret');
  });
});

describe('kindOf', () => {
  it('tells null and arrays from objects', () => {
    expect([null, [], {}, 'x', 1, undefined].map(kindOf)).toEqual([
      'null',
      'array',
      'object',
      'string',
      'number',
      'undefined',
    ]);
  });
});
