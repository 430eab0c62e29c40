import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { processName } from '../../../src/mapping/converters/process-name.ts';
import { converted } from './conversion.ts';

it.each([
  ['C:\\Windows\\System32\\svchost.exe', 'svchost.exe'],
  ['System', 'System'],
  ['<unknown process>', '<unknown process>'],
  ['Registry', 'Registry'],
  ['C:\\Program Files (x86)\\a b.exe', 'a b.exe'],
  ['\\Device\\HarddiskVolume1\\a.exe', 'a.exe'],
])('the name of %s', (text, name) => {
  expect(converted(processName, text)).toBe(name);
});

it('is a part of its text, whatever that is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      // as: its output type is a text
      expect(text.includes(converted(processName, text) as string)).toBe(true);
    }),
  );
});
