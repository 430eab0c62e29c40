/**
 * Winlogbeat: one JSON document an event. Version 6 has the event at the top of the document, 7 and later below
 * `winlog`; its sysmon module moves fields on (winlogbeat-module.ts).
 */
import { catalogue } from '../sysmon/catalogue.ts';
import { newFields, type EnvelopeKey, type Fields } from '../sysmon/event.ts';
import { instantText } from '../sysmon/instant.ts';
import { readEventId } from './assemble.ts';
import type { Carried, Envelope, Form, Refused } from './form.ts';
import { leavesOf, textOf, type JsonObject, type Leaves } from './json.ts';
import {
  isElasticDataSet,
  isModuleDocument,
  isSince8,
  recoverMoved,
  recoverRewritten,
} from './winlogbeat-module.ts';

interface Layout {
  readonly eventData: string;
  readonly eventId: readonly string[];
  readonly provider: readonly string[];
  readonly envelope: Readonly<
    Record<Exclude<EnvelopeKey, 'ProviderName' | 'TimeCreated'>, readonly string[]>
  >;
}

const VERSION_6: Layout = {
  eventData: 'event_data.',
  eventId: ['event_id'],
  provider: ['source_name'],
  envelope: {
    MachineName: ['computer_name'],
    LogName: ['log_name'],
    Index: ['record_number'],
    UserName: ['user.identifier'],
    LevelDisplayName: ['level'],
    Keywords: ['keywords'],
  },
};

const VERSION_7: Layout = {
  eventData: 'winlog.event_data.',
  eventId: ['winlog.event_id', 'event.code'],
  provider: ['winlog.provider_name', 'event.provider'],
  envelope: {
    MachineName: ['winlog.computer_name'],
    LogName: ['winlog.channel'],
    Index: ['winlog.record_id'],
    UserName: ['winlog.user.identifier', 'user.id'],
    LevelDisplayName: ['log.level', 'winlog.level'],
    Keywords: ['winlog.keywords'],
  },
};

/** Winlogbeat's words for the levels, where they differ from Kinesis Agent's. */
const CAPTIONS: ReadonlyMap<string, string> = new Map([
  ['information', 'Informational'],
  ['informational', 'Informational'],
  ['warning', 'Warning'],
  ['error', 'Error'],
  ['critical', 'Critical'],
  ['verbose', 'Verbose'],
]);

/** The key under which Winlogbeat puts the fields that its user configured. */
const DECORATION = 'fields.';

/** The first value there is; all paths that have the same one are done with. */
const take = (leaves: Leaves, paths: readonly string[]): unknown => {
  let taken: unknown;
  for (const path of paths) {
    const value = leaves.get(path);
    taken ??= value;
    if (value !== undefined && textOf(value) === textOf(taken)) leaves.delete(path);
  }
  return taken;
};

interface EventData {
  readonly named?: Fields;
  readonly positional?: readonly string[];
}

/** Values that came without names are called param1, param2, … in their order. */
const takeEventData = (leaves: Leaves, prefix: string): EventData => {
  const named = newFields();
  let isUnnamed = true;
  for (const [path, value] of leaves) {
    if (!path.startsWith(prefix)) continue;
    const name = path.slice(prefix.length);
    named[name] = textOf(value);
    isUnnamed &&= /^param\d+$/.test(name);
    leaves.delete(path);
  }
  const count = Object.keys(named).length;
  if (count === 0 || !isUnnamed) return { named };
  return { positional: Array.from({ length: count }, (_, at) => named[`param${at + 1}`] ?? '') };
};

/**
 * When the event log wrote the event. `@timestamp`, but where the sysmon module made that UtcTime. From 8.0 on
 * the module moves `winlog.time_created` to `event.created`, which elsewhere is the time at which Winlogbeat read
 * the event.
 */
const timeCreatedPath = (leaves: Leaves, isUtcTime: boolean): string | undefined => {
  if (typeof leaves.get('winlog.time_created') === 'string') return 'winlog.time_created';
  const isModule =
    leaves.get('event.module') === 'sysmon' || (isElasticDataSet(leaves) && isModuleDocument(leaves));
  const movedSince8 = isModule && isSince8(leaves);
  if (movedSince8 && typeof leaves.get('event.created') === 'string') return 'event.created';
  return isUtcTime ? undefined : '@timestamp';
};

