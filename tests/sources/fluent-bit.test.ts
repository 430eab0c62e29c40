import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { fluentBit } from '../../src/sources/fluent-bit.ts';
import { without, type JsonObject } from '../../src/sources/json.ts';
import { carriedBy, damaged, lostFrom } from './form-parts.ts';

const GUID = '{11111111-2222-3333-0000-000000000001}';
const UTC_TIME = '2021-07-02 03:04:05.678';
const MESSAGE = `Process terminated:\r\nRuleName: -\r\nUtcTime: ${UTC_TIME}\r\nProcessGuid: ${GUID}\r\nProcessId: 42\r\nImage: C:\\a.exe\r\nUser: H\\u`;
const VALUES = ['-', UTC_TIME, GUID, 42, 'C:\\a.exe', 'H\\u'];
const NAMED = {
  RuleName: '-',
  UtcTime: UTC_TIME,
  ProcessGuid: GUID,
  ProcessId: 42,
  Image: 'C:\\a.exe',
  User: 'H\\u',
};
const RECORD = {
  date: 1625195046.7,
  ProviderName: 'Microsoft-Windows-Sysmon',
  ProviderGuid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}',
  Qualifiers: '',
  EventID: 5,
  Version: 3,
  Level: 4,
  Task: 5,
  Opcode: 0,
  Keywords: '0x8000000000000000',
  TimeCreated: '2021-07-02 05:04:05 +0200',
  EventRecordID: 4242,
  ActivityID: '',
  RelatedActivityID: '',
  ProcessID: 3220,
  ThreadID: 4100,
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Computer: 'host',
  UserID: 'S-1-5-18',
  Message: MESSAGE,
  StringInserts: VALUES,
};
const read = (more: JsonObject = {}) => carriedBy(fluentBit, { ...RECORD, ...more });
const decode = (document: JsonObject) => decodeRecord(Buffer.from(JSON.stringify(document)), 'auto');

