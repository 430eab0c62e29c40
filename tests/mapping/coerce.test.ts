import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalIp, coerceLiteral, coercion } from '../../src/mapping/coerce.ts';
import type { Coercion } from '../../src/mapping/coerce.ts';
import type { OcsfAttribute } from '../../src/ocsf/schema.ts';
import { OCSF_VERSIONS, ocsfSchema } from '../../src/ocsf/schemas.ts';
import { scalarProblems } from '../../src/ocsf/scalar.ts';
import { parseUtcTime } from '../../src/sysmon/time.ts';

const schema = ocsfSchema('1.1.0')!;
const to = (type: string, more: Partial<OcsfAttribute> = {}): Coercion =>
  coercion(schema, { type, requirement: 'optional', ...more }, parseUtcTime);
const convert = (type: string, text: string): unknown => to(type).convert(text);

it.each([
  ['boolean_t', 'boolean'],
  ['float_t', 'double'],
  ['integer_t', 'bigint'],
  ['ip_t', 'string'],
  ['json_t', 'json'],
  ['long_t', 'bigint'],
  ['port_t', 'bigint'],
  ['string_t', 'string'],
  ['timestamp_t', 'bigint'],
  ['uuid_t', 'string'],
  ['no_such_t', 'string'],
])('a %s has a column of kind %s', (type, kind) => {
  expect(to(type).column).toEqual({ kind });
});

describe('an integer', () => {
  it.each([
    ['0', 0],
    ['4', 4],
    ['007', 7],
    ['4294967295', 4294967295],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['0x3E7', 999],
    ['0x3e7', 999],
    ['0X1FFFFF', 0x1fffff],
    ['0x1fffffffffffff', Number.MAX_SAFE_INTEGER],
  ])('%s is %d', (text, value) => {
    expect(convert('integer_t', text)).toBe(value);
    expect(convert('long_t', text)).toBe(value);
  });

  it.each([
    '-1',
    '+1',
    '1.0',
    '1e3',
    ' 1',
    '1 ',
    '0x',
    '3E7',
    '9007199254740992',
    '18446744073709551615',
    '0xffffffffffffffff',
    '00000000000000001',
    '',
    'four',
    '١',
  ])('%j is none', (text) => {
    expect(convert('integer_t', text)).toBeUndefined();
    expect(convert('long_t', text)).toBeUndefined();
  });

  it('of a port ends at 65535', () => {
    expect(convert('port_t', '0')).toBe(0);
    expect(convert('port_t', '65535')).toBe(65535);
    expect(convert('port_t', '65536')).toBeUndefined();
    expect(convert('port_t', '70000')).toBeUndefined();
    expect(convert('port_t', '-1')).toBeUndefined();
  });

  it('that a converter gives is held to the same borders', () => {
    const { accepts } = to('port_t');
    expect([-1, 0, 65535, 65536].map((value) => accepts?.(value))).toEqual([false, true, true, false]);
    expect(to('integer_t').accepts?.(-1)).toBe(true);
  });

  it('that is an id is one of the listed ones', () => {
    const { convert: id, accepts } = to('integer_t', {
      enum: { '0': 'Unknown', '1': 'Launch', '99': 'Other' },
    });
    expect(id('1')).toBe(1);
    expect(id('99')).toBe(99);
    expect(id('2')).toBeUndefined();
    expect(id('0x1')).toBe(1);
    expect([accepts?.(1), accepts?.(2), accepts?.('1')]).toEqual([true, false, false]);
  });
});

