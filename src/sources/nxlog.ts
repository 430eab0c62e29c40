/**
 * NXLog's `im_msvistalog` with `xm_json`, and the OTRF (Mordor) data sets: one flat object, Sysmon's fields beside
 * NXLog's own, or with `AddPrefix` as `EventData.…`. EventTime is local time without a zone, as a rule; then it is no
 * TimeCreated.
 */
import { catalogue } from '../sysmon/catalogue.ts';
import { newFields, type Fields } from '../sysmon/event.ts';
import { valueText } from '../sysmon/field-value.ts';
import { instantOfEpochMs, instantText } from '../sysmon/instant.ts';
import { readEventId } from './assemble.ts';
import type { Carried, Form, Wrapped } from './form.ts';
import { leavesOf, textOf, type Leaves } from './json.ts';
import { hasAll, hasAny, readLeaves, takeNamed, type Keys } from './keyed.ts';

/** `integer($EventTime)` is in microseconds since 1970; configurations divide it to milliseconds or seconds. */
const UNITS = [
  { from: 1e14, perMs: 1_000 },
  { from: 1e11, perMs: 1 },
  { from: 1e8, perMs: 0.001 },
] as const;

const readTime = (value: unknown): string | undefined => {
  const count = typeof value === 'string' && /^\d{9,17}$/.test(value) ? Number(value) : value;
  if (typeof count === 'string') return instantText(count);
  if (typeof count !== 'number') return undefined;
  const unit = UNITS.find(({ from }) => count >= from);
  return unit && instantOfEpochMs(Math.floor(count / unit.perMs));
};

const KEYS: Keys = {
  provider: ['SourceName', 'ProviderName'],
  eventId: ['EventID'],
  host: ['Hostname', 'HostName', 'Computer', 'MachineName'],
  channel: ['Channel'],
  record: ['RecordNumber', 'EventRecordID'],
  user: ['UserID'],
  keywords: ['Keywords'],
  level: ['LevelValue', 'Level'],
  levelName: ['Severity'],
  time: ['EventTime', 'TimeCreated', 'SystemTime'],
  readTime,
  message: 'Message',
};

/** What NXLog and the data sets' pipeline write beside an event's fields. ProcessID is that of the logging process. */
const OWN_NAMES: ReadonlySet<string> = new Set(
  [
    ...[KEYS.provider, KEYS.eventId, KEYS.host, KEYS.channel, KEYS.record, KEYS.time],
    ['UserID', 'Keywords', 'LevelValue', 'Level', 'Severity', 'SeverityValue', 'Message', 'EventXML'],
    ['ProcessID', 'ThreadID', 'ExecutionProcessID', 'ExecutionThreadID', 'ActivityID', 'RelatedActivityID'],
    ['ProviderGuid', 'Qualifiers', 'Task', 'TaskValue', 'Opcode', 'OpcodeValue', 'Category'],
    ['Domain', 'AccountName', 'AccountType', 'EventReceivedTime', 'SourceModuleName', 'SourceModuleType'],
  ].flat(),
);

const EVENT_TYPES: ReadonlySet<string> = new Set([
  ...['INFO', 'WARNING', 'ERROR', 'CRITICAL', 'VERBOSE', 'DEBUG', 'AUDIT_SUCCESS', 'AUDIT_FAILURE'],
]);

/**
 * Whether a key is NXLog's. EventType is Sysmon's where it has not been overwritten with NXLog's severity, and Version
 * is Sysmon's own (EventID 4) where it is not the plain number of an event's version.
 */
const isOwn = (key: string, value: unknown): boolean =>
  OWN_NAMES.has(key) ||
  (key === 'EventType' && EVENT_TYPES.has(textOf(value))) ||
  (key === 'Version' && /^\d+$/.test(textOf(value)));

const NAMES: ReadonlyMap<number, ReadonlySet<string>> = new Map(
  [...catalogue.values()].map(({ id, fields, removedFields }) => [
    id,
    new Set([...fields.map(({ name }) => name), ...removedFields].map((name) => name.toLowerCase())),
  ]),
);
const ALL_NAMES: ReadonlySet<string> = new Set([...NAMES.values()].flatMap((names) => [...names]));