describe('fluentBit', () => {
  it('names the parts of a record of winevtlog', () => {
    const { provider, eventId, envelope, positional, message } = read();
    expect({ provider, eventId, envelope, positional, message }).toEqual({
      provider: 'Microsoft-Windows-Sysmon',
      eventId: 5,
      envelope: {
        TimeCreated: '2021-07-02T03:04:05Z',
        MachineName: 'host',
        LogName: 'Microsoft-Windows-Sysmon/Operational',
        Index: '4242',
        UserName: 'S-1-5-18',
        Keywords: '0x8000000000000000',
        LevelDisplayName: 'Informational',
      },
      positional: VALUES,
      message: MESSAGE,
    });
  });

  it('names the values of event_data_as_map', () => {
    const { named } = carriedBy(fluentBit, { ...without(RECORD, 'StringInserts'), EventData: NAMED });
    expect({ ...named }).toEqual({ ...NAMED, ProcessId: '42' });
  });

  it('does not take the process that logged the event for the one of the event', () => {
    const { event } = decode(RECORD);
    expect(event?.Description.ProcessId).toBe('42');
    expect(event?.UserDefined.ProcessID).toBe('3220');
  });

  it('keeps a user that is no SID under its own name', () => {
    const { envelope, userDefined } = read({ UserID: 'NT AUTHORITY\\SYSTEM' });
    expect([envelope.UserName, userDefined.UserID]).toEqual([undefined, 'NT AUTHORITY\\SYSTEM']);
  });

  describe('with a time whose offset is that of the other season', () => {
    const HOUR_OFF = ['2021-07-02 05:04:05 +0100', '2021-07-02 05:04:06 +0300'];
    const others = without(RECORD, 'StringInserts', 'Message');

    it.each(HOUR_OFF)('takes %s for no TimeCreated, and keeps it', (TimeCreated) => {
      const { envelope, userDefined } = read({ TimeCreated });
      expect([envelope.TimeCreated, userDefined.TimeCreated]).toEqual([undefined, TimeCreated]);
    });

    it.each([
      ['values by position', { StringInserts: VALUES }],
      ['values by name', { EventData: NAMED }],
      ['the text', { Message: MESSAGE }],
    ])('knows it by UtcTime among %s', (_, more) => {
      const read = carriedBy(fluentBit, { ...others, ...more, TimeCreated: HOUR_OFF[0] });
      expect(read.envelope.TimeCreated).toBeUndefined();
    });

    it('dates a connection by its UtcTime', () => {
      const Message = `Network connection detected:\r\nRuleName: -\r\nUtcTime: ${UTC_TIME}\r\nProcessGuid: ${GUID}\r\nProcessId: 42\r\nImage: C:\\a.exe\r\nUser: H\\u\r\nProtocol: tcp\r\nInitiated: true\r\nSourceIsIpv6: false\r\nSourceIp: 10.0.0.5\r\nSourceHostname: h\r\nSourcePort: 50123\r\nSourcePortName: -\r\nDestinationIsIpv6: false\r\nDestinationIp: 192.0.2.7\r\nDestinationHostname: -\r\nDestinationPort: 443\r\nDestinationPortName: -`;
      const { event } = decode({ ...others, EventID: 3, Message, TimeCreated: HOUR_OFF[0] });
      expect([event?.EventId, event?.TimeCreated]).toEqual([3, undefined]);
    });

    it('takes any other difference for one of clocks', () => {
      const TimeCreated = '2021-07-04 05:04:05 +0200';
      expect(read({ TimeCreated }).envelope.TimeCreated).toBe('2021-07-04T03:04:05Z');
      const soon = '2021-07-02 05:34:05 +0200';
      expect(read({ TimeCreated: soon }).envelope.TimeCreated).toBe('2021-07-02T03:34:05Z');
    });
  });

  it('names the parts of a record of winlog', () => {
    const record = {
      RecordNumber: 4242,
      TimeGenerated: '2021-07-02 05:04:05 +0200',
      TimeWritten: '2021-07-02 05:04:06 +0200',
      EventID: 5,
      Qualifiers: 0,
      EventType: 'Information',
      EventCategory: 5,
      Channel: 'Sysmon',
      SourceName: 'Microsoft-Windows-Sysmon',
      ComputerName: 'host',
      Data: '',
      Sid: 'S-1-5-18',
      Message: MESSAGE,
    };
    const { provider, envelope, message, userDefined } = carriedBy(fluentBit, record);
    expect({ provider, envelope, message }).toEqual({
      provider: 'Microsoft-Windows-Sysmon',
      envelope: {
        TimeCreated: '2021-07-02T03:04:05Z',
        MachineName: 'host',
        LogName: 'Sysmon',
        Index: '4242',
        UserName: 'S-1-5-18',
      },
      message: MESSAGE,
    });
    expect(userDefined.TimeWritten).toBe('2021-07-02 05:04:06 +0200');
    expect(fluentBit.recognises(record)).toBe(true);
    expect(decode(record).event?.Description.Image).toBe('C:\\a.exe');
  });

  it('names the parts of a record of Fluentd, whose times are UTC', () => {
    const { Message: Description, StringInserts: EventData, ...rest } = RECORD;
    const record = {
      ...rest,
      EventID: '5',
      TimeCreated: '2021/07/02 03:04:05.678943200',
      Description,
      EventData,
    };
    const { envelope, positional, message } = carriedBy(fluentBit, record);
    expect([envelope.TimeCreated, positional, message]).toEqual([
      '2021-07-02T03:04:05.6789432Z',
      VALUES,
      MESSAGE,
    ]);
    expect(decode(record).event?.Description).toMatchObject({ ProcessId: '42', User: 'H\\u' });
  });

  it('takes no time without a zone from winevtlog', () => {
    const { envelope, userDefined } = read({ TimeCreated: '2021-07-02 05:04:05' });
    expect([envelope.TimeCreated, userDefined.TimeCreated]).toEqual([undefined, '2021-07-02 05:04:05']);
  });

  it.each(['ProviderName', 'EventID', 'Computer'])('is recognised without %s, and incomplete', (name) => {
    const document = without(RECORD, name);
    expect(fluentBit.recognises(document)).toBe(true);
    expect(decode(document)).toEqual({ reason: 'incomplete_envelope' });
  });

  it.each([
    {},
    { EventID: 5 },
    { EventID: 5, Computer: 'h', Channel: 'c' },
    { ProviderName: 'p', EventId: 5, MachineName: 'h' },
    { System: '<Event/>', Message: 'm', StringInserts: [] },
    { EventRecordID: 1, Hostname: 'h', EventID: 5, Channel: 'c' },
  ])('does not recognise %j', (document) => {
    expect(fluentBit.recognises(document)).toBe(false);
  });

  it('recognises a record that a filter has added a host name to', () => {
    expect(fluentBit.recognises({ ...RECORD, Hostname: 'h' })).toBe(true);
  });

  it('never throws, whatever stands in its places', () => {
    fc.assert(
      fc.property(damaged({ ...RECORD, EventData: NAMED }), (hostile) => {
        fluentBit.recognises(hostile);
        fluentBit.read(hostile);
      }),
    );
  });

  it('loses no value', () => {
    // Said in other words: the level and the time.
    expect(lostFrom(RECORD, read())).toEqual(['2021-07-02 05:04:05 +0200']);
  });
});