describe('a time', () => {
  it.each([
    ['2020-06-10 02:50:54.631', Date.UTC(2020, 5, 10, 2, 50, 54, 631), true],
    ['2022-05-13T08:54:05.1230000Z', Date.UTC(2022, 4, 13, 8, 54, 5, 123), true],
    ['2022-05-13T08:54:05.1230001Z', Date.UTC(2022, 4, 13, 8, 54, 5, 123), false],
    ['2021-12-04T21:19:16.7416789Z', Date.UTC(2021, 11, 4, 21, 19, 16, 741), false],
    ['2020-06-10T04:50:54+02:00', Date.UTC(2020, 5, 10, 2, 50, 54), true],
    ['2020-06-10 02:50:54.631 UTC', Date.UTC(2020, 5, 10, 2, 50, 54, 631), true],
    ['2020-06-10 02:50:54,6314 UTC', Date.UTC(2020, 5, 10, 2, 50, 54, 631), false],
    ['Wed, 10 Jun 2020 02:50:54 GMT', Date.UTC(2020, 5, 10, 2, 50, 54), true],
    ['/Date(1591757454631)/', Date.UTC(2020, 5, 10, 2, 50, 54, 631), true],
  ])('%s is epoch milliseconds; whether they say all: ', (text, ms, isAll) => {
    const { convert: time, keepsAll } = to('timestamp_t');
    expect(time(text)).toBe(ms);
    expect(keepsAll?.(text)).toBe(isAll);
  });

  it.each(['2020-13-10 02:50:54.631', '1591757454', 'yesterday', '2020-06-10', 'Jun 10, 2020 02:50:54'])(
    '%s is none',
    (text) => {
      expect(convert('timestamp_t', text)).toBeUndefined();
    },
  );

  it('may also be of the format that the mapping names', () => {
    const own = coercion(schema, { type: 'timestamp_t', requirement: 'optional' }, (text) =>
      text === 'noon' ? 12 : undefined,
    );
    expect(own.convert('noon')).toBe(12);
    expect(own.convert('1970-01-01 00:00:01.000')).toBe(1000);
  });
});

describe('an address', () => {
  it.each([
    ['172.18.39.5', '172.18.39.5'],
    ['0.0.0.0', '0.0.0.0'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['fe80:0:0:0:5cb9:6d15:e592:60fe', 'fe80::5cb9:6d15:e592:60fe'],
    ['ff02:0:0:0:0:0:0:fb', 'ff02::fb'],
    ['e000:fc:0:0:d778:8035:0:0', 'e000:fc::d778:8035:0:0'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
    ['fe80::1%5', 'fe80::1%5'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
  ])('%s is %s (RFC 5952)', (text, canonical) => {
    expect(convert('ip_t', text)).toBe(canonical);
  });

  it.each([
    '1.2.3',
    '256.1.1.1',
    '010.1.1.1',
    '0x7f.1.1.1',
    '1234',
    'host',
    'fe80::1::2',
    '::1.2.3.4',
    '1.2.3.4:80',
    ' ::1',
    'System',
  ])('%s is none', (text) => {
    expect(convert('ip_t', text)).toBeUndefined();
  });

  it('is the same however it is written, and in its shortest form already', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const canonical = canonicalIp(text);
        if (canonical === undefined) expect(text).toMatch(/^::\d+\.\d+/);
        else {
          expect(canonicalIp(canonical)).toBe(canonical);
          expect(canonicalIp(text.toUpperCase())).toBe(canonical);
          expect(new URL(`http://[${canonical}]`).hostname).toBe(new URL(`http://[${text}]`).hostname);
        }
      }),
    );
    fc.assert(fc.property(fc.ipV4(), (text) => expect(canonicalIp(text)).toBe(text)));
  });
});

describe('a UUID', () => {
  const uuid = '6a910b9d-498a-5ee0-c903-000000000400';
  it('is without its braces, and in its own letters', () => {
    expect(convert('uuid_t', `{${uuid}}`)).toBe(uuid);
    expect(convert('uuid_t', uuid)).toBe(uuid);
    expect(convert('uuid_t', `{${uuid.toUpperCase()}}`)).toBe(uuid.toUpperCase());
  });
  it.each([`{${uuid}`, `${uuid}}`, uuid.slice(1), `${uuid} `, 'none', ''])('%s is none', (text) => {
    expect(convert('uuid_t', text)).toBeUndefined();
  });
});

describe('a truth value', () => {
  it.each([
    ['true', true],
    ['True', true],
    ['FALSE', false],
    ['yes', undefined],
    ['1', undefined],
    ['constructor', undefined],
    ['toString', undefined],
    ['__proto__', undefined],
  ])('%s is %s', (text, value) => {
    expect(convert('boolean_t', text)).toBe(value);
  });
});

