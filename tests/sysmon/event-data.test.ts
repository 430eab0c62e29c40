import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { catalogue } from '../../src/sysmon/catalogue.ts';
import { namePositional } from '../../src/sysmon/event-data.ts';

const GUID = '6a910b9d-498a-5ee0-c903-000000000400';

describe('namePositional', () => {
  it('renders values as Sysmon does', () => {
    const values = ['-', 't', GUID, 6196, 7, 'a.exe', `{${GUID}}`, 4, 'b.exe', 0x1fffff, null, 'S', 'T'];
    expect({ ...namePositional(10, values) }).toEqual({
      RuleName: '-',
      UtcTime: 't',
      SourceProcessGUID: `{${GUID}}`,
      SourceProcessId: '6196',
      SourceThreadId: '7',
      SourceImage: 'a.exe',
      TargetProcessGUID: `{${GUID}}`,
      TargetProcessId: '4',
      TargetImage: 'b.exe',
      GrantedAccess: '0x1FFFFF',
      CallTrace: '',
      SourceUser: 'S',
      TargetUser: 'T',
    });
  });

  it('writes booleans as true and false, and keeps text that is no number, no GUID and no list', () => {
    const names = ['Initiated', 'GrantedAccess', 'ProcessGuid', 'LogonId', 'ProcessId', 'X', 'Y'];
    const values = [true, '0x1f', 'none', -1, 2.5, [1, 'a'], undefined];
    expect({ ...namePositional(3, values, names) }).toEqual({
      Initiated: 'true',
      GrantedAccess: '0x1f',
      ProcessGuid: 'none',
      LogonId: '-1',
      ProcessId: '2.5',
      X: '[1,"a"]',
      Y: '',
    });
  });

  it('prefers the names of the message when there are as many as values', () => {
    expect({ ...namePositional(4, ['a', 'b'], ['State', 'Version']) }).toEqual({ State: 'a', Version: 'b' });
  });

  it('falls back to the catalogue when the message has more or fewer names', () => {
    const values = ['-', 't', GUID, 1, 'i'];
    const rendered = ['RuleName', 'UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'User'];
    expect(Object.keys(namePositional(9, [...values, 'd'], [...rendered, 'Device', 'User'])!)).toEqual([
      'RuleName',
      'UtcTime',
      'ProcessGuid',
      'ProcessId',
      'Image',
      'Device',
    ]);
  });

  it('takes an older list of the event when exactly one is as long', () => {
    expect(Object.keys(namePositional(1, Array<string>(16).fill('x'))!)).toEqual([
      'UtcTime',
      'ProcessGuid',
      'ProcessId',
      'Image',
      'CommandLine',
      'CurrentDirectory',
      'User',
      'LogonGuid',
      'LogonId',
      'TerminalSessionId',
      'IntegrityLevel',
      'Hashes',
      'ParentProcessGuid',
      'ParentProcessId',
      'ParentImage',
      'ParentCommandLine',
    ]);
  });

  it('names nothing where it would have to guess', () => {
    // Event 12 had six fields in two orders, event 5 five fields with and without SequenceNumber.
    expect(namePositional(12, Array(6).fill('x'))).toBeUndefined();
    expect(namePositional(5, Array(5).fill('x'))).toBeUndefined();
    expect(namePositional(1, ['x'])).toBeUndefined();
    expect(namePositional(99, ['x'])).toBeUndefined();
  });

  describe('tells lists of one length apart by the types of the values', () => {
    const TIME = '2016-01-02 03:04:05.678';
    const process = [TIME, GUID, 42, 'a.exe'];

    it.each<[string, number, unknown[], string[]]>([
      ['a rule from a number', 5, ['-', ...process], ['RuleName']],
      ['no rule from a number', 5, ['', ...process], ['RuleName']],
      ['a number from a rule', 5, [7, ...process], ['SequenceNumber', 'UtcTime']],
      ['a time from a number', 4, [TIME, 'Started'], ['UtcTime', 'State']],
      ['a number from a time', 4, ['7', 'Started'], ['SequenceNumber', 'State']],
      ['text from a time', 12, ['CreateKey', ...process, 'HKLM'], ['EventType', 'UtcTime']],
      ['a time from text', 12, [...process, 'CreateKey', 'HKLM'], ['UtcTime', 'ProcessGuid']],
      [
        'an old connection from one of today',
        3,
        [7, ...process, 'u', 'tcp', 'true', false, 'i', 'h', '1', 'n', 'false', 'i', 'h', 2, 'n'],
        ['SequenceNumber', 'UtcTime'],
      ],
      [
        'a connection of today from an old one',
        3,
        ['-', ...process, 'u', 'tcp', 'true', false, 'i', 'h', '1', 'n', 'false', 'i', 'h', 2, 'n'],
        ['RuleName', 'UtcTime'],
      ],
    ])('%s', (_, eventId, values, names) => {
      expect(Object.keys(namePositional(eventId, values)!).slice(0, names.length)).toEqual(names);
    });

    it('but not by types that more than one of them has', () => {
      // The number may be a rule's name.
      expect(namePositional(5, ['7', ...process])).toBeUndefined();
      // Signature and SignatureStatus stood either way round.
      expect(namePositional(6, [TIME, 'a.sys', 'MD5=1', 'true', 'S', 'Valid'])).toBeUndefined();
    });
  });

  it('names every value of every event by the current list', () => {
    fc.assert(
      fc.property(fc.constantFrom(...catalogue.values()), fc.jsonValue(), (kind, value) => {
        const named = namePositional(kind.id, Array(kind.fields.length).fill(value));
        expect(Object.keys(named!)).toEqual(kind.fields.map(({ name }) => name));
        for (const text of Object.values(named!)) expect(typeof text).toBe('string');
      }),
    );
  });
});

describe('a number among the values', () => {
  const text = (name: string, value: unknown): string | undefined =>
    namePositional(99, [value], [name])?.[name];

  it('may be as large as 64 bits', () => {
    expect(text('LogonId', 0xffffffffffffffffn)).toBe('0xFFFFFFFFFFFFFFFF');
    expect(text('ProcessId', 18446744073709551615n)).toBe('18446744073709551615');
  });

  it('that Sysmon renders in hex may be zero; a negative or broken one stays as it is', () => {
    expect(text('LogonId', 0)).toBe('0x0');
    expect(text('LogonId', 0n)).toBe('0x0');
    expect(text('LogonId', -1n)).toBe('-1');
    expect(text('LogonId', 2.5)).toBe('2.5');
  });
});

describe('a GUID among the values', () => {
  it('gets its braces only in a field that holds GUIDs', () => {
    expect({ ...namePositional(99, [GUID, GUID], ['ProcessGuid', 'CommandLine']) }).toEqual({
      ProcessGuid: `{${GUID}}`,
      CommandLine: GUID,
    });
  });
});
