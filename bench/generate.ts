/**
 * Made-up events for where the real ones are not: fields and their order from the catalogue, the size of each kind
 * as 810,883 real events had it on the mean, and values that repeat as those of a few hosts do.
 */
import { catalogue } from '../src/sysmon/catalogue.ts';
import type { EventKind } from '../src/sysmon/catalogue.ts';
import { sampleEvent } from '../src/sysmon/sample.ts';
import { randomFrom } from './random.ts';
import type { Random } from './random.ts';

/** Mean bytes of an event as the agent writes it, by EventID; 640 for the others. Measured. */
const MEAN_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 1535],
  [3, 853],
  [7, 1086],
  [10, 1379],
  [11, 711],
  [12, 758],
  [13, 758],
  [22, 637],
]);
const OTHER_MEAN_BYTES = 640;

/** The field of each kind that takes up what is missing to the size; RuleName where none of them is there. */
const LONG_FIELDS = [
  'CommandLine',
  'CallTrace',
  'TargetObject',
  'TargetFilename',
  'QueryResults',
  'ImageLoaded',
];

const WORDS = 'config update service agent cache local policy report system driver network shell task'.split(
  ' ',
);

interface Process {
  readonly guid: string;
  readonly pid: string;
  readonly image: string;
}

interface World {
  readonly random: Random;
  readonly processes: readonly Process[];
  /** A hash list is a function of the file, so it repeats with it. */
  readonly hashes: Map<string, string>;
}

const path = (random: Random, length: number): string => {
  let text = 'C:\\Windows';
  while (text.length < length) text += `\\${random.pick(WORDS)}${random.hex(2)}`;
  return text.slice(0, Math.max(length, 12));
};

function worldOf(random: Random): World {
  const images = Array.from({ length: 120 }, () => `${path(random, 24 + random.below(40))}.exe`);
  const processes = Array.from({ length: 400 }, () => ({
    guid: `{${random.hex(8)}-${random.hex(4)}-6957-${random.hex(4)}-${random.hex(12)}}`,
    pid: String(4 * random.below(5000)),
    image: random.pick(images),
  }));
  return { random, processes, hashes: new Map() };
}

function hashesOf({ random, hashes }: World, image: string): string {
  const known = hashes.get(image);
  if (known !== undefined) return known;
  const made = `MD5=${random.hex(32)},SHA256=${random.hex(64)},IMPHASH=${random.hex(32)}`.toUpperCase();
  hashes.set(image, made);
  return made;
}

/** The value of a field: of the process that did it, of the other one, or what the catalogue's example has. */
function valueOf(world: World, name: string, example: string, own: Process, other: Process): string {
  const { random } = world;
  const isOther = /^(Parent|Target)/.test(name);
  const { guid, pid, image } = isOther ? other : own;
  if (/ProcessGuid$/i.test(name)) return guid;
  if (name.endsWith('ProcessId')) return pid;
  if (name.endsWith('Image')) return image;
  if (/^Hash(es)?$/.test(name)) return hashesOf(world, image);
  if (name === 'RuleName') return '-';
  if (name === 'ImageLoaded') return other.image.replace('.exe', '.dll');
  if (name.endsWith('Port')) return String(random.below(65_536));
  if (/^DestinationIp$/.test(name)) return `198.51.100.${random.below(256)}`;
  if (name === 'QueryName') return `${random.pick(WORDS)}${random.below(500)}.example`;
  return example;
}

function generated(kind: EventKind, world: World, index: number): string {
  const { random } = world;
  const own = random.pick(world.processes);
  const other = random.pick(world.processes);
  const fields = Object.entries(sampleEvent(kind.id, 'full')?.Description ?? {}).map(
    ([name, example]) => [name, valueOf(world, name, example, own, other)] as const,
  );
  const long = LONG_FIELDS.find((name) => fields.some(([field]) => field === name)) ?? 'RuleName';
  const record = (padding: string): string =>
    JSON.stringify({
      EventId: kind.id,
      Description: [
        kind.titles[0],
        ...fields.map(([name, value]) => `${name}: ${name === long ? value + padding : value}`),
      ].join('\r\n'),
      LevelDisplayName: 'Informational',
      LogName: 'Microsoft-Windows-Sysmon/Operational',
      MachineName: `HOST${random.below(5)}.corp.example`,
      ProviderName: 'Microsoft-Windows-Sysmon',
      TimeCreated: '2026-01-02T03:04:05.680Z',
      Index: index,
      UserName: 'S-1-5-18',
      Keywords: '',
      source_instance_id: 'i-0123456789abcdef0',
    });
  const mean = MEAN_BYTES.get(kind.id) ?? OTHER_MEAN_BYTES;
  // Sizes lie around the mean as real ones do: most within a third of it.
  const target = mean * (0.8 + 0.4 * random.next());
  const missing = Math.floor((target - record('').length) * 0.95); // a backslash takes two bytes in JSON
  return record(missing > 12 && long !== 'RuleName' ? ` ${path(random, missing)}` : '');
}

/** A pool of so many events of each kind, one JSON text each. */
export function generatedPool(eventsPerKind: number, seed: number): string[] {
  const world = worldOf(randomFrom(seed));
  const kinds = [...catalogue.values()];
  return kinds.flatMap((kind, i) =>
    Array.from({ length: eventsPerKind }, (_, n) => generated(kind, world, i * eventsPerKind + n + 1)),
  );
}
