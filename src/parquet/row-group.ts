/** The rows of one row group, taken apart into columns as they come. */
import type { Column } from '../ocsf/column.ts';
import type { Row } from '../ocsf/row.ts';
import type { ByteCount, Leaf } from './leaf.ts';
import { sinkOf } from './nested.ts';
import type { Place, Sink } from './nested.ts';

export interface RowGroup {
  /** In the order of the schema. */
  readonly leaves: readonly Leaf[];
  readonly rows: number;
  /** About what the rows need, in memory and in a file that is not compressed. */
  readonly bytes: number;
  /** @throws ColumnError when a value is not of its column's type */
  readonly append: (row: Row) => void;
}

/** Structs of a table by number, 0 being the row itself; a struct comes before the structs in it. */
interface Structs {
  readonly parents: number[];
  /** The definition level of what is present in the struct. */
  readonly depths: number[];
}

export function newRowGroup(columns: readonly Column[]): RowGroup {
  const leaves: Leaf[] = [];
  const sinks: Sink[] = [];
  /** For each slot the struct that it is in. */
  const structOf: number[] = [];
  const structs: Structs = { parents: [0], depths: [0] };
  const count: ByteCount = { bytes: 0 };
  const add = (fields: readonly Column[], place: Place, struct: number): void => {
    for (const { name, type } of fields) {
      const path = [...place.path, name];
      if (type.kind === 'struct') {
        const definition = place.definition + 1;
        structs.depths.push(definition);
        add(type.fields, { ...place, path, definition }, structs.parents.push(struct) - 1);
      } else {
        structOf.push(struct);
        sinks.push(sinkOf(type, { ...place, path }, leaves, count));
      }
    }
  };
  add(columns, { path: [], definition: 0, repetition: 0 }, 0);

  const { parents, depths } = structs;
  /** For each struct the number of the last row that has it, counted from 1. */
  const seen = new Int32Array(parents.length);
  /** For each struct how much of its path the row has. */
  const levels = new Uint8Array(parents.length);
  let rows = 0;
  return {
    leaves,
    get rows() {
      return rows;
    },
    get bytes() {
      return count.bytes;
    },
    append(row) {
      rows++;
      seen[0] = rows;
      for (let slot = 0; slot < sinks.length; slot++) {
        if (row[slot] === undefined) continue;
        let struct = structOf[slot] ?? 0;
        while (seen[struct] !== rows) {
          seen[struct] = rows;
          struct = parents[struct] ?? 0;
        }
      }
      for (let struct = 1; struct < parents.length; struct++) {
        levels[struct] = (seen[struct] === rows ? depths[struct] : levels[parents[struct] ?? 0]) ?? 0;
      }
      for (let slot = 0; slot < sinks.length; slot++) {
        const value = row[slot];
        const level = levels[structOf[slot] ?? 0] ?? 0;
        if (value === undefined) sinks[slot]?.absent(0, level);
        else sinks[slot]?.present(value, 0, level);
      }
    },
  };
}
