import { describe, expect, it } from '@jest/globals';
import { newFields } from '../../src/sysmon/event.ts';
import { fieldsOfRendered, fillFromRendered, readRendered } from '../../src/sources/rendered.ts';

const TERMINATED = [
  'Process terminated:',
  'RuleName: -',
  'UtcTime: 2021-01-02 03:04:05.678',
  'ProcessGuid: {11111111-2222-3333-0000-000000000001}',
  'ProcessId: 0',
  'Image: C:\\a.exe',
  'User: %6',
].join('\r\n');

/** An EventID 1 of Sysmon 9 as a manifest renders it that has OriginalFileName and ParentUser. */
const SHIFTED = [
  'Process Create:',
  'RuleName: ',
  'UtcTime: 2021-01-02 03:04:05.678',
  'ProcessGuid: {11111111-2222-3333-0000-000000000001}',
  'ProcessId: 0',
  'Image: C:\\a.exe',
  'FileVersion: 1',
  'Description: d',
  'Product: p',
  'Company: c',
  'OriginalFileName: C:\\a.exe -x',
  'CommandLine: C:\\',
  'CurrentDirectory: H\\u',
].join('\n');

const truth = (fields: Record<string, string>) => Object.assign(newFields(), fields);

describe('readRendered', () => {
  it('tells nothing of a text that is no Sysmon message', () => {
    expect(readRendered(1, 'Cannot retrieve event message text.')).toBeUndefined();
  });

  it('finds the inserts that were left unfilled', () => {
    expect([...readRendered(5, TERMINATED)!.unfilled]).toEqual(['User']);
  });

  it('takes an insert of another number for a value', () => {
    expect(readRendered(5, TERMINATED.replace('%6', '%7'))!.unfilled.size).toBe(0);
  });
});

describe('fieldsOfRendered', () => {
  it('blanks unfilled inserts and the zeros that come with them', () => {
    expect(fieldsOfRendered(5, readRendered(5, TERMINATED)!)).toMatchObject({
      Image: 'C:\\a.exe',
      ProcessId: '',
      User: '',
    });
  });

  it('keeps a zero in a message that is whole', () => {
    const whole = TERMINATED.replace('%6', 'H\\u');
    expect(fieldsOfRendered(5, readRendered(5, whole)!)).toMatchObject({ ProcessId: '0', User: 'H\\u' });
  });
});

describe('fillFromRendered', () => {
  it('adds what is missing and never overwrites', () => {
    const fields = truth({ Image: 'C:\\true.exe', ProcessId: '7' });
    fillFromRendered(5, fields, readRendered(5, TERMINATED.replace('%6', 'H\\u'))!);
    expect(fields).toMatchObject({ Image: 'C:\\true.exe', ProcessId: '7', RuleName: '-', User: 'H\\u' });
  });

  it('adds nothing that a newer manifest made up', () => {
    const fields = truth({ Image: 'C:\\A.exe' });
    fillFromRendered(5, fields, readRendered(5, TERMINATED)!);
    expect({ ...fields }).toEqual({
      Image: 'C:\\A.exe',
      RuleName: '-',
      UtcTime: '2021-01-02 03:04:05.678',
      ProcessGuid: '{11111111-2222-3333-0000-000000000001}',
    });
  });

  it('takes only the time from a message whose names are shifted', () => {
    const fields = truth({ CommandLine: 'C:\\a.exe -x', Image: 'C:\\a.exe' });
    fillFromRendered(1, fields, readRendered(1, `${SHIFTED}\nParentUser: %13`)!);
    expect({ ...fields }).toEqual({
      CommandLine: 'C:\\a.exe -x',
      Image: 'C:\\a.exe',
      UtcTime: '2021-01-02 03:04:05.678',
    });
  });
});
