/** Where a record ends: a line at its line break, an XML event at its end tag, other text where either comes. */

export type RecordKind = 'line' | 'text' | 'event';

export interface RecordEnd {
  /** The record's bytes are those before `end`. */
  readonly end: number;
  /** Where the next record begins. */
  readonly next: number;
  /** Where the bytes begin that show the end: a slice of a record that is too long must not cut through them. */
  readonly mark: number;
  /** The next event begins inside this one. */
  readonly truncated?: boolean;
}

/** No mark of an end is longer: with this many bytes beyond a place, all ends that begin before it are seen. */
export const MARK_BYTES_MAX = 8;

const LF = 0x0a;
const CR = 0x0d;
const GREATER = 0x3e;
const SLASH = 0x2f;

const EVENT_START = Buffer.from('<Event');
const EVENT_END = Buffer.from('</Event>');

export const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === LF || byte === CR || byte === 0x09;

/** Whether a tag name ends before this byte. */
export const endsTagName = (byte: number | undefined): boolean =>
  isBlank(byte) || byte === GREATER || byte === SLASH;

/** The first `<Event` tag in [from, limit), or -1; EventID, EventData and Events are other tags. */
const eventStart = (buffer: Buffer, from: number, limit: number): number => {
  for (let at = buffer.indexOf(EVENT_START, from); at >= 0 && at < limit;) {
    if (endsTagName(buffer[at + EVENT_START.length])) return at;
    at = buffer.indexOf(EVENT_START, at + EVENT_START.length);
  }
  return -1;
};

const trimBlank = (buffer: Buffer, start: number, end: number): number => {
  let at = end;
  while (at > start && isBlank(buffer[at - 1])) at--;
  return at;
};

const lineEnd = (buffer: Buffer, start: number, from: number): RecordEnd | undefined => {
  const at = buffer.indexOf(LF, from);
  if (at < 0) return undefined;
  const end = at > start && buffer[at - 1] === CR ? at - 1 : at;
  return { end, next: at + 1, mark: end };
};

const textEnd = (buffer: Buffer, start: number, from: number): RecordEnd | undefined => {
  const line = lineEnd(buffer, start, from);
  const event = eventStart(buffer, from, line?.end ?? buffer.length);
  return event < 0 ? line : { end: event, next: event, mark: event };
};

const xmlEnd = (buffer: Buffer, start: number, from: number, isWhole: boolean): RecordEnd | undefined => {
  if (isWhole) {
    const tagEnd = buffer.indexOf(GREATER, start);
    if (tagEnd < 0) return undefined;
    if (buffer[tagEnd - 1] === SLASH) return { end: tagEnd + 1, next: tagEnd + 1, mark: tagEnd };
  }
  const close = buffer.indexOf(EVENT_END, from);
  const nested = eventStart(
    buffer,
    isWhole ? Math.max(from, start + 1) : from,
    close < 0 ? buffer.length : close,
  );
  if (nested >= 0) {
    return { end: trimBlank(buffer, start, nested), next: nested, mark: nested, truncated: true };
  }
  const end = close + EVENT_END.length;
  return close < 0 ? undefined : { end, next: end, mark: close };
};

/**
 * The end of the record that begins at `start`, or undefined where it is not yet in the buffer.
 * @param from no end begins before this; at least `start`
 * @param isWhole false for the rest of a record whose beginning has been given out
 */
export const recordEnd = (
  kind: RecordKind,
  buffer: Buffer,
  start: number,
  from: number,
  isWhole: boolean,
): RecordEnd | undefined => {
  if (kind === 'line') return lineEnd(buffer, start, from);
  if (kind === 'text') return textEnd(buffer, start, isWhole ? Math.max(from, start + 1) : from);
  return xmlEnd(buffer, start, from, isWhole);
};