/** Sysmon's names begin with a capital; `type`, `user` and `host` are a log router's, but for one that writes all so. */
const SYSMON_NAME = /^[A-Z][A-Za-z\d]*$/;
const NAME = /^[A-Za-z][A-Za-z\d]*$/;

/** A record has all fields of its event, or none: one without these has only keys of somebody else. */
const SIGNS: ReadonlySet<string> = new Set(['utctime', 'processguid', 'sourceprocessguid']);
const isSign = (key: string): boolean => SIGNS.has(key.toLowerCase());

/**
 * Takes the fields of the event out of a flat record: its known names, and names that a newer Sysmon may have added,
 * which stand between them, or between them and NXLog's EventReceivedTime. For an unknown EventID all known names count.
 */
const takeFields = (leaves: Leaves, eventId: number): Fields | undefined => {
  const known = NAMES.get(eventId) ?? ALL_NAMES;
  const keys = [...leaves.keys()];
  if (!keys.some(isSign)) return undefined;
  const shape = keys.some((key) => isSign(key) && !SYSMON_NAME.test(key)) ? NAME : SYSMON_NAME;
  const places = keys.flatMap((key, at) => (shape.test(key) && known.has(key.toLowerCase()) ? [at] : []));
  const [first = 0, last = 0] = [places[0], places.at(-1)];
  const end = Math.max(last, keys.indexOf('EventReceivedTime'));
  const named = newFields();
  for (const [at, key] of keys.entries()) {
    const value = leaves.get(key);
    const isNew = SYSMON_NAME.test(key) && at > first && at < end;
    if (typeof value === 'object' || isOwn(key, value)) continue;
    if (!isNew && !(shape.test(key) && known.has(key.toLowerCase()))) continue;
    named[key] = valueText(key, value);
    leaves.delete(key);
  }
  return named;
};

const CAPTIONS: Readonly<Record<string, string>> = {
  INFO: 'Informational',
  WARNING: 'Warning',
  ERROR: 'Error',
  CRITICAL: 'Critical',
  DEBUG: 'Verbose',
};

/** The parts with a caption as other forms have it, and without a user that is no SID. */
const adjusted = (carried: Carried): Carried => {
  const { LevelDisplayName, UserName, ...envelope } = carried.envelope;
  const isSid = UserName?.startsWith('S-1-') === true;
  if (UserName !== undefined && !isSid) carried.userDefined.UserID = UserName;
  return {
    ...carried,
    envelope: {
      ...envelope,
      ...(isSid && { UserName }),
      ...(LevelDisplayName !== undefined && {
        LevelDisplayName: CAPTIONS[LevelDisplayName] ?? LevelDisplayName,
      }),
    },
  };
};

export const nxlog: Form = {
  name: 'nxlog',
  recognises: (document) =>
    // A flat record takes in whatever stands beside it, so keys of the other forms rule it out, unless it is whole.
    (hasAll(document, 'SourceModuleName', 'SourceName', 'EventID', 'EventTime', 'Hostname') ||
      !hasAny(document, 'StringInserts', 'ComputerName', 'EventId', 'Id', 'RecordId', 'provider_name')) &&
    ((hasAny(document, 'SourceModuleName', 'SourceModuleType') &&
      hasAny(document, 'EventID', 'SourceName')) ||
      (hasAny(document, 'SourceName') && hasAny(document, 'EventTime', 'RecordNumber', 'Hostname')) ||
      (hasAll(document, 'EventID', 'Hostname') &&
        hasAny(document, 'EventTime', 'RecordNumber', 'SeverityValue'))),
  read: (document): Carried | Wrapped => {
    const leaves = leavesOf(document);
    const named = takeNamed(leaves, 'EventData') ?? takeFields(leaves, readEventId(document.EventID) ?? -1);
    const xml = leaves.get('EventXML');
    if (typeof xml === 'string') {
      leaves.delete('EventXML'); // the whole event once more
      if (named === undefined)
        return { inner: xml, userDefined: adjusted(readLeaves(leaves, KEYS)).userDefined };
    }
    return adjusted(readLeaves(leaves, KEYS, named));
  },
};
