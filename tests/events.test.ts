/** The project's own examples: that they are what events/README.md says of them. */
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeRecord } from '../src/sources/decode.ts';
import type { Decoded, SourceFormat } from '../src/sources/source.ts';
import { splitRecords } from '../src/sources/split.ts';
import { catalogue, fieldType } from '../src/sysmon/catalogue.ts';
import type { SysmonEvent } from '../src/sysmon/event.ts';
import { normaliseGuid, processStartSeconds } from '../src/sysmon/process-guid.ts';
import { parseUtcTime } from '../src/sysmon/time.ts';

const FOLDER = resolve(import.meta.dirname, '../events');
const DAY_SECONDS = 86_400;

interface Host {
  readonly name: string;
  /** The first group of its process GUIDs. */
  readonly machine: string;
  readonly ipv4: string;
  readonly ipv6: string;
}

interface Story {
  readonly file: string;
  readonly format: SourceFormat;
  readonly host: Host;
}

const STORIES: readonly Story[] = [
  {
    file: 'intrusion.kinesis-agent.ndjson',
    format: 'kinesis-agent',
    host: { name: 'fin-ws07', machine: '7c1e4f2a', ipv4: '10.20.4.107', ipv6: '2001:db8:20:4:0:0:0:107' },
  },
  {
    file: 'intrusion.winlogbeat.ndjson',
    format: 'winlogbeat',
    host: { name: 'fin-ws08', machine: '3b90d6e1', ipv4: '10.20.4.108', ipv6: '2001:db8:20:4:0:0:0:108' },
  },
  {
    file: 'intrusion.event-xml.xml',
    format: 'event-xml',
    host: { name: 'fin-ws09', machine: 'e58a17c4', ipv4: '10.20.4.109', ipv6: '2001:db8:20:4:0:0:0:109' },
  },
];

const decodeFile = async (file: string, format: SourceFormat | 'auto'): Promise<Decoded[]> => {
  const decoded: Decoded[] = [];
  for await (const { bytes, reason } of splitRecords(createReadStream(resolve(FOLDER, file)))) {
    decoded.push(reason === undefined ? decodeRecord(bytes, format) : { reason });
  }
  return decoded;
};

/** The events of a file in the order of the file. */
const eventsOf = async ({ file, format }: Story): Promise<SysmonEvent[]> =>
  (await decodeFile(file, format)).flatMap(({ event }) => (event === undefined ? [] : [event]));

const byRecordNumber = (events: readonly SysmonEvent[]): SysmonEvent[] =>
  [...events].sort((a, b) => Number(a.Index) - Number(b.Index));

const guidOf = (event: SysmonEvent): string => normaliseGuid(event.Description.ProcessGuid!)!;

/** The fields of an event with the names that are its host's own taken out; hex digits of messages are upper case. */
const withoutHost = ({ Description }: SysmonEvent, { name, machine, ipv4, ipv6 }: Host): [string, string][] =>
  Object.keys(Description)
    .sort()
    .map((field) => {
      const value = Description[field]!.replaceAll(`{${machine}-`, '{machine-')
        .replaceAll(`${name}.corp.example`, 'host')
        .replaceAll(ipv4, 'IPv4')
        .replaceAll(ipv6, 'IPv6');
      return [field, fieldType(field) === 'hex' ? value.toLowerCase() : value];
    });

/** The members of a record as it is written. */
const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(resolve(FOLDER, file), 'utf8')
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Record<string, unknown>]; // true: both .ndjson files hold objects
      } catch {
        return [];
      }
    });

describe('events/', () => {
  it('holds one record that cannot be read, in the file of Kinesis Agent', async () => {
    const unreadable: string[] = [];
    for (const file of readdirSync(FOLDER).filter((name) => /\.(ndjson|xml)$/.test(name))) {
      const decoded = await decodeFile(file, 'auto');
      expect(decoded.length).toBeGreaterThan(0);
      for (const { reason } of decoded) if (reason !== undefined) unreadable.push(`${file}: ${reason}`);
    }
    expect(unreadable).toEqual(['intrusion.kinesis-agent.ndjson: not_json']);
  });
});

