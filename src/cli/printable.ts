/** Values of events as a person may see them: nothing in them acts on a terminal, and nothing stays unseen. */
import type { PlainValue } from './lake-value.ts';

/**
 * Control characters (escape sequences begin with one), unpaired surrogates, separators that some programs take for
 * line breaks, and format characters, which show nothing: U+202E makes `jpg.exe` look like `exe.gpj`.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** In UTF-16 units, as JSON writes it. */
export const escapeCharacter = (character: string): string =>
  Array.from({ length: character.length }, (_, unit) => {
    return `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
  }).join('');

/**
 * The text with everything unseen escaped, as in `\u001b`. One line of JSON keeps its meaning.
 * @param lengthMax characters, at most: a longer text is cut and ends in `…`
 */
export const printable = (text: string, lengthMax = Infinity): string => {
  const escaped = text.replace(UNSEEN, escapeCharacter);
  return escaped.length <= lengthMax
    ? escaped
    : `${escaped.slice(0, Math.max(lengthMax - 1, 0)).toWellFormed()}…`;
};

/** An absent attribute of a struct comes out of Parquet as null; it is left out again. */
const withoutNulls = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null))
    : value;

/** A value of a result in one line of JSON, printable, without the nulls of structs. */
export const compactJson = (value: PlainValue): string => printable(JSON.stringify(value, withoutNulls));

/** A value of a result as text, not escaped yet: nothing for null, JSON for what is nested. */
export const textOf = (value: PlainValue): string => {
  if (value === null) return '';
  return typeof value === 'object' ? compactJson(value) : String(value);
};

/** A count of things, as in `1 file` and `2 files`. */
export const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
