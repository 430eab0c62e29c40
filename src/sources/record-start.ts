/** What begins at a place of the input: told by its first bytes. */
import { endsTagName, isBlank } from './record-end.ts';

/**
 * `line`, `text`, `event`: a record of that kind. `json`: a line that begins an object. `skip`: nothing but
 * syntax between records. `array`: the bracket of an array of objects. `more`: too few bytes to tell.
 */
export type RecordStart =
  | { readonly kind: 'text' | 'event' | 'json' | 'array' | 'more' }
  | { readonly kind: 'skip'; readonly bytes: number };

/** A declaration, an Events tag, or the blanks behind a bracket that go on for longer are plain text. */
const SYNTAX_BYTES_MAX = 4_096;

/** The longest beginning of a tag that tells what it is: `</Events` and the byte behind it. */
const TAG_BYTES = 9;

const [LESS, GREATER, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT] = [0x3c, 0x3e, 0x5b, 0x5d, 0x7b];

const MORE: RecordStart = { kind: 'more' };
const TEXT: RecordStart = { kind: 'text' };
const JSON_LINE: RecordStart = { kind: 'json' };

const tagStart = (bytes: Buffer, start: number, isFinal: boolean): RecordStart => {
  if (!isFinal && bytes.length - start < TAG_BYTES) return MORE;
  const tag = bytes.toString('latin1', start, start + TAG_BYTES);
  if (tag.startsWith('<Event') && endsTagName(bytes[start + 6])) return { kind: 'event' };
  const isEvents =
    (tag.startsWith('<Events') && endsTagName(bytes[start + 7])) ||
    (tag.startsWith('</Events') && endsTagName(bytes[start + 8]));
  if (!isEvents && !(tag.startsWith('<?xml') && isBlank(bytes[start + 5]))) return TEXT;
  const end = bytes.subarray(start, start + SYNTAX_BYTES_MAX).indexOf(GREATER);
  if (end >= 0) return { kind: 'skip', bytes: end + 1 };
  return isFinal || bytes.length - start >= SYNTAX_BYTES_MAX ? TEXT : MORE;
};

const listStart = (bytes: Buffer, start: number, isFinal: boolean): RecordStart => {
  const limit = Math.min(bytes.length, start + SYNTAX_BYTES_MAX);
  let at = start + 1;
  while (at < limit && isBlank(bytes[at])) at++;
  if (at === limit) return isFinal || limit === start + SYNTAX_BYTES_MAX ? TEXT : MORE;
  if (bytes[at] === OPEN_OBJECT) return { kind: 'array' };
  return bytes[at] === CLOSE_LIST ? { kind: 'skip', bytes: at + 1 - start } : TEXT;
};

/** What begins at `start`, which is no blank. `isFinal`: no more bytes will come. */
export const recordStart = (bytes: Buffer, start: number, isFinal: boolean): RecordStart => {
  switch (bytes[start]) {
    case OPEN_OBJECT:
      return JSON_LINE;
    case LESS:
      return tagStart(bytes, start, isFinal);
    case OPEN_LIST:
      return listStart(bytes, start, isFinal);
    default:
      return TEXT;
  }
};
