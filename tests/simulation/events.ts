/** The records that a simulated host's agent sends, as Kinesis Agent for Windows writes them, and poison among them. */
import { sampleEvent } from '../../src/sysmon/sample.ts';
import type { Random } from './random.ts';

/** One record of an event, and what must become of it. */
export interface Unit {
  readonly id: number;
  readonly kind: 'process' | 'connection' | 'termination' | 'poison';
  readonly host: string;
  /** The event record id, which with the host tells events apart. */
  readonly index: number;
  readonly bytes: Uint8Array;
  /** Normalised, where the event has one that can be joined by. */
  readonly guid?: string;
  /** What the command line of the process says, which no other process's does. */
  readonly token?: string;
  /** By the clock of the host: when the event was logged, and when its process began. */
  readonly loggedMs: number;
  readonly startSeconds?: number;
  /** Too large for an item of the process table: joined within its batch only. */
  readonly isGiant?: boolean;
  /** Why it must be in quarantine. */
  readonly reason?: string;
}

export interface ProcessFacts {
  readonly number: number;
  readonly startSeconds: number;
  readonly guid: string;
  readonly token: string;
}

/** `{xxxxxxxx-LLLL-HHHH-…}`: 0xHHHHLLLL is the second in which the process began. */
export function processFacts(number: number, startSeconds: number): ProcessFacts {
  const hex = startSeconds.toString(16).padStart(8, '0');
  const guid = `5fe2a7c1-${hex.slice(4)}-${hex.slice(0, 4)}-${number.toString(16).padStart(4, '0')}-00000000abcd`;
  return { number, startSeconds, guid, token: `<process ${number}>` };
}

/** Sysmon wrote upper case until 2019 and lower case since; EventData has no braces. */
const spelled = (guid: string, random: Random): string => {
  const text = random.chance(0.5) ? guid.toUpperCase() : guid;
  return random.chance(0.8) ? `{${text}}` : text;
};

const sysmonTime = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 23).replace('T', ' ');

const TITLES = { 1: 'Process Create', 3: 'Network connection detected', 5: 'Process terminated' } as const;
const DAY_MS = 86_400_000;

export interface Envelope {
  readonly id: number;
  readonly host: string;
  readonly index: number;
  readonly loggedMs: number;
}

function agentRecord(
  eventId: number,
  { host, index, loggedMs }: Envelope,
  description: unknown,
  rest: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const record = {
    EventId: eventId,
    Description: description,
    LevelDisplayName: 'Information',
    LogName: 'Microsoft-Windows-Sysmon/Operational',
    MachineName: host,
    ProviderName: 'Microsoft-Windows-Sysmon',
    TimeCreated: new Date(loggedMs).toISOString(),
    Index: index,
    UserName: 'S-1-5-18',
    Keywords: '',
    ...rest,
  };
  return Buffer.from(JSON.stringify(record));
}

/** Rendered, as the agent sends it, or as an object. */
const described = (
  eventId: 1 | 3 | 5,
  fields: Readonly<Record<string, string>>,
  random: Random,
): string | Readonly<Record<string, string>> => {
  if (random.chance(0.5)) return fields;
  // A text is read only if it has all the fields that its event always has.
  const all = Object.entries({ ...sampleEvent(eventId, 'full')?.Description, ...fields });
  const lines = all.map(([name, value]) => `${name}: ${value}`);
  return [`${TITLES[eventId]}:`, ...lines].join(random.chance(0.5) ? '\r\n' : '\n');
};

/** Above what an item of DynamoDB may hold. */
const GIANT_CHARACTERS = 410 * 1024;

export function processUnit(
  envelope: Envelope,
  process: ProcessFacts,
  isGiant: boolean,
  random: Random,
): Unit {
  const { guid, token, startSeconds } = process;
  const fields = {
    RuleName: '-',
    UtcTime: sysmonTime(envelope.loggedMs),
    ProcessGuid: spelled(guid, random),
    ProcessId: '4711',
    Image: 'C:\\Windows\\System32\\curl.exe',
    CommandLine: `run ${token}`,
    CurrentDirectory: `C:\\${isGiant ? '.'.repeat(GIANT_CHARACTERS) : ''}`,
  };
  const bytes = agentRecord(1, envelope, described(1, fields, random));
  return { ...envelope, kind: 'process', bytes, guid, token, startSeconds, isGiant };
}

/** A connection of a process; undefined for one whose process Sysmon does not know (the null GUID). */
export function connectionUnit(envelope: Envelope, process: ProcessFacts | undefined, random: Random): Unit {
  // UtcTime of EventID 3 can be off from TimeCreated by days.
  const offMs = random.chance(0.1) ? random.between(-DAY_MS, DAY_MS) : 0;
  const fields = {
    RuleName: '-',
    UtcTime: sysmonTime(envelope.loggedMs + offMs),
    ProcessGuid: process ? spelled(process.guid, random) : '{00000000-0000-0000-0000-000000000000}',
    ProcessId: '4711',
    Image: 'C:\\Windows\\System32\\curl.exe',
  };
  const bytes = agentRecord(3, envelope, described(3, fields, random));
  const known = process && { guid: process.guid, startSeconds: process.startSeconds };
  return { ...envelope, kind: 'connection', bytes, ...known };
}

export function terminationUnit(envelope: Envelope, process: ProcessFacts, random: Random): Unit {
  const fields = {
    RuleName: '-',
    UtcTime: sysmonTime(envelope.loggedMs),
    ProcessGuid: spelled(process.guid, random),
    ProcessId: '4711',
    Image: 'C:\\Windows\\System32\\curl.exe',
  };
  return { ...envelope, kind: 'termination', bytes: agentRecord(5, envelope, described(5, fields, random)) };
}

const POISON: Readonly<Record<string, (envelope: Envelope) => Uint8Array>> = {
  not_json: ({ id }) => Buffer.from(`EventId=1 of ${id}`),
  truncated: ({ id }) => Buffer.from(`{"EventId":${id},`),
  not_utf8: ({ id }) =>
    Buffer.concat([Buffer.from(`{"EventId":${id},"Description":"`), Buffer.from([0xff, 0x22, 0x7d])]),
  not_an_event: ({ id }) => Buffer.from(`{"hello":${id}}`),
  not_sysmon: (envelope) => agentRecord(3, envelope, 'x', { ProviderName: 'Security' }),
  unreadable_text: (envelope) => agentRecord(3, envelope, `The description for Event ID 3 cannot be found.`),
  no_mapping: (envelope) => agentRecord(200, envelope, { Field: 'x' }),
  no_time: (envelope) => agentRecord(3, envelope, { UtcTime: '-' }, { TimeCreated: '' }),
};

export function poisonUnit(envelope: Envelope, random: Random): Unit {
  const [reason, bytesOf] = random.pick(Object.entries(POISON));
  return { ...envelope, kind: 'poison', bytes: bytesOf(envelope), reason };
}
