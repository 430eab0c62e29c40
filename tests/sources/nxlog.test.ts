import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { without, type JsonObject } from '../../src/sources/json.ts';
import { nxlog } from '../../src/sources/nxlog.ts';
import { carriedBy, damaged, lostFrom, wrappedBy } from './form-parts.ts';

const GUID = '{11111111-2222-3333-0000-000000000001}';
const FIELDS = {
  RuleName: '-',
  UtcTime: '2021-01-02 03:04:05.678',
  ProcessGuid: GUID,
  ProcessId: '42',
  Image: 'C:\\a.exe',
  User: 'H\\u',
};
const textOf = (title: string, fields: JsonObject): string =>
  [title, ...Object.entries(fields).map(([name, value]) => `${name}: ${String(value)}`)].join('\r\n');
const MESSAGE = textOf('Process terminated:', FIELDS);
const ENVELOPE = {
  EventTime: '2021-01-02T04:04:05.678901+01:00',
  Hostname: 'host',
  Keywords: -9223372036854775808,
  EventType: 'INFO',
  SeverityValue: 2,
  Severity: 'INFO',
  EventID: 5,
  SourceName: 'Microsoft-Windows-Sysmon',
  ProviderGuid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}',
  Version: 3,
  Task: 5,
  OpcodeValue: 0,
  RecordNumber: 4242,
  ProcessID: 3220,
  ThreadID: 4100,
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Domain: 'NT AUTHORITY',
  AccountName: 'SYSTEM',
  UserID: 'S-1-5-18',
  AccountType: 'User',
  Message: MESSAGE,
  Category: 'Process terminated (rule: ProcessTerminate)',
  Opcode: 'Info',
};
const END = {
  EventReceivedTime: '2021-01-02 04:04:06',
  SourceModuleName: 'in',
  SourceModuleType: 'im_msvistalog',
};
const RECORD = { ...ENVELOPE, ...FIELDS, ...END };
const read = (more: JsonObject = {}) => carriedBy(nxlog, { ...RECORD, ...more });
const decode = (document: JsonObject) => decodeRecord(Buffer.from(JSON.stringify(document)), 'auto');

