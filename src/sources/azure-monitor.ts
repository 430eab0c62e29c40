/**
 * Tables of Azure Monitor and Microsoft Sentinel. `Event` has EventData as XML in text, `WindowsEvent` as an object or
 * its JSON text.
 */
import { newFields } from '../sysmon/event.ts';
import type { Carried, Form } from './form.ts';
import { isJsonObject, leavesOf, type JsonObject } from './json.ts';
import { hasAll, hasAny, readLeaves, type Keys } from './keyed.ts';
import { readDataElements } from './event-xml.ts';

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

/** EventData, in whatever way it is written. */
const readEventData = (value: unknown): Pick<Carried, 'named' | 'positional'> | undefined => {
  if (isJsonObject(value)) return { named: Object.assign(newFields(), textsOf(value)) };
  if (typeof value !== 'string') return undefined;
  if (/^\s*</.test(value)) return readDataElements(value);
  try {
    const parsed: unknown = JSON.parse(value);
    return isJsonObject(parsed) ? { named: Object.assign(newFields(), textsOf(parsed)) } : undefined;
  } catch {
    return undefined;
  }
};

const textsOf = (object: JsonObject): Record<string, string> =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

export const azureMonitor: Form = {
  name: 'azure-monitor',
  recognises: (document) =>
    hasAll(document, 'EventID') &&
    !hasAny(document, 'SourceName', 'ProviderName') &&
    (hasAny(
      document,
      'EventLog',
      'RenderedDescription',
      'ParameterXml',
      '_ResourceId',
      'TenantId',
      'EventLevelName',
    ) ||
      (hasAny(document, 'TimeGenerated') && hasAny(document, 'Provider', 'Source')) ||
      (hasAll(document, 'Provider', 'EventData') && hasAny(document, 'Channel', 'Computer'))),
  read: (document) => {
    const { EventData: eventData, ParameterXml: parameters, ...rest } = document;
    const values = readEventData(eventData);
    const leaves = leavesOf(values === undefined ? document : rest);
    // The values once more, without names.
    if (values === undefined && typeof parameters === 'string') leaves.set('ParameterXml', parameters);
    const carried = readLeaves(leaves, KEYS, values?.named);
    return values?.positional === undefined ? carried : { ...carried, positional: values.positional };
  },
};
