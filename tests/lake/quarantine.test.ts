import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LayoutError } from '../../src/lake/layout.ts';
import {
  decodeQuarantine,
  encodeQuarantine,
  QuarantineError,
  quarantineKey,
  type QuarantinedRecord,
} from '../../src/lake/quarantine.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const record = (bytes: Uint8Array, extra: Partial<QuarantinedRecord> = {}): QuarantinedRecord => ({
  reason: 'not_json',
  input: 'host-1.ndjson',
  index: 3,
  bytes,
  ...extra,
});

const rowsOf = (object: Uint8Array): unknown[] =>
  gunzipSync(object)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('encodeQuarantine', () => {
  it('keeps UTF-8 as text and anything else as base64', () => {
    const object = encodeQuarantine([
      record(utf8('{"EventId": 1,\u2028 "é"\n'), { detail: '$.EventId' }),
      record(Uint8Array.of(0xff, 0xfe, 0x41, 0x00)),
    ]);
    expect(rowsOf(object)).toEqual([
      {
        reason: 'not_json',
        detail: '$.EventId',
        input: 'host-1.ndjson',
        index: 3,
        encoding: 'utf-8',
        data: '{"EventId": 1,\u2028 "é"\n',
      },
      { reason: 'not_json', input: 'host-1.ndjson', index: 3, encoding: 'base64', data: '//5BAA==' },
    ]);
  });

  it('keeps every byte of any records', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 100 }).map(utf8),
      fc.constantFrom(
        utf8(''),
        utf8('\ufeffbyte order mark'),
        utf8('\u0000\r\n'),
        Uint8Array.of(0xed, 0xa0, 0x80),
      ),
    );
    const anyRecord = fc.record(
      {
        reason: fc.string(),
        detail: fc.string(),
        input: fc.string({ unit: 'binary' }),
        index: fc.nat(),
        bytes: anyBytes,
      },
      { requiredKeys: ['reason', 'input', 'index', 'bytes'], noNullPrototype: true },
    ) as fc.Arbitrary<QuarantinedRecord>;
    fc.assert(
      fc.property(fc.array(anyRecord), (records) => {
        expect(decodeQuarantine(encodeQuarantine(records))).toEqual(
          records.map((given) => ({ ...given, bytes: Uint8Array.from(given.bytes) })),
        );
      }),
    );
  });

  it('takes the bytes of a view, not those around it', () => {
    const [decoded] = decodeQuarantine(encodeQuarantine([record(utf8('abcdef').subarray(2, 4))]));
    expect(decoded?.bytes).toEqual(utf8('cd'));
  });

  it('gives the same bytes for the same records, without a time or a system in them', () => {
    const object = encodeQuarantine([record(utf8('x'))]);
    expect(Buffer.compare(object, encodeQuarantine([record(utf8('x'))]))).toBe(0);
    expect([...object.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
    expect(object[9]).toBe(255);
  });
});

describe('decodeQuarantine', () => {
  const row = { reason: 'not_json', input: 'a', index: 0, encoding: 'utf-8', data: '' };
  const objectOf = (...rows: object[]): Uint8Array =>
    gzipSync(rows.map((each) => `${JSON.stringify(each)}\n`).join(''));

  it.each([
    ['no gzip', utf8('secret'), 0],
    ['a gzip that was cut', encodeQuarantine([record(utf8('secret'))]).subarray(0, 40), 0],
    ['a line that was cut', gzipSync(`${JSON.stringify(row)}\n{"secret`), 2],
    ['no JSON', gzipSync(`${JSON.stringify(row)}\nsecret\n`), 2],
    ['a missing reason', objectOf(row, row, { ...row, reason: undefined }), 3],
    ['a wrong index', objectOf({ ...row, index: -1 }), 1],
    ['an unknown encoding', objectOf({ ...row, encoding: 'secret' }), 1],
    ['wrong base64', objectOf({ ...row, encoding: 'base64', data: 'secret!' }), 1],
  ])('says which line it is for %s, and not what it holds', (_what, object, line) => {
    let thrown: unknown;
    try {
      decodeQuarantine(object);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(QuarantineError);
    expect(thrown).toMatchObject({ line });
    expect(String(thrown)).not.toContain('secret');
  });

  it('reads no records from an object of none', () => {
    expect(decodeQuarantine(encodeQuarantine([]))).toEqual([]);
  });
});

describe('quarantineKey', () => {
  it('is a name in the folder quarantine', () => {
    expect(quarantineKey('shard-0_1..2')).toBe('quarantine/shard-0_1..2.ndjson.gz');
    expect(() => quarantineKey('../x')).toThrow(LayoutError);
  });
});
