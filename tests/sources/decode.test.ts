import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord, unwrapQuarantined } from '../../src/sources/decode.ts';
import { encodeQuarantine } from '../../src/lake/quarantine.ts';
import { gunzipSync } from 'node:zlib';

const KINESIS = '{"EventId":5,"Description":{"ProcessId":"42"}}';
const WINLOGBEAT =
  '{"@timestamp":"2021-01-02T03:04:05Z","source_name":"Microsoft-Windows-Sysmon","computer_name":"h","event_id":5,"event_data":{"ProcessId":"42"}}';
const XML =
  '<Event><System><Provider Name="Microsoft-Windows-Sysmon"/><EventID>5</EventID><Computer>h</Computer><TimeCreated SystemTime="2021-01-02T03:04:05Z"/></System><EventData><Data Name="ProcessId">42</Data></EventData></Event>';
const decode = (text: string, format: Parameters<typeof decodeRecord>[1] = 'auto') =>
  decodeRecord(Buffer.from(text), format);
const quarantined = (bytes: Uint8Array): string =>
  gunzipSync(encodeQuarantine([{ reason: 'not_json', input: 'a.ndjson', index: 3, bytes }])).toString();

describe('decodeRecord', () => {
  it.each([
    ['Kinesis Agent', KINESIS],
    ['Winlogbeat', WINLOGBEAT],
    ['Event XML', XML],
  ])('tells %s from its shape, with blanks and a byte order mark before it', (_, text) => {
    for (const prefix of ['', ' \t', '\uFEFF', '\uFEFF\r\n']) {
      expect(decode(prefix + text).event).toMatchObject({ EventId: 5, Description: { ProcessId: '42' } });
    }
  });

  it('reads a record in the format it is told', () => {
    expect(decode(KINESIS, 'kinesis-agent').event?.EventId).toBe(5);
    expect(decode(WINLOGBEAT, 'winlogbeat').event?.EventId).toBe(5);
    expect(decode(XML, 'event-xml').event?.EventId).toBe(5);
    expect(decode(WINLOGBEAT, 'kinesis-agent')).toEqual({ reason: 'no_event_id' });
    expect(decode(KINESIS, 'event-xml')).toEqual({ reason: 'not_xml' });
    expect(decode(XML, 'kinesis-agent')).toEqual({ reason: 'not_json' });
    expect(decode(KINESIS, 'quarantine')).toEqual({ reason: 'not_an_event' });
  });

  it.each([
    ['', 'not_json'],
    ['  ', 'not_json'],
    ['{', 'not_json'],
    ['{"EventId":5,"Descr', 'not_json'],
    ['plain text', 'not_json'],
    ['<', 'not_xml'],
    ['null', 'not_an_event'],
    ['5', 'not_an_event'],
    ['[]', 'not_an_event'],
    ['{}', 'not_an_event'],
    ['{"a":1}', 'not_an_event'],
    ['{"__proto__":{"EventId":5,"Description":{"a":"b"}}}', 'not_an_event'],
    ['{"Description":"x"}', 'not_an_event'],
    ['{"Description":"x","Index":1,"LevelDisplayName":""}', 'no_event_id'],
    ['{"EventId":5}', 'no_message'],
  ])('finds no event in %j: %s', (text, reason) => {
    expect(decode(text)).toEqual({ reason });
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(decodeRecord(Buffer.from([0x7b, 0xff, 0x7d]), 'auto')).toEqual({ reason: 'not_utf8' });
    expect(decodeRecord(Buffer.from(KINESIS, 'utf16le').subarray(0, -1), 'auto').reason).toBeDefined();
  });

  it('reads a view of a larger buffer', () => {
    const bytes = Buffer.from(`xx${KINESIS}yy`);
    expect(
      decodeRecord(new Uint8Array(bytes.buffer, bytes.byteOffset + 2, KINESIS.length), 'auto').event,
    ).toBeDefined();
  });

  it('takes prototype names for names', () => {
    const { event } = decode(
      '{"EventId":5,"Description":{"__proto__":"a"},"constructor":"b","toString":"c"}',
    );
    expect(Object.entries(event!.Description)).toEqual([['__proto__', 'a']]);
    expect({ ...event!.UserDefined }).toEqual({ constructor: 'b', toString: 'c' });
  });

  it.each([
    ['lists', '['.repeat(2_000_000) + ']'.repeat(2_000_000)],
    ['objects', '{"a":'.repeat(1_000_000) + '1' + '}'.repeat(1_000_000)],
  ])('is not brought down by %s nested a million deep', (_, bomb) => {
    expect(decode(`{"EventId":5,"Description":{"a":"b"},"x":${bomb}}`)).toEqual({ reason: 'not_an_event' });
    expect(decode(`{"winlog":{"event_id":5,"event_data":${bomb}}}`)).toEqual({ reason: 'not_an_event' });
  });

  it('reads what is nested as deep as it may', () => {
    const nest = '['.repeat(997) + ']'.repeat(997);
    expect(decode(`{"EventId":5,"Description":{"a":"b"},"x":${nest}}`).event?.UserDefined.x).toBe(nest);
    const envelope = '"@timestamp":"2021-01-02T03:04:05Z","event":{"provider":"Microsoft-Windows-Sysmon"}';
    expect(
      decode(`{${envelope},"winlog":{"computer_name":"h","event_id":5,"event_data":{"a":${nest}}}}`).event
        ?.Description.a,
    ).toBe(nest);
  });

  it('decodes the original of a quarantined row, told or not', () => {
    for (const original of [KINESIS, WINLOGBEAT, XML]) {
      const row = quarantined(Buffer.from(original));
      expect(decode(row).event).toMatchObject({ EventId: 5, Description: { ProcessId: '42' } });
      expect(decode(row, 'quarantine').event).toMatchObject({ EventId: 5 });
    }
    expect(decode(quarantined(Buffer.from([0xff, 0xfe])))).toEqual({ reason: 'not_utf8' });
    expect(decode(quarantined(Buffer.from('x')))).toEqual({ reason: 'not_json' });
  });

  it('unwraps one level only', () => {
    const twice = quarantined(Buffer.from(quarantined(Buffer.from(KINESIS))));
    expect(decode(twice)).toEqual({ reason: 'not_an_event' });
  });

  it('takes an event that has the keys of a row and more for an event', () => {
    const row = JSON.parse(quarantined(Buffer.from(XML))) as object;
    expect(decode(JSON.stringify({ ...row, ...(JSON.parse(WINLOGBEAT) as object) })).event?.EventId).toBe(5);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeRecord(bytes, 'auto')));
    const text = fc.oneof(fc.json(), fc.string(), fc.constantFrom('<Event>', '<a/>'));
    const format = fc.constantFrom('auto', 'kinesis-agent', 'winlogbeat', 'event-xml', 'quarantine');
    fc.assert(fc.property(text, format, (value, chosen) => void decode(value, chosen)));
  });
});

describe('unwrapQuarantined', () => {
  it('gives any bytes back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const original = unwrapQuarantined(JSON.parse(quarantined(bytes)));
        expect(Buffer.from(original!)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each([
    null,
    [],
    {},
    { reason: 'x', data: 'YQ==' },
    { reason: 'x', data: 'YQ==', encoding: 'hex' },
    { reason: 'x', data: '!', encoding: 'base64' },
    { reason: 'x', data: 1, encoding: 'utf-8' },
  ])('knows no row in %j', (document) => {
    expect(unwrapQuarantined(document)).toBeUndefined();
  });
});
