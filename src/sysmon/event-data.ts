/**
 * Values without names: Kinesis Agent's `EventData`, Fluent Bit's `StringInserts`, PowerShell's `Properties`, unnamed
 * `<Data>`. They are the true values of an event, in the order of its manifest, where the rendered text may be
 * corrupt. Which manifest is not said, and forwarding drops empty values, so an assignment of names is believed only
 * where the values fit it.
 */
import { alignValues } from './alignment.ts';
import { catalogue, fieldLists } from './catalogue.ts';
import type { Fields } from './event.ts';
import { newFields } from './event.ts';
import { canBe, valueText } from './field-value.ts';

const fits = (names: readonly string[], values: readonly unknown[]): boolean =>
  names.length === values.length && names.every((name, at) => canBe(name, values[at]));

/**
 * The field list of those that the event has or had which fits the values, if it is only one; of several the current
 * one, where it is among them.
 */
const fittingList = (
  lists: readonly (readonly string[])[],
  values: readonly unknown[],
): readonly string[] | undefined => {
  const fitting = lists.filter((names) => fits(names, values));
  if (fitting.length === 1) return fitting[0];
  return fitting.find((names) => names === lists[0]);
};

export interface NamedValues {
  readonly fields: Fields;
  /** Whether names were found by the types of the values alone, because empty values are missing among them. */
  readonly aligned?: true;
  /** Whether some values could not be told apart, and have no name. */
  readonly isPartial?: true;
}

const named = (names: readonly string[], values: readonly unknown[]): NamedValues => {
  const fields = newFields();
  for (const [at, name] of names.entries()) fields[name] = valueText(name, values[at]);
  return { fields };
};

/** A text that was read completely, as far as names and empty values are concerned. */
export interface ReadNames {
  readonly names: readonly string[];
  readonly fields: Fields;
}

/**
 * Names values. Candidates are, in this order: the names of a complete text, with the empty ones left out where the
 * counts differ by them; the field lists that the event has or had, of that length.
 * @param values JSON values in the order of the event's manifest.
 * @param text the event's message, where it could be read completely.
 * @returns the values as Sysmon renders them; undefined where no candidate fits.
 */
export const nameValues = (
  eventId: number,
  values: readonly unknown[],
  text?: ReadNames,
): NamedValues | undefined => {
  const kind = catalogue.get(eventId);
  if (text !== undefined) {
    const { names, fields } = text;
    if (names.length > 0 && fits(names, values)) return named(names, values);
    const filled = names.filter((name) => fields[name] !== '');
    if (filled.length > 0 && fits(filled, values)) return named(filled, values);
  }
  if (kind === undefined) return undefined;
  const list = fittingList(fieldLists(kind), values);
  return list === undefined ? undefined : named(list, values);
};

/**
 * Names values among which empty ones are missing, without a text that tells which: a value gets a name where it can
 * have no other ({@link alignValues}).
 * @returns undefined where the values fit no field list, whatever is missing.
 */
export const alignNames = (eventId: number, values: readonly unknown[]): NamedValues | undefined => {
  const kind = catalogue.get(eventId);
  if (kind === undefined) return undefined;
  const names = alignValues(fieldLists(kind), values);
  if (names === undefined) return undefined;
  const fields = newFields();
  let isPartial = false;
  for (const [at, name] of names.entries()) {
    if (name === undefined) isPartial = true;
    else fields[name] = valueText(name, values[at]);
  }
  return isPartial ? { fields, aligned: true, isPartial } : { fields, aligned: true };
};
