import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeRawBreaks } from '../../src/sources/raw-breaks.ts';

const parsed = (text: string): unknown => JSON.parse(escapeRawBreaks(text)!);

describe('escapeRawBreaks', () => {
  it('reads a printed record: raw breaks, indentation, and backslashes that stand for themselves', () => {
    expect(parsed('{"a":"File created:\n    Image: C:\\Windows\\new.exe\r\n\tUser: NT\\S"}')).toEqual({
      a: 'File created:\nImage: C:\\Windows\\new.exe\r\nUser: NT\\S',
    });
  });

  it('reads escapes where all of them escape something', () => {
    expect(parsed('{"a":"x\\ty\nz \\"q\\" C:\\\\n"}')).toEqual({ a: 'x\ty\nz "q" C:\\n' });
  });

  it('leaves text without a raw break in a string alone', () => {
    for (const text of ['{"a":1}', '{\n"a":\n"b"\n}', '{"a":"\\q"}', ''])
      expect(escapeRawBreaks(text)).toBeUndefined();
  });

  it('gives back any value whose breaks were not escaped', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'é', '\n', ':', '{', '}') });
    fc.assert(
      fc.property(value, (text) => {
        if (!text.includes('\n')) return;
        expect(parsed(`{"a":"${text}"}`)).toEqual({ a: text });
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void escapeRawBreaks(text)));
  });
});
