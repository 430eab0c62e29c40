import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { attacks, hasTechnique } from '../../../src/mapping/converters/attacks.ts';
import { conversion, converted } from './conversion.ts';

describe('attacks', () => {
  it.each([
    [
      'technique_id=T1035,technique_name=Service Execution',
      [{ technique: { uid: 'T1035', name: 'Service Execution' } }],
    ],
    [
      'technique_id=T1574.010,technique_name=Services File Permissions Weakness',
      [
        {
          technique: { uid: 'T1574' },
          sub_technique: { uid: 'T1574.010', name: 'Services File Permissions Weakness' },
        },
      ],
    ],
    [
      'technique_id=T1003,technique_name=Credential Dumping,phase_name=Credential Access',
      [{ technique: { uid: 'T1003', name: 'Credential Dumping' } }],
    ],
    ['technique_id=T1003,phase_name=Credential Access', [{ technique: { uid: 'T1003' } }]],
    ['technique_id=T1003,technique_name=A , phase_name=B', [{ technique: { uid: 'T1003', name: 'A' } }]],
    ['technique_id=T1035', [{ technique: { uid: 'T1035' } }]],
    ['technique_id=T1035,technique_name=', [{ technique: { uid: 'T1035' } }]],
    ['technique_id=T1035,technique_name=A, and B', [{ technique: { uid: 'T1035', name: 'A, and B' } }]],
    [
      'technique_id=T1003,technique_name=A;technique_id=T1055.012,technique_name=B',
      [
        { technique: { uid: 'T1003', name: 'A' } },
        { technique: { uid: 'T1055' }, sub_technique: { uid: 'T1055.012', name: 'B' } },
      ],
    ],
    [
      'technique_id=T1003,technique_name=A,technique_id=T1004,technique_name=B',
      [{ technique: { uid: 'T1003', name: 'A' } }, { technique: { uid: 'T1004', name: 'B' } }],
    ],
    ['Alert,technique_id=T1003', [{ technique: { uid: 'T1003' } }]],
    ['Alert technique_id=T1003', [{ technique: { uid: 'T1003' } }]],
    ['technique_id=T1003, technique_name=A', [{ technique: { uid: 'T1003', name: 'A' } }]],
  ])('of %s', (text, list) => {
    expect(converted(attacks, text)).toEqual(list);
    expect(converted(hasTechnique, text)).toBe('true');
  });

  it.each([
    ...['Usermode', 'T1003', 'technique_id=', 'technique_id=T10', 'technique_id=1003', 'EXE'],
    ...['technique_id=T10035', 'technique_id=T1003x', 'technique_id=T1003.0011', 'technique_id=T1003.01'],
    'technique_id=x technique_id=T1003',
  ])('are none of the rule %s, and nothing is wrong with that', (text) => {
    expect(conversion(attacks, text)).toEqual({ value: [], failed: false });
    expect(conversion(hasTechnique, text)).toEqual({ value: '', failed: false });
  });

  it('take any text', () => {
    const piece = fc.constantFrom(
      'technique_id=',
      'T1003',
      '.001',
      ',',
      ';',
      '|',
      'technique_name=',
      ' ',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        const { value } = conversion(attacks, text);
        expect(conversion(hasTechnique, text).value).toBe(
          Array.isArray(value) && value.length > 0 ? 'true' : '',
        );
      }),
    );
  });
});
