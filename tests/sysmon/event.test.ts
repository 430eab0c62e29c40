import { describe, expect, it } from '@jest/globals';
import { isAbsent, newFields } from '../../src/sysmon/event.ts';

describe('isAbsent', () => {
  it('knows the ways in which Sysmon says nothing, and no others', () => {
    expect([undefined, '', '-'].map(isAbsent)).toEqual([true, true, true]);
    expect(['0', ' ', '--', 'null'].map(isAbsent)).toEqual(Array(4).fill(false));
  });
});

describe('newFields', () => {
  it('are empty, each its own, and know no name but those put in', () => {
    const fields = newFields();
    fields.Image = 'a';
    expect(Object.keys(newFields())).toEqual([]);
    for (const name of ['constructor', 'toString', '__proto__']) expect(newFields()[name]).toBeUndefined();
    fields.__proto__ = 'x';
    expect(Object.entries(fields)).toEqual([
      ['Image', 'a'],
      ['__proto__', 'x'],
    ]);
  });
});
