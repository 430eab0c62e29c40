import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alignNames, nameValues } from '../../src/sysmon/event-data.ts';
import { newFields } from '../../src/sysmon/event.ts';
import { catalogue } from '../../src/sysmon/catalogue.ts';
import { sampleEvent } from '../../src/sysmon/sample.ts';

const GUID = '6a910b9d-498a-5ee0-c903-000000000400';
const TIME = '2016-01-02 03:04:05.678';
const PROCESS = [TIME, GUID, 42, 'C:\\a.exe'];
const names = (eventId: number, values: readonly unknown[]) =>
  Object.keys(nameValues(eventId, values)?.fields ?? {});
const textOf = (fields: Record<string, string>) => ({
  names: Object.keys(fields),
  fields: Object.assign(newFields(), fields),
});

describe('nameValues', () => {
  it('renders values as Sysmon does', () => {
    const values = [
      '-',
      TIME,
      GUID,
      6196,
      7,
      'a.exe',
      `{${GUID}}`,
      4,
      'b.exe',
      0x1fffff,
      null,
      'H\\s',
      'H\\t',
    ];
    expect({ ...nameValues(10, values)?.fields }).toEqual({
      RuleName: '-',
      UtcTime: TIME,
      SourceProcessGUID: `{${GUID}}`,
      SourceProcessId: '6196',
      SourceThreadId: '7',
      SourceImage: 'a.exe',
      TargetProcessGUID: `{${GUID}}`,
      TargetProcessId: '4',
      TargetImage: 'b.exe',
      GrantedAccess: '0x1FFFFF',
      CallTrace: '',
      SourceUser: 'H\\s',
      TargetUser: 'H\\t',
    });
  });

  it('prefers the names of a complete text, with its empty fields left out where the counts differ by them', () => {
    const text = textOf({
      RuleName: '',
      UtcTime: TIME,
      ProcessGuid: GUID,
      ProcessId: '1',
      Image: 'i',
      Newer: 'x',
    });
    expect(Object.keys(nameValues(5, ['', TIME, GUID, 1, 'i', 'x'], text)!.fields)).toEqual(text.names);
    expect(Object.keys(nameValues(5, [TIME, GUID, 1, 'i', 'x'], text)!.fields)).toEqual(text.names.slice(1));
  });

  it('does not believe the names of a text that the values do not fit', () => {
    const text = textOf({ RuleName: '-', UtcTime: TIME, ProcessGuid: GUID, ProcessId: '1', Image: 'i' });
    expect(nameValues(9, [TIME, GUID, '-', 1, 'i'], text)).toBeUndefined();
    expect(names(9, ['-', TIME, GUID, 1, 'i', 'd'])).toEqual([...text.names, 'Device']);
  });

  it.each<[string, number, unknown[], string[]]>([
    ['a rule from a number', 5, ['-', ...PROCESS], ['RuleName']],
    ['no rule from a number', 5, ['', ...PROCESS], ['RuleName']],
    ['a number from a rule', 5, [7, ...PROCESS], ['SequenceNumber', 'UtcTime']],
    ['a time from a number', 4, [TIME, 'Started'], ['UtcTime', 'State']],
    ['a number from a time', 4, ['7', 'Started'], ['SequenceNumber', 'State']],
    ['text from a time', 12, ['CreateKey', ...PROCESS, 'HKLM'], ['EventType', 'UtcTime']],
    ['a time from text', 12, [...PROCESS, 'CreateKey', 'HKLM'], ['UtcTime', 'ProcessGuid']],
    [
      'an old connection from one of today',
      3,
      [7, ...PROCESS, 'H\\u', 'tcp', 'true', false, '::1', 'h', '1', 'n', 'false', '10.0.0.1', 'h', 2, 'n'],
      ['SequenceNumber', 'UtcTime'],
    ],
    [
      'a connection of today from an old one',
      3,
      ['-', ...PROCESS, 'H\\u', 'tcp', 'true', false, '::1', 'h', '1', 'n', 'false', '10.0.0.1', 'h', 2, 'n'],
      ['RuleName', 'UtcTime'],
    ],
  ])('distinguishes lists of one length by the types of the values: %s', (_, eventId, values, expected) => {
    expect(names(eventId, values).slice(0, expected.length)).toEqual(expected);
  });

  it('names nothing where it would have to guess, or where the values fit nothing', () => {
    // The number may be a rule's name; Signature and SignatureStatus stood either way round, and the words must tell.
    expect(nameValues(5, ['7', ...PROCESS])).toBeUndefined();
    expect(nameValues(6, [TIME, 'a.sys', 'MD5=1A', 'true', 'S', 'unknown'])).toBeUndefined();
    expect(nameValues(1, Array<string>(16).fill('x'))).toBeUndefined();
    expect(nameValues(1, ['x'])).toBeUndefined();
    expect(nameValues(1, [])).toBeUndefined();
    expect(nameValues(99, ['x'])).toBeUndefined();
  });

  it.each([
    ['S', 'Valid'],
    ['Valid', 'S'],
  ])('tells a signer from the status of the signature: %s, %s', (...values) => {
    const fields = nameValues(6, [TIME, 'a.sys', 'MD5=1A', 'true', ...values])?.fields;
    expect(fields).toMatchObject({ Signature: 'S', SignatureStatus: 'Valid' });
  });

  it.each([
    ['a path for a user', 'User', 'C:\\Users\\u\\'],
    ['an account for a GUID', 'LogonGuid', 'H\\u'],
    ['a hash list for an integrity level', 'IntegrityLevel', 'SHA1=0A'],
    ['an integrity level with digits', 'IntegrityLevel', '16384'],
    ['a GUID for a hash list', 'Hashes', GUID],
    ['a number for text', 'CommandLine', 7],
    ['nothing for a number', 'ProcessId', ''],
    ['nothing for a time', 'UtcTime', null],
  ])('does not take %s', (_, name, value) => {
    const { Description } = sampleEvent(1, 'full')!;
    const good = Object.entries(Description);
    expect(
      nameValues(
        1,
        good.map(([, text]) => text),
      )?.fields,
    ).toEqual(Description);
    expect(
      nameValues(
        1,
        good.map(([key, text]) => (key === name ? value : text)),
      ),
    ).toBeUndefined();
  });

  it('names all values of every event by the current list', () => {
    for (const kind of catalogue.values()) {
      const { Description } = sampleEvent(kind.id, 'full')!;
      expect([kind.id, { ...nameValues(kind.id, Object.values(Description))?.fields }]).toEqual([
        kind.id,
        { ...Description },
      ]);
    }
  });

  it('never throws', () => {
    const values = fc.array(fc.oneof(fc.jsonValue(), fc.constantFrom(TIME, GUID, 7, '-')), { maxLength: 30 });
    const id = fc.constantFrom(...catalogue.keys(), 99);
    fc.assert(
      fc.property(id, values, (eventId, list) => {
        nameValues(eventId, list);
        alignNames(eventId, list);
      }),
    );
  });
});

