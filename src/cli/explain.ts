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
import { parseUtcTime } from '../sysmon/time.ts';
import type { SysmonEvent } from '../sysmon/event.ts';
import { appearanceOf } from '../sources/appearance.ts';
import type { Obtained, SourceFormat } from '../sources/source.ts';
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

const MARK = { bad: '✗', good: '✓' };

/** What each reason means, for whoever sent the record. */
const REASONS: Readonly<Record<string, string>> = {
  not_utf8: 'the bytes are no UTF-8 text',
  not_json: 'the record is neither JSON nor Event XML, or it is damaged',
  not_xml: 'the record is no well-formed XML',
  not_an_event: 'no agent that is known writes such a document',
  not_sysmon: 'the event is of another provider than Sysmon',
  no_event_id: 'its EventID is not a number',
  incomplete_envelope: 'the form is known, but its provider, EventID, host or time is missing',
  no_message: 'it has neither values nor a text',
  unreadable_text:
    'its text, or its values, cannot be read completely: a language or a version that does not fit',
  damaged: 'this part of a binary or compressed input is damaged',
  too_large: 'the record is larger than 32 MiB',
  truncated: 'the input ends inside this record',
  no_mapping: 'the mapping file has no entry for its EventID',
  no_time: 'it has no time at which an event can have happened',
  not_mappable: 'the mapping cannot be applied to it',
};

function explainQuarantine(reason: string, bytes: Uint8Array): string {
  const appearance = appearanceOf(bytes, reason);
  const looks = appearance === undefined ? '' : `\n  looks like: ${appearance}`;
  return `${MARK.bad} goes to quarantine: ${reason} (${REASONS[reason] ?? 'see docs/operate.md'})${looks}\n`;
}

const OBTAINED: Readonly<Record<Obtained, string>> = {
  named: 'values by name',
  positional: 'values by position, whose types fit',
  text: 'the rendered text, which is complete',
  'localised text': 'a localised text, by the places of its lines',
};

/** One record: its fields with the attributes that they became, what is unmapped, the join, and OCSF's verdict. */
export function explainRecord({ event, format, obtained, entry, record }: MappedRecord): string {
  const lines: string[] = [];
  const kind = catalogue.get(event.EventId);
  lines.push(
    `EventID ${event.EventId} ${kind?.name ?? ''} ► ${entry.schema} (class ${entry.ocsfClass.uid} ${entry.ocsfClass.caption})`,
    `  form: ${format}; fields from ${OBTAINED[obtained]}`,
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
  const number = event.UserDefined.EventId;
  if (number !== undefined)
    lines.push(
      `  the number says ${printable(number, 20)}, but title and fields are those of event ${event.EventId}`,
      '',
    );
  if (isMap(unmapped) && unmapped.time_source === 'TimeCreated')
    lines.push(`  time is TimeCreated: ${timeReason(event)}`, '');
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
  const verdict = errors.length === 0 ? `${MARK.good} valid` : `${MARK.bad} not valid`;
  lines.push('', `  ${verdict} OCSF ${entry.ocsf.version}`, ...findings);
  return `${lines.join('\n')}\n`;
}

function timeReason({ Description }: SysmonEvent): string {
  return isAbsent(Description.UtcTime) || parseUtcTime(Description.UtcTime) === undefined
    ? 'the event has no UtcTime that can be read'
    : 'UtcTime is more than 60 seconds off, because the clock behind network and DNS events stands still while a machine sleeps';
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
