/** Instants: times that name their zone, in the spellings that agents and dump tools use, as one text in UTC. */
import { parseUtcTime } from './time.ts';

/** What is returned unchanged: the form that all others are brought into. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/;
const FRACTION_DIGITS_MAX = 7;
/** No spelling is longer. */
const LENGTH_MAX = 64;

const ZONE = '(?<zone>\\s*(?:Z|UTC|GMT|[+-]\\d\\d(?::?\\d\\d)?))?';
const CLOCK = '(?<clock>\\d\\d:\\d\\d(?::\\d\\d)?)(?:[.,](?<fraction>\\d{1,9}))?';
const ISO = new RegExp(`^(?<year>\\d{4})-(?<month>\\d\\d)-(?<day>\\d\\d)[T ]\\s*${CLOCK}${ZONE}$`, 'i');
/** RFC 1123 and 5322: `Fri, 03 Nov 2023 08:26:40 GMT`. */
const MAIL = new RegExp(
  `^(?:[a-z]{3},?\\s+)?(?<day>\\d{1,2})[ -](?<name>[a-z]{3})[ -](?<year>\\d{4}) ${CLOCK}${ZONE}$`,
  'i',
);
/** libevtx: `Oct 18, 2023 01:02:03.123456789 UTC`. */
const DUMP = new RegExp(`^(?<name>[a-z]{3}) (?<day>\\d{1,2}), (?<year>\\d{4}) ${CLOCK}${ZONE}$`, 'i');
/** Windows PowerShell's JSON. The offset behind the milliseconds says where they were written, and changes nothing. */
const JSON_DATE = /^\\?\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?\/$/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

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

/** `+02`, `+0200` or ` +02:00` as `+02:00`; all names of UTC as `Z`. */
const zoneOf = (written: string): string => {
  const zone = written.trim().toUpperCase();
  if (!/^[+-]/.test(zone)) return 'Z';
  const digits = zone.replace(':', '');
  return `${digits.slice(0, 3)}:${digits.slice(3) || '00'}`;
};

/** The parts of a time as ISO 8601 in UTC, with the digits that its fraction had. */
const canonical = (
  parts: Readonly<Record<string, string | undefined>>,
  assumeUtc: boolean,
): string | undefined => {
  const { year = '', name, day = '', clock = '', fraction, zone } = parts;
  if (zone === undefined && !assumeUtc) return undefined;
  const month =
    name === undefined ? parts.month : String(MONTHS.indexOf(name.toLowerCase()) + 1).padStart(2, '0');
  const seconds = clock.length === 5 ? `${clock}:00` : clock;
  const local = `${year}-${month ?? ''}-${day.padStart(2, '0')}T${seconds}`;
  const timeMs = parseUtcTime(`${local}${zone === undefined ? 'Z' : zoneOf(zone)}`);
  if (timeMs === undefined) return undefined;
  const digits = fraction === undefined ? '' : `.${fraction.slice(0, FRACTION_DIGITS_MAX)}`;
  return `${new Date(timeMs).toISOString().slice(0, 19)}${digits}Z`;
};

/**
 * A time as ISO 8601 in UTC: `YYYY-MM-DDThh:mm:ss`, up to seven fractional digits, `Z`. A text that already has this
 * form comes back unchanged.
 *
 * Read are ISO 8601 with `T` or a blank, RFC 1123 and 5322, PowerShell's `/Date(ms)/`, and what libevtx, python-evtx
 * and evtx_dump print, each with `Z`, `UTC`, `GMT` or an offset.
 * @param options.assumeUtc whether the carrier says that a time without a zone is UTC.
 * @returns undefined for a text that is no such time, or that names no zone.
 */
export const instantText = (text: string, { assumeUtc = false } = {}): string | undefined => {
  if (text.length > LENGTH_MAX) return undefined;
  if (CANONICAL.test(text)) return parseUtcTime(text) === undefined ? undefined : text;
  const trimmed = text.trim();
  const date = JSON_DATE.exec(trimmed);
  if (date !== null) return instantOfEpochMs(Number(date[1]));
  const parts = (ISO.exec(trimmed) ?? MAIL.exec(trimmed) ?? DUMP.exec(trimmed))?.groups;
  return parts === undefined ? undefined : canonical(parts, assumeUtc);
};
