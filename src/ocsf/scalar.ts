/**
 * Whether one value fits a scalar type of OCSF: primitive, range, length, regular expression.
 */

import { ocsfPattern } from './pattern.ts';
import type { FindingCode } from './finding.ts';
import type { OcsfType, Primitive } from './schema.ts';

/** integer_t is a signed 64-bit number; 2^63 itself is the first that is too large. */
const INTEGER_LIMIT = 2 ** 63;

/** Whole numbers count as integers however they were written: JSON's 1.0 is 1 here. So do they as float_t. */
const FITS: Readonly<Record<Primitive, (value: unknown) => boolean>> = {
  boolean_t: (value) => typeof value === 'boolean',
  float_t: (value) => typeof value === 'number',
  integer_t: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= -INTEGER_LIMIT && value < INTEGER_LIMIT,
  long_t: (value) => Number.isInteger(value),
  string_t: (value) => typeof value === 'string',
  json_t: () => true,
};

export interface ScalarProblem {
  readonly code: FindingCode;
  readonly message: string;
}

/** A value's type, for a message. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** A code point that takes two of the UTF-16 units that `length` counts. */
const PAIR = /[\u{10000}-\u{10ffff}]/gu;

/** OCSF counts code points. They are counted only when the number of UTF-16 units leaves it open. */
function exceeds(text: string, maxLength: number): boolean {
  return text.length > maxLength && text.length - (text.match(PAIR)?.length ?? 0) > maxLength;
}

/** What is wrong with a value of this type; a value of the wrong primitive has only that problem. */
export function scalarProblems(type: OcsfType, typeName: string, value: unknown): readonly ScalarProblem[] {
  if (!FITS[type.primitive](value)) {
    return [{ code: 'attribute_wrong_type', message: `expected ${typeName}, got ${kindOf(value)}` }];
  }
  if (typeof value === 'string') return textProblems(type, typeName, value);
  if (typeof value === 'number' && type.range) {
    const [lowest, highest] = type.range;
    if (value < lowest || value > highest) {
      const message = `${typeName} goes from ${lowest} to ${highest}`;
      return [{ code: 'attribute_value_exceeds_range', message }];
    }
  }
  return [];
}

function textProblems(type: OcsfType, typeName: string, text: string): readonly ScalarProblem[] {
  const tooLong = type.maxLength !== undefined && exceeds(text, type.maxLength);
  const unlike = type.regex !== undefined && !ocsfPattern(type.regex).test(text);
  if (!tooLong && !unlike) return [];
  const problems: ScalarProblem[] = [];
  if (tooLong) {
    const message = `${typeName} holds at most ${type.maxLength} characters`;
    problems.push({ code: 'attribute_value_exceeds_max_len', message });
  }
  if (unlike) {
    problems.push({ code: 'attribute_value_regex_not_matched', message: `does not look like ${typeName}` });
  }
  return problems;
}
