import { describe, expect, it } from '@jest/globals';
import { newFields } from '../../src/sysmon/event.ts';
import { fillFromText, isSaidBy, readCompleteText, readTextByPlace } from '../../src/sysmon/rendered.ts';
import { sampleEvent } from '../../src/sysmon/sample.ts';
import { catalogue } from '../../src/sysmon/catalogue.ts';

const full = (eventId: number): Record<string, string> => ({ ...sampleEvent(eventId, 'full')!.Description });
const rendered = (
  eventId: number,
  fields: Record<string, string>,
  title = catalogue.get(eventId)!.titles[0],
): string => [title, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)].join('\r\n');
const without = (fields: Record<string, string>, ...names: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** The lines of a text in another language: labels that are not Sysmon's. */
const localised = (values: readonly string[], label = (at: number) => `Prozess-Größe ${at}`): string =>
  ['Prozesserstellung:', ...values.map((value, at) => `${label(at)}: ${value}`)].join('\r\n');

describe('readCompleteText', () => {
  it('reads the current message of every event, and the fields of its first version alone', () => {
    for (const id of catalogue.keys()) {
      for (const extent of ['full', 'least'] as const) {
        const { Description } = sampleEvent(id, extent)!;
        const text = readCompleteText(id, rendered(id, { ...Description }));
        expect([id, text?.eventId, { ...text?.fields }]).toEqual([id, id, { ...Description }]);
      }
    }
  });

  it.each([
    ['a field that every version has', without(full(1), 'LogonGuid')],
    ['a GUID', { ...full(1), ProcessGuid: '0x3e7' }],
    ['a GUID on one line', { ...full(1), ProcessGuid: `${full(1).ProcessGuid!}\r\nmore` }],
    ['an integer', { ...full(1), ProcessId: 'C:\\a.exe' }],
    ['a time', { ...full(1), UtcTime: 'yesterday' }],
    ['an insert that was filled', { ...full(1), ParentUser: '%23' }],
  ])('reads no text without %s', (_, fields) => {
    expect(readCompleteText(1, rendered(1, fields))).toBeUndefined();
  });

  it.each([
    ['an address', { DestinationIp: 'microsoft.com' }],
    ['a boolean', { DestinationIsIpv6: '40.113.200.201' }],
    ['a port', { DestinationPort: '70000' }],
  ])('reads no text whose value is not %s', (_, fields) => {
    expect(readCompleteText(3, rendered(3, { ...full(3), ...fields }))).toBeUndefined();
  });

  it('takes the event that the title and the fields name', () => {
    expect(readCompleteText(1, rendered(11, full(11)))?.eventId).toBe(11);
    expect(readCompleteText(1, rendered(11, full(11), 'Something else:'))).toBeUndefined();
    expect(readCompleteText(11, rendered(11, full(11), 'Something else:'))?.eventId).toBe(11);
  });

  it('reads nothing of a text that is no message of Sysmon', () => {
    expect(readCompleteText(1, 'Cannot retrieve event message text.')).toBeUndefined();
    expect(readCompleteText(1, '')).toBeUndefined();
  });
});

describe('readTextByPlace', () => {
  it.each([
    ['German', (at: number) => `Übergeordneter Wert ${at}`, ': '],
    ['French', (at: number) => `Nom de l’élément ${at} `, ': '],
    ['Japanese', (at: number) => `親プロセス${at}`, '：'],
    ['Arabic', (at: number) => `معرف العملية ${at}`, ': '],
  ])('reads a text in %s, one line per field', (_, label, colon) => {
    for (const id of [1, 3, 11, 22]) {
      const values = Object.values(full(id));
      const text = ['標題：', ...values.map((value, at) => `${label(at)}${colon}${value}`)].join('\n');
      expect(readTextByPlace(id, text)).toEqual({ fields: full(id), rendered: 'localised' });
    }
  });

  it.each([
    ['a line more', [...Object.values(full(1)), 'x']],
    ['a line less', Object.values(full(1)).slice(1)],
    ['a value in another place', Object.values(full(1)).toReversed()],
    [
      'a value over two lines',
      Object.values(full(1)).map((value, at) => (at === 10 ? `${value}\r\nx` : value)),
    ],
  ])('reads no localised text with %s', (_, values) => {
    expect(readTextByPlace(1, localised(values))).toBeUndefined();
  });

  it('reads no text whose labels are names of other fields', () => {
    const names = Object.keys(full(11));
    const swapped = localised(Object.values(full(11)), (at) => (at === 4 ? 'TargetFilename' : names[at]!));
    expect(readTextByPlace(11, swapped)).toBeUndefined();
  });

  it('reads what a newer schema version has rendered: the values that are filled, without the zeros it made up', () => {
    const old = Object.values(without(full(1), 'OriginalFileName', 'ParentUser', 'ProcessId'));
    old.splice(3, 0, '0');
    const names = Object.keys(full(1));
    const shown = Object.fromEntries(names.map((name, at) => [name, old[at] ?? `%${at + 1}`]));
    const read = readTextByPlace(1, rendered(1, shown));
    expect(read?.rendered).toBe('shifted');
    expect({ ...read?.fields }).toEqual(without(full(1), 'OriginalFileName', 'ParentUser', 'ProcessId'));
  });

  it('reads no message of an older schema version, whose last values are not shown', () => {
    const values = Object.values(full(1));
    const names = Object.keys(without(full(1), 'OriginalFileName', 'ParentUser'));
    const shown = Object.fromEntries(names.map((name, at) => [name, values[at]!]));
    expect(readCompleteText(1, rendered(1, shown))).toBeUndefined();
    expect(readTextByPlace(1, rendered(1, shown))).toBeUndefined();
  });
});

describe('isSaidBy', () => {
  it('holds for a text in any language whose values are all known', () => {
    const fields = Object.assign(newFields(), full(1));
    expect(isSaidBy(fields, localised(Object.values(full(1))))).toBe(true);
    expect(isSaidBy(fields, localised([...Object.values(full(1)), 'new']))).toBe(false);
    expect(isSaidBy(fields, 'no lines with labels\r\nat all')).toBe(false);
  });
});

describe('fillFromText', () => {
  it('adds what is missing, never overwrites, and takes nothing that may be part of a value', () => {
    const fields = Object.assign(newFields(), { Image: 'true', CommandLine: 'x\nUser: forged' });
    fillFromText(fields, Object.assign(newFields(), { Image: 'text', RuleName: '-', User: 'forged' }));
    expect({ ...fields }).toEqual({ Image: 'true', CommandLine: 'x\nUser: forged', RuleName: '-' });
  });
});
