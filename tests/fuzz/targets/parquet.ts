/** The Parquet encoder: its pieces, read by a few lines that are not its own, and whole files, read by hyparquet. */
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import type { Column, ColumnType, OcsfRecord, OcsfValue } from '../../../src/ocsf/column.ts';
import { boundsOf } from '../../../src/parquet/bounds.ts';
import { ByteWriter } from '../../../src/parquet/byte-writer.ts';
import { bitWidth, hybridBytesMax, writeHybrid } from '../../../src/parquet/hybrid.ts';
import { Levels } from '../../../src/parquet/levels.ts';
import { ColumnError } from '../../../src/parquet/schema.ts';
import { ThriftWriter } from '../../../src/parquet/thrift.ts';
import { zstdFrame } from '../../../src/parquet/zstd.ts';
import { expectedRows, metadataOf, pagesOf, readWithHyparquet } from '../../lake/parquet-readers.ts';
import { encodeRecords } from '../../parquet/encode-records.ts';
import { hold, promised, same } from '../promise.ts';
import type { Target } from '../promise.ts';
import { anyText } from '../texts.ts';

const readerOf = (bytes: Uint8Array): { view: DataView; offset: number } => ({
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  offset: 0,
});

/** Runs, and what is no run, of few values. */
const numbersUpTo = (max: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.tuple(fc.nat(max), fc.constantFrom(1, 1, 1, 2, 7, 8, 9, 15, 16, 17, 200)), { maxLength: 40 })
    .map((runs) => runs.flatMap(([value, count]) => Array<number>(count).fill(value)));

const hybrid = fc.integer({ min: 1, max: 24 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    values: numbersUpTo(2 ** width - 1),
    from: fc.nat(40),
    until: fc.nat(40),
  }),
);

const readHybrid = (bytes: Uint8Array, width: number, count: number): number[] => {
  const found = Array<number>(count).fill(-1);
  if (count > 0) readRleBitPackedHybrid(readerOf(bytes), width, found, bytes.length);
  return found;
};

type Written = string | number | boolean;
const safe = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
const thriftField = fc.oneof(
  fc.record({ kind: fc.constant('i32' as const), value: fc.integer() }),
  fc.record({ kind: fc.constant('i64' as const), value: safe }),
  fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant('text' as const), value: anyText.map((one) => one.toWellFormed()) }),
  fc.record({ kind: fc.constant('i32s' as const), value: fc.array(fc.integer(), { maxLength: 40 }) }),
  fc.record({
    kind: fc.constant('texts' as const),
    value: fc.array(
      anyText.map((one) => one.toWellFormed()),
      { maxLength: 20 },
    ),
  }),
);
const thriftStruct = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), thriftField), { maxLength: 10 });
type ThriftFields = typeof thriftStruct extends fc.Arbitrary<infer T> ? T : never;

function writeFields(thrift: ThriftWriter, fields: ThriftFields): Record<string, unknown> {
  const expected: Record<string, unknown> = {};
  let id = 0;
  for (const [step, field] of fields) {
    id += step;
    expected[`field_${id}`] = field.kind === 'i64' ? BigInt(field.value) : field.value;
    switch (field.kind) {
      case 'i32':
      case 'i64':
        thrift[field.kind](id, field.value);
        break;
      case 'boolean':
        thrift.boolean(id, field.value);
        break;
      case 'text':
        thrift.text(id, field.value);
        break;
      case 'i32s':
        thrift.i32s(id, field.value);
        break;
      case 'texts':
        thrift.texts(id, field.value);
    }
  }
  return expected;
}

/** What the reader gives, with bytes as text. */
const readable = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, readable(one)]));
};

/** Long texts that are the same up to where bounds are cut, with letters of one to four bytes around the cut. */
const longText = fc
  .tuple(
    fc.constantFrom(0, 1, 31, 60, 61, 62, 63, 64, 65),
    fc.constantFrom('a', '~', '\x7f', 'é', '\uffff', '\ud83d\ude00', '\udbff\udfff'),
    fc.array(
      fc.constantFrom(
        'a',
        'z',
        '\x7f',
        '\0',
        'é',
        '\u07ff',
        '\uffff',
        '\ue000',
        '\ud83d\ude00',
        '\udbff\udfff',
        '\ud800',
      ),
      { maxLength: 8 },
    ),
  )
  .map(([count, letter, rest]) => letter.repeat(count) + rest.join(''));
