import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { without, type JsonObject } from '../../src/sources/json.ts';
import { wazuh } from '../../src/sources/wazuh.ts';
import { carriedBy, damaged, lostFrom } from './form-parts.ts';

const GUID = '{11111111-2222-3333-0000-000000000001}';
const MESSAGE = `Process terminated:\r\nRuleName: -\r\nUtcTime: 2021-01-02 03:04:05.678\r\nProcessGuid: ${GUID}\r\nProcessId: 42\r\nImage: C:\\a.exe\r\nUser: H\\u`;
const SYSTEM = {
  providerName: 'Microsoft-Windows-Sysmon',
  providerGuid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
  eventID: '5',
  version: '3',
  level: '4',
  task: '5',
  opcode: '0',
  keywords: '0x8000000000000000',
  systemTime: '2021-01-02T03:04:05.6789012Z',
  eventRecordID: '4242',
  processID: '3220',
  threadID: '4100',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  computer: 'host',
  severityValue: 'INFORMATION',
  message: `"${MESSAGE}"`,
};
const EVENT_DATA = {
  utcTime: '2021-01-02 03:04:05.678',
  processGuid: GUID,
  processId: '42',
  image: 'C:\\\\a.exe',
  user: 'H\\\\u',
};
const RECORD = {
  timestamp: '2021-01-02T03:04:06.100+0000',
  rule: { level: 3, id: '61605', groups: ['windows', 'sysmon'] },
  agent: { id: '001', name: 'agent' },
  manager: { name: 'wz' },
  id: '1609556646.1',
  decoder: { name: 'windows_eventchannel' },
  data: { win: { system: SYSTEM, eventdata: EVENT_DATA } },
  location: 'EventChannel',
};
const recordWith = (eventdata: JsonObject, system: JsonObject = SYSTEM) => ({
  ...RECORD,
  data: { win: { system, eventdata } },
});
const namedOf = (eventdata: JsonObject) => ({ ...carriedBy(wazuh, recordWith(eventdata)).named });
const decode = (document: JsonObject) => decodeRecord(Buffer.from(JSON.stringify(document)), 'auto');

describe('wazuh', () => {
  it('names the parts of an alert', () => {
    const { provider, eventId, envelope, named, message } = carriedBy(wazuh, RECORD);
    expect({ provider, eventId, envelope, named: { ...named }, message }).toEqual({
      provider: 'Microsoft-Windows-Sysmon',
      eventId: '5',
      envelope: {
        TimeCreated: '2021-01-02T03:04:05.6789012Z',
        MachineName: 'host',
        LogName: 'Microsoft-Windows-Sysmon/Operational',
        Index: '4242',
        Keywords: '0x8000000000000000',
        LevelDisplayName: 'Informational',
      },
      named: { ...EVENT_DATA, image: 'C:\\a.exe', user: 'H\\u' },
      message: MESSAGE,
    });
  });

  it('has fields under the names of Sysmon, and what the values lack from the text', () => {
    expect({ ...decode(RECORD).event?.Description }).toEqual({
      RuleName: '-',
      UtcTime: '2021-01-02 03:04:05.678',
      ProcessGuid: GUID,
      ProcessId: '42',
      Image: 'C:\\a.exe',
      User: 'H\\u',
    });
  });

  describe('values that the agent has escaped', () => {
    it('are as Sysmon wrote them: backslashes, quotes and the characters of markup', () => {
      const commandLine =
        '\\"C:\\\\a b\\\\c.exe\\" &lt;in&gt; \\\\\\\\srv\\\\x &amp;&amp; &quot;y&quot; &apos;z&apos;';
      expect(namedOf({ image: 'C:\\\\a.exe', commandLine })).toEqual({
        image: 'C:\\a.exe',
        commandLine: '"C:\\a b\\c.exe" <in> \\\\srv\\x && "y" \'z\'',
      });
    });

    it('are told by all values of a record, so that others stay as they are', () => {
      const values = { image: 'C:\\Windows\\a.exe', commandLine: 'a \\\\srv\\\\x \\"y\\"' };
      expect(namedOf(values)).toEqual(values);
    });

    it.each(['a && b', 'a <b &amp; c', 'curl http://h/?a=1&b=2'])(
      'were not escaped for XML where one is %s',
      (commandLine) => {
        const values = { commandLine, parentCommandLine: '&lt;' };
        expect(namedOf(values)).toEqual(values);
      },
    );

    it('survive any text', () => {
      const escape = (text: string): string =>
        JSON.stringify(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')).slice(
          1,
          -1,
        );
      const printable = fc.string({
        unit: fc.constantFrom('\\', '"', '&', '<', '>', ';', 'amp', 'lt', 'quot', 'n', 'r', 'u', '/', ' '),
      });
      fc.assert(
        fc.property(printable, printable, (image, commandLine) => {
          const values = { image: `C:\\${image}`, commandLine };
          expect(namedOf({ image: escape(values.image), commandLine: escape(commandLine) })).toEqual(values);
        }),
        { numRuns: 1_000 },
      );
    });
  });

  it('takes one pair of quotes off the message alone', () => {
    const messageOf = (message: string) =>
      carriedBy(wazuh, recordWith(EVENT_DATA, { ...SYSTEM, message })).message;
    expect(messageOf('""a"\nb""')).toBe('"a"\nb"');
    expect(messageOf('a "b"')).toBe('a "b"');
  });

  it('has the whole document once more as text, and does not keep it', () => {
    const record = { ...RECORD, full_log: JSON.stringify({ win: RECORD.data.win }) };
    expect(carriedBy(wazuh, record).userDefined).toEqual(carriedBy(wazuh, RECORD).userDefined);
  });

  it('is recognised without the envelope of an archive', () => {
    const document = { win: RECORD.data.win };
    expect(wazuh.recognises(document)).toBe(true);
    const { eventId, named } = carriedBy(wazuh, document);
    expect([eventId, named?.image]).toEqual(['5', 'C:\\a.exe']);
  });

  it('does not take the process that logged the event for the one of the event', () => {
    expect(decode(RECORD).event?.UserDefined['data.win.system.processID']).toBe('3220');
  });

  it.each(['providerName', 'eventID', 'computer'])('is recognised without %s, and incomplete', (name) => {
    const document = recordWith(EVENT_DATA, without(SYSTEM, name));
    expect(wazuh.recognises(document)).toBe(true);
    expect(decode(document)).toEqual({ reason: 'incomplete_envelope' });
  });

  it.each([
    {},
    { data: 'text' },
    { data: { win: 'text' } },
    { data: { srcip: '192.0.2.1' }, rule: {}, agent: {} },
    { win: { system: 1 } },
    { winlog: { event_id: 5 } },
  ])('does not recognise %j', (document) => {
    expect(wazuh.recognises(document)).toBe(false);
  });

  it('never throws, whatever stands in its places', () => {
    fc.assert(
      fc.property(damaged(RECORD), (hostile) => {
        wazuh.recognises(hostile);
        wazuh.read(hostile);
      }),
    );
  });

  it('loses no value', () => {
    // Said in other words: the values that were escaped, the message in quotes, and the level.
    expect(lostFrom(RECORD, carriedBy(wazuh, RECORD))).toEqual([
      `"${MESSAGE}"`,
      EVENT_DATA.image,
      EVENT_DATA.user,
    ]);
  });
});
