import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { processStartTime } from '../../../src/mapping/converters/process-start-time.ts';
import { conversion, converted } from './conversion.ts';

it('is the second that a ProcessGuid holds', () => {
  const start = Date.UTC(2021, 11, 4, 21, 19, 16);
  expect(converted(processStartTime, '{A57649D1-DB54-61AB-775C-DC0100000000}')).toBe(start);
  expect(converted(processStartTime, 'a57649d1-db54-61ab-775c-dc0100000000')).toBe(start);
});

it('is nothing for the null GUID, and nothing is wrong with that', () => {
  expect(conversion(processStartTime, '{00000000-0000-0000-0000-000000000000}')).toEqual({
    value: '',
    failed: false,
  });
});

it('is none of what is no GUID', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(conversion(processStartTime, text)).toEqual({ value: undefined, failed: true });
    }),
  );
});
