/**
 * The flat form of a record: one slot for each column that is no struct, in the order of the columns. A mapping
 * fills a row and the Parquet encoder takes its slots, with no object between them.
 */
import type { Column, ColumnType, OcsfRecord, OcsfValue } from './column.ts';

/** A value of a map column: key, text, key, text, … */
export type MapPairs = readonly string[];

/** Undefined where an attribute is absent. A map is its {@link MapPairs}; a list holds values as a record has them. */
export type Row = (OcsfValue | undefined)[];

/** Where an attribute stands in a row: in one slot, or, of an object, in those from `start` to before `end`. */
export interface Place {
  start: number;
  end: number;
}

/** Gives every column of a tree its place, by its dotted path; gives the number of slots. */
export function placeColumns(
  columns: readonly Column[],
  set: (path: string, start: number, end: number) => void,
  prefix = '',
  start = 0,
): number {
  let at = start;
  for (const { name, type } of columns) {
    const path = prefix + name;
    const end = type.kind === 'struct' ? placeColumns(type.fields, set, `${path}.`, at) : at + 1;
    set(path, at, end);
    at = end;
  }
  return at;
}

/** Places by dotted path that can be handed out before the columns, which all entries of a class make, are known. */
export interface Places {
  readonly at: (path: string) => Place;
  /** Gives every place its numbers, also those that were handed out; gives the number of slots. */
  readonly link: (columns: readonly Column[], prefix?: string) => number;
}

export function newPlaces(): Places {
  const places = new Map<string, Place>();
  const at = (path: string): Place => {
    const known = places.get(path);
    if (known !== undefined) return known;
    const place = { start: -1, end: -1 };
    places.set(path, place);
    return place;
  };
  return {
    at,
    link: (columns, prefix = '') =>
      placeColumns(columns, (path, start, end) => void Object.assign(at(path), { start, end }), prefix),
  };
}

/** Whether a row has anything at a place. */
export function isPresent(row: Row, { start, end }: Readonly<Place>): boolean {
  for (let slot = start; slot < end; slot++) if (row[slot] !== undefined) return true;
  return false;
}

/** Takes away what a row has at a place. */
export function clear(row: Row, { start, end }: Readonly<Place>): void {
  row.fill(undefined, start, end);
}

/** The object that a row holds, with the keys in the order of these columns, each at its place. */
export function recordReader(
  columns: readonly Column[],
  { at }: Pick<Places, 'at'>,
  prefix = '',
): (row: Row) => OcsfRecord | undefined {
  const fields = columns.map(({ name, type }) => {
    const path = prefix + name;
    return {
      name,
      read:
        type.kind === 'struct' ? recordReader(type.fields, { at }, `${path}.`) : slotReader(type, at(path)),
    };
  });
  return (row) => {
    const record: OcsfRecord = {};
    let isEmpty = true;
    for (const { name, read } of fields) {
      const value = read(row);
      if (value === undefined) continue;
      record[name] = value;
      isEmpty = false;
    }
    return isEmpty ? undefined : record;
  };
}

function slotReader({ kind }: ColumnType, place: Readonly<Place>): (row: Row) => OcsfValue | undefined {
  if (kind !== 'map') return (row) => row[place.start];
  return (row) => {
    const pairs = row[place.start] as MapPairs | undefined; // true: what a map's slot holds
    if (pairs === undefined) return undefined;
    // No prototype, so that `__proto__` is a key like any other.
    const texts = Object.create(null) as Record<string, string>; // true: filled below with texts alone
    for (let i = 0; i < pairs.length; i += 2) texts[pairs[i] ?? ''] = pairs[i + 1] ?? '';
    return texts;
  };
}

type OcsfObject = Readonly<Record<string, OcsfValue>>;

/** Puts an object into a row: each of its attributes that is among these columns at its place. */
export function objectWriter(
  columns: readonly Column[],
  { at }: Pick<Places, 'at'>,
  prefix = '',
): (row: Row, object: OcsfObject) => void {
  const fields = columns.map(({ name, type }) => {
    const path = prefix + name;
    const inner = type.kind === 'struct' ? objectWriter(type.fields, { at }, `${path}.`) : undefined;
    return { name, inner, isMap: type.kind === 'map', place: at(path) };
  });
  return (row, object) => {
    for (const { name, inner, isMap, place } of fields) {
      const value = object[name];
      if (value === undefined) continue;
      if (inner !== undefined)
        inner(row, value as OcsfObject); // true: a value of a struct column
      else row[place.start] = isMap ? Object.entries(value as Record<string, string>).flat() : value; // true: of a map column
    }
  };
}
