/**
 * NXLog's `im_msvistalog` with `xm_json`, and the OTRF (Mordor) data sets: one flat object, Sysmon's fields beside
 * NXLog's own. EventTime is local time without a zone, as a rule; then it is no TimeCreated.
 */
import { catalogue } from '../sysmon/catalogue.ts';
import { newFields, type Fields } from '../sysmon/event.ts';
import { valueText } from '../sysmon/field-value.ts';
import { readEventId } from './assemble.ts';
import type { Form } from './form.ts';
import { leavesOf, textOf, type JsonObject } from './json.ts';
import { hasAll, hasAny, readLeaves, type Keys } from './keyed.ts';

const KEYS: Keys = {
  provider: ['SourceName', 'ProviderName'],
  eventId: ['EventID'],
  host: ['Hostname', 'Computer', 'MachineName'],
  channel: ['Channel'],
  record: ['RecordNumber', 'EventRecordID'],
  user: ['UserID'],
  keywords: ['Keywords'],
  level: ['LevelValue', 'Level'],
  levelName: ['Severity'],
  time: ['EventTime', 'TimeCreated', 'SystemTime'],
  message: 'Message',
};

/** NXLog's fields whose names are Sysmon's but for case, or Sysmon's own where the value says otherwise. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  'ProcessID',
  'ThreadID',
  'UserID',
  'EventID',
  'Hostname',
  'Domain',
]);
const EVENT_TYPES: ReadonlySet<string> = new Set([
  'INFO',
  'WARNING',
  'ERROR',
  'CRITICAL',
  'VERBOSE',
  'DEBUG',
  'AUDIT_SUCCESS',
  'AUDIT_FAILURE',
]);

/** Whether a key is NXLog's although the event has a field of that name: EventType, and the Version of an event. */
const isOwn = (key: string, value: unknown): boolean =>
  OWN_NAMES.has(key) ||
  (key === 'EventType' && EVENT_TYPES.has(textOf(value))) ||
  (key === 'Version' && typeof value === 'number');

/** The keys of a record that are fields of its event. */
const fieldsOf = (document: JsonObject): { named: Fields; rest: JsonObject } => {
  const eventId = readEventId(document.EventID) ?? -1;
  const known = new Set(catalogue.get(eventId)?.fields.map(({ name }) => name.toLowerCase()));
  const named = newFields();
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(document)) {
    const isField = known.has(key.toLowerCase()) && typeof value !== 'object' && !isOwn(key, value);
    if (isField) named[key] = valueText(key, value);
    else Object.defineProperty(rest, key, { value, enumerable: true, configurable: true });
  }
  return { named, rest };
};

const CAPTIONS: Readonly<Record<string, string>> = {
  INFO: 'Informational',
  WARNING: 'Warning',
  ERROR: 'Error',
  CRITICAL: 'Critical',
  DEBUG: 'Verbose',
};

export const nxlog: Form = {
  name: 'nxlog',
  recognises: (document) =>
    // A flat record takes in whatever stands beside it, so keys of the other forms rule it out.
    !hasAny(document, 'StringInserts', 'EventId', 'Id', 'RecordId', 'provider_name') &&
    ((hasAny(document, 'SourceModuleName', 'SourceModuleType') &&
      hasAny(document, 'EventID', 'SourceName')) ||
      (hasAny(document, 'SourceName') && hasAny(document, 'EventTime', 'RecordNumber', 'Hostname')) ||
      (hasAll(document, 'EventID', 'Hostname') &&
        hasAny(document, 'EventTime', 'RecordNumber', 'SeverityValue'))),
  read: (document) => {
    const { named, rest } = fieldsOf(document);
    // A record has all fields of its event, or none: a single one is somebody else's key.
    const hasFields =
      named.UtcTime !== undefined || named.ProcessGuid !== undefined || named.ID !== undefined;
    const carried = readLeaves(leavesOf(hasFields ? rest : document), KEYS, hasFields ? named : undefined);
    const { LevelDisplayName } = carried.envelope;
    return {
      ...carried,
      envelope: {
        ...carried.envelope,
        ...(LevelDisplayName !== undefined && {
          LevelDisplayName: CAPTIONS[LevelDisplayName] ?? LevelDisplayName,
        }),
      },
    };
  },
};