describe('nxlog', () => {
  it('names the parts of a record', () => {
    const { provider, eventId, envelope, named, message } = read();
    expect({ provider, eventId, envelope, named: { ...named }, message }).toEqual({
      provider: 'Microsoft-Windows-Sysmon',
      eventId: 5,
      envelope: {
        TimeCreated: '2021-01-02T03:04:05.678901Z',
        MachineName: 'host',
        LogName: 'Microsoft-Windows-Sysmon/Operational',
        Index: '4242',
        UserName: 'S-1-5-18',
        Keywords: '0x8000000000000000',
        LevelDisplayName: 'Informational',
      },
      named: FIELDS,
      message: MESSAGE,
    });
  });

  it.each([
    ['2021-01-02T03:04:05.678901Z', '2021-01-02T03:04:05.678901Z'],
    [1609556645678901, '2021-01-02T03:04:05.678Z'],
    ['1609556645678901', '2021-01-02T03:04:05.678Z'],
    [1609556645678, '2021-01-02T03:04:05.678Z'],
    [1609556645, '2021-01-02T03:04:05.000Z'],
    ['2021-01-02 04:04:05', undefined],
    ['2021-01-02T04:04:05.678901', undefined],
    [5, undefined],
    [-1609556645678901, undefined],
  ])('takes the EventTime %j for %j', (EventTime, time) => {
    const { envelope, userDefined } = read({ EventTime });
    expect(envelope.TimeCreated).toBe(time);
    expect(userDefined.EventTime).toBe(time === undefined ? String(EventTime) : undefined);
  });

  it('takes the TimeCreated of a data set where EventTime names no zone, and never its time of arrival', () => {
    const more = { EventTime: '2021-01-02 04:04:05', '@timestamp': '2021-01-02T03:04:07.000Z' };
    expect(read(more).envelope.TimeCreated).toBeUndefined();
    const TimeCreated = '2021-01-02T03:04:05.678Z';
    expect(read({ ...more, TimeCreated }).envelope.TimeCreated).toBe(TimeCreated);
  });

  describe("does not take NXLog's keys for fields", () => {
    it('ProcessID, even where ProcessId is missing', () => {
      const document = without(RECORD, 'ProcessId', 'Message');
      expect(decode(document).event?.Description.ProcessId).toBeUndefined();
      expect(decode(document).event?.UserDefined.ProcessID).toBe('3220');
      expect(decode(without(RECORD, 'ProcessId')).event?.Description.ProcessId).toBe('42');
    });

    const REGISTRY = {
      ...without(ENVELOPE, 'Message'),
      EventID: 13,
      ...FIELDS,
      TargetObject: 'HKLM\\x',
      Details: 'y',
    };

    it.each(['INFO', 'WARNING', 'AUDIT_SUCCESS'])('EventType %s', (EventType) => {
      const { event } = decode({ ...REGISTRY, EventType });
      expect([event?.Description.EventType, event?.UserDefined.EventType]).toEqual([undefined, EventType]);
    });

    it.each(['SetValue', 'DeleteKey'])("but EventType %s is the event's", (EventType) => {
      const { event } = decode({ ...REGISTRY, EventType });
      expect([event?.Description.EventType, event?.UserDefined.EventType]).toEqual([EventType, undefined]);
    });

    const SERVICE = {
      ...without(ENVELOPE, 'Message'),
      EventID: 4,
      UtcTime: FIELDS.UtcTime,
      State: 'Started',
      SchemaVersion: '4.90',
    };

    it('Version, which is the number of the version of an event', () => {
      const { event } = decode({ ...SERVICE, Version: 3 });
      expect([event?.Description.Version, event?.UserDefined.Version]).toEqual([undefined, '3']);
    });

    it("but the version of Sysmon is the event's", () => {
      expect(decode({ ...SERVICE, Version: '15.14' }).event?.Description.Version).toBe('15.14');
    });

    it('nor those of a log router, whatever their case says', () => {
      const { named, userDefined } = read({
        user: 'x',
        type: 'eventlog',
        host: 'collector',
        port: 1,
        tags: ['a'],
      });
      expect({ ...named }).toEqual(FIELDS);
      expect(userDefined).toMatchObject({
        user: 'x',
        type: 'eventlog',
        host: 'collector',
        port: '1',
        tags: '["a"]',
      });
    });
  });

  it('takes names of a newer Sysmon, which stand among its fields', () => {
    const document = { ...ENVELOPE, ...FIELDS, Entropy: 7, ...END, Tenant: 'x' };
    const { named, userDefined } = carriedBy(nxlog, document);
    expect([named?.Entropy, named?.Tenant, userDefined.Tenant]).toEqual(['7', undefined, 'x']);
  });

  it('takes fields of an event that is not known', () => {
    const { named } = carriedBy(nxlog, { ...ENVELOPE, EventID: 99, ...FIELDS, Entropy: 7, ...END });
    expect({ ...named }).toEqual({ ...FIELDS, Entropy: '7' });
  });

  it('takes no fields from a record that has none, although a key is called like one', () => {
    const { named, userDefined } = carriedBy(nxlog, { ...ENVELOPE, User: 'x', ...END });
    expect([named, userDefined.User]).toEqual([undefined, 'x']);
    expect(decode({ ...ENVELOPE, User: 'x', ...END }).event?.Description.User).toBe('H\\u');
  });

  it.each([
    ['flat', Object.fromEntries(Object.entries(FIELDS).map(([name, value]) => [`EventData.${name}`, value]))],
    ['unflattened', { EventData: FIELDS }],
  ])('reads fields with a prefix, %s', (_, fields) => {
    const document = { ...without(ENVELOPE, 'Message'), User: 'x', ...fields, ...END };
    expect({ ...decode(document).event?.Description }).toEqual(FIELDS);
    expect(decode(document).event?.UserDefined.User).toBe('x');
  });

  describe('with EventXML', () => {
    const EventXML = `<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>5</EventID><TimeCreated SystemTime='2021-01-02T03:04:05Z'/><Computer>host</Computer></System><EventData>${Object.entries(
      FIELDS,
    )
      .map(([name, value]) => `<Data Name='${name}'>${value}</Data>`)
      .join('')}</EventData></Event>`;

    it('has the event once more, and does not keep it', () => {
      expect(read({ EventXML })).toEqual(read());
    });

    it('is read from it where it has no fields', () => {
      const document = { ...ENVELOPE, EventXML, ...END };
      expect(wrappedBy(nxlog, document).inner).toBe(EventXML);
      expect({ ...decode(document).event?.Description }).toEqual(FIELDS);
    });
  });

  it.each([
    ['LevelValue', { LevelValue: 3 }, 'Warning'],
    ['Level', { Level: '4' }, 'Informational'],
    ['Severity', { Severity: 'ERROR' }, 'Error'],
    ['Severity, where Level is in words of another language', { Level: 'Informations' }, 'Informational'],
  ])('has the level of %s', (_, more, caption) => {
    expect(read(more).envelope.LevelDisplayName).toBe(caption);
  });

  it('keeps a user that is no SID under its own name', () => {
    const { envelope, userDefined } = read({ UserID: 'SYSTEM' });
    expect([envelope.UserName, userDefined.UserID]).toEqual([undefined, 'SYSTEM']);
  });

  it('has the host in either spelling of its key', () => {
    const document = { ...without(RECORD, 'Hostname'), HostName: 'other' };
    expect(decode(document).event?.MachineName).toBe('other');
  });

  it.each(['SourceName', 'EventID', 'Hostname'])('is recognised without %s, and incomplete', (name) => {
    const document = without(RECORD, name);
    expect(nxlog.recognises(document)).toBe(true);
    expect(decode(document)).toEqual({ reason: 'incomplete_envelope' });
  });

  it.each([
    {},
    { EventID: 5, Hostname: 'h' },
    { SourceName: 'p', EventID: 5 },
    { SourceName: 'p', RecordNumber: 1, ComputerName: 'h', TimeGenerated: 'x' },
    { SourceName: 'p', Hostname: 'h', StringInserts: [] },
    { SourceModuleName: 'in', Message: 'hello' },
    { source_name: 'p', record_number: 1, computer_name: 'h' },
  ])('does not recognise %j', (document) => {
    expect(nxlog.recognises(document)).toBe(false);
  });

  it('never throws, whatever stands in its places', () => {
    fc.assert(
      fc.property(damaged({ ...RECORD, EventXML: '<Event/>' }), (hostile) => {
        nxlog.recognises(hostile);
        nxlog.read(hostile);
      }),
    );
  });

  it('loses no value', () => {
    // Said in other words: the time, the keywords and the severity.
    expect(lostFrom(RECORD, read())).toEqual([ENVELOPE.EventTime, '-9223372036854776000']);
  });
});

