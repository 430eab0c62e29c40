/**
 * Which fields an event has, out of all that its carrier gives: values by name, values without names, and a rendered
 * text. Values are true and win, where they fit their names; a text counts only if it can be read completely; what is
 * read in part is no reading.
 */
import { catalogue, fieldLists } from './catalogue.ts';
import type { EventKind } from './catalogue.ts';
import { isAbsent, newFields, type Fields } from './event.ts';
import { alignNames, nameValues, type NamedValues } from './event-data.ts';
import { canBeKind, isNeverEmpty, isSignatureSwapped, isTyped, valueKind } from './field-value.ts';
import { fillFromText, isSaidBy, readCompleteText, readTextByPlace, type CompleteText } from './rendered.ts';

/** What a carrier gives of the fields of one event. */
export interface GivenFields {
  readonly eventId: number;
  readonly named?: Fields;
  readonly positional?: readonly unknown[];
  readonly message?: string;
}

export interface Reading {
  /** The number that the event came with, or the one that its text names ({@link readFields}). */
  readonly eventId: number;
  readonly fields: Fields;
  readonly obtained: 'named' | 'positional' | 'text' | 'localised text';
  readonly ambiguous?: readonly string[];
  /** How a text was read that is not in Sysmon's own words. */
  readonly rendered?: 'localised' | 'shifted';
  /** Whether all values without names, or all values under wrong names, have found their place. */
  readonly hasUsedValues: boolean;
  /** Whether the text says more than the fields, so that it has to be kept. */
  readonly keepsMessage: boolean;
}

const spellings: ReadonlyMap<number, ReadonlyMap<string, string>> = new Map(
  [...catalogue.values()].map(({ id, fields, removedFields }) => [
    id,
    new Map([...fields.map(({ name }) => name), ...removedFields].map((name) => [name.toLowerCase(), name])),
  ]),
);

/** Fields under Sysmon's own spelling of their names. Of two spellings of one name the exact one is the field. */
const spelledAsSysmon = (eventId: number, given: Fields): Fields => {
  const known = spellings.get(eventId);
  if (known === undefined) return given;
  let isSame = true;
  for (const name in given) {
    const own = known.get(name.toLowerCase());
    if (own !== undefined && own !== name) isSame = false;
  }
  if (isSame) return given;
  const fields = newFields();
  for (const [name, value] of Object.entries(given)) {
    const own = known.get(name.toLowerCase());
    const isTaken =
      own !== undefined && own !== name && (given[own] !== undefined || fields[own] !== undefined);
    fields[own === undefined || isTaken ? name : own] = value;
  }
  return fields;
};

/** Whether a time stands under a name that has none, and UtcTime, which always has one, has none. */
const hasTimeElsewhere = (fields: Fields): boolean =>
  fields.UtcTime !== undefined &&
  !canBeKind('time', fields.UtcTime) &&
  Object.entries(fields).some(([name, value]) => valueKind(name) !== 'time' && canBeKind('time', value));

/** How many values of the event's own fields cannot be those of their names. */
const countMisfits = (kind: EventKind | undefined, fields: Fields): number => {
  let misfits = (isSignatureSwapped(fields) ? 2 : 0) + (hasTimeElsewhere(fields) ? 1 : 0);
  for (const { name } of kind?.fields ?? []) {
    const value = fields[name];
    const of = valueKind(name);
    if (value !== undefined && isTyped(of) && !isAbsent(value) && !canBeKind(of, value)) misfits++;
  }
  return misfits;
};

/**
 * Whether the names are the first ones of a field list, and a field that always has a value is not among them: so
 * values look that have moved up into the places of empty ones.
 */
const isCutShort = (kind: EventKind | undefined, fields: Fields): boolean => {
  const names = Object.keys(fields);
  return (
    kind !== undefined &&
    fieldLists(kind).some(
      (list) =>
        names.length < list.length &&
        names.every((name, at) => name === list[at]) &&
        list.slice(names.length).some((name) => isNeverEmpty(valueKind(name))),
    )
  );
};

