/**
 * Values of a record as hyparquet-writer takes them: INT64 as bigint, JSON as its text, a map as its entries.
 */
import type { Column, ColumnType, OcsfRecord, OcsfValue } from '../ocsf/column.ts';
import { ColumnError } from './parquet-schema.ts';

export interface WriterGroup {
  [name: string]: WriterValue;
}
export type WriterValue = string | bigint | number | boolean | WriterValue[] | WriterGroup | undefined;

/** Sums up what values need in memory and in a file, about: characters, numbers, and 4 bytes a value. */
export interface ByteCount {
  bytes: number;
}

export type ValueEncoder = (value: OcsfValue, count: ByteCount) => WriterValue;
export type RowEncoder = (row: OcsfRecord, count: ByteCount) => WriterGroup;

type OcsfObject = Readonly<Record<string, OcsfValue>>;

const isObject = (value: OcsfValue): value is OcsfObject =>
  typeof value === 'object' && !Array.isArray(value);

/**
 * What makes the writer's values of a row: one property for each column that the row has.
 * The encoder throws {@link ColumnError} when a value is not of its column's type, or has no column: the columns
 * and the records come from the same mapping, so that is a defect, and dropping the value would hide it.
 */
export const rowEncoder = (columns: readonly Column[]): RowEncoder => groupEncoder(columns, '');

function groupEncoder(
  columns: readonly Column[],
  prefix: string,
): (row: OcsfObject, c: ByteCount) => WriterGroup {
  const fields = columns.map(({ name, type }) => ({ name, encode: valueEncoder(type, prefix + name) }));
  const names = new Set(columns.map(({ name }) => name));
  return (row, count) => {
    const group: WriterGroup = {};
    let found = 0;
    for (const { name, encode } of fields) {
      const value = row[name];
      if (value === undefined) continue;
      group[name] = encode(value, count);
      found += 1;
    }
    const keys = Object.keys(row);
    if (keys.length !== found) {
      const stray = keys.find((key) => row[key] !== undefined && !names.has(key));
      if (stray !== undefined) throw new ColumnError(prefix + stray, 'there is no such column');
    }
    return group;
  };
}

function valueEncoder(type: ColumnType, path: string): ValueEncoder {
  const wrong = (): ColumnError => new ColumnError(path, `a value is not of its type, ${type.kind}`);
  switch (type.kind) {
    case 'string':
      return (value, count) => {
        if (typeof value !== 'string') throw wrong();
        count.bytes += value.length + 4;
        return value;
      };
    case 'json':
      return (value, count) => {
        const text = JSON.stringify(value);
        count.bytes += text.length + 4;
        return text;
      };
    case 'bigint':
      return (value, count) => {
        if (!Number.isSafeInteger(value)) throw wrong();
        count.bytes += 8;
        return BigInt(value as number); // true: only a number is a safe integer
      };
    case 'double':
      return (value, count) => {
        if (typeof value !== 'number') throw wrong();
        count.bytes += 8;
        return value;
      };
    case 'boolean':
      return (value, count) => {
        if (typeof value !== 'boolean') throw wrong();
        count.bytes += 1;
        return value;
      };
    case 'list': {
      const encode = valueEncoder(type.element, `${path}.element`);
      return (value, count) => {
        if (!Array.isArray(value)) throw wrong();
        count.bytes += 1;
        return value.map((element: OcsfValue) => encode(element, count));
      };
    }
    case 'struct': {
      const encode = groupEncoder(type.fields, `${path}.`);
      return (value, count) => {
        if (!isObject(value)) throw wrong();
        return encode(value, count);
      };
    }
    case 'map':
      return (value, count) => {
        if (!isObject(value)) throw wrong();
        return Object.entries(value).map(([key, text]) => {
          if (typeof text !== 'string') throw wrong();
          count.bytes += key.length + text.length + 8;
          return { key, value: text };
        });
      };
  }
}
