/** The section of one event. */
import type { CompiledEntry } from '../../src/mapping/compile.ts';
import type { EventKind } from '../../src/sysmon/catalogue.ts';
import { groupKey, rootOf } from './groups.ts';
import type { EntryOfFile } from './groups.ts';
import { leftoversOf } from './leftover.ts';
import { code, linkTo, listed, table } from './markdown.ts';
import { fieldName, nodeAt, rowKey, tell } from './rows.ts';
import type { Row } from './rows.ts';

/** What an event's section leaves to other sections of the page. */
export interface ToldElsewhere {
  readonly commonRows: readonly Row[];
  /** Names in `unmapped` that most events have. */
  readonly commonLeftovers: readonly string[];
  /** Heading of the group that has these rows, by {@link groupKey}. */
  readonly groupHeadings: ReadonlyMap<string, string>;
}

export interface EventNotes {
  /** Why the two files differ. */
  readonly difference: string | undefined;
  readonly notes: readonly string[];
}

const ROW_HEADS = ['Attribute', 'Filled from', 'Type', 'Requirement'];

export const eventHeading = ({ id, name }: EventKind): string => `EventID ${id}: ${name}`;

/** The event by the first line of its message, without its colon. */
export const eventTitle = ({ titles }: EventKind): string => titles[0].replace(/:$/, '');

export const rowTable = (rows: readonly Row[]): string =>
  table(
    ROW_HEADS,
    rows.map(({ shown, from, type, requirement }) => [shown, from, type, requirement]),
  );

/** `1 Launch`; an activity that OCSF has no word for by the name that the mapping gives it. */
export function activityOf(entry: CompiledEntry): string {
  const node = nodeAt(entry, 'activity_id');
  const name = nodeAt(entry, 'activity_name');
  if (node === undefined) return '';
  if (name?.kind === 'literal' && node.kind === 'literal')
    return `${code(String(node.value))} ${String(name.value)}`;
  return tell(node, entry.ocsfClass.attributes.activity_id);
}

/** The activities that an entry can give, without what decides between them but its field. */
export function shortActivityOf(entry: CompiledEntry): string {
  const node = nodeAt(entry, 'activity_id');
  if (node?.kind !== 'enum') return activityOf(entry);
  const { activity_id: attribute } = entry.ocsfClass.attributes;
  const values = [...new Set(Array.from(node.values.values(), (value) => tell(value, attribute)))];
  return `${listed(values, 'or')}, by ${tell(node.evaluate, undefined)}`;
}

export function conditionOf({ when }: CompiledEntry): string {
  const conditions = when.map(
    ({ ref, values }) => `${code(fieldName(ref))} is ${listed(values.map(code), 'or')}`,
  );
  return listed(conditions);
}

function classOf(entry: CompiledEntry): string {
  const { ocsfClass, schema } = entry;
  const node = nodeAt(entry, 'activity_id');
  const type = node?.kind === 'literal' ? code(String(ocsfClass.uid * 100 + Number(node.value))) : undefined;
  const when = conditionOf(entry);
  return [
    `${ocsfClass.caption} (${code(schema)}, class_uid ${code(String(ocsfClass.uid))})`,
    ...(when === '' ? [] : [`where ${when}`]),
    `activity ${node?.kind === 'enum' ? 'by ' : ''}${activityOf(entry)}`,
    ...(type === undefined ? [] : [`type_uid ${type}`]),
    `requires ${listed(requiredObjects(entry).map(code))}`,
  ].join(', ');
}

/** What a record of the class must say, beside what every class demands. */
const requiredObjects = ({ ocsfClass }: CompiledEntry): string[] =>
  Object.entries(ocsfClass.attributes).flatMap(([name, { object, requirement, profiles }]) =>
    object !== undefined && name !== 'metadata' && requirement === 'required' && profiles === undefined
      ? [name]
      : [],
  );

/** Whether a row of a template reads only fields that this event does not have. */
function isNeverFilled({ reads }: Row, { fields, removedFields }: EventKind): boolean {
  const has = (name: string): boolean =>
    name.startsWith('$') || removedFields.includes(name) || fields.some((field) => field.name === name);
  return reads.length > 0 && !reads.some(has);
}

