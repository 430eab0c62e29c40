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

/** What each event is given of its surroundings, added up over all events of a record: a longer list is not cut. */
const REPEATED_CHARS_MAX = 64 * 1024 * 1024;

/** A record's events, made one after another, and how often its surroundings are written beside them. */
interface Cut {
  readonly count: number;
  readonly repeatedChars: number;
  readonly events: Iterable<unknown>;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const charsOf = (value: unknown): number => JSON.stringify(value).length;

const cutSubscription = (document: JsonObject): Cut | undefined => {
  if (document.messageType === 'CONTROL_MESSAGE') return { count: 0, repeatedChars: 0, events: [] };
  if (!Array.isArray(document.logEvents) || document.messageType === undefined) return undefined;
  const { logEvents, ...surroundings } = document;
  const list = listOf(logEvents);
  const cut = function* (): Generator {
    for (const logEvent of list) yield { ...surroundings, logEvents: [logEvent] };
  };
  return { count: list.length, repeatedChars: list.length * charsOf(surroundings), events: cut() };
};

const cutOtlp = (document: JsonObject): Cut | undefined => {
  if (!Array.isArray(document.resourceLogs)) return undefined;
  const { resourceLogs, ...others } = document;
  const scopes: {
    readonly around: JsonObject;
    readonly scope: JsonObject;
    readonly records: readonly unknown[];
  }[] = [];
  let count = 0;
  let repeatedChars = 0;
  for (const resource of listOf(resourceLogs).filter(isJsonObject)) {
    const { scopeLogs, ...around } = resource;
    const aroundChars = charsOf(others) + charsOf(around);
    for (const whole of listOf(scopeLogs).filter(isJsonObject)) {
      const { logRecords, ...scope } = whole;
      const records = listOf(logRecords);
      count += records.length;
      repeatedChars += records.length * (aroundChars + charsOf(scope));
      scopes.push({ around, scope, records });
    }
  }
  const cut = function* (): Generator {
    for (const { around, scope, records } of scopes) {
      for (const record of records)
        yield { ...others, resourceLogs: [{ ...around, scopeLogs: [{ ...scope, logRecords: [record] }] }] };
    }
  };
  return { count, repeatedChars, events: cut() };
};

const cutRecords = (document: JsonObject): Cut | undefined => {
  const { records, ...others } = document;
  const list = listOf(records);
  const isList = list.length > 0 && list.every(isJsonObject) && Object.keys(others).length === 0;
  return isList ? { count: list.length, repeatedChars: 0, events: list } : undefined;
};

/** A record, or why it could not be cut. */
interface CutRecord {
  readonly bytes: Uint8Array;
  readonly reason?: 'too_large';
}

const parseObject = (bytes: Uint8Array): JsonObject | undefined => {
  if (nestsDeeperThan(bytes, DEPTH_MAX)) return undefined;
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    const document: unknown = JSON.parse(text);
    return isJsonObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
};

/**
 * The events of a record, each as the bytes of a document of its own, made when it is asked for; the record itself
 * where it holds one event, or is no such envelope. A subscription's probe (CONTROL_MESSAGE) has none. A record whose
 * surroundings, repeated beside each event, come to more than 64 MiB is `too_large`.
 */
export function* cutEnvelope(bytes: Uint8Array): Generator<CutRecord> {
  const document = parseObject(bytes);
  const cut = document && (cutSubscription(document) ?? cutOtlp(document) ?? cutRecords(document));
  if (document === undefined || cut === undefined || (cut.count === 1 && document.records === undefined))
    yield { bytes };
  else if (cut.repeatedChars > REPEATED_CHARS_MAX) yield { bytes, reason: 'too_large' };
  else for (const event of cut.events) yield { bytes: Buffer.from(JSON.stringify(event)) };
}
