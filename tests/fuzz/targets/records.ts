/** Records of every carrier: from bytes to an event, or to a reason. */
import fc from 'fast-check';
import { decodeRecord } from '../../../src/sources/decode.ts';
import { mayBeProcessCreate } from '../../../src/sources/may-be-process-create.ts';
import { SOURCE_FORMATS, DECODE_REASONS } from '../../../src/sources/source.ts';
import { ENVELOPE_KEYS } from '../../../src/sysmon/event.ts';
import type { SysmonEvent } from '../../../src/sysmon/event.ts';
import { eventProcessGuid, eventUid } from '../../../src/sysmon/identity.ts';
import { catalogue } from '../../../src/sysmon/catalogue.ts';
import { hold, promised, same } from '../promise.ts';
import type { Target } from '../promise.ts';
import { damaged, PROTOTYPE_NAMES, text } from '../texts.ts';

const fieldNames = [
  ...new Set([...catalogue.values()].flatMap(({ fields }) => fields.map(({ name }) => name))),
];
const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...fieldNames) },
  { weight: 2, arbitrary: fc.constantFrom(...PROTOTYPE_NAMES, 'param1', 'param2', 'a.b', 'a') },
  { weight: 1, arbitrary: text },
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(null, 0, -1, 1.5, 1e300, true, [], {}) },
);
/** JSON objects as text, so that `__proto__` is a key like any other and keys may stand twice. */
const objectText = (
  keys: fc.Arbitrary<string>,
  values: fc.Arbitrary<string>,
  maxLength = 8,
): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(keys, values), { maxLength })
    .map((pairs) => `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${one}`).join(',')}}`);
const json = (any: unknown): string => JSON.stringify(any);
const valueText = value.map(json);
const fieldsText = objectText(name, valueText);
const eventId = fc.constantFrom('1', '"1"', '3', '22', '30', '255', '-1', '1.5', '"01"', 'null', '65536');
const message = fc
  .tuple(
    fc.constantFrom(...[...catalogue.values()].map(({ titles }) => titles[0]), ''),
    fc.array(fc.tuple(name, text)),
  )
  .map(([title, pairs]) => json([title, ...pairs.map(([key, one]) => `${key}: ${one}`)].join('\r\n')));
const key = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(...ENVELOPE_KEYS, 'EventId', 'Description', 'EventData', 'UserDefined'),
  },
  { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...PROTOTYPE_NAMES, 'Process', 'join'), text) },
);

const agent = fc
  .tuple(
    eventId,
    fc.oneof(message, fieldsText, valueText),
    fc.oneof(fc.constant('"Microsoft-Windows-Sysmon"'), valueText),
    fc.array(valueText, { maxLength: 30 }),
    objectText(key, fc.oneof(valueText, fieldsText), 4),
  )
  .map(
    ([id, description, provider, values, rest]) =>
      `{"EventId":${id},"Description":${description},"ProviderName":${provider},"EventData":[${values.join(',')}]${
        rest === '{}' ? '}' : `,${rest.slice(1)}`
      }`,
  );

const ecs = fc.constantFrom(
  ...[
    'winlog',
    'event',
    'process',
    'file',
    'registry',
    'dns',
    'user',
    'source',
    'destination',
    'related',
    'rule',
    'ecs',
  ],
  ...[
    'log',
    'host',
    'fields',
    'message',
    'code',
    'module',
    'version',
    'hash',
    'pe',
    'parent',
    'name',
    'pid',
    'answers',
    'event_data',
  ],
  ...[
    'winlog.event_id',
    'event.code',
    'winlog.channel',
    '@timestamp',
    'question',
    'path',
    'ip',
    'port',
    'data',
    'type',
  ],
);
const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    valueText,
    objectText(fc.oneof({ weight: 3, arbitrary: ecs }, { weight: 1, arbitrary: name }), tie('tree'), 5),
  ),
}));
const beat = fc
  .tuple(
    eventId,
    fc.oneof(fieldsText, valueText),
    fc.oneof(message, valueText),
    objectText(ecs, tree, 8),
    fc.nat(3),
  )
  .map(([id, data, shown, rest, layout]) => {
    const more = rest === '{}' ? '}' : `,${rest.slice(1)}`;
    const module = layout === 3 ? '"event":{"module":"sysmon","code":"1"},"ecs":{"version":"8.0.0"},' : '';
    return layout === 0
      ? `{"@timestamp":"2026-01-02T03:04:05Z","source_name":"Microsoft-Windows-Sysmon","computer_name":"h","event_id":${id},"event_data":${data},"message":${shown}${more}`
      : `{"@timestamp":"2026-01-02T03:04:05Z",${module}"winlog":{"provider_name":"Microsoft-Windows-Sysmon","computer_name":"h","event_id":${id},"event_data":${data}},"message":${shown}${more}`;
  });

const escaped = (any: string): string =>
  any
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replace(/[^\P{Cc}\t\n\r]/gu, '');
const xmlText = text.map(escaped);
const tag = fc.oneof(
  fc.constantFrom(
    'Provider',
    'EventID',
    'TimeCreated',
    'Computer',
    'Channel',
    'Security',
    'Level',
    'Keywords',
    'Execution',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'a', 'x:y'),
);
const element = fc
  .tuple(
    tag,
    fc.array(fc.tuple(fc.constantFrom('Name', 'SystemTime', 'UserID', 'Guid', '__proto__', 'x'), xmlText), {
      maxLength: 2,
    }),
    xmlText,
  )
  .map(
    ([own, attributes, inner]) =>
      `<${own}${attributes.map(([one, said]) => ` ${one}="${said}"`).join('')}>${inner}</${own}>`,
  );
const xml = fc
  .tuple(
    eventId,
    fc.array(element, { maxLength: 5 }),
    fc.array(fc.tuple(name.map(escaped), xmlText), { maxLength: 6 }),
    xmlText,
  )
  .map(
    ([id, system, data, shown]) =>
      `<Event><System><Provider Name="Microsoft-Windows-Sysmon"/><EventID>${id}</EventID><Computer>h</Computer>${system.join('')}<TimeCreated SystemTime="2026-01-02T03:04:05Z"/></System><EventData>${data
        .map(([own, said]) => `<Data Name="${own}">${said}</Data>`)
        .join('')}</EventData><RenderingInfo><Message>${shown}</Message></RenderingInfo></Event>`,
  );

/** Documents of all other forms: their own keys, values of any kind, and keys of the other forms among them. */
const FORMS: readonly (readonly string[])[] = [
  [
    'ProviderName',
    'EventRecordID',
    'EventID',
    'Computer',
    'Channel',
    'TimeCreated',
    'StringInserts',
    'EventData',
    'Message',
  ],
  [
    'SourceName',
    'Hostname',
    'EventID',
    'EventTime',
    'RecordNumber',
    'Message',
    'Image',
    'ProcessGuid',
    'UtcTime',
  ],
  [
    'source_type',
    'provider_name',
    'record_id',
    'event_id',
    'computer',
    'timestamp',
    'event_data',
    'string_inserts',
    'message',
  ],
  [
    'Id',
    'ProviderName',
    'LogName',
    'MachineName',
    'RecordId',
    'TimeCreated',
    'Properties',
    'Message',
    'UserId',
  ],
  [
    'event_id',
    'provider',
    'system_time',
    'computer',
    'channel',
    'record_id',
    'event_data',
    'message',
    'body',
  ],
  ['data', 'win', 'system', 'eventdata', 'providerName', 'eventID', 'systemTime', 'message', 'full_log'],
  [
    'Event',
    'System',
    'EventData',
    'Provider',
    '#attributes',
    '#text',
    'Name',
    'EventID',
    'TimeCreated',
    'SystemTime',
    'Computer',
  ],
  [
    'logEvents',
    'messageType',
    'message',
    'timestamp',
    'resourceLogs',
    'scopeLogs',
    'logRecords',
    'stringValue',
    'kvlistValue',
    'values',
    'key',
    'value',
  ],
  [
    'EventLog',
    'EventID',
    'Source',
    'Provider',
    'TimeGenerated',
    'EventData',
    'ParameterXml',
    'RenderedDescription',
    'properties',
    'RawXml',
  ],
];
const foreign = fc.constantFrom(...FORMS).chain((keys) => {
  const own = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...keys) },
    { weight: 1, arbitrary: fc.constantFrom(...FORMS.flat()) },
    { weight: 1, arbitrary: name },
  );
  const leaf = fc.oneof(
    valueText,
    message,
    fc.constantFrom(
      '"Microsoft-Windows-Sysmon"',
      '1',
      '"3"',
      '"h"',
      '"2026-01-02T03:04:05Z"',
      '"2026-01-02 03:04:05"',
    ),
    xml.map(json),
  );
  const nested = objectText(
    own,
    fc.oneof(
      leaf,
      objectText(own, leaf, 6),
      fc.array(objectText(own, leaf, 3), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    ),
    10,
  );
  return nested;
});

const document = fc.oneof(agent, beat, xml, foreign);
const quarantined = document.map((data) =>
  json({ reason: 'no_message', input: 'a', index: 0, encoding: 'utf-8', data }),
);
const piece = fc.constantFrom(
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '<',
  '>',
  '</',
  '&',
  '&#0;',
  '<!--',
  ']]>',
  '\ud800',
  '\0',
  '\\u0031',
  '1',
);
const record = damaged(
  fc.oneof({ weight: 6, arbitrary: document }, { weight: 1, arbitrary: quarantined }),
  piece,
);
const format = fc.constantFrom('auto', 'auto', 'auto', ...SOURCE_FORMATS);

const isText = (any: unknown): boolean => typeof any === 'string';

/** What the rest of the product relies on: texts by name, an EventId of 16 bits, nothing inherited. */
function holdsEvent(event: SysmonEvent): void {
  const { EventId, Description, UserDefined, ambiguous, ...envelope } = event;
  hold(Number.isInteger(EventId) && EventId >= 0 && EventId <= 65_535, 'the EventId is none');
  hold(Object.keys(Description).length > 0, 'the event has no field');
  for (const room of [Description, UserDefined]) {
    hold(Object.values(room).every(isText), 'a field is no text');
    hold(Object.hasOwn(room, 'toString') || !('toString' in room), 'a field is inherited');
  }
  hold(
    Object.values(envelope).every((one) => isText(one) && one !== ''),
    'a part of the envelope says nothing',
  );
  hold(
    Object.keys(envelope).every((one) => (ENVELOPE_KEYS as readonly string[]).includes(one)),
    'an unknown part',
  );
  hold(ambiguous === undefined || (ambiguous.length > 0 && ambiguous.every(isText)), 'ambiguous is empty');
  hold(/^[0-9a-f]{32}$/.test(eventUid(event)), 'the uid is none');
  const guid = eventProcessGuid(event);
  hold(guid === undefined || /^[0-9a-f-]{36}$/.test(guid), 'the GUID is none');
}

const decodes = (bytes: Uint8Array, as: (typeof SOURCE_FORMATS)[number] | 'auto'): void => {
  const decoded = decodeRecord(bytes, as);
  hold(Object.getPrototypeOf(Object.prototype) === null && !('polluted' in {}), 'a prototype was changed');
  if (decoded.event === undefined) {
    hold(DECODE_REASONS.includes(decoded.reason), 'the reason is none');
    return;
  }
  holdsEvent(decoded.event);
  if (decoded.event.EventId === 1) hold(mayBeProcessCreate(bytes), 'the first pass does not see EventID 1');
};

export const records: Target = {
  name: 'records',
  of: 'src/sources: every form, quarantined rows; and the identity of an event',
  promises: [
    promised(
      'give an event of texts or a reason, and never throw; the first pass misses no EventID 1',
      fc.property(record, format, (written, as) => decodes(Buffer.from(written), as)),
      { runs: 1_000 },
    ),
    promised(
      'do so for damaged bytes as well',
      fc.property(record, fc.nat(), fc.nat(255), format, (written, at, byte, as) => {
        const bytes = Buffer.from(written);
        if (bytes.length > 0) bytes[at % bytes.length] = byte;
        decodes(bytes, as);
      }),
      { runs: 500 },
    ),
    promised(
      'of a process creation are seen by the first pass, however their JSON is written',
      fc.property(
        fc.constantFrom('EventId', 'event_id', 'code'),
        fc.array(fc.nat(1), { minLength: 10, maxLength: 10 }),
        fc.constantFrom('1', '"1"', '1.0', '10e-1', '"\\u0031"', '0.1e+1', '1E0', '100e-2'),
        fc.constantFrom('', ' ', '\t\r\n'),
        (own, escapes, id, blank) => {
          const spelled = Array.from(own)
            .map((letter, i) =>
              escapes[i] === 1 ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
            )
            .join('');
          const inner = `"${spelled}"${blank}:${blank}${id}`;
          const time = '"@timestamp":"2026-01-02T03:04:05Z"';
          const rest =
            '"provider_name":"Microsoft-Windows-Sysmon","computer_name":"h","event_data":{"Image":"a"}';
          const whole =
            own === 'EventId'
              ? `{${inner},"Description":{"Image":"a"}}`
              : own === 'code'
                ? `{${time},"event":{${inner}},"winlog":{${rest}}}`
                : `{${time},"winlog":{${inner},${rest}}}`;
          same(decodeRecord(Buffer.from(whole), 'auto').event?.EventId, 1, 'EventId');
          hold(mayBeProcessCreate(Buffer.from(whole)), 'the first pass does not see EventID 1');
        },
      ),
      { runs: 300 },
    ),
  ],
};
