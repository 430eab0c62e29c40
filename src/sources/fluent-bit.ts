/**
 * Fluent Bit's `in_winevtlog` (plugins/in_winevtlog/pack.c): the System part of an event under its XML names, the
 * rendered `Message`, and `StringInserts`, the values by position; with `event_data_as_map`, `EventData` by name. The
 * older `in_winlog` has other names for the same, and so has Fluentd's `windows_eventlog2` (winevt_c).
 */
import { instantMs, instantText } from '../sysmon/instant.ts';
import type { Carried, Form } from './form.ts';
import { isJsonObject, textOf, type JsonObject } from './json.ts';
import { hasAll, hasAny, readKeyed, type Keys } from './keyed.ts';

const WINEVTLOG: Keys = {
  provider: ['ProviderName'],
  eventId: ['EventID'],
  host: ['Computer'],
  channel: ['Channel'],
  record: ['EventRecordID'],
  user: ['UserID'],
  keywords: ['Keywords'],
  level: ['Level'],
  time: ['TimeCreated'],
  named: 'EventData',
  positional: 'StringInserts',
  message: 'Message',
};

const WINLOG: Keys = {
  ...WINEVTLOG,
  provider: ['SourceName'],
  host: ['ComputerName'],
  record: ['RecordNumber'],
  user: ['Sid'],
  time: ['TimeGenerated', 'TimeWritten'],
};

/** Its times are UTC, although they do not say so: winevt_c converts them with FileTimeToSystemTime. */
const FLUENTD: Keys = {
  ...WINEVTLOG,
  readTime: (value) => (typeof value === 'string' ? instantText(value, { assumeUtc: true }) : undefined),
  positional: 'EventData',
  message: 'Description',
};

const keysOf = (document: JsonObject): Keys => {
  if (hasAny(document, 'SourceName', 'ComputerName')) return WINLOG;
  const isFluentd =
    Array.isArray(document.EventData) || (hasAny(document, 'Description') && !hasAny(document, 'Message'));
  return isFluentd ? FLUENTD : WINEVTLOG;
};

const UTC_TIME = /\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\b/;
const HOUR_MS = 3_600_000;
const SLACK_MS = 60_000;

/** UtcTime, which is the first time among the values and in the text. */
const utcTimeMs = ({ named, positional, message }: Carried): number | undefined => {
  for (const said of [named?.UtcTime, ...(positional ?? []), message]) {
    const text = typeof said === 'string' ? UTC_TIME.exec(said)?.[0] : undefined;
    if (text !== undefined) return instantMs(text);
  }
  return undefined;
};

/**
 * Whether a time is an hour off. Where clocks change twice a year, winevtlog writes the local time with the offset of
 * the other season (fluent-bit issues 8086 and 11213). UtcTime shows it: only by chance is it an hour off for itself.
 */
const isHourOff = (timeCreated: string, carried: Carried): boolean => {
  const [loggedMs, utcMs] = [instantMs(timeCreated), utcTimeMs(carried)];
  if (loggedMs === undefined || utcMs === undefined) return false;
  return Math.abs(Math.abs(loggedMs - utcMs) - HOUR_MS) <= SLACK_MS;
};

/** winevtlog's parts without those that are not true: a time that is an hour off, an account instead of its SID. */
const withoutUntrue = (carried: Carried, timeCreated: unknown): Carried => {
  const { TimeCreated, UserName, ...envelope } = carried.envelope;
  const isTrueTime = TimeCreated !== undefined && !isHourOff(TimeCreated, carried);
  const isSid = UserName?.startsWith('S-1-') === true;
  const { userDefined } = carried;
  if (TimeCreated !== undefined && !isTrueTime) userDefined.TimeCreated = textOf(timeCreated);
  if (UserName !== undefined && !isSid) userDefined.UserID = UserName;
  return {
    ...carried,
    envelope: { ...(isTrueTime && { TimeCreated }), ...envelope, ...(isSid && { UserName }) },
  };
};

/** Two of these beside `EventRecordID` are winevtlog's. */
const SYSTEM_KEYS = [
  'ProviderName',
  'ProviderGuid',
  'EventID',
  'Channel',
  'Computer',
  'TimeCreated',
] as const;

export const fluentBit: Form = {
  name: 'fluent-bit',
  recognises: (document) =>
    // A filter may add a host name to a record of winevtlog, which is whole without it.
    !hasAny(document, 'Provider', 'Source', 'SourceModuleName') &&
    (!hasAny(document, 'Hostname') ||
      hasAll(document, 'ProviderName', 'EventID', 'Computer', 'TimeCreated')) &&
    ((hasAny(document, 'EventRecordID') &&
      SYSTEM_KEYS.filter((key) => Object.hasOwn(document, key)).length >= 2) ||
      (hasAll(document, 'ProviderName', 'EventID') &&
        (hasAny(document, 'Message') || isJsonObject(document.EventData))) ||
      (hasAny(document, 'ComputerName') && hasAny(document, 'TimeGenerated', 'TimeWritten')) ||
      (hasAny(document, 'StringInserts') &&
        (hasAny(document, 'EventID', 'ProviderName', 'SourceName') ||
          hasAll(document, 'Channel', 'Computer')))),
  read: (document) => {
    const keys = keysOf(document);
    const carried = readKeyed(document, keys);
    return keys === WINEVTLOG ? withoutUntrue(carried, document.TimeCreated) : carried;
  },
};
