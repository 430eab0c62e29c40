/** Generators that know what hostile and real text looks like: they get further than random bytes. */
import fc from 'fast-check';

/** Names that every object has, and what a careless writer of objects falls over. */
export const PROTOTYPE_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  '0',
  '',
];

/** Any UTF-16 units: astral characters, halves of surrogate pairs, controls, line breaks of all kinds. */
export const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.nat(0xffff), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '-',
      ' ',
      '\ud83d\ude00',
      'a\ud800b',
      '\0',
      '\u0085',
      '\u2028',
      '\ufeff',
      '%1',
      '\r',
    ),
  },
);

/** Values as Sysmon writes them, whole or damaged. */
export const sysmonText = fc.oneof(
  fc.constantFrom(
    'C:\\Windows\\System32\\svchost.exe',
    'C:\\a\\setup.exe:Zone.Identifier',
    'NT AUTHORITY\\SYSTEM',
    'CORP\\host$',
    '{5fe2a7c1-3a25-6957-0102-000000000500}',
    '00000000-0000-0000-0000-000000000000',
    '2020-06-10 02:50:54.631',
    '0x3E7',
    '18446744073709551615',
    '::ffff:192.0.2.9;',
    'type:  5 cdn.example;fe80::1%2;',
    'MD5=67A8B47F5BCCB6BB63D7242F80B0F548,SHA256=',
    'technique_id=T1055.012,technique_name=Process Hollowing',
    'DWORD (0x00000001)',
    'QWORD (0x00000001-0x00000002)',
    ' "text"',
    'HKLM\\SOFTWARE\\(Default)',
    'i-0123456789abcdef0',
    'true',
  ),
  fc
    .array(
      fc.constantFrom(
        ...[
          '\\',
          '/',
          ':',
          '::',
          ';',
          ',',
          '=',
          '|',
          '0x',
          '{',
          '}',
          '-',
          '"',
          ' ',
          '\t',
          '.',
          '%',
          '$',
          '(',
          ')',
          'T1003',
        ],
        ...[
          'MD5=',
          'SHA1=',
          'IMPHASH=',
          'type: ',
          'technique_id=',
          'technique_name=',
          'DWORD (',
          'QWORD (0x',
          'ffff',
          '1',
          'a',
          'F',
          '255',
        ],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

export const text = fc.oneof({ weight: 2, arbitrary: sysmonText }, { weight: 1, arbitrary: anyText });

/** A text with one piece put in, cut out or said twice. */
export const damaged = (texts: fc.Arbitrary<string>, pieces: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(texts, fc.nat(), fc.nat(20), fc.nat(3), pieces).map(([whole, at, length, how, piece]) => {
    const from = whole.length === 0 ? 0 : at % (whole.length + 1);
    const [before, cut, after] = [
      whole.slice(0, from),
      whole.slice(from, from + length),
      whole.slice(from + length),
    ];
    if (how === 0) return whole;
    if (how === 1) return before + after;
    return how === 2 ? before + piece + cut + after : before + cut + cut + after;
  });
