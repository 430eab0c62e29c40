/** Names and codecs: keys of the lake, deferred and quarantined records, messages of the queues, the environment. */
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import {
  ConfigurationError,
  readLateJoinConfiguration,
  readTransformConfiguration,
} from '../../../functions/configuration.ts';
import { kafkaBatches } from '../../../functions/kafka.ts';
import type { KafkaEvent } from '../../../functions/kafka.ts';
import { kinesisBatch } from '../../../functions/kinesis.ts';
import { notifiedObjects, resumeMessage } from '../../../functions/s3-notification.ts';
import { decodeDeferred, DeferredObjectError, encodeDeferred } from '../../../src/join/deferred.ts';
import {
  checkedName,
  classFolder,
  LAYOUTS,
  LayoutError,
  objectKey,
  safeName,
} from '../../../src/lake/layout.ts';
import { decodeQuarantine, encodeQuarantine, QuarantineError } from '../../../src/lake/quarantine.ts';
import { decodeRecord, unwrapQuarantined } from '../../../src/sources/decode.ts';
import { gunzipSync } from 'node:zlib';
import { hold, promised, same } from '../promise.ts';
import type { Target } from '../promise.ts';
import { damaged, PROTOTYPE_NAMES, text } from '../texts.ts';

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  text.map((any) => new Uint8Array(Buffer.from(any))),
);
const origin = fc.record({ bytes, input: text, index: fc.nat(), reason: text });
const hex = (any: Uint8Array): string => Buffer.from(any).toString('hex');

/** The lines of an object, damaged. */
const damagedLines = (
  encode: (
    records: readonly { bytes: Uint8Array; input: string; index: number; reason: string }[],
  ) => Uint8Array,
) =>
  damaged(
    fc.array(origin, { maxLength: 3 }).map((records) => gunzipSync(encode(records)).toString('utf8')),
    fc.constantFrom('"', '{', '\n', '0', '}', '\\', '-', 'null', '"index":1e99', '[]'),
  );

const key = fc.oneof(
  text,
  fc.constantFrom(
    'a/b c+d%2Be.ndjson',
    '../x',
    '%',
    '%zz',
    '%c3',
    '+',
    'é',
    '\u0000',
    'quarantine/a.ndjson.gz',
  ),
);
const versionId = fc.option(text, { nil: undefined });
const located = fc.record({ bucket: text, key, versionId });
const formEncoded = (any: string): string => encodeURIComponent(any.toWellFormed()).replaceAll('%20', '+');
const notification = fc.array(located, { maxLength: 3 }).map((objects) => ({
  Records: objects.map((object) => ({
    eventSource: 'aws:s3',
    s3: {
      bucket: { name: object.bucket },
      object: {
        key: formEncoded(object.key),
        ...(object.versionId !== undefined && { versionId: object.versionId }),
      },
    },
  })),
}));
const messageText = fc.oneof(
  notification.map((document) => JSON.stringify(document)),
  notification.map((document) => JSON.stringify({ Type: 'Notification', Message: JSON.stringify(document) })),
  located.map((object) =>
    JSON.stringify({
      'detail-type': 'Object Created',
      detail: {
        bucket: { name: object.bucket },
        object: { key: object.key, 'version-id': object.versionId },
      },
    }),
  ),
  fc.constant('{"Event":"s3:TestEvent"}'),
  fc.json(),
);

const ENVIRONMENT = {
  LAKE_LOCATION: 's3://bucket-1/ext/windows-sysmon/',
  LAKE_REGION: 'eu-central-1',
  LAKE_ACCOUNT_ID: '123456789012',
  LAKE_LAYOUT: 'per-schema',
  WORK_BUCKET: 'work',
  PROCESS_TABLE: 'processes',
  PROCESS_RETENTION_SECONDS: '2592000',
  JOIN_HORIZON_SECONDS: '900',
  JOIN_WAIT_SECONDS: '120',
  MAPPING_FILE: 'OCSFmapping.json',
  LATE_JOIN_QUEUE_URL: 'https://queue.example/1/q',
};
const setting = fc.oneof(
  text,
  fc.constantFrom(
    'per-source',
    '0',
    '-1',
    '1e3',
    '0x10',
    ' 60 ',
    'NaN',
    'Infinity',
    'bucket-1/',
    'bucket-1//x',
    'bucket-1/../x',
    'bucket-1/ext/a=b',
    'b/x',
    '/x',
    's3://s3://a/b',
  ),
);
const environment = fc
  .dictionary(
    fc.constantFrom(...Object.keys(ENVIRONMENT), 'LAKE_ROLE_ARN', 'RAW_LOG_QUEUE_URL', '__proto__'),
    setting,
    { maxKeys: 4, noNullPrototype: true },
  )
  .map((changes) => ({ ...ENVIRONMENT, ...changes }));

