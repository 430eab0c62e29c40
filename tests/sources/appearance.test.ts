import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { appearanceOf } from '../../src/sources/appearance.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import { DECODE_REASONS } from '../../src/sources/source.ts';

const XMLNS = 'http://schemas.microsoft.com/win/2004/08/events/event';

const eventXml = (provider: string, channel: string, data = ''): string =>
  `<Event xmlns="${XMLNS}"><System><Provider Name="${provider}"/><EventID>1</EventID><Channel>${channel}</Channel>` +
  `<Computer>host</Computer></System><EventData>${data}</EventData></Event>`;

const agentJson = (ProviderName: string, LogName: string, Description = 'text'): string =>
  JSON.stringify({
    EventId: 1,
    Description,
    LogName,
    MachineName: 'host',
    ProviderName,
    TimeCreated: '2026-01-02T03:04:05Z',
    Index: 1,
  });

/** What a record looks like, with the reason that decoding gives. */
function look(record: string | Buffer): string | undefined {
  const bytes = typeof record === 'string' ? Buffer.from(record) : record;
  const { reason } = decodeRecord(bytes, 'auto');
  if (reason === undefined) throw new Error('the record is an event');
  return appearanceOf(bytes, reason);
}

const CSV = 'a CSV export of Event Viewer; export as XML instead';
const TEXT = 'the text of Windows events; export as XML instead';

