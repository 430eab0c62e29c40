import { describe, expect, it } from '@jest/globals';
import { catalogue, kindOfTitle, fieldLists } from '../../src/sysmon/catalogue.ts';
import type { ParsedDescription } from '../../src/sysmon/description.ts';
import { parseDescription } from '../../src/sysmon/description.ts';

const CRLF = '\r\n';

/** Plain objects compare by content; the parser's have no prototype. */
const parse = (eventId: number, ...lines: string[]): ParsedDescription | undefined => {
  const parsed = parseDescription(eventId, lines.join(CRLF));
  if (parsed === undefined) return undefined;
  const { kindId, ...rest } = parsed;
  // A title names the event, and nothing else does.
  expect(kindId).toBe(kindOfTitle(lines[0] ?? '')?.id);
  return { ...rest, fields: { ...parsed.fields } };
};

const TERMINATED = [
  'Process terminated:',
  'RuleName: -',
  'UtcTime: 2020-06-10 02:50:54.631',
  'ProcessGuid: {6a910b9d-498a-5ee0-c903-000000000400}',
  'ProcessId: 6196',
  'Image: C:\\Windows\\notepad.exe',
  'User: EXAMPLE\\someone',
];
const TERMINATED_FIELDS = {
  RuleName: '-',
  UtcTime: '2020-06-10 02:50:54.631',
  ProcessGuid: '{6a910b9d-498a-5ee0-c903-000000000400}',
  ProcessId: '6196',
  Image: 'C:\\Windows\\notepad.exe',
  User: 'EXAMPLE\\someone',
};

const STARTED = ['Process Create:', ...catalogue.get(1)!.fields.map(({ name }) => `${name}: the ${name}`)];
/** The message of a process whose lines at these names are replaced. */
const started = (replaced: Record<string, string[]>): string[] =>
  STARTED.flatMap((line) => replaced[line.slice(0, line.indexOf(':'))] ?? [line]);

