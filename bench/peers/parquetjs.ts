/** The same rows written by parquetjs-lite, which is the other writer in plain JavaScript; gzip, as it has no zstd. */
import { performance } from 'node:perf_hooks';
import { Writable } from 'node:stream';
import parquetjs from 'parquetjs-lite';
import type { ClassTable } from '../../src/mapping/compile.ts';
import type { Column, ColumnType, OcsfRecord, OcsfValue } from '../../src/ocsf/column.ts';
import { digits, median } from '../statistics.ts';

export interface ParquetJsPeer {
  readonly rows: number;
  readonly schema: string;
  readonly parquetjs_lite_ns_per_row: number;
  readonly parquetjs_lite_bytes_per_row: number;
  readonly own_ns_per_row: number;
  readonly own_bytes_per_row: number;
}

/** An attribute as parquetjs-lite describes it. */
interface Field {
  readonly type?: 'UTF8' | 'INT64' | 'DOUBLE' | 'BOOLEAN';
  readonly optional?: boolean;
  readonly repeated?: boolean;
  readonly compression?: 'GZIP';
  readonly fields?: Readonly<Record<string, Field>>;
}

function field(type: ColumnType): Field {
  const leaf = { optional: true, compression: 'GZIP' } as const;
  switch (type.kind) {
    case 'string':
    case 'json':
      return { type: 'UTF8', ...leaf };
    case 'bigint':
      return { type: 'INT64', ...leaf };
    case 'double':
      return { type: 'DOUBLE', ...leaf };
    case 'boolean':
      return { type: 'BOOLEAN', ...leaf };
    case 'list': {
      // It takes no list of lists, and what is repeated is optional by itself.
      return { ...field(type.element), optional: false, repeated: true };
    }
    case 'map': {
      const text = { type: 'UTF8', ...leaf } as const;
      return { repeated: true, fields: { key: text, value: text } };
    }
    case 'struct':
      return { optional: true, fields: fields(type.fields) };
  }
}

const fields = (columns: readonly Column[]): Record<string, Field> =>
  Object.fromEntries(columns.map(({ name, type }) => [name, field(type)]));

/** parquetjs-lite has no maps, and takes JSON as text. */
function value(type: ColumnType, given: OcsfValue): unknown {
  if (type.kind === 'json') return JSON.stringify(given);
  if (type.kind === 'map')
    return Object.entries(given).map(([key, text]) => ({ key, value: text as unknown }));
  if (type.kind === 'list' && Array.isArray(given))
    return given.map((element: OcsfValue) => value(type.element, element));
  if (type.kind === 'struct') return row(type.fields, given as OcsfRecord); // true: of a struct's column
  return given;
}

function row(columns: readonly Column[], record: OcsfRecord): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const { name, type } of columns) {
    const given = record[name];
    if (given !== undefined) out[name] = value(type, given);
  }
  return out;
}

async function writeWithParquetJs(columns: readonly Column[], rows: readonly OcsfRecord[]): Promise<number> {
  let bytes = 0;
  const stream = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  const writer = await parquetjs.ParquetWriter.openStream(
    new parquetjs.ParquetSchema(fields(columns)),
    stream,
  );
  for (const record of rows) await writer.appendRow(row(columns, record));
  await writer.close();
  return bytes;
}

/** @param writeOwn maps and writes the same rows in the project's own way; gives the bytes */
export async function measureParquetJs(
  { schema, columns }: ClassTable,
  rows: readonly OcsfRecord[],
  writeOwn: () => number,
  rounds: number,
): Promise<ParquetJsPeer> {
  const peer: number[] = [];
  const own: number[] = [];
  let peerBytes = 0;
  let ownBytes = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    peerBytes = await writeWithParquetJs(columns, rows);
    const middle = performance.now();
    ownBytes = writeOwn();
    peer.push(middle - start);
    own.push(performance.now() - middle);
  }
  const nsPerRow = (times: readonly number[]): number => digits((median(times) * 1e6) / rows.length);
  return {
    rows: rows.length,
    schema,
    parquetjs_lite_ns_per_row: nsPerRow(peer),
    parquetjs_lite_bytes_per_row: digits(peerBytes / rows.length, 3),
    own_ns_per_row: nsPerRow(own),
    own_bytes_per_row: digits(ownBytes / rows.length, 3),
  };
}
