import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { mayBeProcessCreate } from '../../src/sources/may-be-process-create.ts';
import { itWithRealData, realRecords } from './real-data.ts';

const may = (text: string): boolean => mayBeProcessCreate(Buffer.from(text));
const DESCRIPTION = '"Description":{"Image":"a"}';
const xml = (id: string): string =>
  `<Event><System><Provider Name="Microsoft-Windows-Sysmon"/>${id}<Computer>h</Computer><TimeCreated SystemTime="2026-01-02T03:04:05Z"/></System><EventData><Data Name="Image">a</Data></EventData></Event>`;

const WINLOG = '"provider_name":"Microsoft-Windows-Sysmon","computer_name":"h","event_data":{"Image":"a"}';

const CREATIONS = [
  `{"EventId":1,${DESCRIPTION}}`,
  `{"EventId" \t:\r\n "1",${DESCRIPTION}}`,
  `{"EventId":1.0,${DESCRIPTION}}`,
  `{"EventId":10e-1,${DESCRIPTION}}`,
  `{"EventId":0.1E1,${DESCRIPTION}}`,
  `{"\\u0045ventId":1,${DESCRIPTION}}`,
  `{"EventId":"\\u0031",${DESCRIPTION}}`,
  `{"EventId":3,"EventId":1,${DESCRIPTION}}`,
  `{${DESCRIPTION},"EventId":1}`,
  `{"@timestamp":"2026-01-02T03:04:05Z","winlog":{${WINLOG},"event_id":1}}`,
  '{"winlog.event_id":"1","winlog.event_data.Image":"a","winlog.provider_name":"Microsoft-Windows-Sysmon","winlog.computer_name":"h","@timestamp":"2026-01-02T03:04:05Z"}',
  `{"@timestamp":"2026-01-02T03:04:05Z","winlog":{${WINLOG}},"event":{"code":"1"}}`,
  '{"@timestamp":"2026-01-02T03:04:05Z","source_name":"Microsoft-Windows-Sysmon","computer_name":"h","event_id": 1,"event_data":{"Image":"<EventID>3</EventID>"}}',
  xml('<EventID>1</EventID>'),
  xml('<EventID Qualifiers="">\n1\n</EventID >'),
  xml("<EventID Qualifiers='0' >1</EventID>"),
  xml('<EventID Qualifiers=">">1</EventID>'),
  xml('<EventID>&#49;</EventID>'),
  xml('<EventID><![CDATA[1]]></EventID>'),
  xml('<!-- <EventID>3</EventID> --><EventID><!-- x -->1</EventID>'),
];

const row = (data: string, encoding: string): string =>
  JSON.stringify({ reason: 'no_message', input: 'a', index: 0, encoding, data });

describe('mayBeProcessCreate', () => {
  it.each(CREATIONS)('is true for %s', (text) => {
    expect(decodeRecord(Buffer.from(text), 'auto').event?.EventId).toBe(1);
    expect(may(text)).toBe(true);
    for (const quarantined of [row(text, 'utf-8'), row(Buffer.from(text).toString('base64'), 'base64')]) {
      expect(decodeRecord(Buffer.from(quarantined), 'auto').event?.EventId).toBe(1);
      expect(may(quarantined)).toBe(true);
    }
  });

  it.each([
    `{"EventId":3,${DESCRIPTION}}`,
    `{"EventId":"13",${DESCRIPTION}}`,
    `{"EventId":10,${DESCRIPTION}}`,
    '{"winlog":{"event_id":"11"},"event":{"code":"11"},"process":{"pid":1}}',
    '{"EventId":3,"Description":"a \\u003c \\u0026 \\u003e b"}',
    xml('<EventID Qualifiers="">13</EventID>'),
    '',
    'text',
  ])('is false for %s', (text) => {
    expect(may(text)).toBe(false);
  });

  it('is true for all that decodes to EventID 1', () => {
    const blank = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 });
    const key = fc.constantFrom('EventId', 'event_id', 'winlog.event_id', 'event.code', '\\u0065vent_id');
    const value = fc.constantFrom(
      '1',
      '"1"',
      '1.0',
      '1e0',
      '100E-2',
      '01',
      '" 1"',
      '"\\u0031"',
      '13',
      '1.5',
      'true',
    );
    fc.assert(
      fc.property(key, value, blank, blank, (name, id, before, after) => {
        const text = `{"event_data":{"a":"b"},"Description":{"a":"b"},"${name}"${before}:${after}${id}}`;
        const decoded = ['kinesis-agent', 'winlogbeat'] as const;
        const isCreation = decoded.some(
          (format) => decodeRecord(Buffer.from(text), format).event?.EventId === 1,
        );
        expect(may(text) || !isCreation).toBe(true);
      }),
    );
  });

  itWithRealData('finds the process creations among real events, and nothing else', async () => {
    for (const file of ['sysmon-kinesis-agent.ndjson.gz', 'winlogbeat.ndjson.gz', 'windows-event.xml.gz']) {
      for (const { bytes } of await realRecords(file)) {
        const isCreation = decodeRecord(bytes, 'auto').event?.EventId === 1;
        if (mayBeProcessCreate(bytes) !== isCreation) throw new Error(Buffer.from(bytes).toString());
      }
    }
  });
});
