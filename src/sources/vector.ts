/** Vector's `windows_event_log` source (src/sources/windows_event_log/parser.rs); `xml` is there with `include_xml`. */
import type { Form } from './form.ts';
import { hasAny, readKeyed, type Keys } from './keyed.ts';

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

const WORDS: Readonly<Record<string, string>> = { Information: 'Informational' };

export const vector: Form = {
  name: 'vector',
  recognises: (document) =>
    document.source_type === 'windows_event_log' ||
    // OpenTelemetry's event_id is an object.
    (typeof document.event_id !== 'object' &&
      hasAny(document, 'provider_name', 'record_id') &&
      hasAny(document, 'event_data', 'string_inserts', 'level_value', 'channel')),
  read: (document) => {
    // With include_xml the event stands there twice.
    const { xml, ...rest } = document;
    const carried = readKeyed(typeof xml === 'string' && 'event_data' in document ? rest : document, KEYS);
    const { LevelDisplayName } = carried.envelope;
    // The generic message that stands in for one that could not be rendered is no text of the event.
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
  },
};
