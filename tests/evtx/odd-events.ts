/**
 * Events with everything that binary XML can hold and Sysmon seldom writes: read by the tests, and compared with the
 * Rust library by scripts/verify-evtx.sh.
 */
import { element, instance, place, text, type Writer, type WrittenValue } from './write-binxml.ts';
import type { LogEvent } from './write-evtx.ts';

const value = (type: number, ...bytes: readonly (number | string)[]): WrittenValue => ({
  type,
  bytes: Buffer.concat(
    bytes.map((one) => (typeof one === 'string' ? Buffer.from(one, 'hex') : Buffer.of(one))),
  ),
});
const utf16 = (type: number, text: string): WrittenValue => ({ type, bytes: Buffer.from(text, 'utf16le') });
const real = (digits: number, number: number): WrittenValue => {
  const bytes = Buffer.alloc(digits / 8);
  if (digits === 32) bytes.writeFloatLE(number);
  else bytes.writeDoubleLE(number);
  return { type: digits === 32 ? 0x0b : 0x0c, bytes };
};

const GUID = '78563412341278561234567890abcdef';
const SID = '010500000000000515000000010000000200000003000000f4010000';
const FILETIME = '00f05e3a8bded601';
const SYSTEMTIME = 'e4070c0003001e0003000400050006 00'.replace(' ', '');

/** Values of each type, by the name of the type. */
export const TYPES: Readonly<Record<string, WrittenValue>> = {
  null: value(0x00),
  string: utf16(0x01, 'ä\u{1f600}"\\\n\u0001'),
  emptyString: value(0x01),
  terminated: utf16(0x01, 'abc\0'),
  beyondNul: utf16(0x01, 'abc\0def'),
  loneSurrogate: utf16(0x01, 'a\ud800b'),
  ansi: value(0x02, '41c49300'),
  int8: value(0x03, 'ff'),
  uint8: value(0x04, 'ff'),
  int16: value(0x05, 'feff'),
  uint16: value(0x06, 'feff'),
  int32: value(0x07, 'fdffffff'),
  uint32: value(0x08, 'fdffffff'),
  int64: value(0x09, 'fcffffffffffffff'),
  uint64: value(0x0a, 'fcffffff00000000'),
  uint64Large: value(0x0a, 'ffffffffffffffff'),
  real32: real(32, 0.1),
  real32Large: real(32, 16_777_216.5e20),
  real64: real(64, 1 / 3),
  real64Large: real(64, 1e300),
  true: value(0x0d, '01000000'),
  false: value(0x0d, '00000000'),
  binary: value(0x0e, '00ff10ab'),
  emptyBinary: value(0x0e),
  guid: value(0x0f, GUID),
  sizeT32: value(0x10, '00ff0000'),
  sizeT64: value(0x10, '00ff000001000000'),
  fileTime: value(0x11, FILETIME),
  fileTimeZero: value(0x11, '0000000000000000'),
  systemTime: value(0x12, SYSTEMTIME),
  sid: value(0x13, SID),
  sidNobody: value(0x13, '010100000000000000000000'),
  hex32: value(0x14, '0000ab0c'),
  hex64: value(0x15, '0000ab0c00000010'),
};

/** Arrays, by the name of the type of their items. */
export const ARRAYS: Readonly<Record<string, WrittenValue>> = {
  strings: utf16(0x81, 'a\0\0c\0'),
  stringsUnterminated: utf16(0x81, 'a\0b'),
  oneString: utf16(0x81, 'alone\0'),
  uint8s: value(0x84, '0102ff'),
  int32s: value(0x87, '01000000feffffff'),
  oneUint32: value(0x88, '07000000'),
  bools: value(0x8d, '0100000000000000'),
  guids: value(0x8f, GUID, GUID),
  fileTimes: value(0x91, FILETIME, FILETIME),
  sids: value(0x93, SID, '010100000000000512000000'),
  hex32s: value(0x94, '0100000002000000'),
};

const eventData =
  (key: string, values: readonly WrittenValue[], content: (out: Writer) => void, root = 'EventData') =>
  (out: Writer): void =>
    void instance(out, key, () => element(out, root, {}, () => content(out)), values);

const named = (out: Writer, name: string, content: () => void): void =>
  element(out, 'Data', { Name: name }, content);

