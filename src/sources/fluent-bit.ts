/**
 * Fluent Bit's `in_winevtlog` (plugins/in_winevtlog/pack.c): the System part of an event under its XML names, the
 * rendered `Message`, and `StringInserts`, the values by position; with `event_data_as_map`, `EventData` by name. The
 * older `in_winlog` has other names for the same. `TimeCreated` names its zone and has whole seconds.
 */
import type { Form } from './form.ts';
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

export const fluentBit: Form = {
  name: 'fluent-bit',
  recognises: (document) =>
    (hasAll(document, 'ProviderName', 'EventRecordID') &&
      hasAny(document, 'Channel', 'Computer', 'EventID')) ||
    (hasAny(document, 'StringInserts') &&
      (hasAny(document, 'EventID', 'ProviderName', 'SourceName') || hasAll(document, 'Channel', 'Computer'))),
  read: (document) =>
    readKeyed(document, hasAny(document, 'SourceName', 'ComputerName') ? WINLOG : WINEVTLOG),
};
