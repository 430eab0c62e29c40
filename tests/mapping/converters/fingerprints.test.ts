import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fingerprints } from '../../../src/mapping/converters/fingerprints.ts';
import { conversion, converted } from './conversion.ts';

const SHA1 = 'F75ED744CC159B9731D0495EB9A0917DB7EBE9D7';
const MD5 = '67A8B47F5BCCB6BB63D7242F80B0F548';
const SHA256 = '2D7ACC69ED114468A53C4679FC28C32F0E7D812A59389E41115C20C06574A4D8';
const IMPHASH = '00000000000000000000000000000000';
const hash = {
  sha1: { algorithm_id: 2, algorithm: 'SHA-1', value: SHA1 },
  md5: { algorithm_id: 1, algorithm: 'MD5', value: MD5 },
  sha256: { algorithm_id: 3, algorithm: 'SHA-256', value: SHA256 },
  imphash: { algorithm_id: 99, algorithm: 'IMPHASH', value: IMPHASH },
};

describe('fingerprints', () => {
  it.each([
    [
      `SHA1=${SHA1},MD5=${MD5},SHA256=${SHA256},IMPHASH=${IMPHASH}`,
      [hash.sha1, hash.md5, hash.sha256, hash.imphash],
    ],
    [`MD5=${MD5},IMPHASH=${IMPHASH}`, [hash.md5, hash.imphash]],
    [`MD5=${MD5},SHA256=${SHA256},IMPHASH=${IMPHASH}`, [hash.md5, hash.sha256, hash.imphash]],
    [`SHA1=${SHA1}`, [hash.sha1]],
    [`MD5=${MD5.toLowerCase()}`, [{ ...hash.md5, value: MD5.toLowerCase() }]],
  ])('of %s', (text, list) => {
    expect(converted(fingerprints, text)).toEqual(list);
  });

  it('are none of the word that Sysmon writes where it has no hash', () => {
    expect(conversion(fingerprints, 'Unknown')).toEqual({ value: undefined, failed: true });
  });

  it.each([
    [`SHA1=${SHA1},MD5=${MD5.slice(1)}`],
    [`SHA1=${SHA1},MD5=`],
    [`SHA1=${SHA1},`],
    [`SHA1=${SHA1},SHA512=${SHA256}`],
    [`SHA1=${SHA1},md5=${MD5}`],
    [`SHA1=${SHA1}, MD5=${MD5}`],
    [`SHA1=${SHA1},MD5=${MD5.replace('6', 'G')}`],
    [`SHA1=${SHA1},MD5=${MD5.slice(1)}G`],
    [`SHA1=${SHA1},=${MD5}`],
  ])('of %s are those that can be read, and the rest is not passed over', (text) => {
    expect(conversion(fingerprints, text)).toEqual({ value: [hash.sha1], failed: true });
  });

  it('tell their text back', () => {
    const name = new Map([
      [1, 'MD5'],
      [2, 'SHA1'],
      [3, 'SHA256'],
      [99, 'IMPHASH'],
    ]);
    const digits = (length: number): fc.Arbitrary<string> =>
      fc.string({
        unit: fc.constantFrom(...Array.from('0123456789ABCDEF')),
        minLength: length,
        maxLength: length,
      });
    const one = fc.oneof(
      digits(32).map((value) => `MD5=${value}`),
      digits(40).map((value) => `SHA1=${value}`),
      digits(64).map((value) => `SHA256=${value}`),
      digits(32).map((value) => `IMPHASH=${value}`),
    );
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), (items) => {
        // as: what the converter gives, by its own test above
        const list = converted(fingerprints, items.join(',')) as { algorithm_id: number; value: string }[];
        expect(list.map((item) => `${name.get(item.algorithm_id)}=${item.value}`)).toEqual(items);
      }),
    );
  });

  it('take any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void conversion(fingerprints, text)));
  });
});
