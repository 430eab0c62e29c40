import { describe, expect, it } from '@jest/globals';
import { ARRAYS, TYPES } from './odd-events.ts';
import { readAll } from './read-all.ts';
import type { WrittenValue } from './write-binxml.ts';
import { writeEvtx, type LogEvent } from './write-evtx.ts';

const event = (rest: Partial<LogEvent>): LogEvent => ({
  recordId: 1,
  eventId: 1,
  computer: 'h.example',
  fields: {},
  ...rest,
});

/** What stands in EventData; undefined where the record is damaged. */
const dataOf = async (rest: Partial<LogEvent>): Promise<unknown> => {
  const [one] = (await readAll(writeEvtx([[event(rest)]]))).events;
  return (one?.Event as Record<string, unknown> | undefined)?.EventData;
};

const GUID = '12345678-1234-5678-1234-567890ABCDEF';

/** As the Rust library has them, but for the last digits of times and of large numbers. */
const EXPECTED: Readonly<Record<keyof typeof TYPES, unknown>> = {
  null: '',
  string: 'ä\u{1f600}"\\\n\u0001',
  emptyString: '',
  terminated: 'abc',
  beyondNul: 'abc',
  loneSurrogate: 'a\ud800b',
  ansi: 'AÄ“',
  int8: -1,
  uint8: 255,
  int16: -2,
  uint16: 65_534,
  int32: -3,
  uint32: 4_294_967_293,
  int64: -4,
  uint64: 4_294_967_292,
  uint64Large: '18446744073709551615',
  real32: 0.1,
  real32Large: 1.6777216e27,
  real64: 1 / 3,
  real64Large: 1e300,
  true: true,
  false: false,
  binary: '00FF10AB',
  emptyBinary: '',
  guid: GUID,
  sizeT32: '0xff00',
  sizeT64: '0x10000ff00',
  fileTime: '2020-12-30T09:07:41.5129088Z',
  fileTimeZero: '1601-01-01T00:00:00.0000000Z',
  systemTime: '2020-12-30T03:04:05.006Z',
  sid: 'S-1-5-21-1-2-3-500',
  sidNobody: 'S-1-0-0',
  hex32: '0xcab0000',
  hex64: '0x100000000cab0000',
};

const LISTS: Readonly<Record<keyof typeof ARRAYS, unknown>> = {
  strings: ['a', '', 'c'],
  stringsUnterminated: ['a', 'b'],
  oneString: 'alone',
  uint8s: [1, 2, 255],
  int32s: [1, -2],
  oneUint32: 7,
  bools: [true, false],
  guids: [GUID, GUID],
  fileTimes: ['2020-12-30T09:07:41.5129088Z', '2020-12-30T09:07:41.5129088Z'],
  sids: ['S-1-5-21-1-2-3-500', 'S-1-5-18'],
  hex32s: ['0x1', '0x2'],
};

describe('a value', () => {
  it.each(Object.keys(TYPES))('of the type %s is read', async (name) => {
    expect(await dataOf({ fields: { [name]: TYPES[name]! } })).toEqual({ [name]: EXPECTED[name] });
    expect(await dataOf({ unnamed: [TYPES[name]!] })).toEqual({ Data: { '#text': EXPECTED[name] } });
  });

  it.each(Object.keys(ARRAYS))('that is an array (%s) repeats its element', async (name) => {
    expect(await dataOf({ unnamed: [ARRAYS[name]!] })).toEqual({ Data: { '#text': LISTS[name] } });
  });

  it('that is an array keeps the places of the values around it', async () => {
    const { strings } = ARRAYS;
    expect(await dataOf({ unnamed: ['-', strings!, 'x'] })).toEqual({
      Data: { '#text': ['-', 'a', '', 'c', 'x'] },
    });
    expect(await dataOf({ fields: { A: strings!, A_1: 'own' } })).toEqual({
      A: 'a',
      A_1: '',
      A_2: 'c',
      A_1_1: 'own',
    });
  });

  const broken: readonly (readonly [string, WrittenValue])[] = (
    [
      ['half of a UTF-16 unit', 0x01, '610062'],
      ['too few bytes for its type', 0x08, '0100'],
      ['a boolean of one byte', 0x0d, '01'],
      ['a SID without its parts', 0x13, '0105000000000005'],
      ['a SID without its head', 0x13, '0105'],
      ['a size_t of three bytes', 0x10, '010203'],
      ['a month 13', 0x12, 'e4070d0003001e00030004000500 0600'],
      ['a handle', 0x20, 'aabb'],
      ['an unknown type', 0x7f, 'aabb'],
      ['an array of an unknown type', 0xff, 'aabb'],
      ['an array with half an item', 0x87, '010000000200'],
      ['an array with half a SID', 0x93, '0101000000000005120000000101'],
    ] as const
  ).map(([name, type, hex]) => [name, { type, bytes: Buffer.from(hex.replace(' ', ''), 'hex') }]);

  it.each(broken)('with %s damages its record', async (_, value) => {
    expect(await dataOf({ fields: { A: value } })).toBeUndefined();
  });
});