describe('a fraction', () => {
  it.each([
    ['1', 1],
    ['15.0', 15],
    ['-4.90', -4.9],
    ['1e3', undefined],
    ['NaN', undefined],
    ['.5', undefined],
    ['9'.repeat(400), undefined],
  ])('%s is %s', (text, value) => {
    expect(convert('float_t', text)).toBe(value);
  });
});

describe('a text', () => {
  it('may be as long as its type allows, counted in code points', () => {
    expect(convert('file_hash_t', 'a'.repeat(64))).toBe('a'.repeat(64));
    expect(convert('file_hash_t', 'a'.repeat(65))).toBeUndefined();
    expect(convert('file_hash_t', '😀'.repeat(64))).toBe('😀'.repeat(64));
    expect(convert('file_hash_t', '😀'.repeat(65))).toBeUndefined();
    expect(convert('string_t', 'a'.repeat(65535))).toHaveLength(65535);
    expect(convert('string_t', 'a'.repeat(65536))).toBeUndefined();
  });

  it('is kept as it is, blanks and all', () => {
    for (const text of [' x ', 'C:\\a\\', '®', '%7', '']) expect(convert('string_t', text)).toBe(text);
  });

  it('is what a type unknown to OCSF is taken for', () => {
    expect(to('no_such_t').convert('x')).toBe('x');
  });
});

it('gives nothing that OCSF would refuse, of any type, from any text', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('0', '65536', '0xFF', 'true', '::1', '1.5', '2020-06-10 02:50:54.631'),
    fc.integer().map(String),
    fc.tuple(fc.ipV6(), fc.nat()).map(([address, zone]) => `${address}%${zone}`),
    fc.constant('fe80:1111:1111:1111:1111:1111:1111:1111%12'),
  );
  for (const version of OCSF_VERSIONS) {
    const one = ocsfSchema(version)!;
    for (const [name, type] of Object.entries(one.types)) {
      const { convert: any } = coercion(one, { type: name, requirement: 'optional' }, parseUtcTime);
      fc.assert(
        fc.property(text, (given) => {
          const value = any(given);
          if (value === undefined) return;
          const problems = scalarProblems(type, name, value).filter(
            ({ code }) => code !== 'attribute_value_regex_not_matched',
          );
          expect(problems).toEqual([]);
        }),
        { numRuns: 50 },
      );
    }
  }
});

describe('a literal of a mapping', () => {
  it.each([
    [1, 'integer_t', 1],
    ['1', 'integer_t', 1],
    [-60, 'integer_t', -60],
    [1.5, 'integer_t', undefined],
    [true, 'integer_t', undefined],
    ['host', 'integer_t', undefined],
    [1, 'string_t', '1'],
    [true, 'string_t', 'true'],
    [true, 'boolean_t', true],
    ['true', 'boolean_t', true],
    [1, 'boolean_t', undefined],
    [1.5, 'float_t', 1.5],
    ['::1', 'ip_t', '::1'],
    ['nowhere', 'ip_t', undefined],
    [1.5, 'json_t', 1.5],
    ['{5770385F-C22A-43E0-BF4C-06F5698FFBD9}', 'uuid_t', '5770385F-C22A-43E0-BF4C-06F5698FFBD9'],
  ])('%j is of type %s', (literal, type, value) => {
    expect(coerceLiteral(literal, to(type))).toBe(value);
  });
});

describe('a value that only begins or ends like one', () => {
  it.each(['xtrue', 'truex', 'xfalse', 'falsely'])('%s is no truth value', (text) => {
    expect(convert('boolean_t', text)).toBeUndefined();
  });

  it.each(['::1.22.3.4', '::11.2.33.44', '::255.255.255.255'])('%s is no address', (text) => {
    expect(convert('ip_t', text)).toBeUndefined();
  });
});

describe('a literal fraction', () => {
  it('has a column of its own type, and is what the file says, however small', () => {
    expect(to('float_t').column).toEqual({ kind: 'double' });
    expect(coerceLiteral(1e-9, to('float_t'))).toBe(1e-9);
  });

  it('may be written as text, and is a number then', () => {
    expect(coerceLiteral('1.5', to('float_t'))).toBe(1.5);
  });
});
