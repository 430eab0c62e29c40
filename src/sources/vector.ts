/** Vector's `windows_event_log` source (src/sources/windows_event_log/parser.rs); `xml` is there with `include_xml`. */
import type { Carried, Form, Wrapped } from './form.ts';
import { isJsonObject, leavesOf, type JsonObject } from './json.ts';
import { hasAny, readKeyed, restOf, type Keys } from './keyed.ts';

const KEYS: Keys = {
  provider: ['provider_name'],
  eventId: ['event_id'],
  host: ['computer', 'host'],
  channel: ['channel'],
  record: ['record_id'],
  user: ['user_id'],
  keywords: ['keywords'],
  level: ['level_value'],
  levelName: ['level'],
  time: ['timestamp', '@timestamp'],
  named: 'event_data',
  positional: 'string_inserts',
  message: 'message',
};

/** What `xml` says too. */
const IN_XML: ReadonlySet<string> = new Set([
  ...['provider_name', 'provider_guid', 'event_id', 'record_id', 'channel', 'computer', 'host', 'user_id'],
  ...[
    'keywords',
    'level',
    'level_value',
    'task',
    'opcode',
    'version',
    'qualifiers',
    'process_id',
    'thread_id',
  ],
  ...['activity_id', 'related_activity_id', 'timestamp', 'message', 'xml'],
]);

const WORDS: Readonly<Record<string, string>> = { Information: 'Informational' };

const readFields = (document: JsonObject): Carried => {
  const carried = readKeyed(document, KEYS);
  const { LevelDisplayName } = carried.envelope;
  // Vector puts the first value, or a sentence of its own, in the place of a message that could not be rendered.
  const isStandIn = carried.message !== undefined && !carried.message.includes('\n');
  return {
    ...carried,
    ...(isStandIn && { message: '' }),
    envelope: {
      ...carried.envelope,
      ...(LevelDisplayName !== undefined && {
        LevelDisplayName: WORDS[LevelDisplayName] ?? LevelDisplayName,
      }),
    },
  };
};

export const vector: Form = {
  name: 'vector',
  recognises: (document) =>
    document.source_type === 'windows_event_log' ||
    // OpenTelemetry's event_id and provider are objects.
    (!isJsonObject(document.event_id) &&
      !isJsonObject(document.provider) &&
      hasAny(document, 'provider_name', 'record_id', 'computer') &&
      hasAny(document, 'event_data', 'string_inserts', 'level_value', 'channel')),
  read: (document): Carried | Wrapped => {
    const { xml, ...rest } = document;
    if (typeof xml !== 'string') return readFields(document);
    // The event stands there twice, unless its values have been switched off.
    if (isJsonObject(document.event_data) || Array.isArray(document.string_inserts)) return readFields(rest);
    const others = Object.entries(document).filter(([key]) => !IN_XML.has(key));
    return { inner: xml, userDefined: restOf(leavesOf(Object.fromEntries(others))) };
  },
};
