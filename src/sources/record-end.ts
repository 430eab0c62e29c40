/**
 * Where a record ends: a line at its line break, or where one object ends and another begins on it; an XML event at
 * its end tag; other text where any of these comes.
 */

export type RecordKind = 'line' | 'text' | 'event' | 'bracketed';

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

/** What is known of the record that begins at `start`. */
export interface RecordPlace {
  readonly buffer: Buffer;
  readonly start: number;
  /** No end begins before this; at least `start`. */
  readonly from: number;
  /** The first line feed from `start` on, or -1. */
  readonly lineFeed: number;
  /** The first joint before it, or -1. */
  readonly joint: number;
  /** Whether no more bytes will come. */
  readonly isFinal: boolean;
  /** False for the rest of a record whose beginning has been given out. */
  readonly isWhole: boolean;
}

/** No mark of an end is longer: with this many bytes beyond a place, all ends that begin before it are seen. */
export const MARK_BYTES_MAX = 8;

const LF = 0x0a;
const CR = 0x0d;
const GREATER = 0x3e;
const SLASH = 0x2f;
const CLOSE_BRACKET = 0x5d;

const LESS = 0x3c;
const QUOTE = 0x22;
const [OPEN_OBJECT, CLOSE_OBJECT] = [0x7b, 0x7d];
/** Stands in front of each record of a JSON text sequence (RFC 7464). */
const RECORD_SEPARATOR = 0x1e;
const EVENT = Buffer.from('Event');
const EVENT_END_BYTES = '</Event>'.length;

export const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === LF || byte === CR || byte === 0x09;

/** Whether records may have this byte between them. */
export const isBetween = (byte: number | undefined): boolean => isBlank(byte) || byte === RECORD_SEPARATOR;

/** Whether a tag name ends before this byte. */
export const endsTagName = (byte: number | undefined): boolean =>
  isBlank(byte) || byte === GREATER || byte === SLASH;

/**
 * The first tag in [from, limit) that begins an event or ends one; EventID, EventData and Events are other tags.
 * One search for both, and none beyond the limit, so that no input has its bytes looked at again and again.
 */
const eventTag = (
  buffer: Buffer,
  from: number,
  limit: number,
): { at: number; isEnd: boolean } | undefined => {
  const within = buffer.subarray(0, limit + EVENT.length + 2);
  for (let name = within.indexOf(EVENT, from + 1); name >= 0; name = within.indexOf(EVENT, name + 1)) {
    const behind = within[name + EVENT.length];
    if (within[name - 1] === LESS && endsTagName(behind)) return { at: name - 1, isEnd: false };
    const isEnd = within[name - 1] === SLASH && within[name - 2] === LESS && behind === GREATER;
    if (isEnd && name - 2 >= from) return { at: name - 2, isEnd: true };
  }
  return undefined;
};

/** The first event that begins in [from, limit), or -1. */
const eventStart = (buffer: Buffer, from: number, limit: number): number => {
  let tag = eventTag(buffer, from, limit);
  while (tag?.isEnd === true) tag = eventTag(buffer, tag.at + 2, limit);
  return tag === undefined || tag.at >= limit ? -1 : tag.at;
};

const trimBlank = (buffer: Buffer, start: number, end: number): number => {
  let at = end;
  while (at > start && isBlank(buffer[at - 1])) at--;
  return at;
};

/** Whether an object that ends at `at` is followed, on its line, by one that begins with a name. */
const isJoint = (bytes: Buffer, at: number): boolean => {
  const limit = at + MARK_BYTES_MAX;
  let next = at + 1;
  while (next < limit && isBetween(bytes[next]) && bytes[next] !== LF) next++;
  if (bytes[next] !== OPEN_OBJECT) return false;
  next++;
  while (next < limit && isBlank(bytes[next]) && bytes[next] !== LF) next++;
  return next < limit && (bytes[next] === QUOTE || bytes[next] === CLOSE_OBJECT);
};

/**
 * The first joint from `from` on: the `}` of an object behind which another begins on the same line, or -1. GUID
 * lists have none. In a string it joins nothing: that is for a scan of the object to find out.
 */
export const nextJoint = (buffer: Buffer, from: number): number => {
  let at = buffer.indexOf(CLOSE_OBJECT, from);
  while (at >= 0 && !isJoint(buffer, at)) at = buffer.indexOf(CLOSE_OBJECT, at + 1);
  return at;
};

const lineEnd = ({ buffer, start, lineFeed, joint }: RecordPlace): RecordEnd | undefined => {
  if (joint >= 0) return { end: joint + 1, next: joint + 1, mark: joint };
  if (lineFeed < 0) return undefined;
  const end = lineFeed > start && buffer[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
  return { end, next: lineFeed + 1, mark: end };
};

const textEnd = (place: RecordPlace): RecordEnd | undefined => {
  const { buffer, start, from, isWhole } = place;
  const line = lineEnd(place);
  const event = eventStart(buffer, isWhole ? Math.max(from, start + 1) : from, line?.end ?? buffer.length);
  return event < 0 ? line : { end: event, next: event, mark: event };
};

const xmlEnd = ({ buffer, start, from, isWhole }: RecordPlace): RecordEnd | undefined => {
  const tag = eventTag(buffer, isWhole ? Math.max(from, start + 1) : from, buffer.length);
  const tagEnd = isWhole ? buffer.subarray(start, tag?.at).indexOf(GREATER) + start : start - 1;
  if (tagEnd > start && buffer[tagEnd - 1] === SLASH) {
    return { end: tagEnd + 1, next: tagEnd + 1, mark: tagEnd };
  }
  if (tag === undefined) return undefined;
  if (!tag.isEnd) {
    return { end: trimBlank(buffer, start, tag.at), next: tag.at, mark: tag.at, truncated: true };
  }
  const end = tag.at + EVENT_END_BYTES;
  return { end, next: end, mark: tag.at };
};

/** Bytes behind a line break that show whether the next line begins with a time: `2019-05-18T`. */
const TIME_BYTES = 11;
const TIME = /^\d{4}-\d\d-\d\dT/;

/**
 * The end of a text in brackets that runs over several lines (the CloudWatch agent's text format, exported to S3): a
 * bracket at the end of a line, with a time at the beginning of the next, or nothing.
 */
const bracketedEnd = ({ buffer, start, from, isFinal }: RecordPlace): RecordEnd | undefined => {
  let at = buffer.indexOf(LF, Math.max(start, from - TIME_BYTES));
  for (; at >= 0; at = buffer.indexOf(LF, at + 1)) {
    const end = buffer[at - 1] === CR ? at - 1 : at;
    if (buffer[end - 1] !== CLOSE_BRACKET) continue;
    const next = buffer.toString('latin1', at + 1, at + 1 + TIME_BYTES);
    if (next.length < TIME_BYTES && !isFinal) return undefined;
    if (next.trim() === '' || TIME.test(next)) return { end, next: at + 1, mark: end };
  }
  return undefined;
};

/** The end of a record, or undefined where it is not yet in the buffer. */
export const recordEnd = (kind: RecordKind, place: RecordPlace): RecordEnd | undefined => {
  if (kind === 'line') return lineEnd(place);
  if (kind === 'bracketed') return bracketedEnd(place);
  return kind === 'text' ? textEnd(place) : xmlEnd(place);
};