/** What a text says by its places, where it says nothing else of the fields that are known. */
const agreeingText = (eventId: number, message: string, known: Fields): Fields | undefined => {
  const fields = readTextByPlace(eventId, message)?.fields;
  if (fields === undefined) return undefined;
  for (const [name, value] of Object.entries(fields)) {
    const own = known[name];
    if (own !== undefined && own !== '' && value !== '' && own.toLowerCase() !== value.toLowerCase())
      return undefined;
  }
  return fields;
};

const byNames = (
  { eventId, message = '' }: GivenFields,
  named: Fields,
  own: CompleteText | undefined,
): Reading => {
  const fields = Object.assign(newFields(), named);
  const said = own?.fields ?? (message === '' ? undefined : agreeingText(eventId, message, fields));
  if (said !== undefined) fillFromText(fields, said);
  const keepsMessage = said === undefined && message !== '' && !isSaidBy(fields, message);
  return { eventId, fields, obtained: 'named', hasUsedValues: true, keepsMessage };
};

const byText = (text: CompleteText, hasUsedValues: boolean): Reading => ({
  eventId: text.eventId,
  fields: text.fields,
  obtained: 'text',
  ...(text.ambiguous && { ambiguous: text.ambiguous }),
  hasUsedValues,
  keepsMessage: false,
});

const byValues = (
  { eventId, message = '' }: GivenFields,
  { fields, isPartial }: NamedValues,
  text: CompleteText | undefined,
): Reading => ({
  eventId,
  fields,
  obtained: 'positional',
  hasUsedValues: isPartial !== true,
  keepsMessage: text === undefined && message !== '' && !isSaidBy(fields, message),
});

/**
 * Reads the fields of an event.
 *
 * 1. Named values that fit their types; what only the text says is added to them.
 * 2. Values without names, and named values that do not fit, under the names that they fit.
 * 3. A complete text. Its title wins over the number that the event came with.
 * 4. Values among which empty ones are missing, as far as their types tell which they are.
 * 5. A text by the places of its lines: localised, or rendered with another schema version.
 *
 * @returns undefined where there is nothing, or nothing that can be read completely.
 */
export const readFields = (given: GivenFields): Reading | undefined => {
  const { eventId, message = '' } = given;
  const kind = catalogue.get(eventId);
  const text = message === '' ? undefined : readCompleteText(eventId, message);
  // A text of another event says nothing about the values of this one.
  const own = text?.eventId === eventId ? text : undefined;
  const named = given.named === undefined ? undefined : spelledAsSysmon(eventId, given.named);
  const hasNamed = named !== undefined && Object.keys(named).length > 0;
  const misfits = hasNamed ? countMisfits(kind, named) : 0;
  if (hasNamed && misfits === 0 && (own !== undefined || !isCutShort(kind, named)))
    return byNames(given, named, own);
  const values = hasNamed ? Object.values(named) : (given.positional ?? []);
  const hasValues = values.length > 0;
  if (hasValues) {
    const found = nameValues(eventId, values, own);
    if (found !== undefined) return byValues(given, found, own);
    const ofText =
      text === undefined || own !== undefined ? undefined : nameValues(text.eventId, values, text);
    if (ofText !== undefined) return byValues({ ...given, eventId: text?.eventId ?? eventId }, ofText, text);
  }
  const aligned = hasValues ? alignNames(eventId, values) : undefined;
  // One value of another type is an oddity of the event; several stand under the names of others.
  if (hasNamed && misfits < 2 && aligned === undefined) return byNames(given, named, own);
  if (text !== undefined) return byText(text, !hasValues);
  if (aligned?.fields.UtcTime !== undefined) return byValues(given, aligned, undefined);
  const placed = message === '' ? undefined : readTextByPlace(eventId, message);
  if (placed?.fields.UtcTime === undefined) return undefined;
  return {
    eventId,
    fields: placed.fields,
    obtained: placed.rendered === 'localised' ? 'localised text' : 'positional',
    rendered: placed.rendered,
    hasUsedValues: !hasValues,
    keepsMessage: placed.isPartial === true,
  };
};
