import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unlessIp } from '../../../src/mapping/converters/unless-ip.ts';
import { canonicalIp } from '../../../src/mapping/coerce.ts';
import { conversion } from './conversion.ts';

it.each([
  ['1.2.3', '1.2.3'],
  ['::1.2.3.4', '::1.2.3.4'],
  ['host', 'host'],
  ['1.2.3.4', ''],
  ['0:0:0:0:0:0:0:1', ''],
])('%s is the name %j', (text, value) => {
  expect(conversion(unlessIp, text)).toEqual({ value, failed: false });
});

it('is there exactly where there is no address', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ minLength: 1 }), fc.ipV4(), fc.ipV6()), (text) => {
      expect(conversion(unlessIp, text).value === '').toBe(canonicalIp(text) !== undefined);
    }),
  );
});
