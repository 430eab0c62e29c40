/**
 * The footer of a file: its schema, and where each column of each row group is.
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
import type { Column } from '../ocsf/column.ts';
import type { ColumnChunk } from './column-chunk.ts';
import type { LeafKind, LeafShape } from './leaf.ts';
import { parquetSchema } from './schema.ts';
import type { SchemaElement } from './schema.ts';
import { ThriftWriter } from './thrift.ts';

const ZSTD = 6;
/** In the form that readers take apart: application, version, build. */
const CREATED_BY = 'sysmon-lake version 1.0.0 (build 1)';
const DICTIONARY_PAGE = 2;
const DATA_PAGE_V2 = 3;
const [PLAIN, RLE_DICTIONARY] = [0, 8];

const PHYSICAL_TYPES: Readonly<Record<LeafKind, number>> = {
  boolean: 0,
  bigint: 2,
  double: 5,
  string: 6,
  json: 6,
};

export interface WrittenRowGroup {
  readonly rows: number;
  /** In the order of the leaves. */
  readonly chunks: readonly ColumnChunk[];
}

/** The footer, without its length. */
export function writeFooter(
  columns: readonly Column[],
  leaves: readonly LeafShape[],
  groups: readonly WrittenRowGroup[],
): Buffer {
  const thrift = new ThriftWriter();
  thrift.element();
  thrift.fields(2, schemaFields(columns));
  thrift.i64(3, sum(groups.map(({ rows }) => rows)));
  thrift.structs(4, groups.length);
  for (const { rows, chunks } of groups) {
    thrift.element();
    thrift.structs(1, chunks.length);
    chunks.forEach((chunk, i) => {
      const shape = leaves[i];
      if (shape !== undefined) writeChunk(thrift, shape, chunk);
    });
    thrift.i64(2, sum(chunks.map(({ uncompressedBytes }) => uncompressedBytes)));
    thrift.i64(3, rows);
    thrift.i64(6, sum(chunks.map(({ compressedBytes }) => compressedBytes)));
    thrift.end();
  }
  thrift.text(6, CREATED_BY);
  // Bounds count only where the order is said that they are meant in.
  thrift.structs(7, leaves.length);
  leaves.forEach(() => {
    thrift.element();
    thrift.struct(1);
    thrift.end();
    thrift.end();
  });
  thrift.end();
  return thrift.out.view();
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function writeChunk(thrift: ThriftWriter, { kind, path }: LeafShape, chunk: ColumnChunk): void {
  const { dictionaryOffset, dataOffset, bounds } = chunk;
  thrift.element();
  thrift.i64(2, dictionaryOffset ?? dataOffset);
  thrift.struct(3);
  thrift.i32(1, PHYSICAL_TYPES[kind]);
  thrift.i32s(2, chunk.encodings);
  thrift.texts(3, path);
  thrift.i32(4, ZSTD);
  thrift.i64(5, chunk.entries);
  thrift.i64(6, chunk.uncompressedBytes);
  thrift.i64(7, chunk.compressedBytes);
  thrift.i64(9, dataOffset);
  if (dictionaryOffset !== undefined) thrift.i64(11, dictionaryOffset);
  thrift.struct(12);
  thrift.i64(3, chunk.nulls);
  if (bounds !== undefined) {
    thrift.binary(5, bounds.max);
    thrift.binary(6, bounds.min);
    thrift.boolean(7, bounds.isExact);
    thrift.boolean(8, bounds.isExact);
  }
  thrift.end();
  thrift.structs(13, dictionaryOffset === undefined ? 1 : 2);
  if (dictionaryOffset !== undefined) writeEncodingStats(thrift, DICTIONARY_PAGE, PLAIN, 1);
  const encoding = dictionaryOffset === undefined ? PLAIN : RLE_DICTIONARY;
  writeEncodingStats(thrift, DATA_PAGE_V2, encoding, chunk.dataPages);
  thrift.end();
  thrift.end();
}

function writeEncodingStats(thrift: ThriftWriter, pageType: number, encoding: number, count: number): void {
  thrift.element();
  thrift.i32(1, pageType);
  thrift.i32(2, encoding);
  thrift.i32(3, count);
  thrift.end();
}

const schemas = new WeakMap<readonly Column[], Uint8Array>();

/** The version and the schema, encoded once for a table. */
function schemaFields(columns: readonly Column[]): Uint8Array {
  const known = schemas.get(columns);
  if (known !== undefined) return known;
  const elements = parquetSchema(columns);
  const thrift = new ThriftWriter();
  thrift.i32(1, 2);
  thrift.structs(2, elements.length);
  for (const element of elements) writeElement(thrift, element);
  const bytes = Buffer.from(thrift.out.view());
  schemas.set(columns, bytes);
  return bytes;
}

const TYPES = { BOOLEAN: 0, INT64: 2, DOUBLE: 5, BYTE_ARRAY: 6 } as const;
const REPETITIONS = { REQUIRED: 0, OPTIONAL: 1, REPEATED: 2 } as const;
const CONVERTED_TYPES = { UTF8: 0, MAP: 1, LIST: 3 } as const;
/** Fields of the union LogicalType. */
const LOGICAL_TYPES = { STRING: 1, MAP: 2, LIST: 3 } as const;

function writeElement(thrift: ThriftWriter, element: SchemaElement): void {
  thrift.element();
  if (element.type !== undefined) thrift.i32(1, TYPES[element.type]);
  if (element.repetition !== undefined) thrift.i32(3, REPETITIONS[element.repetition]);
  thrift.text(4, element.name);
  if (element.children !== undefined) thrift.i32(5, element.children);
  if (element.annotation !== undefined) {
    // Both the old and the new one: readers go by either.
    thrift.i32(6, CONVERTED_TYPES[element.annotation === 'STRING' ? 'UTF8' : element.annotation]);
    thrift.struct(10);
    thrift.struct(LOGICAL_TYPES[element.annotation]);
    thrift.end();
    thrift.end();
  }
  thrift.end();
}
