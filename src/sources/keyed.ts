/** Forms whose parts stand under fixed keys of a document: a form names the keys, and the rest is UserDefined. */
import { newFields, type Fields } from '../sysmon/event.ts';
import { instantText } from '../sysmon/instant.ts';
import { levelCaption } from '../sysmon/level.ts';
import type { Carried, Envelope } from './form.ts';
import { leavesOf, textOf, type JsonObject, type Leaves } from './json.ts';

/** Where a form has the parts of an event: paths of leaves, dotted. Of several the first that is there. */
export interface Keys {
  readonly provider: readonly string[];
  readonly eventId: readonly string[];
  readonly host: readonly string[];
  readonly channel: readonly string[];
  readonly record: readonly string[];
  /** The SID of the account that logged the event. */
  readonly user?: readonly string[];
  readonly keywords?: readonly string[];
  /** The level as a number; `levelName` is used where there is none. */
  readonly level?: readonly string[];
  readonly levelName?: readonly string[];
  /** When the event was logged. */
  readonly time: readonly string[];
  /** An instant out of the value of `time`. Default: of a text that names its zone. */
  readonly readTime?: (value: unknown) => string | undefined;
  /** An object of values by name. */
  readonly named?: string;
  /** A list of values without names. */
  readonly positional?: string;
  readonly message?: string;
}

const take = (leaves: Leaves, paths: readonly string[] = []): unknown => {
  for (const path of paths) {
    const value = leaves.get(path);
    if (value === undefined || value === '') continue;
    leaves.delete(path);
    return value;
  }
  return undefined;
};

/** What is left of a document, as text. */
export const restOf = (leaves: Leaves): Fields => {
  const rest = newFields();
  for (const [path, value] of leaves) {
    const text = textOf(value);
    if (text !== '') rest[path] = text;
  }
  return rest;
};

/** The values below a path, by name, and takes them out of the leaves. Undefined where there are none. */
export const takeNamed = (leaves: Leaves, path: string): Fields | undefined => {
  const prefix = `${path}.`;
  let named: Fields | undefined;
  for (const [key, value] of leaves) {
    if (!key.startsWith(prefix)) continue;
    (named ??= newFields())[key.slice(prefix.length)] = textOf(value);
    leaves.delete(key);
  }
  return named;
};

const zonedTime = (value: unknown): string | undefined =>
  typeof value === 'string' ? instantText(value) : undefined;

const takeTime = (leaves: Leaves, { time, readTime = zonedTime }: Keys): string | undefined => {
  for (const path of time) {
    const instant = leaves.has(path) ? readTime(leaves.get(path)) : undefined;
    if (instant === undefined) continue;
    leaves.delete(path);
    return instant;
  }
  return undefined;
};

/** Keywords as Event XML writes them, where they are a number: 64 bits, signed or not. */
const keywordsText = (keywords: unknown): unknown => {
  const isNumber =
    (typeof keywords === 'number' && Number.isInteger(keywords)) ||
    (typeof keywords === 'string' && /^-?\d{1,20}$/.test(keywords));
  return isNumber ? `0x${BigInt.asUintN(64, BigInt(keywords)).toString(16)}` : keywords;
};

const takeEnvelope = (leaves: Leaves, keys: Keys): Envelope => {
  const envelope: Envelope = {};
  const put = (key: keyof Envelope, value: unknown): void => {
    const text = Array.isArray(value) ? value.map(textOf).join(',') : textOf(value);
    if (text !== '') envelope[key] = text;
  };
  const instant = takeTime(leaves, keys);
  if (instant !== undefined) envelope.TimeCreated = instant;
  put('MachineName', take(leaves, keys.host));
  put('LogName', take(leaves, keys.channel));
  put('Index', take(leaves, keys.record));
  put('UserName', take(leaves, keys.user));
  put('Keywords', keywordsText(take(leaves, keys.keywords)));
  const caption = levelCaption(
    keys.level?.map((path) => leaves.get(path)).find((level) => level !== undefined),
  );
  if (caption !== undefined) {
    take(leaves, keys.level);
    envelope.LevelDisplayName = caption;
  } else put('LevelDisplayName', take(leaves, keys.levelName));
  return envelope;
};

/** The parts of a flattened document. Takes them out of `leaves`; what is left is UserDefined. */
export const readLeaves = (leaves: Leaves, keys: Keys, named?: Fields): Carried => {
  const provider = take(leaves, keys.provider);
  const eventId = take(leaves, keys.eventId);
  const envelope = takeEnvelope(leaves, keys);
  const values = named ?? (keys.named === undefined ? undefined : takeNamed(leaves, keys.named));
  const list = keys.positional === undefined ? undefined : leaves.get(keys.positional);
  const positional: readonly unknown[] | undefined = Array.isArray(list) ? list : undefined;
  if (keys.positional !== undefined && positional !== undefined) leaves.delete(keys.positional);
  const text = keys.message === undefined ? undefined : leaves.get(keys.message);
  const message = typeof text === 'string' ? text : undefined;
  if (keys.message !== undefined && message !== undefined) leaves.delete(keys.message);
  return {
    provider,
    eventId,
    envelope,
    ...(values && { named: values }),
    ...(positional && { positional }),
    ...(message !== undefined && { message }),
    keepAs: {
      ...(keys.positional !== undefined && { positional: keys.positional }),
      ...(keys.message !== undefined && { message: keys.message }),
    },
    userDefined: restOf(leaves),
  };
};

/** The parts of a document. */
export const readKeyed = (document: JsonObject, keys: Keys): Carried => readLeaves(leavesOf(document), keys);

/** Whether a document has all of these keys at its top. */
export const hasAll = (document: JsonObject, ...keys: readonly string[]): boolean =>
  keys.every((key) => Object.hasOwn(document, key));

/** Whether a document has one of these keys at its top. */
export const hasAny = (document: JsonObject, ...keys: readonly string[]): boolean =>
  keys.some((key) => Object.hasOwn(document, key));
