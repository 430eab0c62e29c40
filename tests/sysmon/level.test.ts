import { describe, expect, it } from '@jest/globals';
import { levelCaption } from '../../src/sysmon/level.ts';

describe('levelCaption', () => {
  it.each([
    [0, 'Informational'],
    ['1', 'Critical'],
    [2, 'Error'],
    [' 3 ', 'Warning'],
    ['4', 'Informational'],
    [5, 'Verbose'],
    [6, undefined],
    [-1, undefined],
    [1.5, undefined],
    ['04', undefined],
    ['Informationen', undefined],
    [null, undefined],
  ])('reads %j as %s', (level, caption) => expect(levelCaption(level)).toBe(caption));
});