const offset = fc.nat(1_000);
const kafkaRecord = fc.record({ offset, value: fc.oneof(bytes, bytes, bytes, fc.constant(null)) });
const kafkaPartition = fc.record({
  topic: fc.oneof(fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/), text),
  partition: fc.nat(3),
  records: fc.array(kafkaRecord, { maxLength: 4 }),
});

const encoded = (any: Uint8Array): string => Buffer.from(any).toString('base64');
/** Lines of no more than letters, so that the bytes of all records are the bytes of the input but its blanks. */
const compact = (any: Uint8Array): string =>
  Buffer.from(any)
    .toString('latin1')
    .replace(/[^a-zA-Z]/g, '');

export const names: Target = {
  name: 'names',
  of: 'src/lake/layout.ts, deferred and quarantined records, functions: notifications, Kafka, Kinesis, configuration',
  promises: [
    promised(
      'safe names are parts of a key, the same for the same text, and others for others',
      fc.property(key, key, (one, other) => {
        same([checkedName(safeName(one)), safeName(safeName(one))], [safeName(one), safeName(one)], 'names');
        hold(
          one.toWellFormed() === other.toWellFormed() || safeName(one) !== safeName(other),
          'two inputs, one name',
        );
      }),
      {
        runs: 1_000,
        examples: [
          ['a b', 'a_b'],
          ['x'.repeat(90), 'x'.repeat(91)],
        ],
      },
    ),
    promised(
      'deferred records come back byte for byte; a damaged object is refused with its own error',
      fc.property(
        fc.array(origin, { maxLength: 5 }),
        damagedLines(encodeDeferred),
        bytes,
        (records, lines, any) => {
          const back = decodeDeferred(encodeDeferred(records));
          same(
            back.map((one) => [hex(one.bytes), one.index, one.input.toWellFormed()]),
            records.map((one) => [hex(one.bytes), one.index, one.input.toWellFormed()]),
            'records',
          );
          for (const body of [gzipSync(lines), any]) {
            try {
              decodeDeferred(body);
            } catch (error) {
              hold(error instanceof DeferredObjectError, () => `throws ${String(error)}`);
            }
          }
        },
      ),
      { runs: 300 },
    ),
    promised(
      'quarantined records come back byte for byte, also by their line alone; a damaged object is refused with its own error',
      fc.property(
        fc.array(origin, { maxLength: 5 }),
        damagedLines(encodeQuarantine),
        bytes,
        (records, lines, any) => {
          const object = encodeQuarantine(records);
          same(
            decodeQuarantine(object).map((one) => [hex(one.bytes), one.index]),
            records.map((one) => [hex(one.bytes), one.index]),
            'records',
          );
          gunzipSync(object)
            .toString('utf8')
            .split('\n')
            .slice(0, -1)
            .forEach((line, i) => {
              const original = unwrapQuarantined(JSON.parse(line));
              hold(
                original !== undefined && hex(original) === hex(records[i]?.bytes ?? new Uint8Array()),
                'another record',
              );
              decodeRecord(Buffer.from(line), 'auto');
            });
          for (const body of [gzipSync(lines), any]) {
            try {
              decodeQuarantine(body);
            } catch (error) {
              hold(error instanceof QuarantineError, () => `throws ${String(error)}`);
            }
          }
        },
      ),
      { runs: 300 },
    ),
    promised(
      'messages name the objects that were put, in every wrapping; any other text names none, or nothing',
      fc.property(
        damaged(messageText, fc.constantFrom('"', '{', '%', '+', '}', '\\u0000')),
        located,
        fc.nat(),
        (any, object, record) => {
          for (const one of notifiedObjects(any) ?? []) {
            hold(typeof one.bucket === 'string' && typeof one.key === 'string', 'no place of an object');
            hold(
              one.resume === undefined || Number.isSafeInteger(one.resume.record),
              'no record to resume at',
            );
          }
          const own = {
            bucket: object.bucket,
            key: object.key,
            ...(object.versionId !== undefined && { versionId: object.versionId }),
          };
          const resume = { etag: '"x"', record };
          same(notifiedObjects(resumeMessage(own, resume)), [{ ...own, resume }], 'a message to itself');
          const body = JSON.stringify({
            Records: [{ s3: { bucket: { name: own.bucket }, object: { key: formEncoded(own.key) } } }],
          });
          for (const shown of [body, JSON.stringify({ Type: 'Notification', Message: body })]) {
            same(notifiedObjects(shown), [{ bucket: own.bucket, key: own.key.toWellFormed() }], 'objects');
          }
        },
      ),
      { runs: 500 },
    ),
    promised(
      'batches of Kafka and Kinesis have names of their own, number their records, and lose none',
      fc.asyncProperty(fc.array(kafkaPartition, { maxLength: 3 }), async (partitions) => {
        const lists = partitions.map(({ topic, partition, records }, at) =>
          records.map((one) => ({
            ...one,
            topic,
            partition: partition + 10 * at,
            value: one.value === null ? null : encoded(one.value),
          })),
        );
        const event = {
          records: Object.fromEntries(lists.map((list, at) => [`t-${at}`, list])),
        } as unknown as KafkaEvent; // true: as far as it is read
        const batches = await kafkaBatches(event);
        same(batches.length, lists.filter((list) => list.length > 0).length, 'batches');
        same(new Set(batches.map(({ name }) => name)).size, batches.length, 'names');
        for (const { name, records } of batches) {
          checkedName(name);
          same(
            records.map(({ index }) => index),
            records.map((_, i) => i),
            'numbers',
          );
        }
        for (const list of lists.filter((all) => all.length > 0)) {
          const kinesis = list.map(({ value, offset: number }) => ({
            eventID: `shardId-000000000006:${number}`,
            eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/s',
            kinesis: { data: value ?? '', sequenceNumber: String(number) },
          }));
          // true: as far as it is read
          const batch = await kinesisBatch(kinesis as unknown as Parameters<typeof kinesisBatch>[0]);
          checkedName(batch.name);
          same(
            batch.records.map(({ index }) => index),
            batch.records.map((_, i) => i),
            'numbers',
          );
          const sent = list.map(({ value }) => Buffer.from(value ?? '', 'base64'));
          // Text of UTF-16, tags and syntax between records are cut away; letters alone are compared.
          if (sent.some((one) => /[^ -~\r\n]|[<[\]]/.test(one.toString('latin1')))) continue;
          same(batch.records.map((one) => compact(one.bytes)).join(''), sent.map(compact).join(''), 'bytes');
        }
      }),
      { runs: 150 },
    ),
    promised(
      'an environment is read, or refused with every problem; one that is read makes keys of the lake',
      fc.property(environment, (given) => {
        for (const read of [readTransformConfiguration, readLateJoinConfiguration]) {
          try {
            const { LAKE_LOCATION, LAKE_REGION, LAKE_ACCOUNT_ID, LAKE_LAYOUT } = read(given);
            hold(LAYOUTS.includes(LAKE_LAYOUT), 'no layout');
            classFolder({ location: LAKE_LOCATION.prefix, schema: 'process_activity', layout: LAKE_LAYOUT });
            objectKey({
              location: LAKE_LOCATION.prefix,
              schema: 'process_activity',
              region: LAKE_REGION,
              accountId: LAKE_ACCOUNT_ID,
              eventDay: '20200101',
              name: 'n',
              layout: LAKE_LAYOUT,
            });
          } catch (error) {
            hold(
              error instanceof ConfigurationError && error.problems.length > 0,
              () => `throws ${String(error)}`,
            );
            hold(!(error instanceof LayoutError), 'refused too late');
          }
        }
      }),
      { runs: 500 },
    ),
    promised(
      'parts of a key are refused with LayoutError, or stay where they belong',
      fc.property(
        fc.constantFrom('location', 'schema', 'region', 'accountId', 'eventDay', 'name'),
        fc.oneof(key, fc.constantFrom(...PROTOTYPE_NAMES, '..', '.', '\n', 'a\n', 'a/..')),
        fc.constantFrom(...LAYOUTS),
        (part, value, layout) => {
          const parts = {
            location: 'ext/windows-sysmon',
            schema: 'process_activity',
            region: 'eu-central-1',
            accountId: '123456789012',
            eventDay: '20200101',
            name: 'n',
          };
          try {
            const made = objectKey({ ...parts, [part]: value, layout }).split('/');
            hold(
              made.every((folder) => folder !== '' && folder !== '.' && folder !== '..'),
              'leaves its folder',
            );
            hold(
              made.every((folder) => !/[\p{Cc}\\]/u.test(folder)),
              'has control characters',
            );
          } catch (error) {
            hold(error instanceof LayoutError, () => `throws ${String(error)}`);
          }
        },
      ),
      { runs: 500 },
    ),
  ],
};
