import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  compileTimeFormat,
  EVENT_TIME_MAX_MS,
  EVENT_TIME_MIN_MS,
  isEventTime,
  parseUtcTime,
  TimeFormatError,
} from '../../src/sysmon/time.ts';

const calendarTime = fc.date({
  min: new Date('1601-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

describe('parseUtcTime', () => {
  it.each([
    ['2020-06-10 02:50:54.631', '2020-06-10T02:50:54.631Z'],
    ['2020-06-10 02:50:54', '2020-06-10T02:50:54.000Z'],
    ['2020-06-10T02:50:54', '2020-06-10T02:50:54.000Z'],
    ['2020-06-10T02:50:54Z', '2020-06-10T02:50:54.000Z'],
    ['2022-05-13T08:54:05.1230000Z', '2022-05-13T08:54:05.123Z'],
    ['2022-05-13T08:54:05.9999999Z', '2022-05-13T08:54:05.999Z'],
    ['2022-05-13T08:54:05.123456789Z', '2022-05-13T08:54:05.123Z'],
    ['2022-05-13T08:54:05.5Z', '2022-05-13T08:54:05.500Z'],
    ['2022-05-13T08:54:05.07+02:00', '2022-05-13T06:54:05.070Z'],
    ['2022-05-13T23:54:05-05:30', '2022-05-14T05:24:05.000Z'],
    ['2024-02-29 00:00:00.000', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29 00:00:00.000', '2000-02-29T00:00:00.000Z'],
    ['1601-01-01 00:00:00.000', '1601-01-01T00:00:00.000Z'],
    ['9999-12-31 23:59:59.999', '9999-12-31T23:59:59.999Z'],
    ['1969-12-31 23:59:59.999', '1969-12-31T23:59:59.999Z'],
  ])('reads %s', (text, iso) => {
    expect(parseUtcTime(text)).toBe(Date.parse(iso));
  });

  it.each([
    '',
    '-',
    '2023-02-30 00:00:00.000',
    '2023-02-29 00:00:00.000',
    '1900-02-29 00:00:00.000',
    '2023-04-31 00:00:00.000',
    '2023-00-10 00:00:00.000',
    '2023-13-10 00:00:00.000',
    '2023-01-00 00:00:00.000',
    '2023-01-01 24:00:00.000',
    '2023-01-01 00:60:00.000',
    '2023-01-01 00:00:60.000',
    '1600-12-31 23:59:59.999',
    '1601-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '2023-1-01 00:00:00.000',
    '2023-01-01 0:00:00.000',
    '2023-01-01',
    '2023-01-01 00:00',
    '2023-01-01 00:00:00.',
    '2023-01-01 00:00:00.Z',
    '2023-01-01 00:00:00.1234567890',
    '2023-01-01 00:00:00,000',
    '2023-01-01  00:00:00.000',
    '2023-01-01 00:00:00.000 ',
    ' 2023-01-01 00:00:00.000',
    '2023-01-01t00:00:00.000',
    '2023-01-01T00:00:00ZZ',
    '2023-01-01T00:00:00+0100',
    '2023-01-01T00:00:00+24:00',
    '2023-01-01T00:00:00*01:00',
    '2023/01/01 00:00:00.000',
    '２０23-01-01 00:00:00.000',
    'Tue, 10 Jun 2020 02:50:54 GMT',
    '%2',
  ])('does not take %j for a time', (text) => {
    expect(parseUtcTime(text)).toBeUndefined();
  });

  it('reads back every time that a calendar has, in both forms', () => {
    fc.assert(
      fc.property(calendarTime, (time) => {
        const iso = time.toISOString();
        expect(parseUtcTime(iso)).toBe(time.getTime());
        expect(parseUtcTime(iso.replace('T', ' ').replace('Z', ''))).toBe(time.getTime());
      }),
    );
  });

  it('reads a day only if the calendar has it', () => {
    const two = (value: number) => String(value).padStart(2, '0');
    fc.assert(
      fc.property(fc.integer({ min: 1601, max: 9999 }), fc.nat(13), fc.nat(32), (year, month, day) => {
        const text = `${year}-${two(month)}-${two(day)}`;
        const date = new Date(Date.UTC(year, month - 1, day));
        const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        expect(parseUtcTime(`${text} 00:00:00.000`)).toBe(real ? date.getTime() : undefined);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^2020-06-10[ T]02:50:5.[.0-9Z+:-]{0,12}$/)),
        (text) => {
          const timeMs = parseUtcTime(text);
          expect(timeMs === undefined || Number.isInteger(timeMs)).toBe(true);
        },
      ),
    );
  });
});

describe('isEventTime', () => {
  it('holds from 1980 until 2100', () => {
    expect(EVENT_TIME_MIN_MS).toBe(parseUtcTime('1980-01-01 00:00:00.000'));
    expect(EVENT_TIME_MAX_MS).toBe(parseUtcTime('2100-01-01 00:00:00.000'));
    expect(
      [EVENT_TIME_MIN_MS - 1, EVENT_TIME_MIN_MS, EVENT_TIME_MAX_MS - 1, EVENT_TIME_MAX_MS].map(isEventTime),
    ).toEqual([false, true, true, false]);
    expect(isEventTime(Number.NaN)).toBe(false);
  });
});

describe('compileTimeFormat', () => {
  it("gives the fast reader for Sysmon's own format", () => {
    expect(compileTimeFormat('%Y-%m-%d %H:%M:%S.%f')).toBe(parseUtcTime);
  });

  it.each([
    ['%Y-%m-%dT%H:%M:%S.%fZ', '2020-06-10T02:50:54.6311111Z', '2020-06-10T02:50:54.631Z'],
    ['%F %T', '2020-06-10 02:50:54', '2020-06-10T02:50:54.000Z'],
    ['%d.%m.%Y', '1.6.2020', '2020-06-01T00:00:00.000Z'],
    ['%Y%m%d%H%M%S', '20200610025054', '2020-06-10T02:50:54.000Z'],
    ['%F %T %z', '2020-06-10 02:50:54 +0130', '2020-06-10T01:20:54.000Z'],
    ['%F %T %z', '2020-06-10 02:50:54 -01:30', '2020-06-10T04:20:54.000Z'],
    ['%F %T%z', '2020-06-10 02:50:54Z', '2020-06-10T02:50:54.000Z'],
    ['%F %T %Z', '2020-06-10 02:50:54 GMT', '2020-06-10T02:50:54.000Z'],
    ['%s', '1591757454', '2020-06-10T02:50:54.000Z'],
    ['%s.%f', '1591757454.5', '2020-06-10T02:50:54.500Z'],
    ['%%[%F]*', '%[2020-06-10]*', '2020-06-10T00:00:00.000Z'],
  ])('reads by %s', (format, text, iso) => {
    expect(compileTimeFormat(format)(text)).toBe(Date.parse(iso));
  });

  it.each([
    ['%F %T', '2020-06-31 02:50:54'],
    ['%F %T', '2020-06-10 25:50:54'],
    ['%F %T', '2020-06-10 02:50:54 '],
    ['%F %T', '2020-06-10T02:50:54'],
    ['%F', 'x2020-06-10'],
    ['%F %z', '2020-06-10 +99:00'],
    ['%F %Z', '2020-06-10 CET'],
    ['%F', '1600-06-10'],
    ['%s', '999999999999'],
    ['%s', ''],
    ['%F.', '2020-06-10x'],
  ])('by %s does not read %j', (format, text) => {
    expect(compileTimeFormat(format)(text)).toBeUndefined();
  });

  it.each([
    ['%Y-%j', '%j', 'unsupported'],
    ['%F %I:%M %p', '%I', 'unsupported'],
    ['%F %', '%', 'unsupported'],
    ['%F %Y', '%Y', 'repeated'],
    ['%H:%M', '%Y', 'missing'],
    ['%Y-%m', '%d', 'missing'],
    ['', '%Y', 'missing'],
  ])('refuses %j because of %s', (format, directive, problem) => {
    const compile = () => compileTimeFormat(format);
    expect(compile).toThrow(TimeFormatError);
    expect(compile).toThrow(expect.objectContaining({ format, directive, problem }));
  });

  it('reads what it would have written, for every time', () => {
    const read = compileTimeFormat('%FT%T.%f%z');
    fc.assert(fc.property(calendarTime, (time) => read(time.toISOString()) === time.getTime()));
  });
});

describe('a text that is nearly a time', () => {
  const time = '2020-06-10 02:50:54.631+02:00';
  const at = (offset: number, character: string): string =>
    time.slice(0, offset) + character + time.slice(offset + 1);

  it('is a time as it stands', () => {
    expect(parseUtcTime(time)).toBe(Date.UTC(2020, 5, 10, 0, 50, 54, 631));
  });

  // Characters just below and above the digits, and one that is far from them.
  const positions = Array.from(time, (_, offset) => offset);
  it.each(positions)('is none with another character at %d', (offset) => {
    for (const character of ['/', ';', 'x']) expect(parseUtcTime(at(offset, character))).toBeUndefined();
  });

  it.each([`${time}0`, time.slice(0, -1), `${time}Z`])('is none at another length: %s', (text) => {
    expect(parseUtcTime(text)).toBeUndefined();
  });
});

describe('TimeFormatError', () => {
  it('says in one line which directive of which format is wrong', () => {
    const error = new TimeFormatError('%Y %j', '%j', 'unsupported');
    expect(error.name).toBe('TimeFormatError');
    expect(error.message).toBe('time format "%Y %j": %j is unsupported');
  });
});
