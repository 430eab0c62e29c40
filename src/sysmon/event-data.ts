/**
 * The agent's `EventData`: with IncludeEventData, Kinesis Agent for Windows sends the values of an event in manifest
 * order, without names. They are the true values, where the rendered message may be corrupt.
 */
import { catalogue, fieldLists, fieldType } from './catalogue.ts';
import type { Fields } from './event.ts';
import { newFields } from './event.ts';
import { normaliseGuid } from './process-guid.ts';
import { parseUtcTime } from './time.ts';

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

const asHex = (value: number | bigint): string | undefined =>
  value >= 0 && (typeof value === 'bigint' || Number.isInteger(value))
    ? `0x${BigInt(value).toString(16).toUpperCase()}`
    : undefined;

/** A value as Sysmon renders it in a message: hex digits in upper case, GUIDs in braces. */
const asText = (name: string, value: unknown): string => {
  if (value === null || value === undefined) return '';
  const type = fieldType(name);
  if (typeof value === 'string') {
    const bare = type === 'guid' && !value.startsWith('{') && normaliseGuid(value) !== undefined;
    return bare ? `{${value}}` : value;
  }
  if (isNumber(value)) return (type === 'hex' ? asHex(value) : undefined) ?? String(value);
  // Booleans as Sysmon writes them; a list or an object is nothing that Sysmon sends, and is kept readable.
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
};

/** Whether a value can be the field's, as far as its type tells. Sysmon leaves no number, GUID or time empty. */
const canBe = (name: string, value: unknown): boolean => {
  const text = asText(name, value);
  if (name.endsWith('UtcTime')) return parseUtcTime(text) !== undefined;
  switch (name === 'SequenceNumber' ? 'uint' : fieldType(name)) {
    case 'guid':
      return normaliseGuid(text) !== undefined;
    case 'uint':
      return /^\d+$/.test(text);
    case 'hex':
      return /^(?:0x[\da-f]+|\d+)$/i.test(text);
    case 'bool':
      return /^(?:true|false)$/i.test(text);
    case 'text':
      return typeof value === 'string' || text === '';
  }
};

/**
 * The field list, of those that the event has or had, that names these values; undefined when none is as long, or
 * when several are and the values do not tell which.
 */
const listFor = (eventId: number, values: readonly unknown[]): readonly string[] | undefined => {
  const kind = catalogue.get(eventId);
  if (kind === undefined) return undefined;
  const lists = fieldLists(kind);
  const asLong = lists.filter((names) => names.length === values.length);
  if (asLong.length < 2) return asLong[0];
  const fitting = asLong.filter((names) => names.every((name, index) => canBe(name, values[index])));
  if (fitting.length === 1) return fitting[0];
  return lists[0]?.length === values.length ? lists[0] : undefined;
};

/**
 * Names the values of `EventData`.
 * @param values in the order of the event's manifest; JSON values.
 * @param readNames the names that the event's message was read with. They name the values when there are as many;
 *   else (and without them) the catalogue does: the list of the event's fields, current or older, that is as long.
 *   Of several the one whose types the values have, if it is only one; else the current one.
 * @returns the values as text, as Sysmon renders them; undefined when it is not certain which value is which.
 */
export const namePositional = (
  eventId: number,
  values: readonly unknown[],
  readNames?: readonly string[],
): Fields | undefined => {
  const names = readNames?.length === values.length ? readNames : listFor(eventId, values);
  if (names === undefined) return undefined;
  const fields = newFields();
  for (const [index, name] of names.entries()) fields[name] = asText(name, values[index]);
  return fields;
};
