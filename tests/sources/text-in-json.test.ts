import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import type { JsonObject } from '../../src/sources/json.ts';
import { textInJson } from '../../src/sources/text-in-json.ts';
import { damaged, lostFrom, wrappedBy } from './form-parts.ts';

const XML = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>5</EventID><TimeCreated SystemTime='2021-01-02T03:04:05.678Z'/><Computer>host</Computer></System><EventData><Data Name='UtcTime'>2021-01-02 03:04:05.600</Data><Data Name='ProcessId'>42</Data><Data Name='Image'>C:\\a.exe</Data></EventData></Event>`;
const OTHER = XML.replace('42', '43');
const JSON_LINE = '{"Event":{"System":{}}}';
const AGENT_TEXT = '[c] [INFORMATION] [5] [Microsoft-Windows-Sysmon] [host] [text]';

const innerOf = (document: JsonObject): unknown =>
  textInJson.recognises(document) ? wrappedBy(textInJson, document).inner : undefined;
const keptOf = (document: JsonObject) => ({ ...wrappedBy(textInJson, document).userDefined });

describe('textInJson', () => {
  it.each([
    { result: { _raw: XML, host: 'x' } },
    { event: XML, host: 'x', time: 1609556645.678 },
    { properties: { RawXml: XML } },
    { body: XML },
    { a: { b: { c: { d: XML } } } },
    { results: ['x', XML] },
    { xml: `  <?xml version="1.0" encoding="utf-8"?>\r\n${XML}\n ` },
  ])('finds Event XML in %j', (document) => {
    expect(String(innerOf(document)).trim().endsWith(XML)).toBe(true);
    expect(decodeRecord(Buffer.from(JSON.stringify(document)), 'auto').event?.Description.Image).toBe(
      'C:\\a.exe',
    );
  });

  it.each([
    {},
    { command: `cmd /c echo ${XML}` },
    { command: `${XML} & more` },
    { event: '<Events></Events>' },
    { event: '<EventData></EventData>' },
    { event: XML.slice(0, -1) },
    { one: XML, other: OTHER },
    { list: [XML, OTHER] },
    { [XML]: 1 },
    { deep: [[XML]] },
  ])('finds none in %j', (document) => {
    expect(textInJson.recognises(document)).toBe(false);
    expect(textInJson.read(document)).toEqual({ reason: 'not_an_event' });
  });

  it('takes the same event in several places for one', () => {
    const document = { one: XML, other: XML, list: ['x', XML], host: 'y' };
    expect(innerOf(document)).toBe(XML);
    expect(keptOf(document)).toEqual({ list: '["x"]', host: 'y' });
  });

  it.each([
    [{ log: JSON_LINE }, JSON_LINE],
    [{ kubernetes: { pod: 'x' }, message: JSON_LINE }, JSON_LINE],
    [{ Body: JSON_LINE }, JSON_LINE],
    [{ result: { _raw: JSON_LINE } }, JSON_LINE],
    [{ message: AGENT_TEXT }, AGENT_TEXT],
    [{ message: `Oct 19 15:21:24 host sysmon: ${XML}` }, `Oct 19 15:21:24 host sysmon: ${XML}`],
    [{ message: `2021-01-02T03:04:05Z ${JSON_LINE}` }, `2021-01-02T03:04:05Z ${JSON_LINE}`],
    [{ command: JSON_LINE }, undefined],
    [{ message: 'text' }, undefined],
    [{ message: '{text' }, undefined],
    [{ message: '2021-01-02T03:04:05Z [INFO] text' }, undefined],
    [{ message: [JSON_LINE] }, undefined],
  ])('finds in %j the line %j', (document, line) => {
    expect(innerOf(document)).toBe(line);
  });

  it("does not keep Fluent Bit's and Azure's renderings of the event", () => {
    expect(
      keptOf({ date: 1.5, System: XML, Message: 'Process terminated: …', StringInserts: ['a'] }),
    ).toEqual({
      date: '1.5',
    });
    expect(keptOf({ properties: { RawXml: XML, Description: 'text', Other: 1 } })).toEqual({
      'properties.Other': '1',
    });
  });

  it('keeps a message beside the event of others', () => {
    expect(keptOf({ event: XML, Message: 'text' })).toEqual({ Message: 'text' });
  });

  it('never throws, whatever stands in its places', () => {
    const document = { result: { _raw: XML }, log: JSON_LINE, list: [XML, 1], System: XML, Message: 'x' };
    fc.assert(
      fc.property(damaged(document), (hostile) => {
        textInJson.recognises(hostile);
        textInJson.read(hostile);
      }),
    );
  });

  it('loses no value', () => {
    const document = { result: { _raw: XML, host: 'x', list: [1, 'y'] }, preview: false };
    expect(lostFrom(document, wrappedBy(textInJson, document))).toEqual([]);
  });
});
