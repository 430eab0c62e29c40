/**
 * The description parser: from the message that Windows renders of a Sysmon event back to its fields.
 *
 * A message is the event's title, then one line for each field, `Name: value`, in the manifest's order, with CRLF
 * between them (LF where a shipper changed it). Nothing in it is escaped, so a line break in a value looks like the
 * end of the field; the order of names tells the two apart.
 */
import { catalogue, kindOfTitle } from './catalogue.ts';
import type { Fields } from './event.ts';
import { newFields } from './event.ts';
import type { ReadingOrder } from './reading-order.ts';
import { readingOrders } from './reading-order.ts';
import type { NamedLine } from './winning-reading.ts';
import { readingScore, winningReading } from './winning-reading.ts';

export interface ParsedDescription {
  /** Values by Sysmon's names, exactly as they stand in the text. */
  readonly fields: Fields;
  /** The EventID of the kind that the title names; absent where the text has no title that is known. */
  readonly kindId?: number;
  /** The names of `fields` in the order in which they were read. */
  readonly names: readonly string[];
  /** Names that begin more than one line, so that the text can be read in two ways. Absent where there are none. */
  readonly ambiguous?: readonly string[];
}

/** What a scan found: the named lines, from the top. */
interface Scan {
  /** Lines with a name of the reading order. */
  readonly known: readonly NamedLine[];
  /** Lines with another name, above the first known one or below the first that lets those be fields. */
  readonly unknown: readonly NamedLine[];
  /** Whether the names of `known` are all in order, each once: then every one of them is a field. */
  readonly ascending: boolean;
  readonly lastLine: number;
}

interface Reading {
  readonly lines: readonly NamedLine[];
  readonly ambiguous: readonly string[];
  /** Whether every line with a known name is a field: no order of these names reads more of them. */
  readonly complete: boolean;
  readonly score: number;
}

const LF = 10;
const CR = 13;
const BLANK = 32;
const COLON = 58;
const UNDERSCORE = 95;

/** Where the text ends when one line break at its very end does not count. */
const endOf = (text: string): number => {
  if (text.charCodeAt(text.length - 1) !== LF) return text.length;
  return text.charCodeAt(text.length - 2) === CR ? text.length - 2 : text.length - 1;
};

const nextLineStart = (text: string, start: number, end: number): number => {
  const lineFeed = text.indexOf('\n', start);
  return lineFeed === -1 || lineFeed >= end ? end + 1 : lineFeed + 1;
};

/** Where the line above ends: before the line break in front of `start`. */
const lineEndBefore = (text: string, start: number): number =>
  text.charCodeAt(start - 2) === CR ? start - 2 : start - 1;

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** The offset of the colon when a line begins with `Name: ` or is `Name:` alone; else -1. */
const nameEnd = (text: string, start: number, end: number): number => {
  if (!isLetter(text.charCodeAt(start))) return -1;
  let at = start + 1;
  let code = text.charCodeAt(at);
  while (isLetter(code) || isDigit(code) || code === UNDERSCORE) code = text.charCodeAt(++at);
  if (code !== COLON || at >= end) return -1;
  if (at + 1 === end) return at;
  const after = text.charCodeAt(at + 1);
  if (after === BLANK || after === LF) return at;
  return after === CR && text.charCodeAt(at + 2) === LF ? at : -1;
};

const scanLines = (text: string, from: number, end: number, order: ReadingOrder): Scan => {
  const known: NamedLine[] = [];
  const unknown: NamedLine[] = [];
  let rankAbove = -1;
  let ascending = true;
  let open = order.openAfter === -1;
  let line = 0;
  for (let start = from; start <= end; start = nextLineStart(text, start, end), line++) {
    const colon = nameEnd(text, start, end);
    if (colon === -1) continue;
    const written = text.slice(start, colon);
    const rank = order.ranks.get(written) ?? order.ranks.get(written.toLowerCase()) ?? -1;
    // Above the first known name no value stands that such a line could belong to.
    if (rank === -1 && !open && known.length > 0) continue;
    const valueStart = text.charCodeAt(colon + 1) === BLANK ? colon + 2 : colon + 1;
    const named = { name: order.names[rank] ?? written, rank, line, start, valueStart };
    if (rank === -1) {
      unknown.push(named);
      continue;
    }
    known.push(named);
    open ||= rank === order.openAfter;
    ascending &&= rank > rankAbove;
    rankAbove = rank;
  }
  return { known, unknown, ascending, lastLine: line - 1 };
};

