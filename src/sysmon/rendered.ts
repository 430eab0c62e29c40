/**
 * Rendered texts, and how far they can be believed.
 *
 * The text of an event is made by whoever shows it, with the manifest and in the language of that machine. So it can
 * be localised; values can stand under the names of another schema version; an insert that the event has no value for
 * stays as it is written (`User: %7`), and numbers come out as zero beside it. A text is read completely or not at all.
 */
import { catalogue, fieldLists, kindOfTitle } from './catalogue.ts';
import type { EventKind } from './catalogue.ts';
import { parseDescription } from './description.ts';
import { newFields, type Fields } from './event.ts';
import { alignNames, nameValues, type NamedValues } from './event-data.ts';
import { canBeKind, isSignatureSwapped, isTyped, valueKind, type ValueKind } from './field-value.ts';

/** A text that is complete: all fields that every schema version has, in order, each of its type. */
export interface CompleteText {
  /** The event that the text is of: by its title, or else by the number it came with. */
  readonly eventId: number;
  readonly fields: Fields;
  /** In the order of the message. */
  readonly names: readonly string[];
  readonly ambiguous?: readonly string[];
}

interface Requirements {
  /** Fields that every schema version of the event has. */
  readonly names: readonly string[];
  readonly typed: readonly { readonly name: string; readonly kind: ValueKind }[];
}

const requirementsOf = (kind: EventKind): Requirements => {
  const lists = fieldLists(kind);
  const [current = []] = lists;
  return {
    names: current.filter((name) => lists.every((list) => list.includes(name))),
    typed: [...current, ...kind.removedFields]
      .map((name) => ({ name, kind: valueKind(name) }))
      .filter(({ kind: of }) => isTyped(of)),
  };
};

const requirements: ReadonlyMap<number, Requirements> = new Map(
  [...catalogue.values()].map((kind) => [kind.id, requirementsOf(kind)]),
);

const PERCENT = 37;

/** Whether a value is the insert of its own place, which the renderer had no value for. */
const isUnfilled = (value: string, place: number): boolean =>
  value.charCodeAt(0) === PERCENT && value === `%${place}`;

/** Whether any value is an insert that was left unfilled. Few texts have a percent sign at all. */
const hasUnfilled = (message: string, fields: Fields, names: readonly string[]): boolean =>
  message.includes('%') && names.some((name, at) => isUnfilled(fields[name] ?? '', at + 1));

const isComplete = (eventId: number, fields: Fields, names: readonly string[]): boolean => {
  const required = requirements.get(eventId);
  // Of an event that nobody knows, no more is asked than the time that every event has.
  if (required === undefined) return fields.UtcTime !== undefined && canBeKind('time', fields.UtcTime);
  // Both are in the order of the manifest, but for the few events that an older version ordered otherwise.
  let found = 0;
  for (const name of names) if (name === required.names[found]) found++;
  if (found < required.names.length && !required.names.every((name) => fields[name] !== undefined))
    return false;
  for (const { name, kind } of required.typed) {
    const value = fields[name];
    if (value !== undefined && !canBeKind(kind, value)) return false;
  }
  return !isSignatureSwapped(fields);
};

const NAMED_LINE = /\n([A-Za-z][A-Za-z0-9_]*):/g;

/** The names, in lower case, that begin a line inside of a value: the text's line of that name may be the value's. */
const namesInside = (fields: Fields): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const value of Object.values(fields)) {
    if (!value.includes('\n')) continue;
    for (const [, name = ''] of value.matchAll(NAMED_LINE)) names.add(name.toLowerCase());
  }
  return names;
};

/** Whether values of a text, read as its title says, hold lines that are fields of the event that its number says. */
const holdsFieldsOf = (eventId: number, fields: Fields): boolean => {
  const inside = namesInside(fields);
  return catalogue.get(eventId)?.fields.some(({ name }) => inside.has(name.toLowerCase())) === true;
};

/**
 * Reads a rendered text whose names are Sysmon's own.
 * @param eventId the number that the event came with; the title of the text wins over it.
 * @returns undefined where the text is not complete.
 */
export const readCompleteText = (eventId: number, message: string): CompleteText | undefined => {
  const parsed = parseDescription(eventId, message);
  if (parsed === undefined) return undefined;
  const { fields, names, ambiguous } = parsed;
  const id = parsed.kindId ?? eventId;
  if (id !== eventId && holdsFieldsOf(eventId, fields)) return undefined;
  if (hasUnfilled(message, fields, names) || !isComplete(id, fields, names)) return undefined;
  return { eventId: id, fields, names, ...(ambiguous && { ambiguous }) };
};

const LINE_BREAK = /\r\n|\n/;
/** No message has so many lines that could be read by their place. */
const LINES_MAX = 64;
/** A label in any language, and the value behind its colon. French writes a blank in front of it. */
const LABELLED = /^([^:：]{1,100})(?::(?: (.*))?|：\s?(.*))$/su;

interface LabelledLine {
  readonly label: string;
  readonly value: string;
}

interface LabelledText {
  /** Empty where the text has none. */
  readonly title: string;
  readonly lines: readonly LabelledLine[];
}

/** The lines of a text as labels and values; undefined where a line behind the title has no label. */
const labelledText = (message: string): LabelledText | undefined => {
  const text = message.replace(/\r?\n$/, '');
  const lines = text.split(LINE_BREAK, LINES_MAX + 1);
  if (lines.length > LINES_MAX) return undefined;
  const [first = ''] = lines;
  const hasTitle = /[:：]\s*$/u.test(first) || !LABELLED.test(first);
  const labelled: LabelledLine[] = [];
  for (const line of hasTitle ? lines.slice(1) : lines) {
    const match = LABELLED.exec(line);
    if (match === null) return undefined;
    labelled.push({ label: (match[1] ?? '').trim(), value: match[2] ?? match[3] ?? '' });
  }
  return labelled.length === 0 ? undefined : { title: hasTitle ? first.trim() : '', lines: labelled };
};

