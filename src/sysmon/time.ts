/** Times: what Sysmon and the event log write, and other formats that a mapping file may name, as epoch milliseconds. */

/** No event is older than this (1980-01-01) … */
export const EVENT_TIME_MIN_MS = Date.UTC(1980, 0, 1);
/** … or as young as this (2100-01-01). */
export const EVENT_TIME_MAX_MS = Date.UTC(2100, 0, 1);

/** Whether an event can have happened then: at or after 1980-01-01 and before 2100-01-01. */
export const isEventTime = (timeMs: number): boolean =>
  timeMs >= EVENT_TIME_MIN_MS && timeMs < EVENT_TIME_MAX_MS;

/** FILETIME, in which Windows counts, begins in 1601; years are written with four digits. */
const YEAR_MIN = 1601;
const TIME_MIN_MS = Date.UTC(YEAR_MIN, 0, 1);
const TIME_MAX_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const MINUTE_MS = 60_000;

const BLANK = 32;
const DASH = 45;
const DOT = 46;
const COLON = 58;
const LETTER_T = 84;

const inRange = (timeMs: number): number | undefined =>
  timeMs >= TIME_MIN_MS && timeMs <= TIME_MAX_MS ? timeMs : undefined;

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isDate = (year: number, month: number, day: number): boolean => {
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return year >= YEAR_MIN && day >= 1 && day <= (MONTH_DAYS[month - 1] ?? 0) + leapDay;
};

const isClock = (hour: number, minute: number, second: number): boolean =>
  hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;

let lastDay = 0;
let lastDayMs = 0;

/** Epoch milliseconds at the beginning of a day. Most times are of the day that the time before them is of. */
const dayStartMs = (year: number, month: number, day: number): number => {
  const asked = (year * 100 + month) * 100 + day;
  if (asked !== lastDay) {
    lastDay = asked;
    lastDayMs = Date.UTC(year, month - 1, day);
  }
  return lastDayMs;
};

/** The digit at an offset; so far below zero when there is none that no number which it is part of is valid. */
const digit = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57 ? code - 48 : -100_000;
};
const twoDigits = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1);

/** The offset of a zone from UTC in minutes: `Z`, `+hh:mm` or `-hh:mm`. */
const zoneMinutes = (text: string, at: number): number => {
  const sign = text.charAt(at);
  if (sign === 'Z') return at + 1 === text.length ? 0 : Number.NaN;
  const hours = twoDigits(text, at + 1);
  const minutes = twoDigits(text, at + 4);
  const valid = text.length === at + 6 && text.charCodeAt(at + 3) === COLON && isClock(hours, minutes, 0);
  if (!valid || (sign !== '+' && sign !== '-')) return Number.NaN;
  return (sign === '+' ? 1 : -1) * (hours * 60 + minutes);
};

/**
 * Reads a time as Sysmon writes it, `YYYY-MM-DD hh:mm:ss.mmm`, or as ISO 8601 does, `YYYY-MM-DDThh:mm:ss`, with up to
 * nine fractional digits or none, and `Z`, `±hh:mm` or nothing (UTC) at the end.
 * @returns epoch milliseconds, cut off below the millisecond; undefined for anything else, for a date that no
 *   calendar has, and for years before 1601.
 */
export const parseUtcTime = (text: string): number | undefined => {
  const separator = text.charCodeAt(10);
  if (separator !== BLANK && separator !== LETTER_T) return undefined;
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return undefined;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (!isDate(year, month, day) || !isClock(hour, minute, second)) return undefined;
  let at = 19;
  let fractionMs = 0;
  if (text.charCodeAt(at) === DOT) {
    const from = ++at;
    for (; at < from + 9 && digit(text, at) >= 0; at++) {
      if (at < from + 3) fractionMs = fractionMs * 10 + digit(text, at);
    }
    if (at === from) return undefined;
    for (let place = at; place < from + 3; place++) fractionMs *= 10;
  }
  const offsetMinutes = at === text.length ? 0 : zoneMinutes(text, at);
  const minutes = hour * 60 + minute - offsetMinutes;
  // NaN, of an unreadable zone, is in no range.
  return inRange(dayStartMs(year, month, day) + minutes * MINUTE_MS + second * 1000 + fractionMs);
};

