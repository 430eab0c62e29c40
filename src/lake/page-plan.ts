/**
 * How large the writer may be told to make pages, so that the pages it really makes keep to the limit.
 *
 * hyparquet-writer 0.17.0 closes a page by an estimate: the bytes of the values without the 4-byte length before
 * each string, without the levels, and, where there is a dictionary, 4 bytes for each index. A page begins only
 * with a row, so one row is never split. Its cap for dictionaries leaves out the lengths as well. What the
 * estimate leaves out is bounded here, from counts alone where that is enough.
 */
import type { Column, ColumnType } from '../ocsf/column.ts';
import type { WriterValue } from './writer-value.ts';

/** One column of numbers, strings or booleans in the file: a path through lists, maps and structs. */
export interface Leaf {
  /** Which top-level column it is in. */
  readonly columnIndex: number;
  /** From the top-level column's value down: names of fields, and `[]` for each list or map on the way. */
  readonly path: readonly string[];
  readonly isString: boolean;
  readonly isRepeated: boolean;
  /** Bytes that 8 entries take at most beside their values: repetition and definition levels, run headers. */
  readonly extraBytesPer8: number;
}

/** All leaves, in the order of the schema. */
export const leavesOf = (columns: readonly Column[]): Leaf[] =>
  columns.flatMap((column, columnIndex) => leaves(column.type, columnIndex, [], 0, 0));

function leaves(
  type: ColumnType,
  columnIndex: number,
  path: readonly string[],
  repetition: number,
  definition: number,
): Leaf[] {
  switch (type.kind) {
    case 'list':
      return leaves(type.element, columnIndex, [...path, '[]'], repetition + 1, definition + 2);
    case 'struct':
      return type.fields.flatMap((field) =>
        leaves(field.type, columnIndex, [...path, field.name], repetition, definition + 1),
      );
    case 'map':
      return ['key', 'value'].flatMap((name) =>
        leaves({ kind: 'string' }, columnIndex, [...path, '[]', name], repetition + 1, definition + 2),
      );
    default:
      return [
        {
          columnIndex,
          path,
          isString: type.kind === 'string' || type.kind === 'json',
          isRepeated: repetition > 0,
          extraBytesPer8:
            hybridBytesPer8(repetition) + hybridBytesPer8(definition + 1) + (type.kind === 'boolean' ? 1 : 0),
        },
      ];
  }
}

/**
 * Parquet's RLE/bit-packing hybrid: 8 numbers take at most one byte for each of their bits and one for a header.
 * Nothing is written where all are 0 by the schema.
 */
const hybridBytesPer8 = (max: number): number => (max === 0 ? 0 : 33 - Math.clz32(max));

const SLACK_BYTES = 64; // lengths and bit widths at the head of a page

/** Bytes of a page that the writer's estimate may leave out: lengths of strings, and levels. */
const overheadBytes = (leaf: Leaf, values: number, entries: number): number =>
  (leaf.isString ? 4 * values : 0) + Math.ceil(entries / 8) * leaf.extraBytesPer8 + SLACK_BYTES;

/** What one row, or a run of rows, holds of a leaf. */
interface LeafCount {
  /** Values and the nulls between them: each has levels. */
  entries: number;
  values: number;
  /** Of the values alone, in UTF-8. */
  bytes: number;
}

const valueBytes = (value: WriterValue): number =>
  typeof value === 'string' ? Buffer.byteLength(value) : typeof value === 'boolean' ? 0.125 : 8;

function countLeaf(value: WriterValue, path: readonly string[], depth: number, count: LeafCount): void {
  const step = path[depth];
  if (value === undefined || (Array.isArray(value) && value.length === 0)) {
    count.entries += 1;
  } else if (step === undefined) {
    count.entries += 1;
    count.values += 1;
    count.bytes += valueBytes(value);
  } else if (Array.isArray(value)) {
    for (const element of value) countLeaf(element, path, depth + 1, count);
  } else if (typeof value === 'object') {
    countLeaf(value[step], path, depth + 1, count);
  }
}

/** A leaf of a row group, row by row. */
interface LeafCounts {
  readonly leaf: Leaf;
  readonly rows: readonly LeafCount[];
  readonly total: LeafCount;
}

function countRows(leaf: Leaf, data: readonly WriterValue[]): LeafCounts {
  const total: LeafCount = { entries: 0, values: 0, bytes: 0 };
  const rows = data.map((value) => {
    const row: LeafCount = { entries: 0, values: 0, bytes: 0 };
    countLeaf(value, leaf.path, 0, row);
    add(total, row, 1);
    return row;
  });
  return { leaf, rows, total };
}

