/** The rows of one row group, taken apart into columns as they come. */
import type { Column, ColumnType, OcsfRecord, OcsfValue } from '../ocsf/column.ts';
import type { Row } from '../ocsf/row.ts';
import type { Leaf } from './leaf.ts';
import { leafAt, sinkOf } from './nested.ts';
import type { Place, Sink } from './nested.ts';
import { RowError } from './schema.ts';

export interface RowGroup {
  /** With all rows so far in them; in the order of the schema. */
  readonly leaves: readonly Leaf[];
  readonly rows: number;
  /** What the rows need in a file where nothing is shared or compressed: UTF-16 units of text, and some bytes a value. */
  readonly bytes: number;
  /** @throws RowError when a value of this row or of one before it is not of its column's type */
  readonly append: (row: Row) => void;
}

/**
 * So many rows wait until they are taken apart, column by column: then what a column holds stays in the cache while its
 * values come, and values that come again are one run.
 */
const WAITING_ROWS = 64;

/** What takes one slot of a row. */
interface Slot {
  /** The struct that it is in. */
  readonly struct: number;
  /** Of a scalar. */
  readonly leaf: Leaf | undefined;
  readonly sink: Sink;
  /** Whether it is written, in whole or in part, as JSON, which is longer than what it says. */
  readonly hasJson: boolean;
}

const hasJson = (type: ColumnType): boolean => {
  if (type.kind === 'list') return hasJson(type.element);
  return type.kind === 'json' || (type.kind === 'struct' && type.fields.some((field) => hasJson(field.type)));
};

/**
 * @param firstRow the number that the first row has in the object
 * @param isProbe one row is tried by itself
 */
export function newRowGroup(columns: readonly Column[], firstRow = 0, isProbe = false): RowGroup {
  const leaves: Leaf[] = [];
  const slots: Slot[] = [];
  /** For each struct the one that it is in, 0 being the row itself; a struct comes before the structs in it. */
  const parents = [0];
  /** For each struct the definition level of what is present in it. */
  const depths = [0];
  const add = (fields: readonly Column[], place: Place, struct: number): void => {
    for (const { name, type } of fields) {
      const inner = { ...place, path: [...place.path, name] };
      if (type.kind === 'struct') {
        const definition = place.definition + 1;
        depths.push(definition);
        add(type.fields, { ...inner, definition }, parents.push(struct) - 1);
      } else if (type.kind === 'list' || type.kind === 'map') {
        slots.push({ struct, leaf: undefined, sink: sinkOf(type, inner, leaves), hasJson: hasJson(type) });
      } else {
        const leaf = leafAt(type.kind, inner, leaves);
        slots.push({ struct, leaf, sink: leaf, hasJson: hasJson(type) });
      }
    }
  };
  add(columns, { path: [], definition: 0, repetition: 0 }, 0);

  /** For each struct and each row that waits, first whether the row has it, then how much of its path the row has. */
  const levels = parents.map(() => new Uint8Array(WAITING_ROWS));
  const levelsOf = (struct: number): Uint8Array => levels[struct] ?? new Uint8Array(0);
  let waiting: Row[] = [];
  let rows = 0;
  let bytes = 0;

  const setLevels = (): void => {
    for (const own of levels) own.fill(0);
    slots.forEach(({ struct }, slot) => {
      const own = levelsOf(struct);
      for (let at = 0; at < waiting.length; at++) if (waiting[at]?.[slot] !== undefined) own[at] = 1;
    });
    for (let struct = parents.length - 1; struct > 0; struct--) {
      const [own, outer] = [levelsOf(struct), levelsOf(parents[struct] ?? 0)];
      for (let at = 0; at < waiting.length; at++) if (own[at] === 1) outer[at] = 1;
    }
    levelsOf(0).fill(0);
    for (let struct = 1; struct < parents.length; struct++) {
      const [own, outer] = [levelsOf(struct), levelsOf(parents[struct] ?? 0)];
      const depth = depths[struct] ?? 0;
      for (let at = 0; at < waiting.length; at++) own[at] = own[at] === 1 ? depth : (outer[at] ?? 0);
    }
  };
  const takeApart = (): void => {
    setLevels();
    slots.forEach(({ struct, leaf, sink }, slot) => {
      const own = levelsOf(struct);
      if (leaf !== undefined) {
        leaf.rows(waiting, slot, own);
        return;
      }
      for (let at = 0; at < waiting.length; at++) {
        const value = waiting[at]?.[slot];
        if (value === undefined) sink.absent(0, own[at] ?? 0);
        else sink.present(value, 0, own[at] ?? 0);
      }
    });
  };
  const flush = (): void => {
    try {
      takeApart();
    } catch (error) {
      const bad = isProbe ? -1 : waiting.findIndex((row) => !isTaken(columns, row));
      throw bad < 0 ? error : new RowError(firstRow + rows - waiting.length + bad, error);
    }
    waiting = [];
  };
  return {
    get leaves() {
      flush();
      return leaves;
    },
    get rows() {
      return rows;
    },
    get bytes() {
      return bytes;
    },
    append(row) {
      rows++;
      bytes += bytesOf(row, slots);
      if (waiting.push(row) === WAITING_ROWS || isProbe) flush();
    },
  };
}

/** Whether a row by itself is of these columns. */
function isTaken(columns: readonly Column[], row: Row): boolean {
  try {
    newRowGroup(columns, 0, true).append(row);
    return true;
  } catch {
    return false;
  }
}

function bytesOf(row: Row, slots: readonly Slot[]): number {
  let bytes = 0;
  for (let slot = 0; slot < slots.length; slot++) {
    const value = row[slot];
    if (value === undefined) continue;
    if (slots[slot]?.hasJson === true) bytes += JSON.stringify(value).length;
    else if (typeof value === 'string') bytes += value.length + 4;
    else bytes += typeof value === 'object' ? bytesWithin(value) : 8;
  }
  return bytes;
}

function bytesWithin(value: OcsfValue): number {
  if (typeof value === 'string') return value.length + 4;
  if (typeof value !== 'object') return 8;
  let bytes = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly OcsfValue[]) bytes += bytesWithin(item); // true: OcsfValue's only array
  } else {
    const object = value as OcsfRecord; // true: an object that is no array
    for (const name in object) bytes += bytesWithin(object[name] ?? 0);
  }
  return bytes;
}
