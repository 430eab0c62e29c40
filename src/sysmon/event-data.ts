/**
 * The agent's `EventData`: with IncludeEventData, Kinesis Agent for Windows sends the values of an event in manifest
 * order, without names. They are the true values, where the rendered message may be corrupt.
 */
import { catalogue, fieldLists, fieldType } from './catalogue.ts';
import type { Fields } from './event.ts';
import { newFields } from './event.ts';
import { normaliseGuid } from './process-guid.ts';

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

/** The one field list with this many names that the event has or had; undefined when none or several have. */
const listOfLength = (eventId: number, length: number): readonly string[] | undefined => {
  const kind = catalogue.get(eventId);
  if (kind === undefined) return undefined;
  const [current, ...older] = fieldLists(kind);
  if (current?.length === length) return current;
  const fitting = older.filter((names) => names.length === length);
  return fitting.length === 1 ? fitting[0] : undefined;
};

/**
 * Names the values of `EventData`.
 * @param values in the order of the event's manifest; JSON values.
 * @param readNames the names that the event's message was read with. They name the values when there are as many;
 *   else (and without them) the catalogue does: the current list of the event's fields if it is as long, or the one
 *   older list that is.
 * @returns the values as text, as Sysmon renders them; undefined when it is not certain which value is which.
 */
export const namePositional = (
  eventId: number,
  values: readonly unknown[],
  readNames?: readonly string[],
): Fields | undefined => {
  const names = readNames?.length === values.length ? readNames : listOfLength(eventId, values.length);
  if (names === undefined) return undefined;
  const fields = newFields();
  for (const [index, name] of names.entries()) fields[name] = asText(name, values[index]);
  return fields;
};