describe.each(STORIES)('events/$file', (story) => {
  let events: SysmonEvent[] = [];
  let processes: ReadonlySet<string> = new Set();
  beforeAll(async () => {
    events = await eventsOf(story);
    processes = new Set(events.filter(({ EventId }) => EventId === 1).map(guidOf));
  });

  it('tells the story that the first file tells', async () => {
    const first = STORIES[0]!;
    const told = byRecordNumber(await eventsOf(first));
    const own = byRecordNumber(events);
    expect(own).toHaveLength(24);
    expect(own.map(({ EventId }) => EventId)).toEqual(told.map(({ EventId }) => EventId));
    expect(own.map((event) => withoutHost(event, story.host))).toEqual(
      told.map((event) => withoutHost(event, first.host)),
    );
    const times = (list: readonly SysmonEvent[]) => list.map(({ TimeCreated }) => parseUtcTime(TimeCreated!));
    expect(times(own)).toEqual(times(told));
  });

  it('is of one host, with its own name, addresses and GUIDs', () => {
    for (const { MachineName, ProviderName, LogName, UserName, Description } of events) {
      expect(MachineName).toBe(`${story.host.name}.corp.example`);
      expect([ProviderName, LogName, UserName]).toEqual([
        'Microsoft-Windows-Sysmon',
        'Microsoft-Windows-Sysmon/Operational',
        'S-1-5-18',
      ]);
      for (const [field, value] of Object.entries(Description)) {
        if (fieldType(field) === 'guid') expect(value.startsWith(`{${story.host.machine}-`)).toBe(true);
      }
      const { Initiated, SourceIp, DestinationIp } = Description;
      if (Initiated === undefined) continue;
      expect([story.host.ipv4, story.host.ipv6]).toContain(Initiated === 'true' ? SourceIp : DestinationIp);
    }
  });

  it('has the current fields of each event', () => {
    for (const { EventId, Description, ambiguous } of events) {
      const current = catalogue.get(EventId)!.fields.map(({ name }) => name);
      expect(Object.keys(Description).sort()).toEqual(current.sort());
      expect(ambiguous).toBeUndefined();
    }
    expect([...new Set(events.map(({ EventId }) => EventId))].sort((a, b) => a - b)).toEqual([
      1, 3, 5, 11, 22, 23,
    ]);
  });

  it('has process GUIDs that carry the second in which the process started', () => {
    for (const event of events.filter(({ EventId }) => EventId === 1)) {
      const startedMs = parseUtcTime(event.Description.UtcTime!)!;
      expect(processStartSeconds(guidOf(event))).toBe(Math.floor(startedMs / 1000));
      const parentSeconds = processStartSeconds(event.Description.ParentProcessGuid!)!;
      expect(parentSeconds).toBeLessThanOrEqual(startedMs / 1000);
    }
    expect(processes.size).toBe(6);
  });

  it('logs in the order of its record numbers, milliseconds after the event', () => {
    const created = byRecordNumber(events).map(({ TimeCreated }) => TimeCreated!);
    expect(created).toEqual([...created].sort());
    expect(new Set(events.map(({ Index }) => Index)).size).toBe(events.length);
    for (const { TimeCreated, Description } of events) {
      const lateMs = parseUtcTime(TimeCreated!)! - parseUtcTime(Description.UtcTime!)!;
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(20);
    }
  });

  it('says the same of a process wherever it is named', () => {
    const known = new Map(
      events
        .filter(({ EventId }) => EventId === 1)
        .map(({ Description }) => [Description.ProcessGuid, Description]),
    );
    for (const { Description } of events) {
      const process = known.get(Description.ProcessGuid);
      if (process !== undefined) {
        for (const field of ['ProcessId', 'Image', 'User']) expect(Description[field]).toBe(process[field]);
      }
      const parent = known.get(Description.ParentProcessGuid);
      if (parent === undefined) continue;
      for (const field of ['ProcessId', 'Image', 'User', 'CommandLine'])
        expect(Description[`Parent${field}`]).toBe(parent[field]);
    }
  });

  it('has the process of every connection but those of a service that is older than the file', () => {
    const connections = events.filter(({ EventId }) => EventId === 3);
    const unjoined = connections.filter((event) => !processes.has(guidOf(event)));
    expect(connections).toHaveLength(6);
    expect(unjoined).toHaveLength(2);
    for (const event of unjoined) {
      expect(event.Description.Image).toBe('C:\\Windows\\System32\\svchost.exe');
      const ageSeconds = parseUtcTime(event.TimeCreated!)! / 1000 - processStartSeconds(guidOf(event))!;
      expect(ageSeconds).toBeGreaterThan(5 * DAY_SECONDS);
    }
    expect(connections.filter(({ Description }) => Description.Initiated === 'false')).toHaveLength(1);
  });

  it('ends every process but the intruder', () => {
    const ended = new Set(events.filter(({ EventId }) => EventId === 5).map(guidOf));
    const running = events.filter((event) => event.EventId === 1 && !ended.has(guidOf(event)));
    expect(running.map(({ Description }) => Description.Image!.split('\\').at(-1))).toEqual([
      'svc-update.exe',
    ]);
  });

  it('has the true name of the file whose name the message corrupts', () => {
    const names = events.map(({ Description }) => Description.TargetFilename);
    expect(names).toContain(
      'C:\\Windows\\System32\\winevt\\Logs\\Microsoft-Windows-PowerShell%4Operational.evtx',
    );
    expect(names.filter((name) => name?.includes('1344') === true)).toEqual([]);
  });

  it('has well-formed hashes, the same for the same file', () => {
    const byFile = new Map<string, string>();
    for (const { Description } of events) {
      const { Hashes, TargetFilename, Image } = Description;
      if (Hashes === undefined) continue;
      expect(Hashes).toMatch(/^SHA1=[\dA-F]{40},MD5=[\dA-F]{32},SHA256=[\dA-F]{64},IMPHASH=[\dA-F]{32}$/);
      const file = TargetFilename ?? Image!;
      expect(byFile.get(file) ?? Hashes).toBe(Hashes);
      byFile.set(file, Hashes);
    }
    expect(new Set(byFile.values()).size).toBe(byFile.size);
  });

  it('names nothing that exists: reserved domains, internal addresses and those of the documentation', () => {
    const RESERVED = /^(?:10\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:)/;
    for (const { Description } of events) {
      const { SourceIp, DestinationIp, QueryResults, QueryName, SourceHostname, DestinationHostname } =
        Description;
      const answers = (QueryResults ?? '').split(';').filter((answer) => answer !== '' && answer !== '-');
      const aliases = answers.filter((answer) => answer.startsWith('type:'));
      const addresses = answers.filter((answer) => !answer.startsWith('type:'));
      for (const ip of [SourceIp, DestinationIp, ...addresses]) {
        if (ip !== undefined) expect(ip.replace(/^::ffff:/, '')).toMatch(RESERVED);
      }
      for (const name of [QueryName, SourceHostname, DestinationHostname, ...aliases]) {
        if (name !== undefined && name !== '-') expect(name).toMatch(/\.example$/);
      }
    }
  });
});