const takeEnvelope = (leaves: Leaves, layout: Layout, timePath: string | undefined): Envelope => {
  const envelope: Envelope = {};
  const time = timePath === undefined ? undefined : leaves.get(timePath);
  const instant = typeof time === 'string' ? instantText(time) : undefined;
  if (timePath !== undefined && instant !== undefined) {
    envelope.TimeCreated = instant;
    leaves.delete(timePath);
  }
  for (const [key, paths] of Object.entries(layout.envelope)) {
    const value = take(leaves, paths);
    const text = Array.isArray(value) ? value.map(textOf).join(',') : textOf(value);
    // true: layout.envelope has keys of the envelope alone
    if (text !== '') envelope[key as keyof Layout['envelope']] = text;
  }
  const level = envelope.LevelDisplayName;
  if (level !== undefined) envelope.LevelDisplayName = CAPTIONS.get(level.toLowerCase()) ?? level;
  return envelope;
};

const userDefinedOf = (leaves: Leaves): Fields => {
  const userDefined = newFields();
  for (const [path, value] of leaves) {
    if (!path.startsWith(DECORATION)) userDefined[path] = textOf(value);
  }
  for (const [path, value] of leaves) {
    if (!path.startsWith(DECORATION)) continue;
    const own = path.slice(DECORATION.length);
    userDefined[userDefined[own] === undefined ? own : path] = textOf(value);
  }
  return userDefined;
};

const layoutOf = (leaves: Leaves): Layout | undefined => {
  for (const path of leaves.keys()) if (path.startsWith('winlog.')) return VERSION_7;
  for (const path of leaves.keys()) {
    if (path.startsWith('event_data.') || path === 'event_id') return VERSION_6;
  }
  // Version 7 and later with everything but the message dropped by its user.
  return leaves.has('event.code') ? VERSION_7 : undefined;
};

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/**
 * The parts of a document of Winlogbeat 6, 7 or 8, or of Elastic Agent. What the sysmon module moved is put back. All
 * else of the document goes to UserDefined under its dotted path, `fields.x` as `x`. Never throws.
 */
export const readWinlogbeat = (document: JsonObject): Carried | Refused => {
  const leaves = leavesOf(document);
  const layout = layoutOf(leaves);
  if (layout === undefined) return { reason: 'not_an_event' };

  const provider = take(leaves, layout.provider);
  const eventId = take(leaves, layout.eventId);
  const id = readEventId(eventId) ?? -1;
  const isModule = isModuleDocument(leaves);
  const { named, positional } = takeEventData(leaves, layout.eventData);
  const message = leaves.get('message');
  // The module moves the Type of EventID 25 to the message. A rendered text has several lines.
  const isType = isModule && id === 25 && typeof message === 'string' && !message.includes('\n');
  const text = typeof message === 'string' && !isType ? message : '';
  if (text !== '') leaves.delete('message');
  // The module makes UtcTime the time of the document, from where it is recovered; that is no TimeCreated.
  const isRecoverable = catalogue.has(id) && ISO_TIME.test(textOf(leaves.get('@timestamp')));
  const isUtcTime = isModule && named?.UtcTime === undefined && isRecoverable;
  if (isModule && named !== undefined) recoverMoved(id, leaves, named);
  const envelope = takeEnvelope(leaves, layout, timeCreatedPath(leaves, isUtcTime));
  const userDefined = userDefinedOf(leaves);
  return {
    provider,
    eventId,
    envelope,
    ...(named && { named }),
    ...(positional && { positional }),
    message: text,
    keepAs: { message: 'message', positional: layout.eventData.slice(0, -1) },
    ...(isModule && { recover: (fields: Fields): void => recoverRewritten(id, leaves, fields) }),
    userDefined,
  };
};

const has = (document: JsonObject, ...keys: readonly string[]): boolean =>
  keys.some((key) => Object.hasOwn(document, key));

/** Version 7 and later: `winlog`, or `winlog.…` where a user has flattened the document. */
export const hasWinlog = (document: JsonObject): boolean => {
  if (has(document, 'winlog')) return true;
  for (const key in document) if (key.startsWith('winlog.')) return true;
  return false;
};

export const winlogbeat: Form = {
  name: 'winlogbeat',
  recognises: (document) =>
    hasWinlog(document) ||
    (has(document, 'event_data', 'event_id') &&
      has(document, 'source_name', 'computer_name', 'log_name', 'record_number', 'beat')) ||
    (has(document, 'event', 'event.code') && has(document, 'ecs', 'agent', '@metadata')),
  read: readWinlogbeat,
};
