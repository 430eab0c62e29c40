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

const LESS = 0x3c;
const EVENT = Buffer.from('Event');
const EVENT_END_BYTES = '</Event>'.length;

export const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === LF || byte === CR || byte === 0x09;

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
