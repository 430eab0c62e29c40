import { describe, expect, it } from '@jest/globals';
import { ocsfPattern } from '../../src/ocsf/pattern.ts';
import { OCSF_VERSIONS, ocsfSchema } from '../../src/ocsf/schemas.ts';

describe('ocsfPattern', () => {
  it('lets $ match before a last line feed, and before no other', () => {
    const pattern = ocsfPattern('^a$');
    expect(['a', 'a\n', 'a\n\n', 'a\r', 'ab'].map((text) => pattern.test(text))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('lets . match everything but a line feed', () => {
    const pattern = ocsfPattern('^a.b$');
    expect(['a\rb', 'a\u2028b', 'a\u{1f600}b', 'a\nb'].map((text) => pattern.test(text))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('reads \\d as any decimal digit and \\s as Unicode white space, in a class and outside', () => {
    for (const pattern of [ocsfPattern('^\\d\\s$'), ocsfPattern('^[x\\d][x\\s]$')]) {
      expect(['1 ', '\u0661\u0085', '1\u001f', '1\ufeff', 'a '].map((text) => pattern.test(text))).toEqual([
        true,
        true,
        true,
        false,
        false,
      ]);
    }
  });

  it('leaves . and $ alone where they are escaped or in a class', () => {
    expect(ocsfPattern('^\\.\\$[.$]$').test('.$$')).toBe(true);
    expect(ocsfPattern('^\\.[.$]$').test('a$')).toBe(false);
  });

  it('compiles an expression once', () => {
    expect(ocsfPattern('^once$')).toBe(ocsfPattern('^once$'));
  });

  it.each(OCSF_VERSIONS)('compiles every expression of OCSF %s', (version) => {
    const sources = Object.values(ocsfSchema(version)!.types).flatMap(({ regex }) => regex ?? []);
    expect(sources.length).toBeGreaterThan(4);
    for (const source of sources) expect(ocsfPattern(source)).toBeInstanceOf(RegExp);
  });
});