/** A time format that cannot be read with. */
export class TimeFormatError extends Error {
  override readonly name = 'TimeFormatError';
  readonly format: string;
  /** The directive at fault, such as `%j`. */
  readonly directive: string;
  readonly problem: 'unsupported' | 'repeated' | 'missing';

  constructor(format: string, directive: string, problem: TimeFormatError['problem']) {
    super(`time format ${JSON.stringify(format)}: ${directive} is ${problem}`);
    this.format = format;
    this.directive = directive;
    this.problem = problem;
  }
}

/** What each directive of strptime matches. */
const DIRECTIVES: ReadonlyMap<string, string> = new Map([
  ['%Y', '(?<Y>\\d{4})'],
  ['%m', '(?<m>\\d{1,2})'],
  ['%d', '(?<d>\\d{1,2})'],
  ['%H', '(?<H>\\d{1,2})'],
  ['%M', '(?<M>\\d{1,2})'],
  ['%S', '(?<S>\\d{1,2})'],
  ['%f', '(?<f>\\d{1,9})'],
  ['%s', '(?<s>\\d{1,12})'],
  ['%z', '(?<z>Z|[+-]\\d{2}:?\\d{2})'],
  ['%Z', '(?<Z>UTC|GMT|Z)'],
]);

const SYSMON_FORMAT = '%Y-%m-%d %H:%M:%S.%f';

/** Directives that stand for several others. */
const SHORTHANDS: ReadonlyMap<string, string> = new Map([
  ['%T', '%H:%M:%S'],
  ['%F', '%Y-%m-%d'],
]);

/** A directive, a `%` at the end, or the text between them. */
const PIECES = /%.?|[^%]+/gs;

const patternOf = (format: string): RegExp => {
  const seen = new Set<string>();
  const spelledOut = format.replace(PIECES, (piece) => SHORTHANDS.get(piece) ?? piece);
  const source = spelledOut.replace(PIECES, (piece) => {
    if (piece === '%%') return '%';
    if (!piece.startsWith('%')) return piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    const pattern = DIRECTIVES.get(piece);
    if (pattern === undefined) throw new TimeFormatError(format, piece, 'unsupported');
    if (seen.has(piece)) throw new TimeFormatError(format, piece, 'repeated');
    seen.add(piece);
    return pattern;
  });
  const missing = seen.has('%s') ? undefined : ['%Y', '%m', '%d'].find((directive) => !seen.has(directive));
  if (missing !== undefined) throw new TimeFormatError(format, missing, 'missing');
  return new RegExp(`^${source}$`);
};

const offsetMinutesOf = (zone: string): number =>
  zoneMinutes(zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone, 0);

/**
 * Compiles a format of strptime into a reader of times: `%Y %m %d %H %M %S`, `%f` (1 to 9 digits of a fraction),
 * `%z` (`Z`, `±hh:mm`, `±hhmm`), `%Z` (UTC, GMT, Z), `%s` (Unix seconds), `%F`, `%T`, `%%`. Parts that the format has
 * not are zero, and the zone is UTC. Every other character stands for itself.
 * @returns a function that gives epoch milliseconds, cut off below the millisecond, or undefined where the text is not
 *   of the format or names no real time. For Sysmon's own format it is {@link parseUtcTime}.
 * @throws TimeFormatError when a directive is unsupported or stands twice, or the format has no date.
 */
export const compileTimeFormat = (format: string): ((text: string) => number | undefined) => {
  if (format === SYSMON_FORMAT) return parseUtcTime;
  const pattern = patternOf(format);
  return (text) => {
    const parts = pattern.exec(text)?.groups;
    if (parts === undefined) return undefined;
    const fractionMs = Number((parts.f ?? '').padEnd(3, '0').slice(0, 3));
    if (parts.s !== undefined) return inRange(Number(parts.s) * 1000 + fractionMs);
    const part = (name: string): number => Number(parts[name] ?? 0);
    const [year, month, day] = [part('Y'), part('m'), part('d')] as const;
    const [hour, minute, second] = [part('H'), part('M'), part('S')] as const;
    if (!isDate(year, month, day) || !isClock(hour, minute, second)) return undefined;
    const localMs = Date.UTC(year, month - 1, day, hour, minute, second, fractionMs);
    return inRange(localMs - offsetMinutesOf(parts.z ?? 'Z') * MINUTE_MS);
  };
};
