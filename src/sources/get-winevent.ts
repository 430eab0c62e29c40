/**
 * PowerShell's `Get-WinEvent | ConvertTo-Json`, of Windows PowerShell 5.1 and of PowerShell 7. `Properties` are the
 * values by position, where the depth of the conversion was enough to show them.
 */
import { instantText } from '../sysmon/instant.ts';
import type { Form } from './form.ts';
import { isJsonObject } from './json.ts';
import { hasAll, hasAny, readKeyed, type Keys } from './keyed.ts';

const KEYS: Keys = {
  provider: ['ProviderName'],
  eventId: ['Id'],
  host: ['MachineName'],
  channel: ['LogName'],
  record: ['RecordId'],
  user: ['UserId.Value', 'UserId'],
  keywords: ['Keywords'],
  level: ['Level'],
  levelName: ['LevelDisplayName'],
  // 5.1 with an extended date, and 7 with a date that PowerShell has decorated, have an object there.
  time: ['TimeCreated', 'TimeCreated.value', 'TimeCreated.DateTime'],
  readTime: (value) => (typeof value === 'string' ? instantText(value) : undefined),
  positional: 'Properties',
  message: 'Message',
};

/** A value of `Properties`: of an EventProperty its Value, of a SID its text. */
const valueOf = (property: unknown): unknown => {
  const value = isJsonObject(property) ? property.Value : undefined;
  return isJsonObject(value) && typeof value.Value === 'string' ? value.Value : value;
};

export const getWinEvent: Form = {
  name: 'get-winevent',
  recognises: (document) =>
    hasAll(document, 'Id') &&
    !hasAny(document, 'EventID', 'EventId', 'SourceName') &&
    (hasAll(document, 'LogName', 'ProviderName') ||
      (hasAny(document, 'RecordId') && hasAny(document, 'MachineName', 'ProviderName', 'LogName'))),
  read: (document) => {
    const { Properties: properties, ...rest } = document;
    const list: readonly unknown[] = Array.isArray(properties) ? properties : [];
    // Beyond the depth of the conversion a property is the name of its class.
    const isShown =
      list.length > 0 && list.every((property) => isJsonObject(property) && 'Value' in property);
    if (!isShown) return readKeyed(document, { ...KEYS, positional: '' });
    return readKeyed({ ...rest, Properties: list.map(valueOf) }, KEYS);
  },
};
