import { describe, expect, it } from '@jest/globals';
import { processContextOf } from '../../src/join/process-context.ts';
import { newFields } from '../../src/sysmon/event.ts';
import type { SysmonEvent } from '../../src/sysmon/event.ts';

function eventOf(EventId: number, entries: Record<string, string>): SysmonEvent {
  return { EventId, Description: Object.assign(newFields(), entries), UserDefined: newFields() };
}

const creation = (entries: Record<string, string> = {}) =>
  eventOf(1, {
    ProcessGuid: '{6A910B9D-498A-5EE0-C903-000000000400}',
    ProcessId: '6196',
    Image: 'C:\\Windows\\explorer.exe',
    FileVersion: '-',
    CommandLine: '',
    User: 'NT AUTHORITY\\SYSTEM',
    ...entries,
  });

describe('processContextOf', () => {
  it('gives the guid in its normal form and the fields that are named', () => {
    expect(processContextOf(creation(), ['User', 'Image'])).toEqual({
      guid: '6a910b9d-498a-5ee0-c903-000000000400',
      fields: { User: 'NT AUTHORITY\\SYSTEM', Image: 'C:\\Windows\\explorer.exe' },
    });
  });

  it('gives the fields in the order of the names', () => {
    const context = processContextOf(creation(), ['User', 'ProcessId', 'Image']);
    expect(Object.keys(context!.fields)).toEqual(['User', 'ProcessId', 'Image']);
  });

  it('leaves out what is absent: missing, empty or a dash', () => {
    const context = processContextOf(creation(), ['Hashes', 'CommandLine', 'FileVersion', 'ProcessId']);
    expect(Object.entries(context!.fields)).toEqual([['ProcessId', '6196']]);
  });

  it('takes a name that objects have of themselves as a name like any other', () => {
    expect(Object.keys(processContextOf(creation(), ['constructor', '__proto__'])!.fields)).toEqual([]);
    const named = creation();
    named.Description.__proto__ = 'text';
    expect(Object.entries(processContextOf(named, ['__proto__'])!.fields)).toEqual([['__proto__', 'text']]);
  });

  it('gives a context also where no named field is there: the process is known', () => {
    expect(processContextOf(creation(), [])).toEqual({
      guid: '6a910b9d-498a-5ee0-c903-000000000400',
      fields: {},
    });
  });

  it.each([
    ['is missing', ''],
    ['is a dash', '-'],
    ['is null', '{00000000-0000-0000-0000-000000000000}'],
    ['is no GUID', 'explorer.exe'],
  ])('gives nothing where the ProcessGuid %s', (_, ProcessGuid) => {
    expect(processContextOf(creation({ ProcessGuid }), ['Image'])).toBeUndefined();
  });

  it('gives nothing where there is no ProcessGuid at all', () => {
    expect(processContextOf(eventOf(1, { Image: 'a' }), ['Image'])).toBeUndefined();
  });

  it.each([3, 5, 255])('gives nothing for EventID %d', (EventId) => {
    expect(processContextOf({ ...creation(), EventId }, ['Image'])).toBeUndefined();
  });
});
