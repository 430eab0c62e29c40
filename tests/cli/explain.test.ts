import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { explain } from '../../src/cli/explain.ts';
import { eventLine, inFolder, ROOT, STORY } from './command.ts';

const AGENT = STORY[0]!;

/** What `explain` prints about a file with this content. */
const explainedContent = (content: string, limit = 9) =>
  inFolder((folder) => {
    const file = path.join(folder, 'a.json');
    writeFileSync(file, content);
    return explained([file], limit);
  });

const xmlEvent = (id: number, created: string, data: Readonly<Record<string, string>>): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/>` +
  `<EventID>${id}</EventID><TimeCreated SystemTime='${created}'/><EventRecordID>7</EventRecordID>` +
  `<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>host</Computer></System><EventData>` +
  `${Object.entries(data)
    .map(([name, value]) => `<Data Name='${name}'>${value}</Data>`)
    .join('')}</EventData></Event>\n`;

const CONNECTION = {
  RuleName: '-',
  UtcTime: '2026-01-01 03:04:05.678',
  ProcessGuid: '{78c8aea6-5a34-651b-1900-000000005f01}',
  ProcessId: '7',
  Image: 'C:\\a.exe',
  User: 'EX\\bob',
  Protocol: 'tcp',
  Initiated: 'true',
  SourceIsIpv6: 'false',
  SourceIp: '192.0.2.1',
  SourceHostname: '-',
  SourcePort: '5000',
  SourcePortName: '-',
  DestinationIsIpv6: 'false',
  DestinationIp: '192.0.2.2',
  DestinationHostname: '-',
  DestinationPort: '443',
  DestinationPortName: 'https',
};

/** What `explain` prints, one text for each record. */
async function explained(inputs: readonly string[], limit: number) {
  const texts: string[] = [];
  const options = { mapping: path.join(ROOT, 'OCSFmapping.json'), format: 'auto', limit } as const;
  const result = await explain(inputs, options, (text) => void texts.push(text));
  return { ...result, texts };
}

describe('explain', () => {
  it('explains so many records, and tells how many there are', async () => {
    const { texts, explained: told, received } = await explained(STORY, 5);
    expect([texts.length, told, received]).toEqual([5, 5, 73]);
    expect((await explained(STORY, 1000)).texts).toHaveLength(73);
  });

  it('shows the class, the attributes that each field became, what is unmapped, the join and the verdict', async () => {
    const { texts } = await explained([AGENT], 25);
    const connection = texts.find((text) => text.includes('EventID 3 ') && text.includes('joined: hit'))!;
    expect(connection).toMatch(
      /^EventID 3 NetworkConnect\w* ► network_activity \(class 4001 Network Activity\)$/m,
    );
    expect(connection).toMatch(
      /DestinationIp: 203\.0\.113\.50\n(?: {6}► .*\n)* {6}► dst_endpoint\.ip \(ip_t\) = "203\.0\.113\.50"/,
    );
    expect(connection).toMatch(/► time \(timestamp_t\) = \d{13}/);
    expect(connection).toMatch(/► unmapped\["/);
    expect(connection).toMatch(/^ {2}\$\.Process\.CommandLine\n {6}► actor\.process\.cmd_line .*powershell/m);
    expect(connection).toContain('✓ valid OCSF 1.1.0');
  });

  it('says of a connection that its process is not known, and of other events that nothing is joined', async () => {
    const { texts } = await explained([AGENT], 25);
    expect(texts.filter((text) => text.includes('joined: miss'))).toHaveLength(2);
    expect(texts.find((text) => text.includes('EventID 1 '))).toContain('not joined: ');
  });

  it('says why a record goes to quarantine, in its place', async () => {
    const { texts } = await explained([AGENT], 25);
    expect(texts[15]).toContain(
      'record 15\n✗ goes to quarantine: not_json\n  The record is neither JSON nor',
    );
  });

  it('says in a sentence what the reason means, and what the record looks like', async () => {
    const { texts, counts } = await explainedContent(
      `{"ProviderName":"Microsoft-Windows-Security-Auditing","EventId":4624,"Description":"x"}\n${eventLine({ EventId: 99 })}`,
    );
    expect(texts[0]).toMatch(
      /✗ goes to quarantine: \w+\n {2}[A-Z][^\n]+\.\n {2}looks like: Windows Security events\n/,
    );
    expect(texts[1]).toContain(
      '✗ goes to quarantine: no_mapping\n  The mapping file has no entry for this event.\n',
    );
    expect(texts[1]).not.toContain('looks like');
    expect(counts.quarantined).toBe(2);
  });

  it('names the form, and how the fields were obtained', async () => {
    const message = (await explained([AGENT], 1)).texts[0];
    expect(message).toMatch(/^ {2}form: kinesis-agent\n {2}fields: text, the complete message$/m);
    const named = (await explained([STORY[2]!], 1)).texts[0];
    expect(named).toMatch(/^ {2}form: event-xml\n {2}fields: named, values by name$/m);
    const values = Object.values(CONNECTION);
    const line = eventLine({ EventId: 3, Description: null, EventData: values });
    const positional = (await explainedContent(line)).texts[0];
    expect(positional).toMatch(
      /^ {2}fields: positional, values in the order of the manifest, whose types fit$/m,
    );
  });

  it('says when the message and not the number decides what event it is', async () => {
    const { EventId, ...file } = { EventId: 1, ...CONNECTION };
    const description = [
      'Network connection detected:',
      ...Object.entries(file).map(([name, value]) => `${name}: ${value}`),
    ].join('\r\n');
    const { texts } = await explainedContent(eventLine({ EventId, Description: description }));
    expect(texts[0]).toMatch(/^EventID 3 /m);
    expect(texts[0]).toContain(
      '  EventID: the number says 1, the message is of event 3; the message decides\n',
    );
    expect((await explained([AGENT], 25)).texts.join('')).not.toContain('the number says');
  });

  it('says why the time is TimeCreated', async () => {
    const off = xmlEvent(3, '2026-01-02T03:04:05.678Z', CONNECTION);
    expect((await explainedContent(off)).texts[0]).toContain(
      '  time: TimeCreated, because UtcTime is more than 60 seconds off: the clock of network and DNS events stops',
    );
    const none = eventLine({}, { UtcTime: undefined });
    expect((await explainedContent(none)).texts[0]).toContain(
      '  time: TimeCreated, because the event has no UtcTime that can be read\n',
    );
    const near = xmlEvent(3, '2026-01-01T03:04:06.000Z', CONNECTION);
    expect((await explainedContent(near)).texts[0]).not.toContain('time: TimeCreated');
  });

  it('names nothing that is absent, and lets no value act on the terminal', () =>
    inFolder(async (folder) => {
      const file = path.join(folder, 'a.json');
      writeFileSync(
        file,
        eventLine({ LevelDisplayName: '' }, { Image: 'C:\\\u001b[31m\u202egpj.exe\nUser: root', User: '-' }),
      );
      const { texts } = await explained([file], 1);
      expect(texts[0]).not.toMatch(/LevelDisplayName|User: -/);
      expect(texts[0]).toContain('\\u001b[31m\\u202egpj.exe\\u000aUser: root');
      expect(texts[0]!.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
    }));
});
