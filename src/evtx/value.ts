/**
 * Values of binary XML as JSON values: numbers and booleans as such, GUIDs without braces, hexadecimal numbers and
 * times as text. 64-bit numbers that JSON readers would round are text.
 */
import { BinXmlError } from './cursor.ts';
import { fileTimeText, guidText, shortest32, sidBytes, sidText, systemTimeText } from './value-text.ts';

/** MS-EVEN6, section 2.2.12 (BinXml value types). */
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

export type Scalar = string | number | boolean | null;

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

/** The size of a value whose type alone decides it. */
export const sizeOf = (type: number): number | undefined => SIZES[type];

const whole = (value: bigint): number | string => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
};

/** JSON has no NaN and no infinity. */
const finite = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

/** What stands behind a NUL is no part of a string: Windows shows none of it. */
const beforeNul = (text: string): string => {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
};

const ansi = new TextDecoder('windows-1252');

const scalar = (type: number, bytes: Buffer, at: number, size: number): Scalar => {
  const least = SIZES[type];
  if (least !== undefined && size < least) throw new BinXmlError('a value is cut short');
  switch (type) {
    case VALUE.null:
      return null;
    case VALUE.string:
      if (size % 2 !== 0) throw new BinXmlError('a text is cut short');
      return beforeNul(bytes.toString('utf16le', at, at + size));
    case VALUE.ansiString:
      return beforeNul(ansi.decode(bytes.subarray(at, at + size)));
    case VALUE.int8:
      return bytes.readInt8(at);
    case VALUE.uint8:
      return bytes.readUInt8(at);
    case VALUE.int16:
      return bytes.readInt16LE(at);
    case VALUE.uint16:
      return bytes.readUInt16LE(at);
    case VALUE.int32:
      return bytes.readInt32LE(at);
    case VALUE.uint32:
      return bytes.readUInt32LE(at);
    case VALUE.int64:
      return whole(bytes.readBigInt64LE(at));
    case VALUE.uint64:
      return whole(bytes.readBigUInt64LE(at));
    case VALUE.real32:
      return finite(shortest32(bytes.readFloatLE(at)));
    case VALUE.real64:
      return finite(bytes.readDoubleLE(at));
    case VALUE.bool:
      return bytes.readUInt32LE(at) !== 0;
    case VALUE.binary:
      return bytes.toString('hex', at, at + size).toUpperCase();
    case VALUE.guid:
      return guidText(bytes, at);
    case VALUE.sizeT:
      if (size !== 4 && size !== 8) throw new BinXmlError('a size_t has neither 32 nor 64 bits');
      return scalar(size === 4 ? VALUE.hexInt32 : VALUE.hexInt64, bytes, at, size);
    case VALUE.fileTime:
      return fileTimeText(bytes, at);
    case VALUE.systemTime:
      return systemTimeText(bytes, at);
    case VALUE.sid:
      if (sidBytes(bytes, at, at + size) === undefined) throw new BinXmlError('a SID is cut short');
      return sidText(bytes, at);
    case VALUE.hexInt32:
      return `0x${bytes.readUInt32LE(at).toString(16)}`;
    case VALUE.hexInt64:
      return `0x${bytes.readBigUInt64LE(at).toString(16)}`;
    default:
      throw new BinXmlError('a value has an unknown type');
  }
};

const list = (type: number, bytes: Buffer, at: number, end: number): Scalar[] => {
  if (type === VALUE.string || type === VALUE.ansiString) {
    const own = bytes.subarray(at, end);
    const text = type === VALUE.string ? own.toString('utf16le') : ansi.decode(own);
    return text.replace(/\0$/, '').split('\0'); // each ends in a NUL
  }
  const items: Scalar[] = [];
  while (at < end) {
    const size = type === VALUE.sid ? sidBytes(bytes, at, end) : SIZES[type];
    if (size === undefined) throw new BinXmlError('an array has an item that cannot be read');
    items.push(scalar(type, bytes, at, Math.min(size, end - at)));
    at += size;
  }
  return items;
};

/** A value, or those of an array. One without bytes is null. @throws BinXmlError */
export const readValue = (
  type: number,
  bytes: Buffer,
  at: number,
  size: number,
): Scalar | readonly Scalar[] => {
  if (size === 0) return null;
  return (type & ARRAY) === 0 ? scalar(type, bytes, at, size) : list(type & ~ARRAY, bytes, at, at + size);
};
