/** `sysmon-lake explain`: shows how each field of an event was mapped, and why. */
import { addCounts, newCounts } from '../counts.ts';
import type { Counts } from '../counts.ts';
import { mapBatch } from '../pipeline.ts';
import type { MappedRecord } from '../pipeline.ts';
import type { OcsfValue } from '../ocsf/column.ts';
import { formatPath } from '../mapping/path.ts';
import { attributeAt } from '../ocsf/attributes.ts';
import { validateRecord } from '../ocsf/validate.ts';
import { catalogue } from '../sysmon/catalogue.ts';
import { ENVELOPE_KEYS, isAbsent } from '../sysmon/event.ts';
import { eventTimeOf } from '../sysmon/event-time.ts';
import { instantMs } from '../sysmon/instant.ts';
import { isEventTime } from '../sysmon/time.ts';
import type { SysmonEvent } from '../sysmon/event.ts';
import type { Obtained, SourceFormat } from '../sources/source.ts';
import { readEventId } from '../sources/assemble.ts';
import { explainQuarantine } from './explain-quarantine.ts';
import { printable } from './print.ts';
import { forEachBatch, readMapping } from './run.ts';
import type { Outcome } from './run.ts';

export interface ExplainOptions {
  readonly mapping?: string;
  readonly format: SourceFormat | 'auto';
  /** How many records are explained. */
  readonly limit: number;
}

/** Explains the first records of an input, one text each. @throws InputError, UsageError, InterruptedError */
export async function explain(
  inputs: readonly string[],
  options: ExplainOptions,
  print: (text: string) => void,
): Promise<Outcome & { explained: number; received: number; counts: Counts }> {
  const mapping = await readMapping(options.mapping);
  let explained = 0;
  let received = 0;
  const counts = newCounts();
  const run = { format: options.format, progress: false };
  const outcome = await forEachBatch(inputs, mapping, run, async (batch, table) => {
    received += batch.records.length;
    const room = options.limit - explained;
    if (room <= 0) return;
    const records = batch.records.slice(0, room);
    const {
      mapped,
      quarantined,
      counts: own,
    } = await mapBatch({ ...batch, records }, { mapping, table, processesKnown: true });
    addCounts(counts, own);
    const texts = [
      ...mapped.map((one) => ({ index: one.raw.index, text: explainRecord(one) })),
      ...quarantined.map(({ index, reason, bytes }) => ({ index, text: explainQuarantine(reason, bytes) })),
    ];
    for (const { index, text } of texts.sort((a, b) => a.index - b.index)) {
      print(`${printable(batch.input)}, record ${index}\n${text}\n`);
    }
    explained += records.length;
  });
  return { ...outcome, explained, received, counts };
}

/** How the fields of an event were obtained, in words. */
const OBTAINED: Readonly<Record<Obtained, string>> = {
  named: 'values by name',
  positional: 'values in the order of the manifest, whose types fit',
  text: 'the complete message',
  'localised text': 'a message in another language, whose lines were read in the order of the manifest',
};

function obtainedWords(obtained: Obtained, { UserDefined }: SysmonEvent): string {
  return UserDefined.rendered === 'shifted'
    ? `${obtained}, a message of another version of Sysmon, whose lines were read in their order`
    : `${obtained}, ${OBTAINED[obtained]}`;
}

