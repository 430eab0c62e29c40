import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unquoted } from '../../../src/mapping/converters/unquoted.ts';
import { conversion } from './conversion.ts';

it.each([
  [' "WSUS_RP5ZB"', 'WSUS_RP5ZB'],
  ['"a "b" c" ', 'a "b" c'],
  [' "line\r\nline"', 'line\r\nline'],
  ['Script', 'Script'],
  [' "open', '"open'],
  ['""', ''],
  ['a "b"', 'a "b"'],
  ['"a" b', '"a" b'],
])('%j is %j', (text, value) => {
  expect(conversion(unquoted, text)).toEqual({ value, failed: false });
});

it('takes the quotes off any text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(conversion(unquoted, ` "${text}"`).value).toBe(text);
    }),
  );
});
