/**
 * OTLP JSON with one log record (larger ones are cut before: envelopes.ts). Its values are typed: `stringValue`,
 * `intValue` as text, `kvlistValue`, … (opentelemetry-proto, common.proto and logs.proto).
 */
import { newFields, type Fields } from '../sysmon/event.ts';
import { instantOfEpochNs } from '../sysmon/instant.ts';
import type { Refused, Wrapped } from './form.ts';
import { isJsonObject, leavesOf, textOf, without, type JsonObject } from './json.ts';

/** Deeper nesting of typed values is no event's. */
const DEPTH_MAX = 16;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A typed value (AnyValue) as a plain JSON value. */
const plain = (value: unknown, depth = 0): unknown => {
  if (!isJsonObject(value) || depth > DEPTH_MAX) return value;
  const { stringValue, intValue, boolValue, doubleValue, bytesValue, arrayValue, kvlistValue } = value;
  for (const scalar of [stringValue, intValue, boolValue, doubleValue, bytesValue]) {
    if (scalar !== undefined) return scalar;
  }
  if (isJsonObject(arrayValue)) return listOf(arrayValue.values).map((item) => plain(item, depth + 1));
  return isJsonObject(kvlistValue) ? plainList(kvlistValue.values, depth + 1) : undefined;
};

/** A list of keys and values (KeyValueList) as an object. */
const plainList = (list: unknown, depth = 0): JsonObject => {
  const object = Object.create(null) as Record<string, unknown>; // true: it has no members yet
  for (const item of listOf(list)) {
    if (isJsonObject(item) && typeof item.key === 'string') object[item.key] ??= plain(item.value, depth + 1);
  }
  return object;
};

/** The only element of a list. */
const only = (list: unknown): JsonObject | undefined => {
  const [first, ...others] = listOf(list);
  return others.length === 0 && isJsonObject(first) ? first : undefined;
};

/** Adds the leaves of an object as text, but for empty ones; where a name is taken, below `attributes`. */
export const addLeaves = (fields: Fields, object: JsonObject, prefix = ''): void => {
  for (const [path, leaf] of leavesOf(object)) {
    const text = textOf(leaf);
    const name = prefix + path;
    if (text === '' || text === '[]') continue;
    fields[fields[name] === undefined ? name : `${prefix}attributes.${path}`] = text;
  }
};

/** One log record: its body is the event, the rest of it, its resource and its scope go to UserDefined. */
export const readOtlp = (document: JsonObject): Wrapped | Refused => {
  const resourceLogs = only(document.resourceLogs);
  const scopeLogs = only(resourceLogs?.scopeLogs);
  const record = only(scopeLogs?.logRecords);
  if (resourceLogs === undefined || scopeLogs === undefined || record === undefined)
    return { reason: 'not_an_event' };
  const inner = plain(record.body);
  if (typeof inner !== 'string' && !isJsonObject(inner)) return { reason: 'not_an_event' };
  const userDefined = newFields();
  const addHolder = (holder: unknown, prefix: string): void => {
    if (!isJsonObject(holder)) return;
    addLeaves(userDefined, without(holder, 'attributes'), prefix);
    addLeaves(userDefined, plainList(holder.attributes), prefix);
  };
  addLeaves(userDefined, without(document, 'resourceLogs'));
  addLeaves(userDefined, without(resourceLogs, 'resource', 'scopeLogs'), 'resourceLogs.');
  addHolder(resourceLogs.resource, 'resource.');
  addLeaves(userDefined, without(scopeLogs, 'scope', 'logRecords'), 'scopeLogs.');
  addHolder(scopeLogs.scope, 'scope.');
  addLeaves(userDefined, without(record, 'body', 'attributes'));
  addLeaves(userDefined, plainList(record.attributes), 'attributes.');
  const loggedAt = instantOfEpochNs(record.timeUnixNano);
  return { inner, userDefined, ...(loggedAt !== undefined && { loggedAt }) };
};
