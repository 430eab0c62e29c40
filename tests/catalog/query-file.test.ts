/** The header and the statement of a file of queries/. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseQueryFile, QueryFileError } from '../../src/catalog/query-file.ts';

const HUNT = `-- name: Access to LSASS
-- description: Processes that opened lsass.exe
--   with rights to read its memory.
-- technique: T1003.001, T1003
-- mapping: both
-- Rights are a mask.
SELECT 1;
`;

describe('parseQueryFile', () => {
  it('reads a hunt', () => {
    expect(parseQueryFile('native/lsass_access.sql', HUNT)).toEqual({
      name: 'lsass_access',
      title: 'Access to LSASS',
      description: 'Processes that opened lsass.exe with rights to read its memory.',
      techniques: ['T1003.001', 'T1003'],
      kind: 'hunt',
      mapping: 'both',
      sql: '-- Rights are a mask.\nSELECT 1',
    });
  });

  it('reads a view, for lakes of OCSFmapping.json where nothing else is said', () => {
    const file = parseQueryFile('v.sql', '-- name: V\r\n-- description: v\r\n-- view: v_1\r\nSELECT 1\r\n');
    expect(file).toMatchObject({
      kind: 'view',
      view: 'v_1',
      mapping: 'class',
      techniques: [],
      sql: 'SELECT 1',
    });
  });

  const START = '-- name: N\n-- description: d\n';
  it.each([
    ['SELECT 1', 'the first line is `-- name: …`'],
    ['-- name: N\nSELECT 1', 'needs a line `-- description: …`'],
    [`${START}-- kind: table\nSELECT 1`, '"table" is none of view, hunt'],
    [`${START}-- mapping: all\nSELECT 1`, '"all" is none of class, native, both'],
    [`${START}-- author: me\nSELECT 1`, '"author" is none of name, '],
    [`${START}-- name: M\nSELECT 1`, 'has two lines `-- name: …`'],
    [`${START}-- technique:\nSELECT 1`, '`-- technique:` says nothing'],
    [`${START}-- technique: T12\nSELECT 1`, '"T12" is no ATT&CK technique'],
    [`${START}-- kind: view\nSELECT 1`, 'names the view'],
    [`${START}-- kind: hunt\n-- view: v\nSELECT 1`, 'names the view'],
    [`${START}-- view: V-1\nSELECT 1`, 'a view has a name of'],
    [`${START};\n`, 'has no statement'],
  ])('refuses %j', (text, problem) => {
    expect(() => parseQueryFile('folder/x.sql', text)).toThrow(QueryFileError);
    expect(() => parseQueryFile('folder/x.sql', text)).toThrow(problem);
  });

  it('gives a statement or says what is wrong, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (any) => {
        const text = `-- name: N\n-- description: d\n${any}`;
        try {
          expect(parseQueryFile('x.sql', text).sql).not.toBe('');
        } catch (error) {
          expect(error).toBeInstanceOf(QueryFileError);
        }
      }),
    );
  });
});