describe('a plain message', () => {
  it('gives its fields by name, and the names in order', () => {
    expect(parse(5, ...TERMINATED)).toEqual({
      fields: TERMINATED_FIELDS,
      names: ['RuleName', 'UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'User'],
    });
  });

  it('is the same with LF, with CRLF, and with both', () => {
    const expected = parseDescription(5, TERMINATED.join(CRLF));
    expect(parseDescription(5, TERMINATED.join('\n'))).toEqual(expected);
    expect(parseDescription(5, TERMINATED.join(CRLF).replace(CRLF, '\n'))).toEqual(expected);
    expect(parseDescription(5, TERMINATED.join('\n').replace('\nUser', '\r\nUser'))).toEqual(expected);
  });

  it('may lack its title', () => {
    expect(parse(5, ...TERMINATED.slice(1))).toEqual(parse(5, ...TERMINATED));
  });

  it('may have a title that nobody knows', () => {
    expect(parse(5, 'Process ended:', ...TERMINATED.slice(1))).toEqual(parse(5, ...TERMINATED));
  });

  it('may have its older title', () => {
    expect(parse(23, 'File Delete:', 'UtcTime: t', 'Archived: true')?.fields).toEqual({
      UtcTime: 't',
      Archived: 'true',
    });
  });

  it('is read as the event that its title names, whatever the EventID says', () => {
    const created = ['File created:', 'RuleName: -', 'TargetFilename: f', 'CreationUtcTime: t', 'User: u'];
    expect(parse(1, ...created)?.fields).toEqual({
      RuleName: '-',
      TargetFilename: 'f',
      CreationUtcTime: 't',
      User: 'u',
    });
  });

  it.each([...catalogue.values()])('of event $id ($name) is read in every version', (kind) => {
    for (const names of fieldLists(kind)) {
      const lines = names.map((name) => `${name}: the ${name}`);
      const expected = {
        fields: Object.fromEntries(names.map((name) => [name, `the ${name}`])),
        names: [...names],
      };
      expect(parse(kind.id, ...lines)).toEqual(expected);
      for (const title of kind.titles) expect(parse(0, title, ...lines)).toEqual(expected);
    }
  });

  it('keeps a title with nothing below it', () => {
    expect(parse(5, 'Process terminated:')).toEqual({ fields: {}, names: [] });
    expect(parse(5, 'Process terminated:', '')).toEqual({ fields: {}, names: [] });
  });
});

describe('what is no Sysmon message', () => {
  it.each([
    '',
    '\r\n',
    'Cannot retrieve event message text.',
    'The description for Event ID 13 cannot be found.\r\n\r\nthe message id is wrong',
    'Foo: bar',
    'Foo: bar\r\nBar: foo',
    'ProcessId=4',
    ' ProcessId: 4',
  ])('gives nothing: %j', (text) => {
    expect(parseDescription(13, text)).toBeUndefined();
  });

  it.each(['', 'Cannot retrieve event message text.', 'Something happened:', '1: 2', ': x', 'a b: c'])(
    'gives nothing for an unknown event either: %j',
    (text) => {
      expect(parseDescription(99, text)).toBeUndefined();
    },
  );
});

describe('a value', () => {
  const valueOf = (line: string): string | undefined =>
    parse(5, ...TERMINATED.slice(0, 5), line)?.fields.Image;

  it('begins after one blank; further blanks are its own, at both ends', () => {
    expect(valueOf('Image:  "a b" ')).toBe(' "a b" ');
    expect(valueOf('Image:   ')).toBe('  ');
  });

  it('may be empty, with the blank or without', () => {
    expect(valueOf('Image: ')).toBe('');
    expect(valueOf('Image:')).toBe('');
    expect(parse(5, 'RuleName:', 'UtcTime:', 'Image:', 'User:')?.names).toEqual([
      'RuleName',
      'UtcTime',
      'Image',
      'User',
    ]);
    expect(parseDescription(5, 'RuleName:\nUser:\n')?.names).toEqual(['RuleName', 'User']);
  });

  it('may hold colons, non-ASCII text, control characters and unpaired surrogates', () => {
    for (const value of [
      'type:  5 a.example;::ffff:10.0.0.1;',
      '® 日本語 😀',
      'a\tb\0c',
      '\ud800x\udc00',
      '%7',
      '-',
    ]) {
      expect(valueOf(`Image: ${value}`)).toBe(value);
    }
  });

  it('keeps bare CRs, lone line feeds and line breaks as they are', () => {
    const script = 'a\rb\nc\r\nd\r\r\n\ne';
    const text = ['RuleName: -', `Name: ${script}`, 'Type: Script', 'Destination: x'].join(CRLF);
    expect(parseDescription(20, text)?.fields.Name).toBe(script);
  });

  it('does not take a bare CR for the end of a line', () => {
    expect(parse(5, 'RuleName: a\rUser: b')?.fields).toEqual({ RuleName: 'a\rUser: b' });
    expect(parse(5, 'RuleName: a', 'User:\rb')?.fields).toEqual({ RuleName: 'a\r\nUser:\rb' });
  });

  it('loses one line break at the very end of the text, and no more', () => {
    const report = ['Error report:', 'UtcTime: t', 'ID: i', 'Description: write protected.'];
    const description = (...more: string[]) => parse(255, ...report, ...more)?.fields.Description;
    expect(description()).toBe('write protected.');
    expect(description('')).toBe('write protected.');
    expect(description('', '')).toBe('write protected.\r\n');
    expect(parseDescription(255, 'Description: a\n')?.fields.Description).toBe('a');
    expect(parseDescription(255, 'Description: a\r')?.fields.Description).toBe('a\r');
  });
});

describe('a name', () => {
  it('may differ in letter case, and is given as the catalogue spells it', () => {
    expect(parse(10, 'SourceProcessGuid: a', 'targetprocessguid: b')?.names).toEqual([
      'SourceProcessGUID',
      'TargetProcessGUID',
    ]);
    expect(parse(8, 'SourceProcessGUID: a')?.names).toEqual(['SourceProcessGuid']);
  });

  it('stands at the start of a line, with a colon and a blank after it', () => {
    for (const line of [' User: x', 'User:x', 'User : x', 'User', 'User: x'.replace(': ', '='), 'Users: x']) {
      expect(parse(5, 'Image: i', line)?.fields).toEqual({ Image: `i\r\n${line}` });
    }
  });

  it('may be the same as that of the description itself', () => {
    expect(parse(255, 'UtcTime: t', 'ID: i', 'Description: d')?.fields).toEqual({
      UtcTime: 't',
      ID: 'i',
      Description: 'd',
    });
  });
});

describe('older and newer versions', () => {
  it('is read by the order that takes more fields, also where an older one takes every named line that it knows', () => {
    // Without RuleName, as schema 4.0 had it; cut off, and with a line break in FileVersion.
    const lines = [
      'UtcTime: 2020-06-10 02:50:54.631',
      'ProcessGuid: {6a910b9d-498a-5ee0-c903-000000000400}',
      'ProcessId: 6196',
      'Image: C:\\Windows\\notepad.exe',
      'ImageLoaded: C:\\evil.dll',
      'FileVersion: 1',
      'Company: not mine',
      'Description: d',
      'Product: p',
      'Company: Evil',
    ];
    expect(parse(7, 'Image loaded:', ...lines)).toMatchObject({
      names: [
        ...['UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'ImageLoaded'],
        ...['FileVersion', 'Description', 'Product', 'Company'],
      ],
      fields: { ImageLoaded: 'C:\\evil.dll', Company: 'Evil' },
      ambiguous: ['Company'],
    });
  });

  it('takes an unknown name above the first known one as a field, for no value stands there', () => {
    const parsed = parseDescription(
      5,
      'Process terminated:\r\nNewer: 1\r\nUtcTime: t\r\nUser: u\r\nNewer: 2',
    );
    expect(parsed?.fields).toEqual({ Newer: '1', UtcTime: 't', User: 'u\r\nNewer: 2' });
    expect(parsed?.ambiguous).toEqual(['Newer']);
  });

  it('are told apart by the order of Signature and SignatureStatus at schema 3.2', () => {
    const lines = ['UtcTime: t', 'ImageLoaded: i', 'Hashes: h', 'Signed: true'];
    expect(parse(6, ...lines, 'SignatureStatus: Valid', 'Signature: S')?.fields.SignatureStatus).toBe(
      'Valid',
    );
    expect(parse(6, ...lines, 'Signature: S', 'SignatureStatus: Valid')?.names).toHaveLength(6);
  });

  it('are read in the current order where both orders read as much', () => {
    const lines = ['UtcTime: t', 'Signed: true', 'Signature: a', 'SignatureStatus: Valid', 'Signature: b'];
    expect(parse(6, ...lines)?.fields).toMatchObject({
      Signature: 'a',
      SignatureStatus: 'Valid\r\nSignature: b',
    });
  });

  it('of schema 3.2 still guard their fields', () => {
    const lines = [
      'UtcTime: t',
      'ProcessGuid: g',
      'ProcessId: 1',
      'Image: i',
      'EventType: SetValue',
      'TargetObject: o',
    ];
    expect(parse(13, ...lines, 'Details: d\r\nEventType: x\r\nFoo: y\r\nUser: z')).toEqual({
      fields: {
        UtcTime: 't',
        ProcessGuid: 'g',
        ProcessId: '1',
        Image: 'i',
        EventType: 'SetValue',
        TargetObject: 'o',
        Details: 'd\r\nEventType: x\r\nFoo: y\r\nUser: z',
      },
      names: ['UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'EventType', 'TargetObject', 'Details'],
      ambiguous: ['EventType'],
    });
  });

  it('may begin with a SequenceNumber', () => {
    expect(parse(5, 'Process terminated:', 'SequenceNumber: 7', ...TERMINATED.slice(2, 6))?.names).toEqual([
      'SequenceNumber',
      'UtcTime',
      'ProcessGuid',
      'ProcessId',
      'Image',
    ]);
  });

  it('may have new names below the last known one', () => {
    expect(parse(5, ...TERMINATED, 'NewName: x', 'Other_2:', 'more')).toEqual({
      fields: { ...TERMINATED_FIELDS, NewName: 'x', Other_2: '\r\nmore' },
      names: ['RuleName', 'UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'User', 'NewName', 'Other_2'],
    });
  });

  it('have no new names anywhere else, even where the last known one is absent', () => {
    const value = 'i\r\nFoo: bar';
    expect(parse(5, ...TERMINATED.slice(0, 5), `Image: ${value}`)?.fields.Image).toBe(value);
    expect(parse(5, ...TERMINATED.slice(0, 5), `Image: ${value}`, TERMINATED[6]!)?.fields).toEqual({
      ...TERMINATED_FIELDS,
      Image: value,
    });
  });

  it('keep the first of a new name that stands twice, and say so', () => {
    expect(parse(5, ...TERMINATED, 'NewName: x', 'NewName: y')).toEqual({
      fields: { ...TERMINATED_FIELDS, NewName: 'x\r\nNewName: y' },
      names: ['RuleName', 'UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'User', 'NewName'],
      ambiguous: ['NewName'],
    });
  });

  it('are read by every name when the event is unknown', () => {
    expect(parse(30, 'Something new:', 'RuleName: -', 'Foo: 1', 'two', 'RuleName: x', 'foo: 3')).toEqual({
      fields: { RuleName: '-', Foo: '1\r\ntwo\r\nRuleName: x', foo: '3' },
      names: ['RuleName', 'Foo', 'foo'],
      ambiguous: ['RuleName'],
    });
    expect(parse(30, 'Something:', 'Foo: 1')?.names).toEqual(['Foo']);
    expect(parse(30, 'Foo: 1', 'Bar: 2')?.names).toEqual(['Foo', 'Bar']);
  });

  it('may use the names of what every JavaScript object has', () => {
    const parsed = parseDescription(30, '__proto__: 1\nconstructor: 2\ntoString: 3\nA: 4');
    // A name begins with a letter.
    expect(Object.entries(parsed!.fields)).toEqual([
      ['constructor', '2'],
      ['toString', '3'],
      ['A', '4'],
    ]);
    const newer = parseDescription(5, 'User: u\nconstructor: 2\nvalueOf: 3');
    expect(Object.keys(newer!.fields)).toEqual(['User', 'constructor', 'valueOf']);
    expect(parseDescription(5, 'constructor: 2\nhasOwnProperty: x')).toBeUndefined();
  });
});

describe('text in a value that looks like a field', () => {
  it('does not overwrite a field that stands below', () => {
    const parsed = parse(1, ...started({ CommandLine: ['CommandLine: x', 'User: SYSTEM'] }));
    expect(parsed?.fields).toMatchObject({
      CommandLine: 'x\r\nUser: SYSTEM',
      CurrentDirectory: 'the CurrentDirectory',
      User: 'the User',
    });
    expect(parsed?.ambiguous).toEqual(['User']);
  });

  it('does not overwrite the very next field', () => {
    const forged = ['CommandLine: x', 'CurrentDirectory: C:\\forged\\'];
    expect(parse(1, ...started({ CommandLine: forged }))?.fields).toMatchObject({
      CommandLine: forged.join(CRLF).slice(13),
      CurrentDirectory: 'the CurrentDirectory',
    });
  });

  it('does not overwrite a field that stands above, or its own', () => {
    const forged = ['ParentCommandLine: x', 'User: a', 'ParentImage: b', 'ParentCommandLine: c', 'Image: d'];
    const parsed = parse(1, ...started({ ParentCommandLine: forged }));
    expect(parsed?.fields).toMatchObject({
      Image: 'the Image',
      User: 'the User',
      ParentImage: 'the ParentImage',
      ParentCommandLine: 'x\r\nUser: a\r\nParentImage: b\r\nParentCommandLine: c\r\nImage: d',
      ParentUser: 'the ParentUser',
    });
    expect(parsed?.ambiguous).toEqual(['Image', 'User', 'ParentImage', 'ParentCommandLine']);
  });

  it('does not create a field that the version of the event has not, above', () => {
    const lines = started({
      OriginalFileName: [],
      ParentUser: [],
      CommandLine: ['CommandLine: x', 'OriginalFileName: forged'],
    });
    const parsed = parse(1, ...lines);
    expect(parsed?.fields).toMatchObject({ CommandLine: 'x\r\nOriginalFileName: forged' });
    expect(parsed?.names).not.toContain('OriginalFileName');
  });

  it('does not open the door to new names', () => {
    const value = 'x\r\nParentUser: forged\r\nFoo: bar';
    const parsed = parse(1, ...started({ CommandLine: [`CommandLine: ${value}`] }));
    expect(parsed?.fields.CommandLine).toBe(value);
    expect(parsed?.names).toEqual(catalogue.get(1)!.fields.map(({ name }) => name));
  });

  it('is kept with the earlier line where nothing else decides', () => {
    const lines = started({ Product: ['Product: a', 'Company: b'], Company: ['Company: c'] });
    expect(parse(1, ...lines)?.fields).toMatchObject({ Product: 'a', Company: 'b\r\nCompany: c' });
    expect(parse(5, 'RuleName: -', 'Image: i', 'User: a', 'User: b')).toEqual({
      fields: { RuleName: '-', Image: 'i', User: 'a\r\nUser: b' },
      names: ['RuleName', 'Image', 'User'],
      ambiguous: ['User'],
    });
  });

  it('wins only with more fields than the true ones, and leaves its mark', () => {
    const parsed = parse(1, 'CommandLine: x', 'CurrentDirectory: y', 'User: z', 'CurrentDirectory: real');
    expect(parsed?.names).toEqual(['CommandLine', 'CurrentDirectory', 'User']);
    expect(parsed?.ambiguous).toEqual(['CurrentDirectory']);
  });

  it('is read in time that grows with the text alone', () => {
    const repetitions = 500_000;
    const forged = 'User: x\r\n'.repeat(repetitions);
    const parsed = parseDescription(1, started({ CommandLine: [`CommandLine: ${forged}`] }).join(CRLF));
    expect(parsed?.fields.CommandLine).toBe(forged);
    expect(parsed?.fields.User).toBe('the User');
    const mixed = 'CurrentDirectory: x\nUser: y\nCommandLine: z\n'.repeat(repetitions / 5);
    expect(parseDescription(1, mixed)?.names).toEqual(['CommandLine', 'CurrentDirectory', 'User']);
    for (const piece of ['a', '\n', '\r\n', 'a\n', 'A: b\n', 'User', ': ', 'CommandLine: ']) {
      const text = piece.repeat(repetitions);
      expect(() => parseDescription(1, text)).not.toThrow();
      expect(() => parseDescription(30, text)).not.toThrow();
    }
  });
});

describe('a message rendered with a newer manifest than the event', () => {
  it('is read as it stands: the carrier knows better values', () => {
    expect(parse(5, ...TERMINATED.slice(0, 6), 'User: %7')?.fields.User).toBe('%7');
  });
});

describe('the characters of a name', () => {
  it('are the letters A to Z and a to z, after the first also 0 to 9 and _', () => {
    const names = ['Az', 'Za', 'aZ', 'zA', 'Z', 'z', 'a0', 'a9', 'A_9_z', 'm5M'];
    expect(parse(99, ...names.map((name) => `${name}: x`))?.names).toEqual(names);
  });

  it.each(['@a', '[a', '`a', '{a', '/a', '0a', '9a', '_a', 'a@', 'a[', 'a`', 'a{', 'a/', 'a-', 'é', 'aé'])(
    'are no others: %s',
    (name) => {
      expect(parse(99, 'A: x', `${name}: y`)?.fields).toEqual({ A: `x\r\n${name}: y` });
    },
  );
});

describe('the last field of a message', () => {
  it('is the true one where the line above it is forged: its value stands on one line', () => {
    const lines = started({ ParentCommandLine: ['ParentCommandLine: x', 'ParentUser: forged'] });
    expect(parse(1, ...lines)?.fields).toMatchObject({
      ParentCommandLine: 'x\r\nParentUser: forged',
      ParentUser: 'the ParentUser',
    });
  });
});

describe('the line breaks about a title', () => {
  it('may be two with nothing below', () => {
    expect(parseDescription(5, 'Process terminated:\n\n')?.names).toEqual([]);
    expect(parseDescription(5, 'Process terminated:\r\n\r\n')?.names).toEqual([]);
  });

  it('are no bare CR', () => {
    expect(parseDescription(5, 'Process terminated:\r')).toBeUndefined();
  });

  it('do not make a field of a name without a blank, whatever stands below', () => {
    expect(parseDescription(5, 'Image: i\nUser:x\nmore')?.fields).toMatchObject({ Image: 'i\nUser:x\nmore' });
  });
});
