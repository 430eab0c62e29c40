/** Values that are text in XML: GUID, SID, FILETIME, SYSTEMTIME, 32-bit floating-point numbers. */
import { BinXmlError } from './cursor.ts';

const MS_FROM_1601 = 11_644_473_600_000;
const TICKS_PER_MS = 10_000;

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** A FILETIME (100 ns since 1601) as ISO 8601 with all its seven fractional digits. @throws BinXmlError */
export const fileTimeText = (bytes: Buffer, at: number): string => {
  // 2³² ticks are 429,496 ms and 7,296 ticks: so no part needs more than 53 bits.
  const high = bytes.readUInt32LE(at + 4);
  const ticks = high * 7_296 + bytes.readUInt32LE(at);
  const ms = high * 429_496 + Math.floor(ticks / TICKS_PER_MS) - MS_FROM_1601;
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) throw new BinXmlError('a time is out of range');
  return `${date.toISOString().slice(0, -1)}${pad(ticks % TICKS_PER_MS, 4)}Z`;
};

/** A SYSTEMTIME as ISO 8601; one of zeros is the beginning of FILETIME. @throws BinXmlError */
export const systemTimeText = (bytes: Buffer, at: number): string => {
  const part = (index: number, digits: number): string => pad(bytes.readUInt16LE(at + 2 * index), digits);
  const day = `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}`; // part 2 is the day of the week
  const text = `${day}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}Z`;
  if (day === '0000-00-00') return '1601-01-01T00:00:00.000Z';
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || time.toISOString() !== text) {
    throw new BinXmlError('a time is out of range');
  }
  return text;
};

/** A GUID without braces. Its first three parts are little-endian. */
export const guidText = (bytes: Buffer, at: number): string => {
  const hex = bytes.toString('hex', at, at + 16).toUpperCase();
  const byte = (index: number): string => hex.slice(2 * index, 2 * index + 2);
  const [first, second, third] = [
    byte(3) + byte(2) + byte(1) + byte(0),
    byte(5) + byte(4),
    byte(7) + byte(6),
  ];
  return `${first}-${second}-${third}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

const SID_HEADER_BYTES = 8;

/** Bytes of the SID at an offset; undefined where it would end behind `end`. */
export const sidBytes = (bytes: Buffer, at: number, end: number): number | undefined => {
  if (at + SID_HEADER_BYTES > end) return undefined;
  const size = SID_HEADER_BYTES + 4 * bytes.readUInt8(at + 1);
  return at + size > end ? undefined : size;
};

export const sidText = (bytes: Buffer, at: number): string => {
  let text = `S-${bytes.readUInt8(at)}-${bytes.readUIntBE(at + 2, 6)}`;
  const count = bytes.readUInt8(at + 1);
  for (let i = 0; i < count; i++) text += `-${bytes.readUInt32LE(at + SID_HEADER_BYTES + 4 * i)}`;
  return text;
};

/** The shortest decimal that is this 32-bit number again: 0.1, not 0.10000000149011612. */
export const shortest32 = (value: number): number => {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
};
