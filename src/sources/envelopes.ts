/**
 * Records that hold several events: the envelope of a CloudWatch Logs subscription, OTLP's JSON, Azure's list of
 * records. Each is cut into documents of the same shape around one event, so that every event is received, written or
 * quarantined, and replayed, on its own.
 */
import { isJsonObject, nestsDeeperThan, type JsonObject } from './json.ts';

/** Where the key that tells such a document stands: these documents begin with it, or with a few short ones. */
const HEAD_BYTES = 1_024;
const SIGNS = ['"logEvents"', '"messageType"', '"resourceLogs"', '"records"'] as const;
const [QUOTE, OPEN_OBJECT] = [0x22, 0x7b];
/** How Kinesis Agent's and Winlogbeat's documents begin: `{"E…`, `{"@…`. They are most of all records. */
const EVENTS: ReadonlySet<number | undefined> = new Set([0x45, 0x40]);

/** Deeper nesting is no such document. */
const DEPTH_MAX = 1_000;

/** Whether a record may be such an envelope: a look at its first bytes. */
export const mayBeEnvelope = (bytes: Uint8Array): boolean => {
  if (bytes[0] !== OPEN_OBJECT || (bytes[1] === QUOTE && EVENTS.has(bytes[2]))) return false;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES));
  return SIGNS.some((sign) => head.includes(sign));
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const cutSubscription = (document: JsonObject): readonly unknown[] | undefined => {
  if (document.messageType === 'CONTROL_MESSAGE') return [];
  if (!Array.isArray(document.logEvents) || document.messageType === undefined) return undefined;
  return listOf(document.logEvents).map((logEvent) => ({ ...document, logEvents: [logEvent] }));
};

const cutOtlp = (document: JsonObject): readonly unknown[] | undefined => {
  if (!Array.isArray(document.resourceLogs)) return undefined;
  return listOf(document.resourceLogs).flatMap((resource) =>
    listOf(isJsonObject(resource) ? resource.scopeLogs : undefined).flatMap((scope) =>
      listOf(isJsonObject(scope) ? scope.logRecords : undefined).map((record) => ({
        ...document,
        resourceLogs: [
          { ...(resource as object), scopeLogs: [{ ...(scope as object), logRecords: [record] }] }, // true: both are objects, or had no records
        ],
      })),
    ),
  );
};

const cutRecords = (document: JsonObject): readonly unknown[] | undefined => {
  const { records, ...others } = document;
  const list = listOf(records);
  const isList = list.length > 0 && list.every(isJsonObject) && Object.keys(others).length === 0;
  return isList ? list : undefined;
};

/**
 * The events of a record, each as the bytes of a document of its own; the record itself where it holds one event, or
 * is no such envelope. A subscription's probe (CONTROL_MESSAGE) has none.
 */
export const cutEnvelope = (bytes: Uint8Array): readonly Uint8Array[] => {
  if (nestsDeeperThan(bytes, DEPTH_MAX)) return [bytes];
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return [bytes];
  }
  if (!isJsonObject(document)) return [bytes];
  const events = cutSubscription(document) ?? cutOtlp(document) ?? cutRecords(document);
  if (events === undefined || (events.length === 1 && document.records === undefined)) return [bytes];
  return events.map((event) => Buffer.from(JSON.stringify(event)));
};