/** What stands behind System. */
export const DATA: Readonly<Record<string, (out: Writer) => void>> = {
  mixedText: eventData('mixed', [utf16(0x01, 'x'), value(0x08, '05000000')], (out) => {
    named(out, 'A', () => {
      text(out, 'before ');
      place(out, 0, 0x01);
      text(out, ' between ');
      place(out, 1, 0x08);
    });
  }),
  twice: eventData('twice', [utf16(0x01, 'x'), utf16(0x01, 'y')], (out) => {
    named(out, 'A', () => place(out, 0, 0x01));
    named(out, 'A', () => place(out, 1, 0x01));
  }),
  nameIsValue: eventData('nameIsValue', [utf16(0x01, 'Name1'), utf16(0x01, 'x')], (out) =>
    element(out, 'Data', { Name: 0 }, () => place(out, 1, 0x01)),
  ),
  requiredNull: eventData('requiredNull', [value(0x00)], (out) => {
    named(out, 'A', () => place(out, 0, 0x01, false));
    element(out, 'Other', {}, () => place(out, 0, 0x01, false));
  }),
  optionalNull: eventData('optionalNull', [value(0x00)], (out) => {
    named(out, 'A', () => place(out, 0, 0x01));
    element(out, 'Other', { x: 0 }, () => place(out, 0, 0x01));
  }),
  missing: eventData('missing', [utf16(0x01, 'x')], (out) => {
    named(out, 'A', () => place(out, 0, 0x01));
    named(out, 'B', () => place(out, 7, 0x01));
  }),
  userData: eventData(
    'userData',
    [utf16(0x01, 'x'), value(0x08, '05000000')],
    (out) =>
      element(out, 'Inner', { xmlns: 'urn:x', n: 1 }, () => {
        element(out, 'Data', { Name: 'A' }, () => place(out, 0, 0x01));
        element(out, 'Same', {}, () => place(out, 0, 0x01));
        element(out, 'Same', {}, () => place(out, 1, 0x08));
        element(out, 'Empty', {}, () => undefined);
      }),
    'UserData',
  ),
  elementInData: eventData('elementInData', [utf16(0x01, 'x')], (out) =>
    named(out, 'A', () => element(out, 'Inner', {}, () => place(out, 0, 0x01))),
  ),
  withoutTemplate: (out) =>
    element(out, 'EventData', {}, () => element(out, 'Data', { Name: 'A' }, () => text(out, 'x'))),
  nested: eventData('nested', [{ type: 0x21, bytes: Buffer.alloc(0) }, utf16(0x01, 'x')], (out) => {
    place(out, 0, 0x21);
    named(out, 'A', () => place(out, 1, 0x01));
  }),
  emptyDataBinaryElement: eventData('binaryElement', [value(0x0e, '0102')], (out) => {
    element(out, 'Data', {}, () => undefined);
    element(out, 'Binary', {}, () => place(out, 0, 0x0e));
  }),
};

const event = (recordId: number, rest: Partial<LogEvent>): LogEvent => ({
  recordId,
  eventId: 1,
  computer: 'h.example',
  fields: {},
  ...rest,
});

/** An event for each of these, by its name. */
export const oddEvents = (): ReadonlyMap<string, LogEvent> => {
  const events: [string, Partial<LogEvent>][] = [
    ...Object.entries(TYPES).map(([name, one]): [string, Partial<LogEvent>] => [
      `named ${name}`,
      { fields: { [name]: one } },
    ]),
    ...Object.entries(ARRAYS).map(([name, one]): [string, Partial<LogEvent>] => [
      `named ${name}`,
      { fields: { [name]: one } },
    ]),
    ...Object.entries({ ...TYPES, ...ARRAYS }).map(([name, one]): [string, Partial<LogEvent>] => [
      `unnamed ${name}`,
      { unnamed: [one] },
    ]),
    ['unnamed and empty', { unnamed: ['-', '', 'x'] }],
    ['unnamed array among others', { unnamed: ['-', utf16(0x81, 'a\0\0'), 'x'] }],
    ...Object.entries(DATA).map(([name, data]): [string, Partial<LogEvent>] => [name, { data }]),
  ];
  return new Map(events.map(([name, rest], at) => [name, event(at + 1, rest)]));
};