const boundText = fc.oneof(longText, anyText);

const string: ColumnType = { kind: 'string' };
const { type: anyType } = fc.letrec<{ type: ColumnType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<ColumnType>(
      string,
      { kind: 'bigint' },
      { kind: 'double' },
      { kind: 'boolean' },
      { kind: 'json' },
      { kind: 'map' },
    ),
    tie('type').map((element): ColumnType => ({ kind: 'list', element })),
    fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map((types): ColumnType => ({
      kind: 'struct',
      fields: types.map((type, i) => ({ name: `f${i}`, type })),
    })),
  ),
}));

/** Texts of few letters, so that values repeat, and of many, so that they do not. */
const rowText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', 'a', 'svchost.exe', '\ud83d\ude00', 'a\ud800', '\ufeffa') },
  { weight: 3, arbitrary: boundText },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('x', 'é'), fc.nat(3_000))
      .map(([letter, count]) => letter.repeat(count)),
  },
);

function valueOf(type: ColumnType): fc.Arbitrary<OcsfValue> {
  switch (type.kind) {
    case 'string':
      return rowText;
    case 'bigint':
      return fc.oneof(fc.nat(3), fc.maxSafeInteger()).map((one) => one + 0);
    case 'double':
      return fc.double({ noNaN: true }).map((one) => one + 0);
    case 'boolean':
      return fc.boolean();
    case 'json':
      return fc.jsonValue({ maxDepth: 2 }).map((one) => (one ?? 'null') as OcsfValue); // true: JSON without null
    case 'list':
      return fc.array(valueOf(type.element), { maxLength: 6 });
    case 'struct':
      return fc.record(Object.fromEntries(type.fields.map((field) => [field.name, valueOf(field.type)])), {
        noNullPrototype: true,
      });
    case 'map':
      return fc.dictionary(
        rowText.map((one) => one.toWellFormed()),
        rowText,
        { maxKeys: 4, noNullPrototype: true },
      );
  }
}

const table = fc.array(anyType, { minLength: 1, maxLength: 3 }).chain((types) => {
  const columns: Column[] = types.map((type, i) => ({ name: `c${i}`, type }));
  const records = fc.record(Object.fromEntries(columns.map(({ name, type }) => [name, valueOf(type)])), {
    requiredKeys: [],
    noNullPrototype: true,
  });
  return fc.record({
    columns: fc.constant(columns),
    // Each record many times over, so that there are pages, dictionaries and runs of levels.
    rows: fc
      .array(fc.tuple(records, fc.constantFrom(1, 1, 2, 9, 70)), { maxLength: 30 })
      .map((runs) => runs.flatMap(([record, count]) => Array<OcsfRecord>(count).fill(record as OcsfRecord))), // true: absent keys are left out
    options: fc.record({
      pageBytesMax: fc.constantFrom(1, 64, 300, 2_000, 1_000_000),
      rowGroupRowsMax: fc.constantFrom(1, 7, 64, 100_000),
      rowGroupBytesMax: fc.constantFrom(1, 500, 20_000, 64_000_000),
    }),
  });
});

