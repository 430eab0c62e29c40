import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { registryKey, registryType, registryValue } from '../../../src/mapping/converters/registry.ts';
import { conversion, converted, partsOf } from './conversion.ts';

it('a key is its path', () => {
  for (const path of [
    'HKLM\\System\\CurrentControlSet',
    '\\REGISTRY\\A\\{361c92d4}\\x',
    'HKU\\C:%5CWindows',
  ]) {
    expect(converted(registryKey, path)).toEqual({ path });
  }
});

it.each([
  ['HKLM\\Software\\Run\\Updater', { path: 'HKLM\\Software\\Run', name: 'Updater' }],
  ['HKCR\\MIME\\text/html', { path: 'HKCR\\MIME', name: 'text/html' }],
  ['HKLM\\Software\\(Default)', { path: 'HKLM\\Software', name: '(Default)' }],
])('the value %s is named within its key', (text, value) => {
  expect(converted(registryValue, text)).toEqual(value);
});

it.each(['HKLM', '\\HKLM', '\\', 'HKLM\\', 'HKLM/x'])('%s is no value, which has a key', (text) => {
  expect(conversion(registryValue, text)).toEqual({ value: undefined, failed: true });
});

it('a value tells its text back', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom('\\', '/', 'HKLM', 'a'));
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('');
      const value = partsOf(registryValue, text);
      if (value !== undefined) expect(`${value.path}\\${value.name}`).toBe(text);
    }),
  );
});

it.each([
  ['DWORD (0x00000001)', 'DWORD'],
  ['QWORD (0x00000000-0x0000000f)', 'QWORD'],
  ['Binary Data', 'Binary Data'],
  ['C:\\Windows\\a.exe', ''],
  ['DWORD', ''],
  ['(Empty)', ''],
  ['Binary Data ', ''],
  ['a DWORD (0x00000001)', ''],
  ['DWORD (0x00000001) a', ''],
  ['no Binary Data', ''],
])('the type of the data %s: %j', (text, value) => {
  expect(conversion(registryType, text)).toEqual({ value, failed: false });
});
