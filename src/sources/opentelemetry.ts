/**
 * OpenTelemetry Collector: the body that the `windowseventlog` receiver makes (pkg/stanza/operator/input/windows), as
 * a document of its own or below `body`, and OTLP JSON with one log record (larger ones are cut before: envelopes.ts).
 */
import { newFields, type Fields } from '../sysmon/event.ts';
import { instantOfEpochNs } from '../sysmon/instant.ts';
import type { Carried, Form, Refused, Wrapped } from './form.ts';
import { isJsonObject, leavesOf, textOf, without, type JsonObject } from './json.ts';
import { hasAny, readLeaves, takeNamed, type Keys } from './keyed.ts';

const KEYS: Keys = {
  provider: ['provider.name'],
  eventId: ['event_id.id', 'event_id'],
  host: ['computer'],
  channel: ['channel'],
  record: ['record_id'],
  user: ['security.user_id'],
  keywords: ['keywords'],
  level: ['level'],
  levelName: ['level'],
  time: ['system_time'],
  message: 'message',
};

const isBody = (value: unknown): value is JsonObject =>
  isJsonObject(value) &&
  (isJsonObject(value.event_id) || isJsonObject(value.provider)) &&
  hasAny(value, 'system_time', 'record_id', 'channel', 'computer', 'event_data');

const CAPTIONS: Readonly<Record<string, string>> = { Information: 'Informational' };

/** Values as a list of objects of one name each, as versions 0.8x to 0.9x wrote them; unnamed ones have an empty name. */
const readList = (list: readonly unknown[]): Pick<Carried, 'named' | 'positional'> => {
  const named = newFields();
  const unnamed: string[] = [];
  for (const item of list) {
    if (!isJsonObject(item)) continue;
    const isPair = typeof item.name === 'string' && 'value' in item;
    const pairs = isPair ? [[textOf(item.name), item.value] as const] : Object.entries(item);
    for (const [name, value] of pairs) {
      if (name === '') unnamed.push(textOf(value));
      else named[name] ??= textOf(value);
    }
  }
  return Object.keys(named).length > 0 ? { named } : { positional: unnamed };
};

/** More values than this are no event's. */
const PARAMETERS_MAX = 1_000;

/** Values without names, which newer versions call `param1`, `Data2` by their places; the empty ones are left out. */
const byPlace = (named: Fields): readonly string[] | undefined => {
  const values: string[] = [];
  for (const [name, value] of Object.entries(named)) {
    const place = Number(/^(?:param|Data)([1-9]\d{0,3})$/.exec(name)?.[1]);
    if (!(place <= PARAMETERS_MAX)) return undefined;
    values[place - 1] = value;
  }
  return Array.from(values, (value: string | undefined) => value ?? '');
};

const readBody = (body: JsonObject): Carried => {
  const leaves = leavesOf(body);
  const list = leaves.get('event_data.data') ?? leaves.get('event_data');
  let values: Pick<Carried, 'named' | 'positional'> = {};
  if (Array.isArray(list)) {
    values = readList(list);
    leaves.delete('event_data.data');
    leaves.delete('event_data');
  } else {
    const binary = takeBinary(leaves);
    const named = takeNamed(leaves, 'event_data');
    if (binary !== undefined) leaves.set('event_data.Binary', binary);
    const positional = named && byPlace(named);
    if (positional !== undefined) values = { positional };
    else if (named !== undefined) values = { named };
  }
  const carried = readLeaves(leaves, KEYS, values.named);
  const level = carried.envelope.LevelDisplayName;
  const envelope = {
    ...carried.envelope,
    ...(level !== undefined && { LevelDisplayName: CAPTIONS[level] ?? level }),
  };
  return { ...carried, ...values, envelope };
};

/** Deeper nesting of typed values is no event's. */
const DEPTH_MAX = 16;

/** A value of OTLP (AnyValue) as a plain JSON value. */
const plain = (value: unknown, depth = 0): unknown => {
  if (!isJsonObject(value) || depth > DEPTH_MAX) return value;
  const { stringValue, intValue, boolValue, doubleValue, bytesValue, arrayValue, kvlistValue } = value;
  for (const scalar of [stringValue, intValue, boolValue, doubleValue, bytesValue]) {
    if (scalar !== undefined) return scalar;
  }
  if (isJsonObject(arrayValue)) {
    const items: readonly unknown[] = Array.isArray(arrayValue.values) ? arrayValue.values : [];
    return items.map((item) => plain(item, depth + 1));
  }
  return isJsonObject(kvlistValue) ? plainList(kvlistValue.values, depth + 1) : undefined;
};

/** A list of keys and values (KeyValueList) as an object. */
const plainList = (list: unknown, depth = 0): JsonObject => {
  const object = Object.create(null) as Record<string, unknown>; // true: it has no members yet
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  for (const item of items) {
    if (isJsonObject(item) && typeof item.key === 'string') object[item.key] ??= plain(item.value, depth + 1);
  }
  return object;
};

/** The only element of a list. */
const only = (list: unknown): JsonObject | undefined => {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  const [first, second] = items;
  return second === undefined && isJsonObject(first) ? first : undefined;
};

const addLeaves = (fields: Fields, object: JsonObject, prefix: string): void => {
  for (const [path, leaf] of leavesOf(object)) {
    const text = textOf(leaf);
    if (text !== '' && text !== '{}' && text !== '[]') fields[`${prefix}${path}`] = text;
  }
};

/** One record of OTLP's logs with its resource and scope. */
const readOtlp = (document: JsonObject): Wrapped | Refused => {
  const resourceLogs = only(document.resourceLogs);
  const scopeLogs = only(resourceLogs?.scopeLogs ?? resourceLogs?.instrumentationLibraryLogs);
  const record = only(scopeLogs?.logRecords ?? scopeLogs?.logs);
  if (record === undefined) return { reason: 'not_an_event' };
  const userDefined = newFields();
  const addAttributes = (holder: unknown, prefix: string): void => {
    if (isJsonObject(holder)) addLeaves(userDefined, plainList(holder.attributes), prefix);
  };
  addAttributes(resourceLogs?.resource, 'resource.');
  addAttributes(scopeLogs?.scope, 'scope.');
  addAttributes(record, 'attributes.');
  addLeaves(userDefined, without(record, 'body', 'attributes'), '');
  const inner = plain(record.body);
  const loggedAt = instantOfEpochNs(record.timeUnixNano);
  if (typeof inner !== 'string' && !isJsonObject(inner)) return { reason: 'not_an_event' };
  return { inner, userDefined, ...(loggedAt !== undefined && { loggedAt }) };
};

const bodyIn = ({ body, Body }: JsonObject): JsonObject | undefined =>
  isBody(body) ? body : isBody(Body) ? Body : undefined;

export const openTelemetry: Form = {
  name: 'opentelemetry',
  recognises: (document) =>
    Array.isArray(document.resourceLogs) || isBody(document) || bodyIn(document) !== undefined,
  read: (document) => {
    if (Array.isArray(document.resourceLogs)) return readOtlp(document);
    const body = bodyIn(document);
    if (body === undefined) return readBody(document);
    const userDefined = newFields();
    addLeaves(userDefined, without(document, 'body', 'Body'), '');
    return { inner: body, userDefined };
  },
};
