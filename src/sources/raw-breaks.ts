/**
 * JSON whose strings hold raw line breaks, as documents print records and as some scripts write them: no JSON, but
 * what is meant is plain. Such text is printed, not escaped, so its backslashes stand for themselves where any of
 * them escapes nothing, and blanks behind a break are indentation.
 */

const [LF, CR, QUOTE, BACKSLASH] = ['\n', '\r', '"', '\\'];
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const INDENTATION = /[ \t]*/y;

/** Whether a backslash of a string in the text escapes nothing. */
const hasLiteralBackslash = (text: string): boolean => {
  for (let at = text.indexOf(BACKSLASH); at >= 0; at = text.indexOf(BACKSLASH, ESCAPE.lastIndex)) {
    ESCAPE.lastIndex = at;
    if (!ESCAPE.test(text)) return true;
  }
  return false;
};

/**
 * The text as JSON, if it has a raw line break in a string; else undefined. Linear, never throws; whether the result
 * is JSON is for its parser to find out.
 */
export const escapeRawBreaks = (text: string): string | undefined => {
  const isLiteral = hasLiteralBackslash(text);
  const parts: string[] = [];
  let hasBreak = false;
  let inString = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === QUOTE) inString = !inString;
    else if (!inString) continue;
    else if (char === BACKSLASH) {
      const next = text[at + 1];
      if (!isLiteral || next === QUOTE || next === BACKSLASH) {
        at++;
        continue;
      }
      parts.push(text.slice(from, at), '\\\\');
      from = at + 1;
    } else if (char === LF || char === CR) {
      hasBreak = true;
      parts.push(text.slice(from, at), char === LF ? '\\n' : '\\r');
      INDENTATION.lastIndex = at + 1;
      INDENTATION.test(text);
      from = INDENTATION.lastIndex;
      at = from - 1;
    }
  }
  if (!hasBreak) return undefined;
  parts.push(text.slice(from));
  return parts.join('');
};
