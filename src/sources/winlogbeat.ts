/**
 * Winlogbeat: one JSON document an event. Version 6 has the event at the top of the document, 7 and later below
 * `winlog`; its sysmon module moves fields on (winlogbeat-module.ts).
 */
import { newFields, type EnvelopeKey, type Fields } from '../sysmon/event.ts';
import { namePositional } from '../sysmon/event-data.ts';
import { parseUtcTime } from '../sysmon/time.ts';
import { assemble, isSysmonProvider, readEventId, type Envelope } from './assemble.ts';
import { isJsonObject, leavesOf, textOf, type Leaves } from './json.ts';
import { fieldsOfRendered, fillFromRendered, readRendered } from './rendered.ts';
import type { Decoded } from './source.ts';
import { isModuleDocument, isSince8, recoverMoved, recoverRewritten } from './winlogbeat-module.ts';

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

/** Captions of the levels, worded as Kinesis Agent's LevelDisplayName. */
const LEVELS: ReadonlyMap<string, string> = new Map([
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

const takeEventData = (eventId: number, leaves: Leaves, prefix: string): Fields => {
  const fields = newFields();
  let isUnnamed = true;
  for (const [path, value] of leaves) {
    if (!path.startsWith(prefix)) continue;
    const name = path.slice(prefix.length);
    fields[name] = textOf(value);
    isUnnamed &&= /^param\d+$/.test(name);
    leaves.delete(path);
  }
  // Values that came without names are called param1, param2, … in their order.
  const values = isUnnamed ? Object.keys(fields).map((_, at) => fields[`param${at + 1}`]) : [];
  return (values.length > 0 ? namePositional(eventId, values) : undefined) ?? fields;
};

/**
 * When the event log wrote the event. `@timestamp`, but where the sysmon module made that UtcTime. From 8.0 on
 * the module moves `winlog.time_created` to `event.created`, which elsewhere is the time at which Winlogbeat read
 * the event.
 */
const timeCreatedPath = (leaves: Leaves, isUtcTime: boolean): string | undefined => {
  if (typeof leaves.get('winlog.time_created') === 'string') return 'winlog.time_created';
  const movedSince8 = leaves.get('event.module') === 'sysmon' && isSince8(leaves);
  if (movedSince8 && typeof leaves.get('event.created') === 'string') return 'event.created';
  return isUtcTime ? undefined : '@timestamp';
};

const takeEnvelope = (leaves: Leaves, layout: Layout, timePath: string | undefined): Envelope => {
  const envelope: Envelope = {};
  const time = timePath === undefined ? undefined : leaves.get(timePath);
  if (timePath !== undefined && typeof time === 'string' && time !== '') {
    envelope.TimeCreated = time;
    leaves.delete(timePath);
  }
  for (const [key, paths] of Object.entries(layout.envelope)) {
    const value = take(leaves, paths);
    const text = Array.isArray(value) ? value.map(textOf).join(',') : textOf(value);
    // true: layout.envelope has keys of the envelope alone
    if (text !== '') envelope[key as keyof Layout['envelope']] = text;
  }
  const level = envelope.LevelDisplayName;
  if (level !== undefined) envelope.LevelDisplayName = LEVELS.get(level.toLowerCase()) ?? level;
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

/**
 * The event that a document of Winlogbeat 6, 7 or 8 holds.
 *
 * The values of `event_data` are true and win. Fields that only the message has, such as empty ones, are added
 * from it; what the sysmon module moved is put back. All else of the document, with it a message that is not
 * Sysmon's, goes to UserDefined under its dotted path, `fields.x` as `x`. Never throws.
 */
export const decodeWinlogbeat = (document: unknown): Decoded => {
  if (!isJsonObject(document)) return { reason: 'not_an_event' };
  const leaves = leavesOf(document);
  const layout = layoutOf(leaves);
  if (layout === undefined) return { reason: 'not_an_event' };

  const provider = take(leaves, layout.provider);
  if (provider !== undefined && !isSysmonProvider(provider)) return { reason: 'not_sysmon' };
  const eventId = readEventId(take(leaves, layout.eventId));
  if (eventId === undefined) return { reason: 'no_event_id' };

  const message = leaves.get('message');
  const rendered = typeof message === 'string' ? readRendered(eventId, message) : undefined;
  if (rendered !== undefined) leaves.delete('message');
  const isModule = isModuleDocument(leaves);

  let fields = takeEventData(eventId, leaves, layout.eventData);
  const mayBeUtcTime = isModule && fields.UtcTime === undefined;
  if (isModule) recoverMoved(eventId, leaves, fields);
  const hasTruth = Object.keys(fields).length > 0;
  if (!hasTruth && rendered === undefined) return { reason: 'no_message' };
  if (rendered !== undefined) {
    if (hasTruth) fillFromRendered(eventId, fields, rendered);
    else fields = fieldsOfRendered(eventId, rendered);
  }
  if (isModule) recoverRewritten(eventId, leaves, fields);

  // Where no UtcTime could be had back, an event without TimeCreated would have no time at all.
  const isUtcTime = mayBeUtcTime && parseUtcTime(fields.UtcTime ?? '') !== undefined;
  const timePath = timeCreatedPath(leaves, isUtcTime);
  const envelope = takeEnvelope(leaves, layout, timePath);
  if (provider !== undefined) envelope.ProviderName = textOf(provider);
  const ambiguous = hasTruth ? undefined : rendered?.ambiguous;
  return assemble(eventId, fields, envelope, userDefinedOf(leaves), ambiguous);
};
