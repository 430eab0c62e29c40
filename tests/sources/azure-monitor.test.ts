import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { azureMonitor } from '../../src/sources/azure-monitor.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import { without, type JsonObject } from '../../src/sources/json.ts';
import { carriedBy, damaged, lostFrom, wrappedBy } from './form-parts.ts';

const GUID = '{11111111-2222-3333-0000-000000000001}';
const MESSAGE = `Process terminated:\r\nRuleName: -\r\nUtcTime: 2021-01-02 03:04:05.678\r\nProcessGuid: ${GUID}\r\nProcessId: 42\r\nImage: C:\\a&b.exe\r\nUser: H\\u`;
const FIELDS = {
  RuleName: '-',
  UtcTime: '2021-01-02 03:04:05.678',
  ProcessGuid: GUID,
  ProcessId: '42',
  Image: 'C:\\a&b.exe',
  User: 'H\\u',
};
const elements = (open: (name: string) => string, close: string): string =>
  Object.entries(FIELDS)
    .map(([name, value]) => `${open(name)}${value.replace('&', '&amp;')}${close}`)
    .join('');
const DATA = `<EventData xmlns="http://schemas.microsoft.com/win/2004/08/events/event">${elements((name) => `<Data Name="${name}">`, '</Data>')}</EventData>`;
const EVENT = {
  TenantId: '11111111-2222-3333-4444-555555555555',
  SourceSystem: 'OpsManager',
  TimeGenerated: '2021-01-02T03:04:05.6789012Z',
  Source: 'Microsoft-Windows-Sysmon',
  EventLog: 'Microsoft-Windows-Sysmon/Operational',
  Computer: 'host',
  EventCategory: 5,
  EventLevel: 4,
  EventLevelName: 'Information',
  ParameterXml: elements(() => '<Param>', '</Param>'),
  EventData: `<DataItem Type="System.XmlData" time="2021-01-02T03:04:05.6789012Z" sourceHealthServiceId="0">${DATA}</DataItem>`,
  EventID: 5,
  RenderedDescription: MESSAGE,
  UserName: 'NT AUTHORITY\\SYSTEM',
  Type: 'Event',
  _ResourceId: '/subscriptions/x',
};
const WINDOWS_EVENT = {
  TimeGenerated: '2021-01-02T03:04:05.6789012Z',
  Provider: 'Microsoft-Windows-Sysmon',
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Computer: 'host',
  EventID: 5,
  EventLevel: 4,
  EventRecordId: '4242',
  Keywords: '0x8000000000000000',
  SystemProcessId: 3220,
  SystemUserId: 'S-1-5-18',
  EventData: FIELDS,
  Type: 'WindowsEvent',
};
const decode = (document: JsonObject) => decodeRecord(Buffer.from(JSON.stringify(document)), 'auto');
const fieldsOf = (document: JsonObject) => ({ ...decode(document).event?.Description });

