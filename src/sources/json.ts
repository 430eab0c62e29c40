/** JSON values as text: what a carrier sent beside the event's own fields is kept, whatever its type. */
import { newFields, type Fields } from '../sysmon/event.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Objects nested deeper than this below a document are kept as JSON text instead of as dotted names. */
const FLATTEN_DEPTH_MAX = 16;

/** Nor is what lies below a longer path: a long name above many leaves would be written once for each of them. */
export const PATH_LENGTH_MAX = 256;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Strings as they are, nothing for null, any other value as its JSON text. */
export const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
};

/** The values of an object as text, under their own names. */
export const fieldsOf = (object: JsonObject): Fields => {
  const fields = newFields();
  for (const [name, value] of Object.entries(object)) fields[name] = textOf(value);
  return fields;
};

/** An object without some of its keys. */
export const without = (object: JsonObject, ...keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** What a document says, by path; what has been read is taken out of it. */
export type Leaves = Map<string, unknown>;

/**
 * The leaves of a document by their path: names joined with a dot. Arrays are leaves; nulls and empty objects
 * are left out. Where `{"a.b": 1}` and `{"a": {"b": 2}}` meet, the one that is read first stays.
 */
export const leavesOf = (document: JsonObject): Leaves => {
  const leaves: Leaves = new Map();
  const walk = (object: JsonObject, prefix: string, depth: number): void => {
    for (const [name, value] of Object.entries(object)) {
      const path = prefix + name;
      if (isJsonObject(value) && depth < FLATTEN_DEPTH_MAX && path.length <= PATH_LENGTH_MAX)
        walk(value, `${path}.`, depth + 1);
      else if (value !== null && !leaves.has(path)) leaves.set(path, value);
    }
  };
  walk(document, '', 1);
  return leaves;
};

/** Brackets that open, in strings or not. */
function opens(json: Uint8Array): number {
  let count = 0;
  for (const bracket of [0x5b, 0x7b]) {
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) count++;
  }
  return count;
}

/**
 * Whether a JSON text nests deeper than `depthMax`. Looks at the text alone, before it is parsed: a nest of a
 * million brackets costs its parser gigabytes, and whoever walks the result its stack.
 */
export const nestsDeeperThan = (json: Uint8Array, depthMax: number): boolean => {
  if (json.length <= 2 * depthMax || opens(json) <= depthMax) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case 0x22: // "
        for (at++; at < json.length && json[at] !== 0x22; at++) if (json[at] === 0x5c) at++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > depthMax) return true;
        break;
      case 0x5d:
      case 0x7d:
        depth--;
    }
  }
  return false;
};