/** One record: its fields with the attributes that they became, what is unmapped, the join, and OCSF's verdict. */
export function explainRecord({ event, format, obtained, entry, record }: MappedRecord): string {
  const lines: string[] = [];
  const kind = catalogue.get(event.EventId);
  lines.push(
    `EventID ${event.EventId} ${kind?.name ?? ''} ► ${entry.schema} (class ${entry.ocsfClass.uid} ${entry.ocsfClass.caption})`,
    `  form: ${format}`,
    `  fields: ${obtainedWords(obtained, event)}`,
    ...notes(event, record.unmapped).map((note) => `  ${note}`),
    '',
  );
  const uses = new Map<string, string[]>();
  for (const leaf of entry.leaves) {
    const value = valueAt(record, leaf.attribute.split('.'));
    if (value === undefined) continue;
    const type = attributeAt(entry.ocsf, entry.ocsfClass, leaf.attribute.split('.'));
    const typed =
      type === undefined ? '' : ` (${type.type === 'object_t' ? (type.object ?? '') : type.type})`;
    const by = leaf.converter === undefined ? '' : ` by ${leaf.converter}`;
    const line = `► ${leaf.attribute}${typed}${by} = ${printable(JSON.stringify(value), 90)}`;
    for (const path of leaf.reads.map(formatPath)) uses.set(path, [...(uses.get(path) ?? []), line]);
  }
  const unmapped = record.unmapped;
  const kept = (name: string): boolean => isMap(unmapped) && Object.hasOwn(unmapped, name);
  const field = (path: string, name: string, text: string | undefined): void => {
    if (isAbsent(text)) return;
    lines.push(`  ${printable(name, 100)}: ${printable(text, 100)}`);
    for (const line of uses.get(path) ?? []) lines.push(`      ${line}`);
    if (kept(name)) lines.push(`      ► unmapped["${printable(name, 100)}"]`);
  };
  for (const [name, text] of Object.entries(event.Description)) {
    field(formatPath({ kind: 'Description', name }), name, text);
  }
  field('$.EventTime', 'EventTime', eventTimeOf(event)?.text);

  lines.push('');
  for (const name of ENVELOPE_KEYS) field(`$.${name}`, name, event[name]);
  for (const [name, text] of Object.entries(event.UserDefined)) {
    field(formatPath({ kind: 'UserDefined', name }), name, text);
  }

  lines.push('', `  ${joinLine(entry.joins, unmapped)}`);
  for (const [path, uses_] of uses) {
    if (!path.startsWith('$.Process.')) continue;
    lines.push(`  ${path}`, ...uses_.map((line) => `      ${line}`));
  }
  const { errors, warnings } = validateRecord(entry.ocsf, record);
  const findings = [...errors, ...warnings].map(
    ({ code, path, message }) => `      ${code} at ${printable(path)}: ${printable(message)}`,
  );
  const verdict = errors.length === 0 ? '✓ valid' : '✗ not valid';
  lines.push('', `  ${verdict} OCSF ${entry.ocsf.version}`, ...findings);
  return `${lines.join('\n')}\n`;
}

/** Where the event is not what it says at first sight: its number, its time. */
function notes(event: SysmonEvent, unmapped: OcsfValue | undefined): string[] {
  const { EventId, Description, UserDefined } = event;
  const lines: string[] = [];
  // An agent can send a key of this name, too; the number of the event is then kept beside it.
  const number = readEventId(UserDefined['envelope.EventId'] ?? UserDefined.EventId);
  if (number !== undefined && number !== EventId)
    lines.push(`EventID: the number says ${number}, the message is of event ${EventId}; the message decides`);
  if (isMap(unmapped) && unmapped.time_source === 'TimeCreated') {
    const { UtcTime } = Description;
    const utcMs = isAbsent(UtcTime) ? undefined : instantMs(UtcTime);
    const why =
      utcMs === undefined || !isEventTime(utcMs)
        ? 'the event has no UtcTime that can be read'
        : 'UtcTime is more than 60 seconds off: the clock of network and DNS events stops while a machine sleeps';
    lines.push(`time: TimeCreated, because ${why}`);
  }
  return lines;
}

function joinLine(joins: boolean, unmapped: OcsfValue | undefined): string {
  if (!joins) return 'not joined: the mapping of this event reads nothing of its process';
  const outcome = isMap(unmapped) ? unmapped.join : undefined;
  return outcome === 'hit' || outcome === 'late'
    ? `joined: ${outcome}`
    : 'joined: miss, no EventID 1 with this ProcessGuid is known';
}

const isMap = (value: OcsfValue | undefined): value is Readonly<Record<string, OcsfValue>> =>
  typeof value === 'object' && !Array.isArray(value);

function valueAt(value: OcsfValue | undefined, path: readonly string[]): OcsfValue | undefined {
  const [key, ...rest] = path;
  if (key === undefined || value === undefined) return value;
  if (!isMap(value)) return undefined;
  // `unmapped` is one level: its names may hold dots.
  if (key === 'unmapped') return valueAt(value[key], [rest.join('.')]);
  return valueAt(value[key], rest);
}