describe('appearanceOf', () => {
  it.each([
    ['Microsoft-Windows-Security-Auditing', 'Security', 'Windows Security events'],
    ['Microsoft-Windows-Eventlog', 'Security', 'Windows Security events'],
    ['Microsoft-Windows-PowerShell', 'Microsoft-Windows-PowerShell/Operational', 'PowerShell events'],
    ['PowerShell', 'Windows PowerShell', 'PowerShell events'],
    [
      'Microsoft-Windows-Windows Defender',
      'Microsoft-Windows-Windows Defender/Operational',
      'Microsoft Defender events',
    ],
    ['Service Control Manager', 'System', 'Windows System events'],
    ['Microsoft-Windows-Kernel-General', 'System', 'Windows System events'],
    ['MsiInstaller', 'Application', 'Windows Application events'],
    ['Contoso-App', 'Contoso-App/Operational', 'events of another provider than Sysmon'],
  ])('knows an event of %s in %s, in XML, in JSON, and in XML within JSON', (provider, channel, words) => {
    const xml = eventXml(provider, channel);
    const escaped = JSON.stringify({ message: xml }).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
    const looks = [xml, agentJson(provider, channel), JSON.stringify({ message: xml }), escaped].map(look);
    expect(looks).toEqual(Array(4).fill(words));
  });

  it('is not misled by what a field of the event says', () => {
    const [name, words] = ['Contoso-App', 'events of another provider than Sysmon'];
    const text =
      'wevtutil qe Microsoft-Windows-Security-Auditing Security Microsoft-Windows-Sysmon/Operational';
    expect(look(eventXml(name, name, `<Data>${text}</Data>`))).toBe(words);
    expect(look(agentJson(name, name, text))).toBe(words);
  });

  it.each([
    ['{"evt":1,"log":"Microsoft-Windows-Sysmon/Operational"}', 'JSON of an agent that is not read'],
    ['{"data":{"event_id":1,"channel":"x"}}', 'JSON of an agent that is not read'],
    ['{"evt":1,"from":"Microsoft-Windows-Security-Auditing"}', 'Windows Security events'],
    ['{"hello":"world"}', 'JSON without an EventID or a channel'],
    ['{"class_uid":1007,"time":1}', 'OCSF records, which are mapped already'],
    ['{"flow_id":123,"event_type":"alert"}', 'Suricata events'],
    ['{"ts":1,"uid":"C1","id.orig_h":"192.0.2.1"}', 'Zeek logs'],
    ['{"eventVersion":"1.08","userIdentity":{"type":"IAMUser"}}', 'CloudTrail records'],
    ['{"EventId":1,"Desc', 'JSON that is cut off or damaged'],
  ])('says of the JSON %s: %s', (json, words) => expect(look(json)).toBe(words));

  it.each([
    ['Level,Date and Time,Source,Event ID,Task Category'],
    ['Keywords,Date and Time,Source,Event ID,Task Category'],
    ['\uFEFFEbene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie'],
    ['Niveau,Date et heure,Source,ID de l’événement,Catégorie de la tâche'],
    ['レベル,日付と時刻,ソース,イベント ID,タスクのカテゴリ'],
    ['Information,11/3/2023 8:26:45 AM,Microsoft-Windows-Sysmon,5,Process terminated,"Process terminated:'],
    ['Informationen,27.10.2021 12:28:26,Microsoft-Windows-Sysmon,5,Prozess beendet'],
  ])('knows the export of Event Viewer by its line %s', (line) => expect(look(line)).toBe(CSV));

  it.each([
    ["Niveau,Date et heure,Source,ID de l'événement,Catégorie de la tâche"],
    ['Informationen,27.10.2021 12:28:26,Contoso,317,Ein Druckertreiber wird gelöscht'],
    // Russian in windows-1251, its bytes as Latin-1.
    ['Óðîâåíü,Äàòà è âðåìÿ,Èñòî÷íèê,Êîä ñîáûòèÿ,Êàòåãîðèÿ çàäà÷è'],
  ])('knows it in a code page of Windows, too: %s', (line) => {
    expect(look(Buffer.from(line, 'latin1'))).toBe(CSV);
  });

  it.each([
    ['name,age,city,country,email', undefined],
    ['id,first name,street,zip,phone', undefined],
    ['Well, yes, no, maybe, so', undefined],
    ['Process Create:', TEXT],
    ['Event[0]:', TEXT],
    ['ProviderName : Microsoft-Windows-Sysmon', TEXT],
    ['LogName=Microsoft-Windows-Sysmon/Operational', TEXT],
    ['#fields\tts\tuid', 'Zeek logs'],
    ['1300475167.09\tC1\t192.0.2.1\t5353\t192.0.2.2\t5353\tudp', 'Zeek logs'],
    ['01/02/26-03:04:05 [**] [1:2010:3] ET SCAN [**]', 'Suricata events'],
    ['<34>1 2026-01-02T03:04:05Z host app - - - hello', 'syslog without a Sysmon event'],
    ['Jan  2 03:04:05 host sshd[12]: hello', 'syslog without a Sysmon event'],
    [
      'Jan  2 03:04:05 host CEF:0|Microsoft|Sysmon|',
      'CEF or LEEF, which is not read; send Event XML or JSON',
    ],
    ['<!DOCTYPE html><html>', 'HTML'],
    ['<note>', 'XML that holds no Windows event'],
    [eventXml('Microsoft-Windows-Sysmon', 'x').slice(0, 120), 'Event XML that is cut off or damaged'],
    ['  ', 'empty records'],
    ['hello', undefined],
  ])('says of the text %j: %s', (text, words) => expect(look(text)).toBe(words));

  it.each([
    ['MZ\x90\0\x03', 'a Windows program'],
    ['%PDF-1.7', 'a PDF'],
    ['PK\x03\x04\x14\0', 'a zip file'],
    ['\x1F\x8B\x08\xFF', 'gzip data'],
    ['PAR1\x15\0', 'a Parquet file'],
    [`${'\x01'.repeat(72)}\x02\0\x02\xC0\0`, 'an ETL trace; send the event log instead'],
    ['\xFF\xFA\x33', 'binary data'],
    ['{"name":"\xE9"}', 'JSON that is not UTF-8'],
  ])('says of the bytes %j: %s', (bytes, words) => expect(look(Buffer.from(bytes, 'latin1'))).toBe(words));

  it.each([
    ['unreadable_text', /^messages in a language or of a version that cannot be read completely; send the/],
    ['incomplete_envelope', /^events whose provider, EventID, host or time was removed/],
    ['no_message', /^events without a message/],
  ] as const)('goes by the reason alone where that is %s', (reason, words) => {
    expect(appearanceOf(Buffer.from('{"a":1}'), reason)).toMatch(words);
  });

  it.each(['damaged', 'truncated'] as const)('adds nothing to the reason %s', (reason) => {
    expect(appearanceOf(Buffer.from('<html>'), reason)).toBeUndefined();
  });

  it('looks at the first bytes alone', () => {
    const late = `{"a":"${'x'.repeat(5_000)}","ProviderName":"Microsoft-Windows-Security-Auditing"}`;
    expect(appearanceOf(Buffer.from(late), 'not_sysmon')).toBe('events of another provider than Sysmon');
  });

  it('never throws, and says nothing of the record, whatever the reason', () => {
    const secret = 'S3cr3t';
    const words = /^[A-Za-z][A-Za-z0-9 ;,'.-]+$/;
    const beginnings = ['', '{"event_id":', '<Event ', '<13>', 'Level,', 'MZ', '{"Channel":"Security', '\t'];
    fc.assert(
      fc.property(
        fc.constantFrom(...beginnings),
        fc.oneof(
          fc.string(),
          fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
        ),
        fc.constantFrom(...DECODE_REASONS),
        (beginning, rest, reason) => {
          const said = appearanceOf(Buffer.from(`${beginning}${secret}${rest}`, 'latin1'), reason);
          if (said === undefined) return;
          expect(said).toMatch(words);
          expect(said).not.toContain(secret);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