/** The section of one event: entries are those of its EventID, of every file. */
export function eventSection(
  kind: EventKind,
  entries: readonly EntryOfFile[],
  { difference, notes }: EventNotes,
  elsewhere: ToldElsewhere,
): string {
  const common = new Set(elsewhere.commonRows.map(rowKey));
  const own = entries.map(({ rows }) =>
    rows.filter((row) => !common.has(rowKey(row)) && !isNeverFilled(row, kind)),
  );
  const [first = [], ...others] = own;
  const shared = first.filter((row) =>
    others.every((rows) => rows.some((other) => rowKey(other) === rowKey(row))),
  );
  const sharedKeys = new Set(shared.map(rowKey));
  const alike =
    own.every((rows) => rows.length === shared.length) && allSame(entries.map(({ entry }) => classOf(entry)));

  const parts = [`### ${eventHeading(kind)}`, `Its message begins with ${code(kind.titles[0])}`];
  if (alike) {
    const [one] = entries;
    if (one !== undefined) parts.push(`Both files: ${classOf(one.entry)}.`);
    parts.push(rowsWithGroups(first, elsewhere), ...remarks(entries, elsewhere));
  } else {
    parts.push(entries.map(({ file, entry }) => `- ${code(file)}: ${classOf(entry)}`).join('\n'));
    if (difference !== undefined) parts.push(difference);
    if (shared.length > 0) parts.push('In both files:', rowsWithGroups(shared, elsewhere));
    entries.forEach((one, i) => {
      const rows = (own[i] ?? []).filter((row) => !sharedKeys.has(rowKey(row)));
      if (rows.length > 0) parts.push(`Only ${placeOf(one)}:`, rowsWithGroups(rows, elsewhere));
    });
    parts.push(...remarks(entries, elsewhere));
  }
  if (notes.length > 0) parts.push(...notes);
  return parts.join('\n\n');
}

const allSame = (texts: readonly string[]): boolean => new Set(texts).size <= 1;

function placeOf({ file, entry }: EntryOfFile): string {
  const when = conditionOf(entry);
  const isOneOfTwo = /\/\d+$/.test(entry.pointer.replace(/\/ocsf_mapping\/[^/]+/, ''));
  const which = when !== '' ? `, where ${when}` : isOneOfTwo ? ', elsewhere' : '';
  return `in ${code(file)}${which}`;
}

/** Rows, in place of those of a group one that names it and the fields that it reads. */
function rowsWithGroups(rows: readonly Row[], { groupHeadings }: ToldElsewhere): string {
  const shown = [...Map.groupBy(rows, rootOf)].flatMap(([root, inRoot]) => {
    const heading = groupHeadings.get(groupKey(inRoot));
    if (heading === undefined) return inRoot;
    const reads = [...new Set(inRoot.flatMap((row) => row.reads))];
    const from = `${linkTo(heading)}: ${reads.map(code).join(', ')}`;
    return [{ attribute: root, shown: code(root), from, reads, type: '', requirement: '' }];
  });
  return rowTable(shown);
}

/** What is missing of that which other events have, and what stays in `unmapped`. */
function remarks(entries: readonly EntryOfFile[], elsewhere: ToldElsewhere): string[] {
  const without = entries.map((one) => withoutCommon(one, elsewhere));
  const left = entries.map((one) => leftInUnmapped(one, elsewhere));
  const told = (texts: readonly string[], of: (text: string, where: string) => string): string[] =>
    (allSame(texts)
      ? texts.slice(0, 1).map((text) => of(text, ''))
      : texts.map((text, i) => {
          const one = entries[i];
          return of(text, one === undefined ? '' : ` ${placeOf(one)}`);
        })
    ).filter((text) => text !== '');
  const lines = [
    ...told(without, (text, where) => (text === '' ? '' : `Not filled${where}: ${text}.`)),
    ...told(left, (text, where) => `Left in ${code('unmapped')}${where}: ${text}.`),
  ];
  return lines.length === 1 ? lines : [lines.map((line) => `- ${line}`).join('\n')];
}

function withoutCommon({ entry, rows }: EntryOfFile, { commonRows }: ToldElsewhere): string {
  const has = new Set(rows.map(({ attribute }) => attribute));
  const missing = commonRows.map(({ attribute }) => attribute).filter((name) => !has.has(name));
  if (missing.length === 0) return '';
  const profile = 'security_control';
  const why = entry.ocsfClass.profiles.includes(profile)
    ? ''
    : ` (the class has no profile ${code(profile)})`;
  return listed(missing.map(code)) + why;
}

function leftInUnmapped({ entry, rows, mapping }: EntryOfFile, { commonLeftovers }: ToldElsewhere): string {
  const names = leftoversOf(entry, mapping)
    .filter(({ name, when }) => when !== undefined || !commonLeftovers.includes(name))
    .filter(({ name }) => !rows.some(({ attribute }) => attribute === `unmapped.${name}`))
    .map(({ name, when }) => code(name) + (when === undefined ? '' : ` ${when}`));
  return names.length === 0 ? 'nothing more' : listed(names);
}