describe('alignNames', () => {
  const CONNECTION = [...PROCESS, 'H\\u', 'tcp', true, false, '10.0.0.5', 'host', 50_123];
  const TARGET = [false, '10.0.0.6', 'x.example', 443];

  it('finds the names of forwarded values among which empty ones are missing', () => {
    const found = alignNames(3, [...CONNECTION, ...TARGET])!;
    expect(found.isPartial).toBeUndefined();
    expect({ ...found.fields }).toEqual({
      UtcTime: TIME,
      ProcessGuid: `{${GUID}}`,
      ProcessId: '42',
      Image: 'C:\\a.exe',
      User: 'H\\u',
      Protocol: 'tcp',
      Initiated: 'true',
      SourceIsIpv6: 'false',
      SourceIp: '10.0.0.5',
      SourceHostname: 'host',
      SourcePort: '50123',
      DestinationIsIpv6: 'false',
      DestinationIp: '10.0.0.6',
      DestinationHostname: 'x.example',
      DestinationPort: '443',
    });
  });

  it('leaves a value without a name that could have several', () => {
    // One of EventID 1's texts between Image and User is missing: which one cannot be seen.
    const { Description } = sampleEvent(1, 'full')!;
    const values = Object.entries(Description).flatMap(([name, value]) =>
      name === 'Company' ? [] : [value],
    );
    const { fields, isPartial } = alignNames(1, values)!;
    expect(isPartial).toBe(true);
    expect(fields).toMatchObject({ ProcessId: '4711', User: 'CORP\\jdoe', IntegrityLevel: 'Medium' });
    for (const name of ['FileVersion', 'Description', 'Product', 'CommandLine'])
      expect(fields).not.toHaveProperty(name);
  });

  it('never gives a value a name that is not its own, whichever empty values are missing', () => {
    const ids = fc.constantFrom(1, 3, 7, 10, 11, 13, 22, 23);
    const gaps = fc.uniqueArray(
      fc.constantFrom(
        'RuleName',
        'User',
        'SourceHostname',
        'SourcePortName',
        'DestinationHostname',
        'QueryResults',
        'Company',
        'ParentUser',
      ),
    );
    fc.assert(
      fc.property(ids, gaps, (eventId, missing) => {
        const { Description } = sampleEvent(eventId, 'full')!;
        const values = Object.entries(Description).flatMap(([name, value]) =>
          missing.some((one) => one === name) ? [] : [value],
        );
        for (const [name, value] of Object.entries(alignNames(eventId, values)?.fields ?? {})) {
          expect([name, value]).toEqual([name, Description[name]]);
        }
      }),
    );
  });

  it('fits nothing where a value that is never empty is missing', () => {
    expect(
      alignNames(
        3,
        [...CONNECTION, ...TARGET].filter((value) => value !== GUID),
      ),
    ).toBeUndefined();
    expect(alignNames(5, [])).toBeUndefined();
    expect(alignNames(5, Array<string>(200).fill('x'))).toBeUndefined();
    expect(alignNames(99, PROCESS)).toBeUndefined();
  });
});
