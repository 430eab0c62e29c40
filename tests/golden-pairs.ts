/** The project's golden pairs, for tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { JsonObject } from '../src/cli/difference.ts';
import { processContextOf } from '../src/join/process-context.ts';
import type { CompiledEntry, CompiledMapping, Join, MappedEvent } from '../src/mapping/compile.ts';
import { decodeRecord } from '../src/sources/decode.ts';
import type { Fields, SysmonEvent } from '../src/sysmon/event.ts';
import { eventProcessGuid } from '../src/sysmon/identity.ts';

export const ROOT = resolve(import.meta.dirname, '..');
export const MAPPINGS = ['OCSFmapping', 'OCSFmapping.native'] as const;
export type MappingName = (typeof MAPPINGS)[number];

export const mappingText = (name: MappingName): string => readFileSync(resolve(ROOT, `${name}.json`), 'utf8');

const EVENTS = resolve(ROOT, 'tests/golden/events');
const SUFFIX = '.events.ndjson';

export interface GoldenEvents {
  readonly name: string;
  readonly events: readonly SysmonEvent[];
}

export const goldenEvents: readonly GoldenEvents[] = readdirSync(EVENTS)
  .filter((file) => file.endsWith(SUFFIX))
  .sort()
  .map((file) => ({
    name: file.slice(0, -SUFFIX.length),
    events: readFileSync(resolve(EVENTS, file), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => {
        const { event, reason } = decodeRecord(Buffer.from(line), 'kinesis-agent');
        if (event === undefined) throw new Error(`${file}: ${reason}`);
        return event;
      }),
  }));

export const goldenRecords = (mapping: MappingName, pair: string): readonly JsonObject[] =>
  JSON.parse(
    readFileSync(resolve(ROOT, `tests/golden/${mapping}/${pair}.records.json`), 'utf8'),
  ) as readonly JsonObject[]; // true: every element of these files is a record

/** An event of a pair, mapped; processes are those of the pair. */
export function mapGolden(
  mapping: CompiledMapping,
  event: SysmonEvent,
  pair: readonly SysmonEvent[],
): MappedEvent & { readonly entry: CompiledEntry } {
  const entry = mapping.find(event)!;
  return { ...entry.map(event, joinOf(entry, event, mapping, pair)), entry };
}

function joinOf(
  entry: CompiledEntry,
  event: SysmonEvent,
  mapping: CompiledMapping,
  pair: readonly SysmonEvent[],
): Join | undefined {
  if (!entry.joins) return undefined;
  const guid = eventProcessGuid(event);
  for (const other of pair) {
    const context = processContextOf(other, mapping.processFields);
    if (context !== undefined && context.guid === guid) return { outcome: 'hit', process: context.fields };
  }
  return { outcome: 'miss' };
}

/** Copies of an event with one field changed; `room` is where the field is. */
export const withField = (event: SysmonEvent, name: string, text: string): SysmonEvent => ({
  ...event,
  Description: copy(event.Description, name, text),
});

export const withDecoration = (event: SysmonEvent, name: string, text: string): SysmonEvent => ({
  ...event,
  UserDefined: copy(event.UserDefined, name, text),
});

const copy = (fields: Fields, name: string, text: string): Fields =>
  Object.assign(Object.create(null) as Fields, fields, { [name]: text }); // true: filled in the same breath