describe('fields of a flat record', () => {
  const read = (fields: Record<string, unknown>): Record<string, string> => {
    const record = {
      ...{ EventTime: '2021-01-02 05:04:05', Hostname: 'h', SourceName: 'Microsoft-Windows-Sysmon' },
      ...{ EventID: 5, RecordNumber: 1, Channel: 'c', ...fields },
    };
    const { event } = decodeRecord(Buffer.from(JSON.stringify(record)), 'auto');
    return { ...event?.Description };
  };
  const guid = '{5fe2a7c1-3a25-6957-0102-000000000500}';
  const time = '2021-01-02 03:04:05.678';
  const ended = { UtcTime: time, ProcessGuid: guid, ProcessId: '12', Image: 'C:\\a.exe' };

  it('are known in whatever case they are written', () => {
    expect(read({ utcTime: time, processGuid: guid, processId: '12', image: 'C:\\a.exe' })).toEqual(ended);
    expect(read({ UtcTime: time, processguid: guid, processid: '12', image: 'C:\\a.exe' })).toEqual(ended);
  });

  it('end with the last one that is known', () => {
    expect(read({ ...ended, Site: 'Berlin', LogName: 'q', Index: 4, UserName: 'x' })).toEqual(ended);
  });

  it('are those of a whole record, whatever a router adds to it', () => {
    const whole = { SourceModuleName: 'in', ...ended };
    for (const key of ['Id', 'RecordId', 'ComputerName', 'provider_name'])
      expect(read({ ...whole, [key]: 'x' })).toEqual(ended);
  });
});
