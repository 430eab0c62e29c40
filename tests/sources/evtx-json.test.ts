import { createReadStream, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { readEventXml } from '../../src/sources/event-xml.ts';
import { evtxJson } from '../../src/sources/evtx-json.ts';
import type { Carried } from '../../src/sources/form.ts';
import { isJsonObject, type JsonObject } from '../../src/sources/json.ts';
import { splitRecords } from '../../src/sources/split.ts';
import { carriedBy, damaged, lostFrom, wrappedBy } from './form-parts.ts';

const GUID = '5770385F-C22A-43E0-BF4C-06F5698FFBD9';
const PROCESS = '905CC552-2045-5CC5-0000-00105B2A0100';
const SYSTEM = {
  Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon', Guid: GUID } },
  EventID: 5,
  Version: 3,
  Level: 4,
  Task: 5,
  Opcode: 0,
  Keywords: '0x8000000000000000',
  TimeCreated: { '#attributes': { SystemTime: '2019-05-18T20:36:46.254123Z' } },
  EventRecordID: 77,
  Correlation: null,
  Execution: { '#attributes': { ProcessID: 3000, ThreadID: 4000 } },
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Computer: 'host',
  Security: { '#attributes': { UserID: 'S-1-5-18' } },
};
const DATA = { UtcTime: '2019-05-18 20:36:46.250', ProcessGuid: PROCESS, ProcessId: 292, Image: 'C:\\a.exe' };
const documentOf = (EventData: unknown, system: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  Event: {
    '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
    System: { ...SYSTEM, ...system },
    EventData,
    ...more,
  },
});
const read = (EventData: unknown, system: JsonObject = {}, more: JsonObject = {}): Carried =>
  carriedBy(evtxJson, documentOf(EventData, system, more));

