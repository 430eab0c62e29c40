import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instantMs, instantOfEpochMs, instantOfEpochNs, instantText } from '../../src/sysmon/instant.ts';

describe('instantText', () => {
  it.each(['2024-03-01T08:22:36Z', '2024-03-01T08:22:36.7Z', '2024-03-01T08:22:36.7399186Z'])(
    'leaves %s as it is',
    (text) => expect(instantText(text)).toBe(text),
  );

  it.each([
    ['2024-03-01 08:22:36.739918 UTC', '2024-03-01T08:22:36.739918Z'],
    ['2024-03-01 08:22:36.739918+00:00', '2024-03-01T08:22:36.739918Z'],
    ['2024-03-01T08:22:36.739918600Z', '2024-03-01T08:22:36.7399186Z'],
    ['2024-03-01t08:22:36,5z', '2024-03-01T08:22:36.5Z'],
    ['2019-05-18 20:36:46 +0000', '2019-05-18T20:36:46Z'],
    ['2019-05-18 20:36:46 -0530', '2019-05-19T02:06:46Z'],
    ['2020-10-18T22:10:49.123456+02:00', '2020-10-18T20:10:49.123456Z'],
    ['2020-10-18T22:10:49+02', '2020-10-18T20:10:49Z'],
    ['Fri, 03 Nov 2023 08:26:40 GMT', '2023-11-03T08:26:40Z'],
    ['3 Nov 2023 08:26:40 +0100', '2023-11-03T07:26:40Z'],
    ['Oct 18, 2023 01:02:03.123456789 UTC', '2023-10-18T01:02:03.1234567Z'],
    ['20231103T082640.123Z', '2023-11-03T08:26:40.123Z'],
    ['2023/11/03 8:26:40 UTC', '2023-11-03T08:26:40Z'],
    ['2023-11-03 08:26Z', '2023-11-03T08:26:00Z'],
    ['2023-11-03T10:26:40 UTC+02:00', '2023-11-03T08:26:40Z'],
    ['2023-11-03 09:26:40.5 +0100 CET', '2023-11-03T08:26:40.5Z'],
    ['2023-11-03T09:26:40+01:00[Europe/Berlin]', '2023-11-03T08:26:40Z'],
    ['2023-11-03T08:26:40Z[UTC]', '2023-11-03T08:26:40Z'],
    ['Fri, 03 Nov 2023 08:26:40 +0000 (UTC)', '2023-11-03T08:26:40Z'],
    ['Fri Nov 03 2023 09:26:40 GMT+0100 (Central European Standard Time)', '2023-11-03T08:26:40Z'],
    ['Fri Nov  3 08:26:40 UTC 2023', '2023-11-03T08:26:40Z'],
    ['November 3, 2023 08:26:40 GMT', '2023-11-03T08:26:40Z'],
    ['20231103092640.123456+060', '2023-11-03T08:26:40.123456Z'],
    ['20231103023640.123456-350', '2023-11-03T08:26:40.123456Z'],
    ['/Date(1699000000123)/', '2023-11-03T08:26:40.123Z'],
    ['\\/Date(1699000000123+0100)\\/', '2023-11-03T08:26:40.123Z'],
  ])('reads %s', (text, instant) => expect(instantText(text)).toBe(instant));

  it.each([
    '2024-03-01 08:22:36.739918',
    '2024-03-01T08:22:36',
    'Oct 18, 2023 01:02:03',
    '2024-03-01 08:22:36 CET',
    '2024-03-01T08:22:36Z CET',
    '2024-03-01T08:22:36[UTC]',
    '2024-03-01 08:22.5Z',
    '2024-03-01T08:22:36.Z',
    '2024-03/01 08:22:36 UTC',
    '20240301T082236',
    '20240301082236.123456',
    'Fri Mar  1 08:22:36 2024',
    'Octopus 18, 2023 01:02:03 UTC',
    '01/03/2024 08:22:36 UTC',
    '2024-02-30T00:00:00Z',
    '2024-03-01T24:00:00Z',
    '2024-03-01T08:22:36+25:00',
    '0001-01-01T00:00:00Z',
    '1699000000123',
    '/Date(99999999999999999)/',
    'Foo 18, 2023 01:02:03 UTC',
    '',
    'x'.repeat(1_000_000),
  ])('does not read %s', (text) => expect(instantText(text)).toBeUndefined());

  it('takes a time without a zone for UTC only where the carrier says so', () => {
    expect(instantText('2024-03-01 08:22:36.739918', { assumeUtc: true })).toBe(
      '2024-03-01T08:22:36.739918Z',
    );
    expect(instantText('2024-03-01 08:22:36 +01:00', { assumeUtc: true })).toBe('2024-03-01T07:22:36Z');
    expect(instantText('Fri Mar  1 08:22:36 2024', { assumeUtc: true })).toBe('2024-03-01T08:22:36Z');
    expect(instantText('2024-03-01 08:22:36 CET', { assumeUtc: true })).toBeUndefined();
  });

  it('reads what it has written, and never throws', () => {
    const date = fc.date({
      min: new Date(Date.UTC(1700, 0)),
      max: new Date(Date.UTC(9000, 0)),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (time) =>
        expect(instantText(time.toUTCString())).toBe(`${time.toISOString().slice(0, 19)}Z`),
      ),
    );
    const words = [
      '0',
      '2',
      '13',
      '-',
      ':',
      '.',
      '+',
      ' ',
      'T',
      'Z',
      ' UTC',
      'Fri',
      ' Mar ',
      '2024-03-01',
      '08:22:36',
    ];
    const pieces = fc.constantFrom(...words);
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, fc.boolean(), (spelling, assumeUtc) => {
        const instant = instantText(spelling, { assumeUtc });
        expect(instant === undefined ? undefined : instantText(instant)).toBe(instant);
      }),
    );
  });
});

describe('instantMs', () => {
  it('gives the milliseconds of a text that names its zone, and of no other', () => {
    expect(instantMs('2023-11-03 09:26:40.1239 +0100')).toBe(1_699_000_000_123);
    expect(instantMs('3 Nov 2023 09:26:40')).toBeUndefined();
  });
});

describe('instants of numbers', () => {
  it('reads epoch milliseconds and nanoseconds', () => {
    expect(instantOfEpochMs(1783681159180)).toBe('2026-07-10T10:59:19.180Z');
    expect(instantOfEpochNs('1783681159180123456')).toBe('2026-07-10T10:59:19.1801234Z');
  });

  it.each([NaN, Infinity, 1e300, -1e15, '1', null])('has no time in %j', (value) => {
    expect(instantOfEpochMs(value)).toBeUndefined();
  });

  it.each(['0', '', 'x', '12', -5, 1.5, null])('has no time in %j nanoseconds', (value) => {
    expect(instantOfEpochNs(value)).toBeUndefined();
  });
});
