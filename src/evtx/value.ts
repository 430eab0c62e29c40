/**
 * Values of binary XML as JSON values: numbers and booleans as such, GUIDs without braces, hexadecimal numbers and
 * times as text. 64-bit numbers that JSON cannot hold are text.
 */
import { BinXmlError } from './cursor.ts';

/** MS-EVEN6, BinXml value types. */
export const VALUE = {
  null: 0x00,
  string: 0x01,
  ansiString: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  real32: 0x0b,
  real64: 0x0c,
  bool: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  sizeT: 0x10,
  fileTime: 0x11,
  systemTime: 0x12,
  sid: 0x13,
  hexInt32: 0x14,
  hexInt64: 0x15,
  binXml: 0x21,
} as const;

const ARRAY = 0x80;

export type JsonValue = string | number | boolean | null | readonly JsonValue[];

const MS_FROM_1601 = 11_644_473_600_000n;
const TICKS_PER_MS = 10_000n;

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** A FILETIME as ISO 8601 with seven fractional digits. */
export const fileTimeText = (ticks: bigint): string => {
  const ms = Number(ticks / TICKS_PER_MS - MS_FROM_1601);
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) throw new BinXmlError('a time is out of range');
  const fraction = pad(date.getUTCMilliseconds(), 3) + pad(Number(ticks % TICKS_PER_MS), 4);
  return `${date.toISOString().slice(0, -5)}.${fraction}Z`;
};

const systemTimeText = (bytes: Buffer): string => {
  const [year = 0, month = 0, , day = 0, hour = 0, minute = 0, second = 0, ms = 0] = Array.from(
    { length: 8 },
    (_, at) => bytes.readUInt16LE(2 * at),
  );
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(ms, 3)}Z`;
};

const guidText = (bytes: Buffer): string => {
  const hex = (from: number, to: number): string => bytes.toString('hex', from, to);
  const first = [3, 2, 1, 0].map((at) => hex(at, at + 1)).join('');
  return `${first}-${hex(5, 6)}${hex(4, 5)}-${hex(7, 8)}${hex(6, 7)}-${hex(8, 10)}-${hex(10, 16)}`.toUpperCase();
};

const sidText = (bytes: Buffer): string => {
  const count = bytes.readUInt8(1);
  if (bytes.length < 8 + 4 * count) throw new BinXmlError('a SID is cut short');
  const parts: (number | bigint)[] = [bytes.readUInt8(0), BigInt(`0x${bytes.toString('hex', 2, 8)}`)];
  for (let at = 0; at < count; at++) parts.push(bytes.readUInt32LE(8 + 4 * at));
  return `S-${parts.join('-')}`;
};

const bigNumber = (value: bigint): number | string => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
};

const text = (bytes: Buffer): string => bytes.toString('utf16le').replace(/\0+$/, '');
const ansiText = (bytes: Buffer): string => bytes.toString('latin1').replace(/\0+$/, '');

/** Sizes of the types that have one. */
const SIZES: Readonly<Record<number, number>> = {
  [VALUE.int8]: 1,
  [VALUE.uint8]: 1,
  [VALUE.int16]: 2,
  [VALUE.uint16]: 2,
  [VALUE.int32]: 4,
  [VALUE.uint32]: 4,
  [VALUE.int64]: 8,
  [VALUE.uint64]: 8,
  [VALUE.real32]: 4,
  [VALUE.real64]: 8,
  [VALUE.bool]: 4,
  [VALUE.guid]: 16,
  [VALUE.fileTime]: 8,
  [VALUE.systemTime]: 16,
  [VALUE.hexInt32]: 4,
  [VALUE.hexInt64]: 8,
};

const finite = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

const scalar = (type: number, bytes: Buffer): JsonValue => {
  const size = SIZES[type];
  if (size !== undefined && bytes.length < size) throw new BinXmlError('a value is cut short');
  switch (type) {
    case VALUE.null:
      return null;
    case VALUE.string:
      return text(bytes);
    case VALUE.ansiString:
      return ansiText(bytes);
    case VALUE.int8:
      return bytes.readInt8(0);
    case VALUE.uint8:
      return bytes.readUInt8(0);
    case VALUE.int16:
      return bytes.readInt16LE(0);
    case VALUE.uint16:
      return bytes.readUInt16LE(0);
    case VALUE.int32:
      return bytes.readInt32LE(0);
    case VALUE.uint32:
      return bytes.readUInt32LE(0);
    case VALUE.int64:
      return bigNumber(bytes.readBigInt64LE(0));
    case VALUE.uint64:
      return bigNumber(bytes.readBigUInt64LE(0));
    case VALUE.real32:
      return finite(bytes.readFloatLE(0));
    case VALUE.real64:
      return finite(bytes.readDoubleLE(0));
    case VALUE.bool:
      return bytes.readUInt32LE(0) !== 0;
    case VALUE.binary:
      return bytes.toString('hex').toUpperCase();
    case VALUE.guid:
      return guidText(bytes);
    case VALUE.sizeT:
      if (bytes.length >= 8) return `0x${bytes.readBigUInt64LE(0).toString(16)}`;
      if (bytes.length >= 4) return `0x${bytes.readUInt32LE(0).toString(16)}`;
      throw new BinXmlError('a value is cut short');
    case VALUE.fileTime:
      return fileTimeText(bytes.readBigUInt64LE(0));
    case VALUE.systemTime:
      return systemTimeText(bytes);
    case VALUE.sid:
      if (bytes.length < 8) throw new BinXmlError('a SID is cut short');
      return sidText(bytes);
    case VALUE.hexInt32:
      return `0x${bytes.readUInt32LE(0).toString(16)}`;
    case VALUE.hexInt64:
      return `0x${bytes.readBigUInt64LE(0).toString(16)}`;
    default:
      throw new BinXmlError('a value has an unknown type');
  }
};

const arrayOf = (type: number, bytes: Buffer): JsonValue => {
  if (type === VALUE.string || type === VALUE.ansiString) {
    const whole = type === VALUE.string ? bytes.toString('utf16le') : bytes.toString('latin1');
    return whole.replace(/\0$/, '').split('\0');
  }
  const size = SIZES[type];
  if (size === undefined) throw new BinXmlError('a list has items of an unknown type');
  const items: JsonValue[] = [];
  for (let at = 0; at + size <= bytes.length; at += size)
    items.push(scalar(type, bytes.subarray(at, at + size)));
  return items;
};

/** A value out of its bytes. @throws BinXmlError */
export const readValue = (type: number, bytes: Buffer): JsonValue => {
  if (bytes.length === 0 && type !== VALUE.string && type !== VALUE.ansiString) return null;
  return (type & ARRAY) === 0 ? scalar(type, bytes) : arrayOf(type & ~ARRAY, bytes);
};