describe.each(STORIES.slice(0, 2))('events/$file', (story) => {
  it('has a DNS query and a connection that come before their process', async () => {
    const events = await eventsOf(story);
    const starts = new Map(
      events.flatMap((event, at) => (event.EventId === 1 ? [[guidOf(event), at] as const] : [])),
    );
    const early = events.filter(
      (event, at) => [3, 22].includes(event.EventId) && at < (starts.get(guidOf(event)) ?? -1),
    );
    expect(early.map(({ EventId }) => EventId)).toEqual([22, 3]);
  });
});

describe('what the carriers make of the story', () => {
  const corrupt = 'Microsoft-Windows-PowerShell1344Operational.evtx';

  it('Kinesis Agent: CRLF, a decoration, and one record with its values', () => {
    const records = linesOf('intrusion.kinesis-agent.ndjson');
    for (const { Description, source_instance_id: instance } of records) {
      expect(String(Description).replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      expect(Description).toContain('\r\n');
      expect(instance).toMatch(/^i-0[\da-f]{16}$/);
    }
    const withValues = records.filter(({ EventData }) => EventData !== undefined);
    expect(withValues).toHaveLength(1);
    expect(withValues[0]!.Description).toContain(corrupt);
  });

  it('Kinesis Agent: the damaged record comes again, whole', () => {
    const lines = readFileSync(resolve(FOLDER, 'intrusion.kinesis-agent.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    const damaged = lines.filter((line) => !line.endsWith('}'));
    expect(damaged).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith(damaged[0]!))).toHaveLength(2);
  });

  it('Winlogbeat: messages with LF, one of them corrupt', () => {
    const documents = linesOf('intrusion.winlogbeat.ndjson');
    for (const { message } of documents) {
      expect(message).toContain('\n');
      expect(message).not.toContain('\r');
    }
    expect(documents.filter(({ message }) => String(message).includes(corrupt))).toHaveLength(1);
  });

  it('Event XML: printed by record number, without a root or a message', async () => {
    const events = await eventsOf(STORIES[2]!);
    expect(events).toEqual(byRecordNumber(events));
    const text = readFileSync(resolve(FOLDER, 'intrusion.event-xml.xml'), 'utf8');
    expect(text).toMatch(/^<Event xmlns='/);
    expect(text).not.toContain('RenderingInfo');
  });
});