function add(total: LeafCount, row: LeafCount, sign: 1 | -1): void {
  total.entries += sign * row.entries;
  total.values += sign * row.values;
  total.bytes += sign * row.bytes;
}

/**
 * Whether every page of this leaf keeps to the limit, wherever pages begin: the writer closes a page at the row
 * at which its estimate has reached `pageSize`, so the rows of a page but for its last one stay below. A page of
 * one row may be larger. Checked for both ways to write the leaf, with and without a dictionary.
 */
function fits({ leaf, rows, total }: LeafCounts, pageSize: number, limitBytes: number): boolean {
  const indexBytesPer8 = hybridBytesPer8(total.values);
  const encodings = [
    {
      estimate: (c: LeafCount) => c.bytes,
      real: (c: LeafCount) => c.bytes + overheadBytes(leaf, c.values, c.entries),
    },
    {
      estimate: (c: LeafCount) => 4 * c.values,
      real: (c: LeafCount) =>
        Math.ceil(c.values / 8) * indexBytesPer8 + overheadBytes({ ...leaf, isString: false }, 0, c.entries),
    },
  ];
  return encodings.every(({ estimate, real }) => {
    const page: LeafCount = { entries: 0, values: 0, bytes: 0 };
    let first = 0;
    return rows.every((row, last) => {
      // Rows at the front leave while the page would have been closed before this row.
      for (
        let front = rows[first];
        front && first < last && estimate(page) >= pageSize;
        front = rows[first]
      ) {
        add(page, front, -1);
        first += 1;
      }
      add(page, row, 1);
      return first === last || real(page) <= limitBytes;
    });
  });
}

/**
 * A cap at which no dictionary passes the limit with the 4 bytes before each string, however many it has: only
 * 18,433 strings are shorter than 3 bytes of UTF-8, and those are 36,736 bytes together.
 */
const alwaysSafeDictionarySize = (limitBytes: number): number => (3 / 7) * (limitBytes - 24_751);

/** What to tell the writer. */
export interface PagePlan {
  readonly pageSize: number;
  readonly dictionarySize: number;
}

/**
 * The largest page size for a row group, or undefined where none is good enough and the row group should be cut.
 * A row group of one row always has a plan.
 * @param columnData the writer's values, one array of `rowCount` for each column
 * @param limitBytes of an uncompressed page, without its header
 */
export function planPages(
  allLeaves: readonly Leaf[],
  columnData: readonly (readonly WriterValue[])[],
  rowCount: number,
  limitBytes: number,
): PagePlan | undefined {
  const flat = allLeaves.filter((leaf) => !leaf.isRepeated);
  // A flat leaf has one entry a row.
  const flatOverheads = flat.map((leaf) => overheadBytes(leaf, rowCount, rowCount));
  const repeated = allLeaves
    .filter((leaf) => leaf.isRepeated)
    .map((leaf) => countRows(leaf, columnData[leaf.columnIndex] ?? []))
    // A leaf that fits into one page needs no care.
    .filter(({ leaf, total }) => total.bytes + overheadBytes(leaf, total.values, total.entries) > limitBytes);

  let pageSize = Math.max(Math.floor(limitBytes - Math.max(SLACK_BYTES, ...flatOverheads)), 1);
  // One row has one page, whatever its size; very small pages cost more than a cut row group.
  const smallest = rowCount === 1 ? 1 : limitBytes / 16;
  for (const leaf of rowCount === 1 ? [] : repeated) {
    while (pageSize >= smallest && !fits(leaf, pageSize, limitBytes)) pageSize = Math.floor(0.75 * pageSize);
  }
  if (pageSize < smallest) return undefined;

  // A dictionary holds at most as many strings as there are values, and at most half the bytes of the values.
  const strings = repeated
    .filter(({ leaf, total }) => leaf.isString && total.bytes + 4 * total.values > 2 * limitBytes)
    .map(({ total }) => total.values);
  const flatStrings = flat.some((leaf) => leaf.isString) ? rowCount : 0;
  const byCount = limitBytes - 4 * Math.max(flatStrings, ...strings);
  const dictionarySize = Math.floor(Math.max(alwaysSafeDictionarySize(limitBytes), byCount, 1)); // 0 is no cap
  return { pageSize, dictionarySize };
}