describe('azureMonitor', () => {
  it('names the parts of a row of Event', () => {
    const { provider, eventId, envelope, named, message, userDefined } = carriedBy(azureMonitor, EVENT);
    expect({ provider, eventId, envelope, named: { ...named }, message }).toEqual({
      provider: 'Microsoft-Windows-Sysmon',
      eventId: 5,
      envelope: {
        TimeCreated: '2021-01-02T03:04:05.6789012Z',
        MachineName: 'host',
        LogName: 'Microsoft-Windows-Sysmon/Operational',
        LevelDisplayName: 'Informational',
      },
      named: FIELDS,
      message: MESSAGE,
    });
    expect(Object.keys(userDefined)).toEqual([
      'TenantId',
      'SourceSystem',
      'EventCategory',
      'EventLevelName',
      'UserName',
      'Type',
      '_ResourceId',
    ]);
  });

  it('names the parts of a row of WindowsEvent', () => {
    const { provider, envelope, named, userDefined } = carriedBy(azureMonitor, WINDOWS_EVENT);
    expect({ provider, envelope, named: { ...named }, userDefined: { ...userDefined } }).toEqual({
      provider: 'Microsoft-Windows-Sysmon',
      envelope: {
        TimeCreated: '2021-01-02T03:04:05.6789012Z',
        MachineName: 'host',
        LogName: 'Microsoft-Windows-Sysmon/Operational',
        Index: '4242',
        UserName: 'S-1-5-18',
        Keywords: '0x8000000000000000',
        LevelDisplayName: 'Informational',
      },
      named: FIELDS,
      userDefined: { SystemProcessId: '3220', Type: 'WindowsEvent' },
    });
  });

  it.each([
    ['an object', FIELDS],
    ['JSON', JSON.stringify(FIELDS)],
    ['an object with numbers and nulls', { ...FIELDS, ProcessId: 42, More: null }],
    ['XML', DATA],
    ['XML in a DataItem', EVENT.EventData],
  ])('reads EventData that is %s', (_, EventData) => {
    expect(fieldsOf({ ...WINDOWS_EVENT, EventData })).toMatchObject(FIELDS);
  });

  it('reads a UtcTime to which a type has been given', () => {
    const EventData = { ...FIELDS, UtcTime: '2021-01-02T03:04:05.6780000Z' };
    expect(fieldsOf({ ...WINDOWS_EVENT, EventData }).UtcTime).toBe(EventData.UtcTime);
  });

  it('reads RawEventData where EventData could not be parsed', () => {
    const document = { ...WINDOWS_EVENT, EventData: null, RawEventData: DATA };
    expect(fieldsOf(document)).toEqual(FIELDS);
    expect(decode(document).event?.UserDefined.RawEventData).toBeUndefined();
  });

  it('reads a whole event in RawEventData, and what the row says beside it', () => {
    const RawEventData = `<Event><System><Provider Name="Microsoft-Windows-Sysmon"/><EventID>5</EventID><TimeCreated SystemTime="2021-01-02T03:04:05Z"/><Computer>host</Computer></System>${DATA}</Event>`;
    const document = { ...WINDOWS_EVENT, EventData: null, RawEventData };
    expect(wrappedBy(azureMonitor, document).inner).toBe(RawEventData);
    expect(fieldsOf(document)).toEqual(FIELDS);
    expect(decode(document).event?.UserDefined.SystemProcessId).toBe('3220');
  });

  it('reads ParameterXml, which has no names, where there is no EventData', () => {
    const document = without(EVENT, 'EventData', 'RenderedDescription');
    expect(carriedBy(azureMonitor, document).positional).toEqual(Object.values(FIELDS));
    expect(fieldsOf(document)).toEqual(FIELDS);
  });

  it.each(['', 'text', '<EventData>', '[1]', '{', 7])(
    'keeps EventData %j that it cannot read',
    (EventData) => {
      const document = { ...without(EVENT, 'ParameterXml'), EventData };
      const { named, positional, userDefined } = carriedBy(azureMonitor, document);
      expect([named, positional, userDefined.EventData ?? '']).toEqual([
        undefined,
        undefined,
        String(EventData),
      ]);
      expect(fieldsOf(document)).toEqual(FIELDS);
    },
  );

  it('takes no time without a zone', () => {
    const { envelope, userDefined } = carriedBy(azureMonitor, {
      ...EVENT,
      TimeGenerated: '2021-01-02 03:04:05',
    });
    expect([envelope.TimeCreated, userDefined.TimeGenerated]).toEqual([undefined, '2021-01-02 03:04:05']);
  });

  describe.each([
    ['Event', EVENT, ['Source', 'EventID', 'Computer']],
    ['WindowsEvent', WINDOWS_EVENT, ['Provider', 'EventID', 'Computer']],
  ] as const)('a row of %s', (_, row, names) => {
    it.each(names)('is recognised without %s, and incomplete', (name) => {
      for (const document of [without(row, name), without(row, name, 'Type')]) {
        expect(azureMonitor.recognises(document)).toBe(true);
        expect(decode(document)).toEqual({ reason: 'incomplete_envelope' });
      }
    });

    it('never throws, whatever stands in its places', () => {
      fc.assert(
        fc.property(damaged(row), (hostile) => {
          azureMonitor.recognises(hostile);
          azureMonitor.read(hostile);
        }),
      );
    });
  });

  it.each([
    {},
    { EventID: 5, Computer: 'h' },
    { EventID: 5, TimeGenerated: 'x', SourceName: 'p', ComputerName: 'h' },
    { time: 'x', category: 'WindowsEventLogsTable', properties: { RawXml: '<Event/>', EventId: 5 } },
    { TimeGenerated: 'x', EventID: 5, Source: 'p', properties: { RawXml: '<Event/>' } },
    { Type: 'Event' },
    { Provider: 'p', EventId: 5, Channel: 'c', Payload: '{}' },
  ])('does not recognise %j', (document) => {
    expect(azureMonitor.recognises(document)).toBe(false);
  });

  it('loses no value', () => {
    expect(lostFrom(WINDOWS_EVENT, carriedBy(azureMonitor, WINDOWS_EVENT))).toEqual([]);
    // The values once more, in XML.
    expect(lostFrom(EVENT, carriedBy(azureMonitor, EVENT))).toEqual([EVENT.ParameterXml, EVENT.EventData]);
  });
});