const XML = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' Guid='{${GUID.toLowerCase()}}'/><EventID>5</EventID><Version>3</Version><Level>4</Level><Task>5</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime='2019-05-18T20:36:46.254123Z'/><EventRecordID>77</EventRecordID><Correlation/><Execution ProcessID='3000' ThreadID='4000'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>host</Computer><Security UserID='S-1-5-18'/></System><EventData><Data Name='UtcTime'>2019-05-18 20:36:46.250</Data><Data Name='ProcessGuid'>{${PROCESS.toLowerCase()}}</Data><Data Name='ProcessId'>292</Data><Data Name='Image'>C:\\a.exe</Data></EventData></Event>`;

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('evtxJson', () => {
  it('names the parts that Event XML names, under the same names', () => {
    const { provider, eventId, envelope, named, userDefined } = readEventXml(XML) as Carried;
    const parts = read(DATA);
    expect(plain(parts)).toMatchObject(plain({ provider, envelope, named, userDefined }) as object);
    expect(Object.keys(parts.userDefined).sort()).toEqual(Object.keys(userDefined).sort());
    expect(String(parts.eventId)).toBe(eventId);
  });

  it('reads attributes that stand beside their element', () => {
    const separate: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(SYSTEM)) {
      if (isJsonObject(value)) {
        separate[`${name}_attributes`] = value['#attributes'];
        separate[name] = null;
      } else separate[name] = value;
    }
    const event = { System: separate, EventData: DATA };
    const parts = carriedBy(evtxJson, { Event: event, Event_attributes: { xmlns: 'x' } });
    expect(plain(parts)).toEqual(plain(read(DATA)));
  });

  it("reads python-evtx's attributes and list of values", () => {
    const atSigns = Object.entries(SYSTEM).map(([name, value]) => {
      const attributes =
        isJsonObject(value) && isJsonObject(value['#attributes']) ? value['#attributes'] : {};
      const own = Object.entries(attributes).map(([key, text]) => [`@${key}`, text] as const);
      return [name, isJsonObject(value) ? Object.fromEntries(own) : value] as const;
    });
    const Data = Object.entries(DATA).map(([name, value]) => ({ '@Name': name, '#text': value }));
    const event = { '@xmlns': 'x', System: Object.fromEntries(atSigns), EventData: { Data } };
    expect(plain(carriedBy(evtxJson, { Event: event }))).toEqual(plain(read(DATA)));
  });

  it.each([
    ['LogonId', 999, '0x3E7'],
    ['LogonId', '0x3e7', '0x3e7'],
    ['ProcessId', 4, '4'],
    ['Initiated', true, 'true'],
    ['ProcessGuid', PROCESS, `{${PROCESS.toLowerCase()}}`],
    ['ProcessGuid', `{${PROCESS}}`, `{${PROCESS}}`],
    ['Image', PROCESS, PROCESS],
    ['Image', null, ''],
    ['Image', { '#attributes': { Type: 'x' }, '#text': 'a.exe' }, 'a.exe'],
    ['NewField', [1, 'a'], '[1,"a"]'],
  ])('writes the value of %s %j as %j', (name, value, text) => {
    expect({ ...read({ [name]: value }).named }).toEqual({ [name]: text });
  });

  it.each([
    [{ Data: { '#text': ['a', null, 3] } }, ['a', '', 3]],
    [{ Data: ['a', '', 'b'] }, ['a', '', 'b']],
    [{ Data: 'a' }, ['a']],
    [{ Data: { '#text': 'a' } }, ['a']],
  ])('takes %j for values without names', (element, values) => {
    const parts = read(element);
    expect([parts.positional, parts.named]).toEqual([values, undefined]);
  });

  it.each([null, undefined, {}, { Data: null }, { Data: [] }])('finds no values in %j', (element) => {
    const { named, positional } = read(element);
    expect([named, positional]).toEqual([undefined, undefined]);
  });

  it('keeps what is no value of the event', () => {
    const parts = read({ ...DATA, Binary: '00FF', '#attributes': { Name: 'n' }, Data: 'loose' });
    expect(Object.keys(parts.named ?? {})).toEqual(Object.keys(DATA));
    expect(parts.userDefined).toMatchObject({
      'EventData.Binary': '00FF',
      'EventData.@Name': 'n',
      EventData: '["loose"]',
    });
    expect(read('text').userDefined).toMatchObject({ EventData: 'text' });
  });

  it('takes the first value of a name that stands twice, and says so', () => {
    for (const element of [
      { Image: 'a', Image_1: 'b', Image_2: 'c' },
      { Data: ['a', 'b', 'c'].map((text) => ({ '@Name': 'Image', '#text': text })) },
    ]) {
      const parts = read(element);
      expect({ ...parts.named }).toEqual({ Image: 'a' });
      expect(parts.repeated).toEqual(['Image']);
      expect(parts.userDefined).toMatchObject({ 'EventData.Image': '["b","c"]' });
    }
    expect({ ...read({ x_1: 'a' }).named }).toEqual({ x_1: 'a' });
    const twice = ['a', 'b'].map((text) => ({ '@Name': 'x_1', '#text': text }));
    expect(read({ x: '', Data: twice }).repeated).toEqual(['x']);
    expect(read({ Data: twice }).repeated).toEqual(['x_1']);
  });

  it.each([
    ['2021-01-02 03:04:05.678901 UTC', '2021-01-02T03:04:05.678901Z'],
    ['2021-01-02T03:04:05.678', '2021-01-02T03:04:05.678Z'],
    ['2021-01-02 03:04:05', '2021-01-02T03:04:05Z'],
    ['2021-01-02T05:04:05.5+02:00', '2021-01-02T03:04:05.5Z'],
  ])('reads the SystemTime %j, which is UTC by definition', (SystemTime, time) => {
    const parts = read(DATA, { TimeCreated: { '#attributes': { SystemTime } } });
    expect(parts.envelope.TimeCreated).toBe(time);
    expect(parts.userDefined.TimeCreated).toBeUndefined();
  });

  it('keeps a SystemTime that is no time', () => {
    const parts = read(DATA, { TimeCreated: { '#attributes': { SystemTime: 'yesterday' } } });
    expect([parts.envelope.TimeCreated, parts.userDefined.TimeCreated]).toEqual([undefined, 'yesterday']);
  });

  it('reads an EventID with qualifiers', () => {
    const parts = read(DATA, { EventID: { '#attributes': { Qualifiers: 16384 }, '#text': 5 } });
    expect([parts.eventId, parts.userDefined.EventIDQualifiers]).toEqual([5, '16384']);
  });

  it('keeps other elements by their paths, and the rendered message as the message', () => {
    const RenderingInfo = { '#attributes': { Culture: 'de-DE' }, Message: 'text', Task: 'Prozess' };
    const UserData = { Operation: { '#attributes': { xmlns: 'u' }, Code: { '#text': '0x5' } } };
    const parts = read(DATA, {}, { RenderingInfo, UserData });
    expect(parts.message).toBe('text');
    expect(parts.userDefined).toMatchObject({
      'RenderingInfo.@Culture': 'de-DE',
      'RenderingInfo.Task': 'Prozess',
      'UserData.Operation.@xmlns': 'u',
      'UserData.Operation.Code': '0x5',
    });
  });

  it("unwraps Chainsaw's hunts, and keeps what they say", () => {
    const data = documentOf(DATA);
    const hunt = { group: 'Sigma', name: 'a rule', document: { kind: 'evtx', path: 'a.evtx', data } };
    const wrapped = wrappedBy(evtxJson, hunt);
    expect(wrapped.inner).toBe(data);
    expect({ ...wrapped.userDefined }).toEqual({
      group: 'Sigma',
      name: 'a rule',
      'document.kind': 'evtx',
      'document.path': 'a.evtx',
    });
  });

  it.each([
    ['its provider', { Provider: null }],
    ['its EventID', { EventID: null }],
    ['its host', { Computer: '' }],
  ])('is recognised without %s, and incomplete', (_, system) => {
    const document = documentOf(DATA, system);
    expect(evtxJson.recognises(document)).toBe(true);
    expect(decodeRecord(Buffer.from(JSON.stringify(document)), 'auto')).toEqual({
      reason: 'incomplete_envelope',
    });
  });

  it.each([
    {},
    { Event: 1 },
    { Event: [] },
    { Event: {} },
    { event: { System: {} } },
    { document: { data: {} } },
  ])('does not recognise %j', (document) => {
    expect(evtxJson.recognises(document)).toBe(false);
  });

  it('takes no event out of a command line', () => {
    const { event } = decodeRecord(
      Buffer.from(JSON.stringify(documentOf({ ...DATA, Image: XML, CommandLine: '{"Event":{}}' }))),
      'auto',
    );
    expect(event?.Description.Image).toBe(XML);
  });

  it('never throws, whatever stands in its places', () => {
    const document = documentOf(DATA, {}, { RenderingInfo: { Message: 'm' }, UserData: { a: { b: 1 } } });
    fc.assert(
      fc.property(damaged(document), (hostile) => {
        if (evtxJson.recognises(hostile)) evtxJson.read(hostile);
      }),
    );
  });

  it('loses no value', () => {
    const document = documentOf(DATA, {}, { UserData: { a: { b: 1 } }, Other: [1] });
    const lost = lostFrom(document, carriedBy(evtxJson, document));
    expect(lost.filter((text) => ![PROCESS, GUID].includes(text) && !/^(?:http:.*|4)$/.test(text))).toEqual(
      [],
    );
  });
});

const CASES = path.resolve(import.meta.dirname, '../../../shared/sigma/cases');
const itWithCases = existsSync(CASES) ? it : it.skip; // reported as skipped where ../shared is absent

describe("SigmaHQ's regression data", () => {
  itWithCases('is read, with every value of EventData', async () => {
    let events = 0;
    for (const name of readdirSync(CASES)) {
      for await (const { bytes } of splitRecords(createReadStream(path.join(CASES, name, 'events.json')))) {
        const { event } = decodeRecord(bytes, 'auto');
        const document = JSON.parse(Buffer.from(bytes).toString()) as { Event: { EventData: JsonObject } };
        expect(Object.keys(event?.Description ?? {})).toEqual(
          expect.arrayContaining(Object.keys(document.Event.EventData)),
        );
        events++;
      }
    }
    expect(events).toBeGreaterThan(10);
  });
});
