/** Two independent readers of Parquet bytes, and a walk over the pages of an object. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { DuckDBInstance, type JS } from '@duckdb/node-api';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import type { Column, ColumnType, OcsfRecord, OcsfValue } from '../../src/ocsf/column.ts';

/** A value as every reader can say it: null for what is absent, numbers for INT64, sorted entries for maps. */
export type Plain = string | number | boolean | null | Plain[] | { [name: string]: Plain };
export type PlainRow = Record<string, Plain>;

type Given = Record<string, unknown>;

function plain(type: ColumnType, value: unknown): Plain {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'list':
      return (value as unknown[]).map((element) => plain(type.element, element));
    case 'struct':
      return plainRow(type.fields, value as Given);
    case 'map': {
      const entries: [string, string][] = Array.isArray(value)
        ? (value as { key: string; value: string }[]).map((entry) => [entry.key, entry.value])
        : Object.entries(value as Record<string, string>);
      return entries.sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    }
    case 'bigint':
      return Number(value);
    default:
      return value as string | number | boolean;
  }
}

function plainRow(columns: readonly Column[], row: Given): PlainRow {
  return Object.fromEntries(columns.map(({ name, type }) => [name, plain(type, row[name])]));
}

/** What a reader is to find for a value: JSON columns as text, text without unpaired surrogates. */
function expectedValue(type: ColumnType, value: OcsfValue | undefined): unknown {
  if (value === undefined) return null;
  switch (type.kind) {
    case 'string':
      return (value as string).toWellFormed();
    case 'json':
      return JSON.stringify(value);
    case 'list':
      return (value as OcsfValue[]).map((element) => expectedValue(type.element, element));
    case 'struct':
      return expectedRow(type.fields, value as OcsfRecord);
    case 'map':
      return Object.entries(value as Record<string, string>).map(([key, text]) => ({
        key: key.toWellFormed(),
        value: text.toWellFormed(),
      }));
    default:
      return value;
  }
}

function expectedRow(columns: readonly Column[], row: OcsfRecord): Given {
  return Object.fromEntries(columns.map(({ name, type }) => [name, expectedValue(type, row[name])]));
}

export const expectedRows = (columns: readonly Column[], rows: readonly OcsfRecord[]): PlainRow[] =>
  rows.map((row) => plainRow(columns, expectedRow(columns, row)));

const arrayBufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

/** A byte order mark is text like any other; hyparquet by itself drops one that a text begins with. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const parsers = {
  stringFromBytes: (bytes: Uint8Array | undefined): string | undefined => bytes && utf8.decode(bytes),
};

export async function readWithHyparquet(columns: readonly Column[], bytes: Uint8Array): Promise<PlainRow[]> {
  const rows = await parquetReadObjects({
    file: arrayBufferOf(bytes),
    compressors: { ZSTD: (page) => zstdDecompressSync(page) },
    parsers,
  });
  return rows.map((row: Given) => plainRow(columns, row));
}

/** Rows of a query over the object, which the query names `?`. */
export async function queryWithDuckDb(bytes: Uint8Array, sql: string): Promise<Record<string, JS>[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sysmon-lake-parquet-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    const file = path.join(folder, 'object.parquet');
    await writeFile(file, bytes);
    const reader = await connection.runAndReadAll(sql.replaceAll('?', `'${file}'`));
    return reader.getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}

export async function readWithDuckDb(columns: readonly Column[], bytes: Uint8Array): Promise<PlainRow[]> {
  const rows = await queryWithDuckDb(bytes, 'select * from read_parquet(?)');
  return rows.map((row) => plainRow(columns, row));
}

export const metadataOf = (bytes: Uint8Array): FileMetaData => parquetMetadata(arrayBufferOf(bytes));

export interface Page {
  readonly column: string;
  readonly type: string;
  readonly uncompressedBytes: number;
  readonly rows: number;
}

/** Every page of an object, read from the headers in front of them. */
export function pagesOf(bytes: Uint8Array, metadata: FileMetaData): Page[] {
  const pages: Page[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data: chunk } of columns) {
      const start = Number(chunk!.dictionary_page_offset ?? chunk!.data_page_offset);
      const reader = { view, offset: start };
      while (reader.offset < start + Number(chunk!.total_compressed_size)) {
        const header = parquetHeader(reader);
        reader.offset += header.compressed_page_size;
        pages.push({
          column: chunk!.path_in_schema.join('.'),
          type: header.type,
          uncompressedBytes: header.uncompressed_page_size,
          rows: header.data_page_header_v2?.num_rows ?? 0,
        });
      }
    }
  }
  return pages;
}
