import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { getWinEvent } from '../../src/sources/get-winevent.ts';
import { without, type JsonObject } from '../../src/sources/json.ts';
import { carriedBy, damaged, lostFrom } from './form-parts.ts';

const GUID = '{11111111-2222-3333-0000-000000000001}';
const MESSAGE = `Process terminated:\r\nRuleName: -\r\nUtcTime: 2021-01-02 03:04:05.678\r\nProcessGuid: ${GUID}\r\nProcessId: 42\r\nImage: C:\\a.exe\r\nUser: H\\u`;
const RECORD = {
  Id: 5,
  Version: 3,
  Qualifiers: null,
  Level: 4,
  Task: 5,
  Opcode: 0,
  Keywords: -9223372036854775808,
  RecordId: 4242,
  ProviderName: 'Microsoft-Windows-Sysmon',
  ProviderId: '5770385f-c22a-43e0-bf4c-06f5698ffbd9',
  LogName: 'Microsoft-Windows-Sysmon/Operational',
  ProcessId: 3220,
  ThreadId: 4100,
  MachineName: 'host',
  UserId: { BinaryLength: 12, AccountDomainSid: null, Value: 'S-1-5-18' },
  TimeCreated: '/Date(1609556645679)/',
  ContainerLog: 'Microsoft-Windows-Sysmon/Operational',
  MatchedQueryIds: [],
  Bookmark: {},
  LevelDisplayName: 'Informationen',
  TaskDisplayName: 'Process terminated (rule: ProcessTerminate)',
  KeywordsDisplayNames: [],
  Properties: ['-', '2021-01-02 03:04:05.678', GUID, 42, 'C:\\a.exe', 'H\\u'].map((Value) => ({ Value })),
  Message: MESSAGE,
};
const read = (more: JsonObject = {}) => carriedBy(getWinEvent, { ...RECORD, ...more });
const decode = (document: JsonObject) => decodeRecord(Buffer.from(JSON.stringify(document)), 'auto');

describe('getWinEvent', () => {
  it('names the parts of a record', () => {
    const { provider, eventId, envelope, positional, message } = read();
    expect({ provider, eventId, envelope, positional, message }).toEqual({
      provider: 'Microsoft-Windows-Sysmon',
      eventId: 5,
      envelope: {
        TimeCreated: '2021-01-02T03:04:05.679Z',
        MachineName: 'host',
        LogName: 'Microsoft-Windows-Sysmon/Operational',
        Index: '4242',
        UserName: 'S-1-5-18',
        Keywords: '0x8000000000000000',
        LevelDisplayName: 'Informational',
      },
      positional: ['-', '2021-01-02 03:04:05.678', GUID, 42, 'C:\\a.exe', 'H\\u'],
      message: MESSAGE,
    });
  });

  it('does not take the process that logged the event for the one of the event', () => {
    const { event } = decode(RECORD);
    expect(event?.Description.ProcessId).toBe('42');
    expect(event?.UserDefined).toMatchObject({
      ProcessId: '3220',
      TaskDisplayName: RECORD.TaskDisplayName,
      LevelDisplayName: 'Informationen',
    });
  });

  it.each([
    ['\\/Date(1609556645679)\\/', '2021-01-02T03:04:05.679Z'],
    ['2021-01-02T03:04:05.6789012Z', '2021-01-02T03:04:05.6789012Z'],
    ['2021-01-02T05:04:05.6789012+02:00', '2021-01-02T03:04:05.6789012Z'],
    [
      { value: '/Date(1609556645679)/', DisplayHint: 2, DateTime: 'Samstag, 2. Januar 2021 04:04:05' },
      '2021-01-02T03:04:05.679Z',
    ],
    ['2021-01-02T03:04:05.678', undefined],
    ['02.01.2021 03:04:05', undefined],
    [{ DateTime: 'Saturday, January 2, 2021 3:04:05 AM' }, undefined],
  ])('takes the time %j for %j', (TimeCreated, time) => {
    expect(read({ TimeCreated }).envelope.TimeCreated).toBe(time);
  });

  it('keeps a time that names no zone', () => {
    expect(read({ TimeCreated: '2021-01-02T03:04:05' }).userDefined.TimeCreated).toBe('2021-01-02T03:04:05');
  });

  it.each([
    ['S-1-5-18', 'S-1-5-18'],
    [{ Value: 'S-1-5-19' }, 'S-1-5-19'],
    [null, undefined],
  ])('takes the user %j for %j', (UserId, sid) => {
    expect(read({ UserId }).envelope.UserName).toBe(sid);
  });

  it('takes the text of a SID among the values', () => {
    const Properties = [{ Value: { BinaryLength: 12, Value: 'S-1-5-18' } }, { Value: null }];
    expect(read({ Properties }).positional).toEqual(['S-1-5-18', null]);
  });

  it.each([
    [
      [
        'System.Diagnostics.Eventing.Reader.EventProperty',
        'System.Diagnostics.Eventing.Reader.EventProperty',
      ],
    ],
    [[{ Value: '-' }, 'System.Diagnostics.Eventing.Reader.EventProperty']],
    ['System.Diagnostics.Eventing.Reader.EventProperty'],
    [[]],
    [null],
  ])('takes no values from the properties %j', (Properties) => {
    expect(read({ Properties }).positional).toBeUndefined();
    expect(decode({ ...RECORD, Properties }).event?.Description.Image).toBe('C:\\a.exe');
  });

  it.each(['ProviderName', 'Id', 'MachineName'])('is recognised without %s, and incomplete', (name) => {
    const document = without(RECORD, name);
    expect(getWinEvent.recognises(document)).toBe(true);
    expect(decode(document)).toEqual({ reason: 'incomplete_envelope' });
  });

  it('is recognised where only the columns of the default view were selected', () => {
    const { TimeCreated, Id, LevelDisplayName, Message } = RECORD;
    expect(decode({ TimeCreated, Id, LevelDisplayName, Message })).toEqual({ reason: 'incomplete_envelope' });
  });

  it.each([
    {},
    { Id: 5 },
    { Id: 5, Message: 'hello', TimeCreated: 'x' },
    { RecordId: 5, Message: '<Event></Event>' },
    { id: 5, logName: 'x', machineName: 'y', providerName: 'z' },
  ])('does not recognise %j', (document) => {
    expect(getWinEvent.recognises(document)).toBe(false);
  });

  it('never throws, whatever stands in its places', () => {
    fc.assert(fc.property(damaged(RECORD), (hostile) => void getWinEvent.read(hostile)));
  });

  it('loses no value', () => {
    const lost = lostFrom(RECORD, read());
    // Said in other words: the keywords, the level and the time.
    expect(lost).toEqual(['-9223372036854776000', '/Date(1609556645679)/']);
  });
});