const ZERO = /^(?:0|0x0+)$/i;

/** How many lines at the end of some are a zero: numbers, or what the renderer has shown for want of them. */
const countZeros = (values: readonly string[]): number => {
  let zeros = 0;
  while (zeros < values.length && ZERO.test(values[values.length - 1 - zeros] ?? '')) zeros++;
  return zeros;
};

/** Process and thread ids that a renderer with another type for them has shown as zero: no process has that one. */
const withoutInvented = (fields: Fields): Fields => {
  const kept = newFields();
  for (const [name, value] of Object.entries(fields)) {
    if (!(/(?:Process|Thread)Id$/.test(name) && ZERO.test(value))) kept[name] = value;
  }
  return kept;
};

export interface PlacedText {
  readonly fields: Fields;
  /** `localised`: its labels are not Sysmon's. `shifted`: its labels are those of another schema version. */
  readonly rendered: 'localised' | 'shifted';
  /** Whether values are left without a name. */
  readonly isPartial?: true;
}

/** Whether a label names a field of the event that the value of its line is not the value of. */
const contradicts = (lines: readonly LabelledLine[], names: readonly string[]): boolean => {
  const places = new Map(names.map((name, at) => [name.toLowerCase(), at]));
  return lines.some(({ label }, at) => (places.get(label.toLowerCase()) ?? at) !== at);
};

/**
 * The values of a text with unfilled inserts. An event with fewer values than the renderer has names fills the first
 * ones; behind them strings stay as they are written (`%7`), and numbers are zero. So zeros in front of the first
 * insert that is unfilled can be values or not: the most that fit are.
 * @returns undefined where a value stands behind an unfilled insert, or where they fit no field list.
 */
const valuesBeforeUnfilled = (eventId: number, lines: readonly LabelledLine[]): NamedValues | undefined => {
  const end = lines.findIndex(({ value }, at) => isUnfilled(value, at + 1));
  const values = lines.slice(0, end).map(({ value }) => value);
  const isAllUnfilled = lines
    .slice(end)
    .every(({ value }, at) => isUnfilled(value, end + at + 1) || ZERO.test(value));
  if (!isAllUnfilled) return undefined;
  const zeros = countZeros(values);
  const candidates = Array.from({ length: zeros + 1 }, (_, some) => values.slice(0, values.length - some));
  for (const name of [nameValues, alignNames]) {
    for (const candidate of candidates) {
      const found = name(eventId, candidate);
      if (found !== undefined) return found;
    }
  }
  return undefined;
};

/**
 * Reads a text by the places of its lines, where its names are not to be believed: one labelled line for each value.
 * A localised text needs as many lines as a field list of the event has names, and a title that is not Sysmon's own. A
 * text with unfilled inserts comes from a renderer with another schema version; the values that it shows are the
 * event's own, in their order.
 * @returns undefined where the values fit no field list, or more than one, and where the title is another event's.
 */
export const readTextByPlace = (eventId: number, message: string): PlacedText | undefined => {
  const text = labelledText(message);
  if (!catalogue.has(eventId) || text === undefined) return undefined;
  const { title, lines } = text;
  const titled = kindOfTitle(title);
  if (titled !== undefined && titled.id !== eventId) return undefined;
  if (lines.some(({ value }, at) => isUnfilled(value, at + 1))) {
    const found = valuesBeforeUnfilled(eventId, lines);
    if (found === undefined) return undefined;
    const fields = withoutInvented(found.fields);
    return { fields, rendered: 'shifted', ...(found.isPartial && { isPartial: true }) };
  }
  if (titled !== undefined) return undefined;
  const found = nameValues(
    eventId,
    lines.map(({ value }) => value),
  );
  if (found === undefined || contradicts(lines, Object.keys(found.fields))) return undefined;
  return { fields: found.fields, rendered: 'localised' };
};

/** So many lines of a text are compared with the values that are known. */
const COMPARED_LINES_MAX = 4_096;

/**
 * Whether a text says nothing but what values already say, whatever its language: then it need not be kept beside
 * them. Each of its lines has a label and a value that is known, or belongs to a value over several lines.
 */
export const isSaidBy = (fields: Fields, message: string): boolean => {
  const known = new Set<string>();
  for (const value of Object.values(fields)) {
    for (const line of value.split(LINE_BREAK)) known.add(line.toLowerCase());
  }
  const lines = message.replace(/\r?\n$/, '').split(LINE_BREAK, COMPARED_LINES_MAX + 1);
  const isKnown = (line: string, at: number): boolean => {
    const match = LABELLED.exec(line);
    const value = match === null ? line : (match[2] ?? match[3] ?? '');
    if (value === '' || ZERO.test(value) || known.has(value.toLowerCase()) || known.has(line.toLowerCase()))
      return true;
    return isUnfilled(value, at);
  };
  return (
    lines.length > 1 &&
    lines.length <= COMPARED_LINES_MAX &&
    lines.slice(1).every((line, at) => isKnown(line, at + 1))
  );
};

/** Adds to true values what only the text says, such as fields that are empty; not where it may be part of a value. */
export const fillFromText = (fields: Fields, text: Fields): void => {
  const inside = namesInside(fields);
  for (const [name, value] of Object.entries(text)) {
    if (fields[name] === undefined && !inside.has(name.toLowerCase())) fields[name] = value;
  }
};
