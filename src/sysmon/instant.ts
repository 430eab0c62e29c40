/** Instants: times that name their zone, in the spellings that agents and dump tools use, as one text in UTC. */
import { parseUtcTime } from './time.ts';

/** What is returned unchanged: the form that all others are brought into. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/;
const FRACTION_DIGITS_MAX = 7;
/** The longest that is known has 66 characters: JavaScript's, with the name of the zone in words. */
const LENGTH_MAX = 96;

/** UTC's names and offsets from it. Other zones' names are no part of it: CST is in America and in China. */
const OFFSET = '[+-]\\d\\d(?::?\\d\\d)?';
/** Java, Go and JavaScript repeat the zone behind its offset: `[Europe/Berlin]`, `UTC`, `(Central European Time)`. */
const COMMENT = '(?:\\s?(?:\\[[\\w/+-]+\\]|\\([^()]*\\)|(?<=\\d\\s)[A-Z]{3,5}))?';
const ZONE = `(?:\\s*(?<zone>(?:UTC|GMT|UT)${OFFSET}|UTC|GMT|UT|Z|${OFFSET})${COMMENT})?`;
const CLOCK = '(?<hour>\\d{1,2}):(?<minute>\\d\\d)(?::(?<second>\\d\\d)(?:[.,](?<fraction>\\d{1,9}))?)?';
const NAME = '(?<name>[A-Z]{3,9})\\.?';
const WEEKDAY = '(?:[A-Z]{3,9},?\\s+)?';

const SPELLINGS = [
  /** ISO 8601 and RFC 3339, with `T` or a blank. */
  `(?<year>\\d{4})([-/])(?<month>\\d\\d)\\2(?<day>\\d\\d)(?:T|\\s+)${CLOCK}${ZONE}`,
  /** RFC 1123 and 5322: `Fri, 03 Nov 2023 08:26:40 GMT`. */
  `${WEEKDAY}(?<day>\\d{1,2})[ -]${NAME}[ -](?<year>\\d{4})\\s+${CLOCK}${ZONE}`,
  /** libevtx and JavaScript: `Oct 18, 2023 01:02:03.123456789 UTC`, `Fri Nov 03 2023 09:26:40 GMT+0100`. */
  `${WEEKDAY}${NAME}\\s+(?<day>\\d{1,2}),?\\s+(?<year>\\d{4}),?\\s+${CLOCK}${ZONE}`,
  /** date(1): `Fri Nov  3 08:26:40 UTC 2023`. */
  `${WEEKDAY}${NAME}\\s+(?<day>\\d{1,2})\\s+${CLOCK}${ZONE}\\s+(?<year>\\d{4})`,
].map((source) => new RegExp(`^${source}$`, 'i'));

/** ISO 8601 without separators, and with them its basic form: `20231103T082640.123Z`. */
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(.*)$/i;
/** WMI's: `20231103092640.123456+060`. The offset is in minutes. */
const WMI = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{6})([+-])(\d{3})$/;
/** Windows PowerShell's JSON. The offset behind the milliseconds says where they were written, and changes nothing. */
const JSON_DATE = /^\\?\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?\/$/;

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
];

const MS_MAX = 8.64e15;

/** ISO 8601 in UTC of epoch milliseconds; undefined for what is no time of four-digit years. */
export const instantOfEpochMs = (ms: unknown): string | undefined => {
  if (typeof ms !== 'number' || !Number.isFinite(ms) || Math.abs(ms) > MS_MAX) return undefined;
  const text = new Date(ms).toISOString();
  return parseUtcTime(text) === undefined ? undefined : text;
};

/** ISO 8601 in UTC of epoch nanoseconds, as OTLP writes them: decimal text. Cut off below 100 ns. */
export const instantOfEpochNs = (ns: unknown): string | undefined => {
  const text = typeof ns === 'number' && Number.isInteger(ns) ? String(ns) : ns;
  if (typeof text !== 'string' || !/^\d{10,19}$/.test(text) || text === '0') return undefined;
  const padded = text.padStart(19, '0');
  const seconds = instantOfEpochMs(Number(padded.slice(0, -9)) * 1000);
  return seconds?.replace(/\.\d{3}Z$/, `.${padded.slice(-9, -2)}Z`);
};

