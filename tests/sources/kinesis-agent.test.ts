import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { itWithRealData, realRecords } from './real-data.ts';

const decodeKinesisAgent = (document: unknown) =>
  decodeRecord(Buffer.from(JSON.stringify(document)), 'kinesis-agent');

const GUID = '{11111111-2222-3333-0000-000000000001}';
const TERMINATED = `Process terminated:\r\nRuleName: -\r\nUtcTime: 2021-01-02 03:04:05.678\r\nProcessGuid: ${GUID}\r\nProcessId: 42\r\nImage: C:\\a%5b.exe\r\nUser: H\\u`;
const record = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  EventId: 5,
  Description: TERMINATED,
  LevelDisplayName: 'Informational',
  LogName: 'Microsoft-Windows-Sysmon/Operational',
  MachineName: 'host',
  ProviderName: 'Microsoft-Windows-Sysmon',
  TimeCreated: '2021-01-02T03:04:05.6789Z',
  Index: 713650,
  UserName: 'S-1-5-18',
  Keywords: '',
  ...more,
});
const eventOf = (document: unknown) => decodeKinesisAgent(document).event!;

describe('kinesisAgent', () => {
  it('reads the message and the envelope', () => {
    const event = eventOf(record({ source_instance_id: 'i-1' }));
    expect({
      ...event,
      Description: { ...event.Description },
      UserDefined: { ...event.UserDefined },
    }).toEqual({
      EventId: 5,
      Description: {
        RuleName: '-',
        UtcTime: '2021-01-02 03:04:05.678',
        ProcessGuid: GUID,
        ProcessId: '42',
        Image: 'C:\\a%5b.exe',
        User: 'H\\u',
      },
      LevelDisplayName: 'Informational',
      LogName: 'Microsoft-Windows-Sysmon/Operational',
      MachineName: 'host',
      ProviderName: 'Microsoft-Windows-Sysmon',
      TimeCreated: '2021-01-02T03:04:05.6789Z',
      Index: '713650',
      UserName: 'S-1-5-18',
      UserDefined: { source_instance_id: 'i-1' },
    });
  });

  it('does with an EventId, a message and a decoration alone', () => {
    const event = eventOf({ EventId: '5', source_instance_id: 'i-1', Description: TERMINATED });
    expect(event).toMatchObject({ EventId: 5, UserDefined: { source_instance_id: 'i-1' } });
    expect(event.TimeCreated).toBeUndefined();
  });

  it.each([5, '5', 5.0])('takes the EventId %j', (EventId) => {
    expect(eventOf(record({ EventId })).EventId).toBe(5);
  });

  it.each([undefined, null, '', 'five', '05', ' 5', '5.0', -1, 1.5, 65_536, NaN, true, [5], { a: 5 }])(
    'has no event id in %j',
    (EventId) => {
      expect(decodeKinesisAgent(record({ EventId }))).toEqual({ reason: 'no_event_id' });
    },
  );

  it.each(['Microsoft-Windows-Security-Auditing', 7, {}])(
    'refuses events of the provider %j',
    (ProviderName) => {
      expect(decodeKinesisAgent(record({ ProviderName }))).toEqual({ reason: 'not_sysmon' });
    },
  );

  it.each([undefined, null, 'microsoft-windows-sysmon'])(
    'takes the provider %j for Sysmon',
    (ProviderName) => {
      expect(decodeKinesisAgent(record({ ProviderName })).reason).toBeUndefined();
    },
  );

  it.each([7, [1], 'Cannot retrieve event message text.'])('cannot read %j', (Description) => {
    expect(decodeKinesisAgent(record({ Description }))).toEqual({ reason: 'unreadable_text' });
  });

  it.each([null, '', {}, undefined])('has no message in %j', (Description) => {
    expect(decodeKinesisAgent(record({ Description }))).toEqual({ reason: 'no_message' });
  });

  it('takes a description that is an object by its names', () => {
    const { Description } = eventOf(
      record({ Description: { ProcessId: 42, Image: 'x', User: null, More: [1] } }),
    );
    expect({ ...Description }).toEqual({ ProcessId: '42', Image: 'x', User: '', More: '[1]' });
  });

  it('lets true values win over rendered ones', () => {
    const values = ['-', '2021-01-02 03:04:05.678', GUID, 42, 'C:\\a%5b.exe', 'H\\u'];
    const rendered = TERMINATED.replace('%5b', '2b');
    const event = eventOf(record({ Description: rendered, EventData: values }));
    expect(event.Description.Image).toBe('C:\\a%5b.exe');
    expect(event.UserDefined.EventData).toBeUndefined();
  });

  it('names the values by their event where there is no message', () => {
    const values = ['-', '2021-01-02 03:04:05.678', GUID, 42, 'C:\\a.exe', 'H\\u'];
    const event = eventOf(record({ Description: null, EventData: values }));
    expect(event.Description).toMatchObject({ ProcessId: '42', Image: 'C:\\a.exe', User: 'H\\u' });
  });

  it('takes the values alone where a newer manifest rendered the message', () => {
    const values = ['-', '2021-01-02 03:04:05.678', GUID, 42, 'C:\\a.exe'];
    const rendered = TERMINATED.replace('H\\u', '%6').replace('Id: 42', 'Id: 0');
    const event = eventOf(record({ Description: rendered, EventData: values }));
    expect(event.Description).toMatchObject({ ProcessId: '42', Image: 'C:\\a.exe' });
    expect(event.Description.User).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [
      'Die Beschreibung für Ereignis-ID 5 wurde nicht gefunden.',
      'Die Beschreibung für Ereignis-ID 5 wurde nicht gefunden.',
    ],
    [['a', 1], '["a",1]'],
  ])('keeps the description %j beside the values', (Description, kept) => {
    const values = ['-', '2021-01-02 03:04:05.678', GUID, 42, 'C:\\a.exe', 'H\\u'];
    const event = eventOf(record({ Description, EventData: values }));
    expect(event.Description).toMatchObject({ ProcessId: '42', Image: 'C:\\a.exe' });
    expect({ ...event.UserDefined }).toEqual({ RenderedDescription: kept });
  });

  it('keeps such a description beside a decoration of that name', () => {
    const values = ['-', '2021-01-02 03:04:05.678', GUID, 42, 'C:\\a.exe', 'H\\u'];
    const own = record({ Description: 'other', EventData: values, RenderedDescription: 'mine' });
    expect({ ...eventOf(own).UserDefined }).toEqual({
      RenderedDescription: 'mine',
      'envelope.RenderedDescription': 'other',
    });
  });

  it.each([null, '', TERMINATED])('keeps no description of %j', (Description) => {
    const values = ['-', '2021-01-02 03:04:05.678', GUID, 42, 'C:\\a.exe', 'H\\u'];
    expect({ ...eventOf(record({ Description, EventData: values })).UserDefined }).toEqual({});
  });

  it('keeps values that it cannot name', () => {
    const event = eventOf(record({ EventData: [1, 2] }));
    expect(event.Description.ProcessId).toBe('42');
    expect(event.UserDefined.EventData).toBe('[1,2]');
    const named = eventOf(record({ EventData: { ProcessId: 7 } }));
    expect(named.Description.ProcessId).toBe('42');
    expect(named.UserDefined.EventData).toBe('{"ProcessId":7}');
  });

  it('reads what a newer manifest rendered by its places', () => {
    const event = eventOf(
      record({ Description: TERMINATED.replace('H\\u', '%6').replace('Id: 42', 'Id: 0') }),
    );
    expect({ ...event.Description }).toEqual({
      RuleName: '-',
      UtcTime: '2021-01-02 03:04:05.678',
      ProcessGuid: GUID,
      Image: 'C:\\a%5b.exe',
    });
    expect(event.UserDefined.rendered).toBe('shifted');
  });

  it('keeps a time that is a number, and lists in the envelope, as they came', () => {
    const event = eventOf(record({ TimeCreated: 1_600_000_000, Keywords: ['a'], LevelDisplayName: 4 }));
    expect(event.TimeCreated).toBeUndefined();
    expect(event.LevelDisplayName).toBe('4');
    expect(event.UserDefined).toMatchObject({ TimeCreated: '1600000000', Keywords: '["a"]' });
  });

  it('gives both spellings of a decoration the same meaning', () => {
    const { UserDefined } = eventOf(
      record({ UserDefined: { a: 'nested', b: 1, c: null }, a: 'top', d: { e: [2] } }),
    );
    expect({ ...UserDefined }).toEqual({ a: 'top', b: '1', d: '{"e":[2]}' });
  });

  it('keeps a UserDefined that is no object', () => {
    expect(eventOf(record({ UserDefined: 'x' })).UserDefined.UserDefined).toBe('x');
  });

  it.each([null, 1, [], {}, { Foo: 1 }])('sees no event in %j', (document) => {
    expect(decodeRecord(Buffer.from(JSON.stringify(document)), 'auto')).toEqual({ reason: 'not_an_event' });
  });

  it('never throws', () => {
    const keys = [
      'EventId',
      'Description',
      'EventData',
      'UserDefined',
      'TimeCreated',
      'ProviderName',
      '__proto__',
    ];
    const document = fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.jsonValue(), fc.constant('5')));
    fc.assert(fc.property(document, (value) => void decodeKinesisAgent(value)));
  });

  itWithRealData('decodes every real event, with no value lost', async () => {
    const records = await realRecords('sysmon-kinesis-agent.ndjson.gz');
    expect(records).toHaveLength(37_959);
    let wrong = 0;
    for (const { bytes } of records) {
      const source = JSON.parse(Buffer.from(bytes).toString()) as Record<string, string | number>;
      const { event } = decodeRecord(bytes, 'auto');
      const values = Object.entries(event?.Description ?? {}).map(([name, value]) => `${name}: ${value}`);
      // All lines of the message but its title are there again.
      const isWhole = String(source.Description).trimEnd().endsWith(values.join('\r\n').trimEnd());
      if (event?.EventId !== source.EventId || event?.Index !== String(source.Index) || !isWhole) wrong++;
    }
    expect(wrong).toBe(0);
  });
});