export const parquet: Target = {
  name: 'parquet',
  of: 'src/parquet: byte-writer, hybrid, levels, thrift, zstd, bounds, and whole files',
  promises: [
    promised(
      'numbers, runs and texts are written as the format has them, however the memory grows',
      fc.property(
        fc.array(
          fc.oneof(
            fc.record({ kind: fc.constant('varint' as const), value: fc.oneof(fc.nat(), fc.maxSafeNat()) }),
            fc.record({ kind: fc.constant('int64' as const), value: fc.maxSafeInteger() }),
            fc.record({ kind: fc.constant('double' as const), value: fc.double() }),
            fc.record({ kind: fc.constant('lengthAndUtf8' as const), value: rowText }),
            fc.record({ kind: fc.constant('uint32' as const), value: fc.nat(2 ** 31) }),
          ),
          { maxLength: 30 },
        ),
        fc.integer({ min: 1, max: 20 }),
        (writes, sizeBytes) => {
          const out = new ByteWriter(sizeBytes);
          for (const { kind, value } of writes) out[kind](value as never); // true: each value is of its kind
          const bytes = out.view();
          let at = 0;
          for (const { kind, value } of writes) {
            let read: Written | bigint;
            let wanted: Written | bigint = value;
            if (kind === 'varint') {
              let sum = 0n;
              let shift = 0n;
              for (let more = true; more; shift += 7n) {
                const byte = bytes.readUInt8(at++);
                sum |= BigInt(byte & 0x7f) << shift;
                more = byte >= 0x80;
              }
              [read, wanted] = [sum, BigInt(value)];
            } else if (kind === 'int64') {
              [read, wanted] = [bytes.readBigInt64LE(at), BigInt(value)];
              at += 8;
            } else if (kind === 'double') {
              read = bytes.readDoubleLE(at);
              at += 8;
            } else if (kind === 'uint32') {
              read = bytes.readUInt32LE(at);
              at += 4;
            } else {
              const length = bytes.readUInt32LE(at);
              [read, wanted] = [bytes.toString('utf8', at + 4, at + 4 + length), value.toWellFormed()];
              at += 4 + length;
            }
            same(read, wanted, kind);
          }
          same(at, bytes.length, 'bytes');
        },
      ),
      { runs: 300 },
    ),
    promised(
      'the hybrid of runs and packed bits is read back by hyparquet, and is never longer than foretold',
      fc.property(hybrid, ({ width, values, from, until }) => {
        const [start, end] = [
          Math.min(from, values.length),
          Math.max(Math.min(from, values.length), values.length - until),
        ];
        const out = new ByteWriter(4);
        writeHybrid(out, Int32Array.from(values), start, end, width);
        hold(out.length <= hybridBytesMax(end - start, width), 'longer than foretold');
        same(readHybrid(out.view(), width, end - start), values.slice(start, end), 'values');
      }),
      { runs: 500 },
    ),
    promised(
      'levels are read back, whole and in parts, one level or many',
      fc.property(
        fc.integer({ min: 1, max: 30 }).chain((max) => fc.tuple(fc.constant(max), numbersUpTo(max))),
        fc.nat(60),
        ([max, values], cut) => {
          const levels = new Levels(max);
          for (const value of values) levels.push(value);
          same([levels.length, values.map((_, i) => levels.at(i))], [values.length, values], 'levels');
          const at = Math.min(cut, values.length);
          for (const [start, end] of [
            [0, at],
            [at, values.length],
          ] as const) {
            if (start === end) continue;
            const out = new ByteWriter(4);
            levels.write(out, start, end);
            hold(out.length <= levels.bytesMax(end - start), 'longer than foretold');
            same(readHybrid(out.view(), bitWidth(max), end - start), values.slice(start, end), 'values');
          }
        },
      ),
      { runs: 300 },
    ),
    promised(
      'headers in Thrift are read back by hyparquet',
      fc.property(thriftStruct, fc.array(thriftStruct, { maxLength: 20 }), (fields, nested) => {
        const thrift = new ThriftWriter(new ByteWriter(4));
        thrift.element();
        const expected = writeFields(thrift, fields);
        const id = 1_000;
        thrift.structs(id, nested.length);
        expected[`field_${id}`] = nested.map((inner) => {
          thrift.element();
          const own = writeFields(thrift, inner);
          thrift.end();
          return own;
        });
        thrift.struct(id + 1);
        expected[`field_${id + 1}`] = writeFields(thrift, fields);
        thrift.end();
        thrift.end();
        const reader = readerOf(thrift.out.view());
        same(readable(deserializeTCompactProtocol(reader)), expected, 'fields');
        same(reader.offset, thrift.out.length, 'bytes');
      }),
      { runs: 300 },
    ),
    promised(
      'frames of zstd hold what was put in, of any size',
      fc.property(
        fc.oneof(fc.nat(70_000), fc.integer({ min: 250, max: 520 }), fc.nat(8)),
        fc.nat(255),
        fc.boolean(),
        (size, byte, isRandom) => {
          const content = Buffer.alloc(size, byte);
          if (isRandom)
            for (let i = 0, x = byte + 1; i < size; i++)
              content[i] = (x = (x * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16;
          hold(zstdDecompressSync(zstdFrame(content, 3)).equals(content), 'another content');
        },
      ),
      { runs: 200 },
    ),
    promised(
      'bounds enclose every text in the order of UTF-8, are whole characters, and exact where they say so',
      fc.property(fc.array(boundText, { minLength: 1, maxLength: 12 }), (values) => {
        const texts = values.map((value) => Buffer.from(value));
        const isAscii = values.every((value, i) => value.length === texts[i]?.length);
        const bounds = boundsOf('string', values, isAscii);
        if (bounds === undefined) return;
        for (const one of texts) {
          hold(Buffer.compare(one, bounds.min) >= 0, 'less than the least');
          hold(Buffer.compare(one, bounds.max) <= 0, 'greater than the greatest');
        }
        for (const bound of [bounds.min, bounds.max]) {
          const whole = Buffer.from(Buffer.from(bound).toString('utf8'));
          hold(whole.equals(bound) && bound.length <= 64, 'half a character, or too long');
          if (bounds.isExact)
            hold(
              texts.some((one) => one.equals(bound)),
              'not exact',
            );
        }
      }),
      { runs: 2_000 },
    ),
    promised(
      'bounds enclose every number; zeros count as both zeros',
      fc.property(
        fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0)), { minLength: 1 }),
        fc.array(fc.maxSafeInteger(), { minLength: 1 }),
        (doubles, integers) => {
          const [ofDoubles, ofIntegers] = [
            boundsOf('double', doubles, true),
            boundsOf('bigint', integers, true),
          ];
          hold(ofDoubles !== undefined && ofIntegers !== undefined, 'no bounds');
          const [least, greatest] = [ofDoubles.min, ofDoubles.max].map((one) =>
            Buffer.from(one).readDoubleLE(),
          );
          same(
            [least, greatest],
            [
              Math.min(...doubles) === 0 ? -0 : Math.min(...doubles),
              Math.max(...doubles) === 0 ? 0 : Math.max(...doubles),
            ],
            'doubles',
          );
          const [low, high] = [ofIntegers.min, ofIntegers.max].map((one) =>
            Buffer.from(one).readBigInt64LE(),
          );
          same([low, high], [BigInt(Math.min(...integers)), BigInt(Math.max(...integers))], 'integers');
        },
      ),
      { runs: 300 },
    ),
    promised(
      'files of any rows, cut into any pages and row groups, are read back by hyparquet; a page too large holds one row',
      fc.asyncProperty(table, async ({ columns, rows, options }) => {
        let bytes: Uint8Array;
        const given = rows.map((row) => withoutEmpty(columns, row));
        try {
          bytes = encodeRecords(columns, given, options);
        } catch (error) {
          hold(error instanceof ColumnError, () => `throws ${String(error)}`);
          throw error;
        }
        same(await readWithHyparquet(columns, bytes), expectedRows(columns, given), 'rows');
        const metadata = metadataOf(bytes);
        same(Number(metadata.num_rows), rows.length, 'the number of rows');
        for (const page of pagesOf(bytes, metadata)) {
          if (page.uncompressedBytes > options.pageBytesMax)
            same([page.type, page.rows], ['DATA_PAGE_V2', 1], `page of ${page.column}`);
        }
        for (const group of metadata.row_groups)
          hold(Number(group.num_rows) <= options.rowGroupRowsMax, 'too many rows');
        hold(
          Buffer.from(encodeRecords(columns, given, options)).equals(bytes),
          'other bytes for the same rows',
        );
      }),
      { runs: 40 },
    ),
  ],
};

/** Outside of lists an object with nothing in it is absent: a row has slots for what is in it alone. */
function withoutEmpty(columns: readonly Column[], record: OcsfRecord): OcsfRecord {
  const kept = columns.flatMap(({ name, type }): [string, OcsfValue][] => {
    const value = record[name];
    if (value === undefined) return [];
    if (type.kind !== 'struct') return [[name, value]];
    const inner = withoutEmpty(type.fields, value as OcsfRecord); // true: a value of a struct column
    return Object.keys(inner).length > 0 ? [[name, inner]] : [];
  });
  return Object.fromEntries(kept);
}