/** `+02`, `+0200`, `UTC+02:00` as `+02:00`; all names of UTC as `Z`. */
const zoneOf = (written: string): string => {
  const digits = written.replace(/^[A-Z]+/i, '').replace(':', '');
  return digits === '' ? 'Z' : `${digits.slice(0, 3)}:${digits.slice(3) || '00'}`;
};

/** The number of a month, 1 to 12, of its English name or the first three letters of it; 0 for another word. */
const monthOf = (word: string): number =>
  MONTHS.findIndex((name) => name === word.toLowerCase() || name.slice(0, 3) === word.toLowerCase()) + 1;

/** The parts of a time as ISO 8601 in UTC, with the digits that its fraction had. */
const canonical = (
  parts: Readonly<Record<string, string | undefined>>,
  assumeUtc: boolean,
): string | undefined => {
  const { year = '', name, day = '', hour = '', minute = '', second = '00', fraction, zone } = parts;
  if (zone === undefined && !assumeUtc) return undefined;
  const month = name === undefined ? (parts.month ?? '') : String(monthOf(name)).padStart(2, '0');
  const local = `${year}-${month}-${day.padStart(2, '0')}T${hour.padStart(2, '0')}:${minute}:${second}`;
  const timeMs = parseUtcTime(`${local}${zone === undefined ? 'Z' : zoneOf(zone)}`);
  if (timeMs === undefined) return undefined;
  const digits = fraction === undefined ? '' : `.${fraction.slice(0, FRACTION_DIGITS_MAX)}`;
  return `${new Date(timeMs).toISOString().slice(0, 19)}${digits}Z`;
};

/** A time without separators, spelled with them; any other text as it is. */
const separated = (text: string): string => {
  const wmi = WMI.exec(text);
  if (wmi !== null) {
    const [, year, month, day, hour, minute, second, fraction, sign, offset = ''] = wmi;
    const [hours, minutes] = [Math.trunc(Number(offset) / 60), Number(offset) % 60].map((part) =>
      String(part).padStart(2, '0'),
    );
    return `${year}-${month}-${day} ${hour}:${minute}:${second}.${fraction}${sign}${hours}:${minutes}`;
  }
  return text.replace(BASIC, '$1-$2-$3T$4:$5:$6$7');
};

/**
 * A time as ISO 8601 in UTC: `YYYY-MM-DDThh:mm:ss`, up to seven fractional digits, `Z`. A text that already has this
 * form comes back unchanged.
 *
 * Read are ISO 8601, RFC 1123 and 5322, PowerShell's `/Date(ms)/`, WMI's times, what libevtx, python-evtx and evtx_dump
 * print, and what Go, Java, JavaScript and date(1) do, each with `Z`, `UTC`, `GMT` or an offset. Not read is a day
 * between slashes, which is the month elsewhere.
 * @param options.assumeUtc whether the carrier says that a time without a zone is UTC.
 * @returns undefined for a text that is no such time, or that names no zone.
 */
export const instantText = (text: string, { assumeUtc = false } = {}): string | undefined => {
  if (text.length > LENGTH_MAX) return undefined;
  if (CANONICAL.test(text)) return parseUtcTime(text) === undefined ? undefined : text;
  const trimmed = text.trim();
  const date = JSON_DATE.exec(trimmed);
  if (date !== null) return instantOfEpochMs(Number(date[1]));
  const spelled = separated(trimmed);
  for (const spelling of SPELLINGS) {
    const parts = spelling.exec(spelled)?.groups;
    if (parts !== undefined) return canonical(parts, assumeUtc);
  }
  return undefined;
};

/**
 * Epoch milliseconds of a time as Sysmon writes it, which is UTC, or in any of these spellings if it names its zone.
 * @returns undefined for any other text.
 */
export const instantMs = (text: string): number | undefined => {
  const own = parseUtcTime(text);
  if (own !== undefined) return own;
  const instant = instantText(text);
  return instant === undefined ? undefined : parseUtcTime(instant);
};