/** The names that stand in more than one of these lines, in the order in which they stand there first. */
const repeated = (lines: readonly NamedLine[]): string[] => {
  const counts = new Map<string, number>();
  for (const { name } of lines) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1).map(([name]) => name);
};

const firstOfEachName = (lines: readonly NamedLine[]): NamedLine[] => {
  const seen = new Set<string>();
  return lines.filter(({ name }) => !seen.has(name) && seen.add(name));
};

const readInOrder = (text: string, from: number, end: number, order: ReadingOrder): Reading => {
  const { known, unknown, ascending, lastLine } = scanLines(text, from, end, order);
  const chosen = ascending ? known : winningReading(known, order, lastLine);
  const score = readingScore(chosen, order, lastLine);
  if (ascending && unknown.length === 0) return { lines: known, ambiguous: [], complete: true, score };
  const last = chosen.at(-1);
  const opened = order.openAfter === -1 || last?.rank === order.openAfter;
  const top = known[0]?.start ?? -1;
  const above = order.openAfter === -1 ? [] : unknown.filter(({ start }) => start < top);
  const newer = opened ? unknown.filter(({ start }) => last === undefined || start > last.start) : [];
  return {
    lines: firstOfEachName([...above, ...chosen, ...newer]),
    ambiguous: [...(ascending ? [] : repeated(known)), ...repeated([...above, ...newer])],
    complete: ascending,
    score,
  };
};

/**
 * Reads the rendered message of an event.
 *
 * The title decides what kind of event it is, else the EventID. Names are read in the catalogue's order; a line whose
 * name is out of order or already read belongs to the value above it, so that no value can overwrite a field. Where
 * that leaves a choice, the reading with the most fields wins ({@link winningReading}). Names that the catalogue does
 * not have (of a newer Sysmon) are fields above the first and below the last name that it has, or everywhere when it
 * has not the event.
 *
 * Values are kept exactly: blanks, bare CRs, and line breaks as they are; one line break at the end of the whole text
 * does not count, and one blank after the colon is syntax. Never throws; linear in the length of the text.
 *
 * @returns undefined when the text is no Sysmon message: it has no known title and no field.
 */
export const parseDescription = (eventId: number, text: string): ParsedDescription | undefined => {
  const end = endOf(text);
  const second = nextLineStart(text, 0, end);
  const firstLine = text.slice(0, second > end ? end : lineEndBefore(text, second));
  const titled = kindOfTitle(firstLine);
  const kind = titled ?? catalogue.get(eventId);
  const { current, older } = readingOrders(kind);
  // The title of an event that nobody knows ends with its colon; a field with nothing in it has a blank there.
  const hasTitle = titled !== undefined || (kind === undefined && firstLine.endsWith(':'));
  const from = hasTitle ? second : 0;

  let reading = readInOrder(text, from, end, current);
  // The names of an older order are all in the current one, so it wins only where the text is in its order.
  for (const order of reading.complete ? [] : older) {
    const olderReading = readInOrder(text, from, end, order);
    if (olderReading.score > reading.score) reading = olderReading;
  }
  const { lines, ambiguous } = reading;
  if (lines.length === 0 && titled === undefined) return undefined;

  const fields = newFields();
  lines.forEach(({ name, valueStart }, index) => {
    const next = lines[index + 1];
    fields[name] = text.slice(valueStart, next === undefined ? end : lineEndBefore(text, next.start));
  });
  const names = lines.map(({ name }) => name);
  const parsed = titled === undefined ? { fields, names } : { fields, names, kindId: titled.id };
  return ambiguous.length === 0 ? parsed : { ...parsed, ambiguous };
};
