/** Made-up events with every field that a kind can have, or with the fewest: to try a mapping on. */
import { catalogue } from './catalogue.ts';
import type { EventField } from './catalogue.ts';
import { newFields } from './event.ts';
import type { Fields, SysmonEvent } from './event.ts';

/** What a field's name says of its values, where its type does not; the first that fits counts. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/^RuleName$/, 'technique_id=T1059.001,technique_name=PowerShell'],
  [/UtcTime$/, '2026-01-02 03:04:05.678'],
  [/^(Image|ImageLoaded|\w+Image)$/, 'C:\\Windows\\System32\\notepad.exe'],
  [/^OriginalFileName$/, 'NOTEPAD.EXE'],
  [/^TargetFilename$/, 'C:\\Users\\jdoe\\Downloads\\setup.exe'],
  [/^CurrentDirectory$/, 'C:\\Users\\jdoe\\'],
  [/User$/, 'CORP\\jdoe'],
  [/^IntegrityLevel$/, 'Medium'],
  [/^Hash(es)?$/, `MD5=${'0A'.repeat(16)},SHA256=${'0B'.repeat(32)},IMPHASH=${'0C'.repeat(16)}`],
  [/^Protocol$/, 'tcp'],
  [/Ip$/, '192.0.2.7'],
  [/Hostname$/, 'host.corp.example'],
  [/PortName$/, 'https'],
  [/^(Signed|Initiated|IsExecutable|Archived|\w+IsIpv6)$/, 'true'],
  [/^SignatureStatus$/, 'Valid'],
  [/^(TargetObject|NewName)$/, 'HKLM\\SOFTWARE\\Example\\Value'],
  [/^Details$/, 'DWORD (0x00000001)'],
  [/^PipeName$/, '\\example'],
  [/^Device$/, '\\Device\\HarddiskVolume2'],
  [/^State$/, 'Started'],
  [/Version$/, '15.15'],
  [/^Operation$/, 'Created'],
  [/^QueryName$/, 'www.corp.example'],
  [/^QueryStatus$/, '0'],
  [/^QueryResults$/, 'type:  5 cdn.corp.example;::ffff:192.0.2.9;'],
  [/^StartAddress$/, '0x00007FF812345678'],
  [/^Session$/, '1'],
];

const EVENT_TYPES: Readonly<Record<number, string>> = {
  12: 'CreateKey',
  13: 'SetValue',
  14: 'RenameKey',
  17: 'CreatePipe',
  18: 'ConnectPipe',
  19: 'WmiFilterEvent',
  20: 'WmiConsumerEvent',
  21: 'WmiBindingEvent',
};

function sampleText(eventId: number, { name, type }: EventField): string {
  if (name === 'EventType') return EVENT_TYPES[eventId] ?? 'Example';
  if (type === 'guid') return '{5fe2a7c1-3a25-6957-0102-000000000500}';
  if (type === 'uint') return name.endsWith('Port') ? '443' : '4711';
  if (type === 'hex') return '0x1410';
  if (type === 'bool') return 'true';
  return TEXTS.find(([pattern]) => pattern.test(name))?.[1] ?? `some ${name}`;
}

/**
 * An event of a kind that the catalogue knows: `full` with all of its fields and a decoration of the agent,
 * `least` with the fields of its first version alone. Undefined for an unknown EventID.
 */
export function sampleEvent(eventId: number, extent: 'full' | 'least'): SysmonEvent | undefined {
  const kind = catalogue.get(eventId);
  if (kind === undefined) return undefined;
  const first = kind.fields
    .map((field) => field.since)
    .reduce((a, b) => (Number(b) < Number(a) ? b : a), '99');
  const Description = newFields();
  for (const field of kind.fields) {
    if (extent === 'full' || field.since === first) Description[field.name] = sampleText(eventId, field);
  }
  const UserDefined: Fields = newFields();
  if (extent === 'full') UserDefined.source_instance_id = 'i-0123456789abcdef0';
  return {
    EventId: eventId,
    Description,
    TimeCreated: '2026-01-02T03:04:05.678Z',
    MachineName: 'host.corp.example',
    LogName: 'Microsoft-Windows-Sysmon/Operational',
    ProviderName: 'Microsoft-Windows-Sysmon',
    Index: '12345',
    UserName: 'S-1-5-18',
    LevelDisplayName: eventId === 255 ? 'Error' : 'Informational',
    UserDefined,
  };
}
