import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { file, splitPath } from '../../../src/mapping/converters/file.ts';
import { converted, partsOf } from './conversion.ts';

const regular = { type_id: 1, type: 'Regular File' };

describe('file', () => {
  it.each([
    [
      'C:\\Windows\\System32\\svchost.exe',
      {
        name: 'svchost.exe',
        path: 'C:\\Windows\\System32\\svchost.exe',
        parent_folder: 'C:\\Windows\\System32',
      },
    ],
    ['C:\\a.exe', { name: 'a.exe', path: 'C:\\a.exe', parent_folder: 'C:' }],
    [
      '\\\\server\\share\\a.exe',
      { name: 'a.exe', path: '\\\\server\\share\\a.exe', parent_folder: '\\\\server\\share' },
    ],
    ['\\a.exe', { name: 'a.exe', path: '\\a.exe' }],
    ['C:/a/b.exe', { name: 'b.exe', path: 'C:/a/b.exe', parent_folder: 'C:/a' }],
    ['C:\\a/b.exe', { name: 'b.exe', path: 'C:\\a/b.exe', parent_folder: 'C:\\a' }],
    ['C:\\TOOLS\\', { name: 'TOOLS', path: 'C:\\TOOLS\\', parent_folder: 'C:' }],
    ['C:\\', { name: 'C:', path: 'C:\\' }],
    ['C:\\Ä ö\\名.txt ', { name: '名.txt ', path: 'C:\\Ä ö\\名.txt ', parent_folder: 'C:\\Ä ö' }],
    ['/usr/bin/bash', { name: 'bash', path: '/usr/bin/bash', parent_folder: '/usr/bin' }],
    ['/init', { name: 'init', path: '/init', parent_folder: '/' }],
    ['/srv/data/', { name: 'data', path: '/srv/data/', parent_folder: '/srv' }],
    ['/srv/a\\b', { name: 'a\\b', path: '/srv/a\\b', parent_folder: '/srv' }],
    ['//server/share/a', { name: 'a', path: '//server/share/a', parent_folder: '//server/share' }],
    ['System', { name: 'System' }],
    ['Registry', { name: 'Registry' }],
    ['<unknown process>', { name: '<unknown process>' }],
    ['C:a.exe', { name: 'C:a.exe' }],
  ])('of %s', (text, value) => {
    expect(converted(file, text)).toEqual({ ...value, ...regular });
  });

  it.each(['\\', '/', '\\\\', '//\\'])('of %s, which is all separators, is named by it', (text) => {
    expect(converted(file, text)).toEqual({ name: text, ...regular });
  });

  it('tells its text back, whatever that is', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('\\', '/', 'C:', 'a'));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('') || 'a';
        const value = partsOf(file, text);
        expect(value?.path ?? value?.name).toBe(text);
        expect(text).toContain(value?.name);
        expect(value?.name).not.toBe('');
      }),
    );
  });
});

it('a path is cut at the separator before its name', () => {
  expect(splitPath('C:\\a\\b')).toEqual({ folder: 'C:\\a', name: 'b' });
  expect(splitPath('b')).toBeUndefined();
  expect(splitPath('')).toBeUndefined();
});
