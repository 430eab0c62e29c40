import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { without, type JsonObject } from '../../src/sources/json.ts';
import { vector } from '../../src/sources/vector.ts';
import { carriedBy, damaged, lostFrom, wrappedBy } from './form-parts.ts';

const GUID = '{11111111-2222-3333-0000-000000000001}';
const MESSAGE = `Process terminated:\r\nRuleName: -\r\nUtcTime: 2021-01-02 03:04:05.678\r\nProcessGuid: ${GUID}\r\nProcessId: 42\r\nImage: C:\\a.exe\r\nUser: H\\u`;
const EVENT_DATA = {
  RuleName: '-',
  UtcTime: '2021-01-02 03:04:05.678',
  ProcessGuid: GUID,
  ProcessId: '42',
  Image: 'C:\\a.exe',
  User: 'H\\u',
};
const XML = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>5</EventID><Level>4</Level><TimeCreated SystemTime='2021-01-02T03:04:05.6789012Z'/><EventRecordID>4242</EventRecordID><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>host</Computer></System><EventData>${Object.entries(
  EVENT_DATA,
)
  .map(([name, value]) => `<Data Name='${name}'>${value}</Data>`)
  .join('')}</EventData></Event>`;
const RECORD = {
  source_type: 'windows_event_log',
  timestamp: '2021-01-02T03:04:05.678901200Z',
  message: MESSAGE,
  host: 'host',
  event_id: 5,
  record_id: 4242,
  level: 'Information',
  level_value: 4,
  channel: 'Microsoft-Windows-Sysmon/Operational',
  provider_name: 'Microsoft-Windows-Sysmon',
  provider_guid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
  computer: 'host',
  user_id: 'S-1-5-18',
  user_name: 'NT AUTHORITY\\SYSTEM',
  process_id: 3220,
  thread_id: 4100,
  task: 5,
  keywords: '0x8000000000000000',
  keyword_names: ['x', 'y'],
  version: 3,
  string_inserts: Object.values(EVENT_DATA),
  event_data: EVENT_DATA,
};
const decode = (document: JsonObject) => decodeRecord(Buffer.from(JSON.stringify(document)), 'auto');

describe('vector', () => {
  it('names the parts of a record', () => {
    const { provider, eventId, envelope, named, positional, message } = carriedBy(vector, RECORD);
    expect({ provider, eventId, envelope, named: { ...named }, positional, message }).toEqual({
      provider: 'Microsoft-Windows-Sysmon',
      eventId: 5,
      envelope: {
        TimeCreated: '2021-01-02T03:04:05.6789012Z',
        MachineName: 'host',
        LogName: 'Microsoft-Windows-Sysmon/Operational',
        Index: '4242',
        UserName: 'S-1-5-18',
        Keywords: '0x8000000000000000',
        LevelDisplayName: 'Informational',
      },
      named: EVENT_DATA,
      positional: Object.values(EVENT_DATA),
      message: MESSAGE,
    });
  });

  it('does not take the process that logged the event for the one of the event', () => {
    const { event } = decode(RECORD);
    expect([event?.Description.ProcessId, event?.UserDefined.process_id]).toEqual(['42', '3220']);
  });

  it('reads values to which types have been given', () => {
    const { event } = decode({ ...RECORD, event_data: { ...EVENT_DATA, ProcessId: 42 } });
    expect(event?.Description.ProcessId).toBe('42');
  });

  it.each(['-', 'T1099', 'Event ID 5 from Microsoft-Windows-Sysmon on host'])(
    'takes %s for no text of the event',
    (message) => {
      expect(carriedBy(vector, { ...RECORD, message }).message).toBe('');
      expect(decode({ ...RECORD, message }).event?.UserDefined.message).toBeUndefined();
    },
  );

  it('has the level in words where it has no number', () => {
    const document = { ...without(RECORD, 'level_value'), level: 'Warning' };
    expect(carriedBy(vector, document).envelope.LevelDisplayName).toBe('Warning');
  });

  it('is recognised without its source type, as in the log namespace of Vector', () => {
    const document = without(RECORD, 'source_type');
    expect(vector.recognises(document)).toBe(true);
    expect(decode(document).event?.MachineName).toBe('host');
  });

  describe('with include_xml', () => {
    it('has the event once more, and does not keep it', () => {
      expect(carriedBy(vector, { ...RECORD, xml: XML })).toEqual(carriedBy(vector, RECORD));
    });

    it('is read from the XML where it has no values beside it', () => {
      const document = { ...without(RECORD, 'event_data', 'string_inserts'), xml: XML };
      const { inner, userDefined } = wrappedBy(vector, document);
      expect([inner, { ...userDefined }]).toEqual([
        XML,
        { source_type: 'windows_event_log', user_name: 'NT AUTHORITY\\SYSTEM', keyword_names: '["x","y"]' },
      ]);
      expect(decode(document).event).toMatchObject({ Description: EVENT_DATA, MachineName: 'host' });
    });
  });

  it.each(['provider_name', 'event_id', 'record_id', 'channel'])('is recognised without %s', (name) => {
    const document = without(RECORD, name, 'source_type');
    expect(vector.recognises(document)).toBe(true);
  });

  it('is recognised by a computer beside the values, and is incomplete then', () => {
    const { event_id, event_data, computer, timestamp } = RECORD;
    expect(decode({ event_id, event_data, computer, timestamp })).toEqual({ reason: 'incomplete_envelope' });
  });

  it.each([['provider_name'], ['event_id'], ['computer', 'host']])('is incomplete without %s', (...names) => {
    expect(decode(without(RECORD, ...names))).toEqual({ reason: 'incomplete_envelope' });
  });

  it.each([
    {},
    { event_id: 5, source_name: 'p', computer_name: 'h', record_number: 1, event_data: {} },
    { event_id: { id: 5 }, record_id: 1, channel: 'c', event_data: {} },
    { record_id: 1, channel: 'c', provider: { name: 'p' }, event_data: {} },
    { provider_name: 'p' },
  ])('does not recognise %j', (document) => {
    expect(vector.recognises(document)).toBe(false);
  });

  it('never throws, whatever stands in its places', () => {
    fc.assert(
      fc.property(damaged({ ...RECORD, xml: XML }), (hostile) => {
        vector.recognises(hostile);
        vector.read(hostile);
      }),
    );
  });

  it('loses no value', () => {
    // Said in other words: the time, below 100 ns.
    expect(lostFrom(RECORD, carriedBy(vector, RECORD))).toEqual([RECORD.timestamp]);
  });
});
