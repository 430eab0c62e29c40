/**
 * The regular expressions of OCSF's types, as JavaScript runs them.
 *
 * OCSF writes them for the engines of its own tools, where `$` also matches before a last line feed, `.` excludes
 * only the line feed, `\d` is every decimal digit and `\s` is Unicode's white space (Python's re, for text). Each of
 * these means something slightly different in JavaScript.
 */

const OUTSIDE_CLASS: ReadonlyMap<string, string> = new Map([
  ['$', '(?=\\n?$)'],
  ['.', '[^\\n]'],
]);

/** White space as Python's str.isspace() has it: with U+001C–1F and U+0085, without U+FEFF. */
const WHITE_SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** A token: an escape, the beginning or end of a character class, or one character. */
const TOKEN = /\\[^]|[^]/gu;

function translate(source: string): string {
  let inClass = false;
  let translated = '';
  for (const [token] of source.matchAll(TOKEN)) {
    if (token === '\\d') translated += '\\p{Nd}';
    else if (token === '\\s') translated += inClass ? WHITE_SPACE : `[${WHITE_SPACE}]`;
    else translated += (inClass ? undefined : OUTSIDE_CLASS.get(token)) ?? token;
    if (token === '[') inClass = true;
    if (token === ']') inClass = false;
  }
  return translated;
}

// One entry for each expression of the tables.
const compiled = new Map<string, RegExp>();

/** The regular expression of an OcsfType, compiled once. Throws SyntaxError where JavaScript cannot express it. */
export function ocsfPattern(source: string): RegExp {
  const known = compiled.get(source);
  if (known) return known;
  const pattern = new RegExp(translate(source), 'u');
  compiled.set(source, pattern);
  return pattern;
}
