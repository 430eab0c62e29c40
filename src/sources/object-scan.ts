/**
 * Where a JSON object ends that is written over several lines, or among others on one.
 *
 * Not a parser: it balances brackets outside of strings, and knows just enough grammar to see that a damaged
 * line does not go on in the next one, nor a string in the next object: no object where a name has to be, no number or
 * word right behind a string. A string may run over raw line breaks, as in records that somebody has printed, if no
 * line in it begins like an event and the object ends soon.
 */

export type ScanResult =
  /** `breakAt`: where the first raw line break in a string is. If no more bytes come, no object begins here. */
  | { readonly state: 'more'; readonly breakAt?: number }
  /** The object is `bytes[0, end)`. */
  | { readonly state: 'complete'; readonly end: number }
  /** No JSON object begins here: the byte at `at` cannot be part of one. */
  | { readonly state: 'broken'; readonly at: number };

/** An object with raw line breaks in its strings is no longer: an event's text has 30 KB at most. */
const BROKEN_STRINGS_BYTES_MAX = 64 * 1024;

/** Deeper nesting is taken for damage. */
const DEPTH_MAX = 1_000;

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [LF, CR, TAB, BLANK, LESS] = [0x0a, 0x0d, 0x09, 0x20, 0x3c];

/** Bytes of numbers, true, false and null. */
const isLiteral = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  '+-.E'.includes(String.fromCharCode(byte));

/**
 * A scan of one object. Each call takes all bytes of the input from the object's `{` on, as many as there are by
 * now, and goes on where the last call stopped; its cost is linear in the object's length, however it arrives.
 */
export const newObjectScan = (): ((bytes: Uint8Array) => ScanResult) => {
  const open: number[] = [];
  let at = 0;
  let inString = false;
  let last = 0;
  /** The first raw line break in a string: where the object is broken, should it not end well. */
  let breakAt: number | undefined;
  let mayBeginEvent = false;

  const broken = (where: number): ScanResult => ({ state: 'broken', at: breakAt ?? where });
  const more = (): ScanResult => (breakAt === undefined ? { state: 'more' } : { state: 'more', breakAt });

  /** Whether a value that is a list or an object may begin here. */
  const mayOpen = (): boolean => {
    const within = open.at(-1);
    if (within === undefined) return last === 0;
    return within === OPEN_OBJECT ? last === COLON : last === OPEN_LIST || last === COMMA;
  };

  return (bytes) => {
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (breakAt !== undefined && at >= BROKEN_STRINGS_BYTES_MAX) return broken(at);
      if (inString) {
        if (byte === LF || byte === CR) {
          breakAt ??= at;
          mayBeginEvent = true;
          continue;
        }
        if (mayBeginEvent && byte !== BLANK && byte !== TAB) {
          if (byte === OPEN_OBJECT || byte === LESS) return broken(at);
          mayBeginEvent = false;
        }
        if (byte === BACKSLASH) {
          if (at + 1 >= bytes.length) return more();
          at++;
        } else if (byte === QUOTE) inString = false;
        continue;
      }
      if (byte === BLANK || byte === LF || byte === CR || byte === TAB) continue;
      if (byte === QUOTE) inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (!mayOpen() || open.push(byte) > DEPTH_MAX) return broken(at);
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (open.pop() !== (byte === CLOSE_OBJECT ? OPEN_OBJECT : OPEN_LIST)) return broken(at);
        if (open.length === 0) return { state: 'complete', end: at + 1 };
      } else if (byte !== COMMA && byte !== COLON && (last === QUOTE || !isLiteral(byte))) {
        return broken(at);
      }
      last = byte;
    }
    return more();
  };
};
