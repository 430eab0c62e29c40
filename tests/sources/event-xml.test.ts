import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { itWithRealData, realRecords } from './real-data.ts';

const GUID = '{11111111-2222-3333-0000-000000000001}';
const SYSTEM = `<System><Provider Name="Microsoft-Windows-Sysmon" Guid="{5770385f-c22a-43e0-bf4c-06f5698ffbd9}"/><EventID>5</EventID><Version>3</Version><Level>4</Level><Task>5</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime="2021-01-02T03:04:05.678901200Z"/><EventRecordID>77</EventRecordID><Correlation/><Execution ProcessID="10" ThreadID="20"/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>host</Computer><Security UserID="S-1-5-18"/></System>`;
const DATA = `<Data Name="UtcTime">2021-01-02 03:04:05.678</Data><Data Name='Image'> C:\\a&amp;b &lt;x&gt; &#x27;&#39; &amp;lt; </Data><Data Name="User"></Data><Data Name="RuleName"/>`;
const xml = ({ system = SYSTEM, data = `<EventData>${DATA}</EventData>`, more = '' } = {}): string =>
  `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">${system}${data}${more}</Event>`;
const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const decodeEventXml = (text: string) => decodeRecord(Buffer.from(text), 'event-xml');

describe('event-xml', () => {
  it('reads the values, the envelope and the rest of System', () => {
    const event = decodeEventXml(`<?xml version="1.0" encoding="utf-8"?>\r\n${xml()}`).event!;
    expect({
      ...event,
      Description: { ...event.Description },
      UserDefined: { ...event.UserDefined },
    }).toEqual({
      EventId: 5,
      Description: {
        UtcTime: '2021-01-02 03:04:05.678',
        Image: " C:\\a&b <x> '' &lt; ",
        User: '',
        RuleName: '',
      },
      TimeCreated: '2021-01-02T03:04:05.6789012Z',
      MachineName: 'host',
      LogName: 'Microsoft-Windows-Sysmon/Operational',
      ProviderName: 'Microsoft-Windows-Sysmon',
      Index: '77',
      UserName: 'S-1-5-18',
      LevelDisplayName: 'Informational',
      Keywords: '0x8000000000000000',
      UserDefined: {
        ProviderGuid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
        Version: '3',
        Task: '5',
        Opcode: '0',
        ExecutionProcessID: '10',
        ExecutionThreadID: '20',
      },
    });
  });

  it.each([
    ['0', 'Informational'],
    ['1', 'Critical'],
    ['2', 'Error'],
    ['3', 'Warning'],
    ['5', 'Verbose'],
    ['17', '17'],
  ])('calls level %s %s', (level, caption) => {
    const system = SYSTEM.replace('<Level>4<', `<Level>${level}<`);
    expect(decodeEventXml(xml({ system })).event?.LevelDisplayName).toBe(caption);
  });

  it('names values without names by their order', () => {
    const values = ['-', '2021-01-02 03:04:05.678', GUID, '42', 'C:\\a.exe', 'H\\u'];
    const data = `<EventData>${values.map((value) => `<Data>${value}</Data>`).join('')}</EventData>`;
    expect(decodeEventXml(xml({ data })).event?.Description).toMatchObject({ ProcessId: '42', User: 'H\\u' });
  });

  it('keeps values that it cannot name', () => {
    const data = '<EventData><Data Name="Image">a</Data><Data>1</Data><Data>2</Data></EventData>';
    const event = decodeEventXml(xml({ data })).event!;
    expect({ ...event.Description }).toEqual({ Image: 'a' });
    expect(event.UserDefined.EventData).toBe('["1","2"]');
  });

  it('marks a name that stands twice or more, takes the first value, and keeps the others', () => {
    const values = ['a', 'b', '', 'c'].map((value) => `<Data Name="Image">${value}</Data>`).join('');
    expect(decodeEventXml(xml({ data: `<EventData>${values}</EventData>` })).event).toMatchObject({
      Description: { Image: 'a' },
      UserDefined: { 'EventData.Image': '["b","","c"]' },
      ambiguous: ['Image'],
    });
  });

  it('keeps a second element of a part that has a place, and what has the name of one of System', () => {
    const more = "<EventData><Data Name='User'>second</Data></EventData><Version>6</Version>";
    const { UserDefined } = decodeEventXml(xml({ data: `<EventData>${DATA}</EventData>`, more })).event!;
    expect(UserDefined.EventData).toContain('second');
    expect(UserDefined).toMatchObject({ Version: '3', 'Event.Version': '6' });
  });

  it('keeps what stands beside the values, by its path', () => {
    const data = `<EventData Name="T">${DATA}<Binary> 0AFF </Binary></EventData>`;
    const user =
      '<UserData>\n <a:X xmlns:a="u" b="1">\n <P>1</P><Q/><L>x</L><L/><L c="2">y</L></a:X>\n</UserData>';
    const info =
      '<RenderingInfo Culture="de-DE"><Task> T </Task><Keywords><Keyword>k</Keyword></Keywords></RenderingInfo>';
    const { UserDefined } = decodeEventXml(xml({ data, more: user + info })).event!;
    const own = Object.entries(UserDefined).filter(([name]) => name.includes('.'));
    expect(Object.fromEntries(own)).toEqual({
      'EventData.@Name': 'T',
      'EventData.Binary': '0AFF',
      'UserData.a:X.@xmlns:a': 'u',
      'UserData.a:X.@b': '1',
      'UserData.a:X.P': '1',
      'UserData.a:X.L': '["x","",{"#text":"y","@c":"2"}]',
      'RenderingInfo.@Culture': 'de-DE',
      'RenderingInfo.Task': 'T',
      'RenderingInfo.Keywords.Keyword': 'k',
    });
    expect(Object.keys(UserDefined).some((name) => name.includes('xmlns') && !name.includes('.'))).toBe(
      false,
    );
  });

  it('keeps a nest that is deeper than any event as one text', () => {
    const nest = (depth: number): string => `${'<n>'.repeat(depth)}deep${'</n>'.repeat(depth)}`;
    const { UserDefined } = decodeEventXml(xml({ more: `<UserData>${nest(40)}</UserData>` })).event!;
    const [[path, text] = ['', '']] = Object.entries(UserDefined).filter(([name]) => name.startsWith('User'));
    expect(path).toBe(`UserData${'.n'.repeat(15)}`);
    expect(text).toContain('"#text":"deep"');
  });

  it("keeps a message that is not Sysmon's, and no other", () => {
    const german = 'Die Beschreibung für Ereignis-ID 5 wurde nicht gefunden.';
    const rendered = (message: string): string =>
      `<RenderingInfo><Message>${message}</Message></RenderingInfo>`;
    const foreign = decodeEventXml(xml({ more: rendered(german) })).event!;
    expect(foreign.UserDefined['RenderingInfo.Message']).toBe(german);
    expect({ ...foreign.Description }).toEqual({ ...decodeEventXml(xml()).event!.Description });
    const message = `Process terminated:\r\nUtcTime: 2021-01-02 03:04:05.678\r\nProcessGuid: ${GUID}\r\nProcessId: 42\r\nImage: a`;
    const own = decodeEventXml(xml({ more: rendered(message) })).event!;
    expect(own.Description.ProcessId).toBe('42');
    expect(own.UserDefined).not.toHaveProperty(['RenderingInfo.Message']);
  });

  it('fills missing values from the rendered message', () => {
    const message = `Process terminated:\r\nRuleName: rendered\r\nUtcTime: 2021-01-02 03:04:05.678\r\nProcessGuid: ${GUID}\r\nProcessId: 42\r\nImage: rendered`;
    const more = `<RenderingInfo Culture="en-US"><Message>${message}</Message><Level>Information</Level><Task>Process terminated (rule: ProcessTerminate)</Task></RenderingInfo>`;
    expect(decodeEventXml(xml({ more })).event).toMatchObject({
      Description: { ProcessId: '42', RuleName: '' },
      LevelDisplayName: 'Informational',
      UserDefined: { 'RenderingInfo.Task': 'Process terminated (rule: ProcessTerminate)' },
    });
    expect(decodeEventXml(xml({ more, data: '' })).event?.Description).toMatchObject({ Image: 'rendered' });
  });

  it('has no message in an event without values', () => {
    expect(decodeEventXml(xml({ data: '' }))).toEqual({ reason: 'no_message' });
    expect(decodeEventXml(xml({ data: '<EventData/>' }))).toEqual({ reason: 'no_message' });
  });

  it('refuses events of another provider', () => {
    const system = SYSTEM.replace('Microsoft-Windows-Sysmon"', 'Microsoft-Windows-Kernel-General"');
    expect(decodeEventXml(xml({ system }))).toEqual({ reason: 'not_sysmon' });
  });

  it('is incomplete without an EventID, a provider or a host', () => {
    for (const part of [/<EventID>5<.EventID>/, /<Provider[^>]*>/, /<Computer>[^<]*<.Computer>/]) {
      expect(SYSTEM).toMatch(part);
      expect(decodeEventXml(xml({ system: SYSTEM.replace(part, '') }))).toEqual({
        reason: 'incomplete_envelope',
      });
    }
  });

  it.each(['x', '-1', '1.5'])('has no event id in %j', (id) => {
    const system = SYSTEM.replace('<EventID>5<', `<EventID>${id}<`);
    expect(decodeEventXml(xml({ system }))).toEqual({ reason: 'no_event_id' });
  });

  it('reads an EventID with qualifiers and blanks', () => {
    const system = SYSTEM.replace('<EventID>5<', '<EventID Qualifiers="0">\n 5 <');
    expect(decodeEventXml(xml({ system })).event).toMatchObject({
      EventId: 5,
      UserDefined: { EventIDQualifiers: '0' },
    });
  });

  it.each(['<Event>', '<Event><a></Event>', 'text', '', '<', '<Event></Event><a>', `${xml()}x`])(
    'is not XML: %j',
    (text) => {
      expect(decodeEventXml(text)).toEqual({ reason: 'not_xml' });
    },
  );

  it.each(['<Other/>', '<Events><Event/></Events>', '<Event/><Event/>', '<Event/><Other/>'])(
    'is not an event: %j',
    (text) => {
      expect(decodeEventXml(text)).toEqual({ reason: 'not_an_event' });
    },
  );

  it.each([
    ['entities that multiply', '<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', '&b;'],
    ['an external entity', '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]>', '&a;'],
    ['an external document type', '<!doctype l SYSTEM "http://localhost/x.dtd">', 'a'],
  ])('refuses %s', (_, doctype, value) => {
    const data = `<EventData><Data Name="Image">${value}</Data></EventData>`;
    expect(decodeEventXml(doctype + xml({ data }))).toEqual({ reason: 'not_xml' });
  });

  it.each([
    ['&lol;', '&lol;'],
    ['&copy;&nbsp;', '&copy;&nbsp;'],
    ['&lt;&gt;&amp;&quot;&apos;', `<>&"'`],
    ['&#65;&#x42;&#x1f600;', 'AB😀'],
    ['a&#x1;b&#0;c&#27;d', 'a\u0001b\0c\u001bd'],
    ['a&#55357;&#56832;b&#xD83D;&#xDE00;', 'a😀b😀'],
    ['a&#xd800;b', 'a\ud800b'],
    ['a&#x110000;b&#99999999999999999999;', 'a&#x110000;b&#99999999999999999999;'],
    ['<![CDATA[&amp;&#x1;]]>', '&amp;&#x1;'],
    ['&amp;#x1;', '&#x1;'],
  ])('reads %s without losing any of it', (written, read) => {
    const data = `<EventData><Data Name="Image">${written}</Data></EventData>`;
    expect(decodeEventXml(xml({ data })).event?.Description.Image).toBe(read);
  });

  it('reads references in names as well', () => {
    const data = '<EventData><Data Name="a&amp;b&#x1;">v</Data></EventData>';
    expect({ ...decodeEventXml(xml({ data })).event?.Description }).toEqual({ 'a&b\u0001': 'v' });
  });

  it('refuses a document that is nested like none of Windows', () => {
    expect(decodeEventXml('<a>'.repeat(100_000) + '</a>'.repeat(100_000))).toEqual({ reason: 'not_xml' });
  });

  it('takes hostile names for names', () => {
    const data = '<EventData><Data Name="__proto__">a</Data><Data Name="constructor">b</Data></EventData>';
    const { Description } = decodeEventXml(xml({ data })).event!;
    expect(Object.entries(Description)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(decodeEventXml(xml({ data: '<__proto__>x</__proto__>' })).reason).toBeDefined();
  });

  it('gives every value back as it was', () => {
    const text = fc.string({
      unit: fc.constantFrom(
        'a',
        'Z',
        '0',
        ' ',
        '&',
        '<',
        '>',
        '"',
        "'",
        '\t',
        '\n',
        ';',
        '#',
        '%',
        '\\',
        'é',
        '&amp;',
        '&#65;',
        ']]>',
      ),
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (values) => {
        const list = values.map((value, at) => `<Data Name="F${at}">${escapeXml(value)}</Data>`).join('\n');
        const event = decodeEventXml(xml({ data: `<EventData>${list}</EventData>` })).event!;
        expect(Object.values(event.Description)).toEqual(values);
      }),
    );
  });

  it('never throws', () => {
    const part = fc.constantFrom(
      '<Event>',
      '</Event>',
      '<System>',
      '<Data Name="',
      '">',
      '&#x',
      ';',
      '<![CDATA[',
      'a',
    );
    fc.assert(fc.property(fc.array(part), (parts) => void decodeEventXml(parts.join(''))));
  });

  itWithRealData('reads every real event as it is written', async () => {
    const records = await realRecords('windows-event.xml.gz');
    expect(records).toHaveLength(61);
    for (const { bytes } of records) {
      const text = Buffer.from(bytes).toString();
      const event = decodeRecord(bytes, 'auto').event!;
      const unescape = (value: string): string =>
        value
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&#x27;', "'")
          .replaceAll('&amp;', '&');
      const data = [...text.matchAll(/<Data Name=['"]([^'"]*)['"]>([^<]*)<\/Data>/g)];
      expect(Object.entries(event.Description)).toEqual(
        data.map(([, name, value]) => [name, unescape(value!)]),
      );
      const tag = (pattern: RegExp): string => pattern.exec(text)![1]!;
      expect(event).toMatchObject({
        EventId: Number(tag(/<EventID[^>]*>(\d+)/)),
        TimeCreated: tag(/SystemTime=['"]([^'"]*)['"]/),
        Index: tag(/<EventRecordID>(\d+)/),
        MachineName: tag(/<Computer>([^<]*)/),
        LogName: 'Microsoft-Windows-Sysmon/Operational',
        UserName: 'S-1-5-18',
      });
    }
  });
});
