/**
 * Tables of Azure Monitor and Microsoft Sentinel. `Event` has EventData as XML in text, `WindowsEvent` as an object or
 * its JSON text, or as `RawEventData` where it could not be parsed.
 */
import { readDataElements } from './event-xml.ts';
import type { Carried, Form, Wrapped } from './form.ts';
import { fieldsOf, isJsonObject, leavesOf, type JsonObject } from './json.ts';
import { hasAll, hasAny, readLeaves, type Keys } from './keyed.ts';

const KEYS: Keys = {
  provider: ['Source', 'Provider'],
  eventId: ['EventID'],
  host: ['Computer'],
  channel: ['EventLog', 'Channel'],
  record: ['EventRecordId', 'EventRecordID'],
  user: ['SystemUserId'],
  keywords: ['Keywords'],
  level: ['EventLevel'],
  levelName: ['EventLevelName'],
  time: ['TimeCreated', 'TimeGenerated'],
  message: 'RenderedDescription',
};

type Values = Pick<Carried, 'named' | 'positional'>;

/** EventData, in whatever way it is written. */
const readEventData = (value: unknown): Values | undefined => {
  if (isJsonObject(value)) return { named: fieldsOf(value) };
  if (typeof value !== 'string') return undefined;
  if (/^\s*</.test(value)) return readDataElements(value);
  try {
    const parsed: unknown = JSON.parse(value);
    return isJsonObject(parsed) ? { named: fieldsOf(parsed) } : undefined;
  } catch {
    return undefined;
  }
};

/** ParameterXml: the same values without their names. */
const readParameters = (value: unknown): Values | undefined =>
  typeof value === 'string'
    ? readDataElements(`<EventData>${value.replaceAll(/<(\/?)Param(\s*\/?)>/g, '<$1Data$2>')}</EventData>`)
    : undefined;

/** Where the values stand, the best first; the others say the same. */
const SOURCES = [
  ['EventData', readEventData],
  ['RawEventData', readEventData],
  ['ParameterXml', readParameters],
] as const;

const readValues = (document: JsonObject): Values | undefined => {
  for (const [key, readFrom] of SOURCES) {
    const values = readFrom(document[key]);
    if (values !== undefined) return values;
  }
  return undefined;
};

const isValues = (path: string): boolean =>
  SOURCES.some(([key]) => path === key || path.startsWith(`${key}.`));

const TABLES: ReadonlySet<unknown> = new Set(['Event', 'WindowsEvent']);
const ENVELOPE_KEYS = ['EventID', 'Computer', 'TimeGenerated'] as const;

/** Columns that no other form has. */
const OWN_KEYS = [
  ...['EventLog', 'EventLevelName', 'RenderedDescription', 'ParameterXml', 'RawEventData', 'EventOriginId'],
  ...['SystemUserId', 'SystemProcessId', 'SystemThreadId'],
] as const;

export const azureMonitor: Form = {
  name: 'azure-monitor',
  recognises: (document) =>
    !hasAny(document, 'SourceName', 'ProviderName', 'properties') &&
    ((hasAny(document, ...OWN_KEYS) && hasAny(document, ...ENVELOPE_KEYS)) ||
      (TABLES.has(document.Type) && hasAny(document, 'TimeGenerated')) ||
      (hasAll(document, 'EventID') &&
        (hasAny(document, '_ResourceId', 'TenantId') ||
          (hasAny(document, 'TimeGenerated') && hasAny(document, 'Provider', 'Source')) ||
          (hasAll(document, 'Provider', 'EventData') && hasAny(document, 'Channel', 'Computer'))))),
  read: (document): Carried | Wrapped => {
    const values = readValues(document);
    const leaves = leavesOf(document);
    if (values !== undefined) for (const path of leaves.keys()) if (isValues(path)) leaves.delete(path);
    const raw = document.RawEventData;
    if (values === undefined && typeof raw === 'string' && /^\s*<Event[\s>]/.test(raw)) {
      leaves.delete('RawEventData');
      return { inner: raw.trim(), userDefined: readLeaves(leaves, KEYS).userDefined };
    }
    return { ...readLeaves(leaves, KEYS), ...values };
  },
};
