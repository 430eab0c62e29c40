/** Values of DuckDB as plain JavaScript values: what JSON can say, and text for the rest. */
import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  DuckDBVariantValue,
  type DuckDBValue,
} from '@duckdb/node-api';

export type PlainValue =
  string | number | boolean | null | readonly PlainValue[] | { readonly [name: string]: PlainValue };

const TIMESTAMPS = [
  DuckDBTimestampValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
];

/** ISO 8601 has a T between the day and the time. `infinity` stays as it is. */
const isoText = (text: string): string => text.replace(' ', 'T');

/** Whole numbers stay numbers as long as a double holds them exactly. */
const integer = (value: bigint): number | string => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
};

const decimal = (value: DuckDBDecimalValue): number | string => {
  if (value.scale === 0) return integer(value.value);
  // 15 digits are the most that every double gives back as they were.
  return value.width <= 15 ? value.toDouble() : value.toString();
};

/**
 * A value as JSON can say it: integers that are not safe as decimal text, timestamps and dates as ISO 8601 text (with
 * Z where the type has a time zone, which here is UTC), blobs as hexadecimal text, maps as objects, everything that
 * JSON has nothing like (intervals, UUIDs, infinite numbers) as DuckDB's own text.
 */
export function plainValue(value: DuckDBValue): PlainValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return integer(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue)
    return value.items.map(plainValue);
  if (value instanceof DuckDBStructValue) return plainEntries(Object.entries(value.entries));
  if (value instanceof DuckDBMapValue) {
    return plainEntries(value.entries.map((entry) => [keyText(entry.key), entry.value]));
  }
  if (value instanceof DuckDBUnionValue || value instanceof DuckDBVariantValue)
    return plainValue(value.value);
  if (value instanceof DuckDBDecimalValue) return decimal(value);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex');
  if (value instanceof DuckDBTimestampTZValue) {
    // Its own text is in the time zone of the machine.
    const utc = new DuckDBTimestampValue(value.micros);
    return utc.isFinite ? `${isoText(utc.toString())}Z` : utc.toString();
  }
  if (TIMESTAMPS.some((type) => value instanceof type)) return isoText(value.toString());
  return value.toString();
}

const plainEntries = (entries: readonly (readonly [string, DuckDBValue])[]): PlainValue =>
  Object.fromEntries(entries.map(([name, value]) => [name, plainValue(value)]));

const keyText = (key: DuckDBValue): string => {
  const plain = plainValue(key);
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain);
};
