import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { integer, parseInteger } from '../../../src/mapping/converters/integer.ts';
import { conversion, converted } from './conversion.ts';

it.each([
  ['0x3E7', 999],
  ['0x3e7', 999],
  ['624', 624],
  ['0000000000000624', 624],
  ['0x000000000003e7', 999],
])('%s is a number', (text, value) => {
  expect(converted(integer, text)).toBe(value);
});

it.each([
  ...['-1', 'Unknown', '0x', '1,000', '9007199254740993', ''],
  ...[' 1', '1 ', ' 0x3E7', '0x3E7 ', '0x3E7G'],
  ...['00000000000000624', '0x0000000000003e7'],
])('%s is none', (text) => {
  expect(conversion(integer, text)).toEqual({ value: undefined, failed: true });
});

it('is told back by its number', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      expect(parseInteger(String(value))).toBe(value);
      expect(parseInteger(`0x${value.toString(16).toUpperCase()}`)).toBe(value);
    }),
  );
});

it('takes any text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseInteger(text) ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});
