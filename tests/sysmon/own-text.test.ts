import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownText, ownTexts } from '../../src/sysmon/own-text.ts';

it('text in memory of its own is the same text, whatever is in it', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
      expect(ownTexts(texts)).toEqual(texts);
      expect(texts.map(ownText)).toEqual(texts);
    }),
  );
  const odd = ['', '\0', '\ud800', '\u2028"\\', '__proto__'];
  expect(ownTexts(odd)).toEqual(odd);
});
