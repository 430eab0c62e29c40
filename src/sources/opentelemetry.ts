/**
 * OpenTelemetry Collector: the body that the `windowseventlog` receiver makes (pkg/stanza/operator/input/windows), as
 * a document of its own or below the key of an exporter, and OTLP JSON (otlp.ts).
 */
import { newFields, type Fields } from '../sysmon/event.ts';
import type { Carried, Form } from './form.ts';
import { isJsonObject, leavesOf, textOf, without, type JsonObject, type Leaves } from './json.ts';
import { hasAny, readLeaves, takeNamed, type Keys } from './keyed.ts';
import { addLeaves, readOtlp } from './otlp.ts';

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

/** `level` is the number where the message could not be rendered, and else its name in the host's language. */
const CAPTIONS: Readonly<Record<string, string>> = { Information: 'Informational' };

const isBody = (value: unknown): value is JsonObject =>
  isJsonObject(value) &&
  (isJsonObject(value.event_id) || isJsonObject(value.provider)) &&
  hasAny(value, 'system_time', 'record_id', 'channel', 'computer', 'event_data');

interface EventData extends Pick<Carried, 'named' | 'positional'> {
  /** What is neither. */
  readonly others?: unknown;
}

/** A list of objects of one name each, or of name and value. Values without names have an empty one. */
const readList = (list: readonly unknown[]): EventData => {
  const named = newFields();
  const unnamed: string[] = [];
  const others: unknown[] = [];
  for (const item of list) {
    if (!isJsonObject(item)) {
      others.push(item);
      continue;
    }
    const isPair = typeof item.name === 'string' && 'value' in item;
    const pairs = isPair ? [[textOf(item.name), item.value] as const] : Object.entries(item);
    for (const [name, value] of pairs) {
      if (name === '') unnamed.push(textOf(value));
      else if (Object.hasOwn(named, name)) others.push({ [name]: value });
      else named[name] = textOf(value);
    }
  }
  const hasNamed = Object.keys(named).length > 0;
  if (hasNamed) others.push(...unnamed);
  return {
    ...(hasNamed ? { named } : { positional: unnamed }),
    ...(others.length > 0 && { others }),
  };
};

/** More values than this are no event's. */
const PLACES_MAX = 255;

/** Values without names, called `param1` or `Data1` by their places. Empty ones are left out of such a list. */
const byPlace = (named: Fields): readonly string[] | undefined => {
  const values: (string | undefined)[] = [];
  for (const [name, value] of Object.entries(named)) {
    const place = Number(/^(?:param|Data)([1-9]\d{0,2})$/.exec(name)?.[1] ?? Infinity);
    if (place > PLACES_MAX) return undefined;
    values[place - 1] = value;
  }
  return Array.from(values, (value) => value ?? '');
};

const takeEventData = (leaves: Leaves): EventData => {
  for (const path of ['event_data.data', 'event_data']) {
    const list = leaves.get(path);
    if (!Array.isArray(list)) continue;
    leaves.delete(path);
    return readList(list);
  }
  const binary = leaves.get('event_data.Binary');
  leaves.delete('event_data.Binary');
  const named = takeNamed(leaves, 'event_data');
  if (binary !== undefined) leaves.set('event_data.Binary', binary);
  if (named === undefined) return {};
  const positional = byPlace(named);
  return positional === undefined ? { named } : { positional };
};

const readBody = (body: JsonObject): Carried => {
  const leaves = leavesOf(body);
  const { others, ...values } = takeEventData(leaves);
  if (others !== undefined) leaves.set('event_data', others);
  const carried = readLeaves(leaves, KEYS);
  const level = carried.envelope.LevelDisplayName;
  const envelope = {
    ...carried.envelope,
    ...(level !== undefined && { LevelDisplayName: CAPTIONS[level] ?? level }),
  };
  return {
    ...carried,
    ...values,
    envelope,
    keepAs: { message: 'message', positional: 'event_data' },
  };
};

/** Keys below which exporters put a body: file, ClickHouse, Splunk HEC. */
const BODY_KEYS = ['body', 'Body', 'event'] as const;

const bodyKeyOf = (document: JsonObject): (typeof BODY_KEYS)[number] | undefined =>
  BODY_KEYS.find((key) => isBody(document[key]));

export const openTelemetry: Form = {
  name: 'opentelemetry',
  recognises: (document) =>
    Array.isArray(document.resourceLogs) || isBody(document) || bodyKeyOf(document) !== undefined,
  read: (document) => {
    if (Array.isArray(document.resourceLogs)) return readOtlp(document);
    const key = bodyKeyOf(document);
    const body = key === undefined ? undefined : document[key];
    if (key === undefined || !isJsonObject(body)) return readBody(document);
    const userDefined = newFields();
    addLeaves(userDefined, without(document, key));
    return { inner: body, userDefined };
  },
};
