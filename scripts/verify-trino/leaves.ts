/**
 * What two engines must agree on for each leaf of each column: how many rows have it, and a checksum of its text.
 * Lists and maps are one text a row.
 */
import type { Column, ColumnType } from '../../src/ocsf/column.ts';

export interface Dialect {
  readonly length: (list: string) => string;
  /** The items of a list that have a text, each through `item`, as one text. */
  readonly listText: (list: string, variable: string, item: string) => string;
  readonly mapText: (map: string) => string;
  /** A number of 28 bits made of a text. */
  readonly digest: (text: string) => string;
}

export const TRINO: Dialect = {
  length: (list) => `cardinality(${list})`,
  listText: (list, variable, item) => `array_join(transform(${list}, ${variable} -> ${item}), '|')`,
  mapText: (map) =>
    `array_join(array_sort(transform(map_entries(${map}), e -> e[1] || '=' || coalesce(e[2], '~'))), '|')`,
  digest: (text) => `from_base(substr(lower(to_hex(md5(to_utf8(${text})))), 1, 7), 16)`,
};

export const DUCKDB: Dialect = {
  length: (list) => `len(${list})`,
  listText: (list, variable, item) =>
    `array_to_string(list_transform(${list}, lambda ${variable} : ${item}), '|')`,
  mapText: (map) =>
    `array_to_string(list_sort(list_transform(map_entries(${map}), lambda e : e.key || '=' || coalesce(e.value, '~'))), '|')`,
  digest: (text) => `CAST(('0x' || substr(md5(${text}), 1, 7)) AS BIGINT)`,
};

export interface Leaf {
  /** From the top, with dots; `[]` is the length of a list, `[].` begins what its items have. */
  readonly path: string;
  /** SQL that gives its text, or NULL where the row has none. */
  readonly text: string;
}

/** The leaves of columns, in order. Names are in lower case, as catalogues have them. */
export function leavesOf(columns: readonly Column[], dialect: Dialect): Leaf[] {
  return columns.flatMap(({ name, type }) => below(type, `"${name}"`, name.toLowerCase(), dialect, 0));
}

function below(type: ColumnType, sql: string, path: string, dialect: Dialect, depth: number): Leaf[] {
  switch (type.kind) {
    case 'struct':
      return type.fields.flatMap((field) =>
        below(
          field.type,
          `${sql}."${field.name}"`,
          `${path}${path.endsWith('.') ? '' : '.'}${field.name.toLowerCase()}`,
          dialect,
          depth,
        ),
      );
    case 'list': {
      const variable = `x${depth}`;
      return [
        { path: `${path}[]`, text: `CAST(${dialect.length(sql)} AS varchar)` },
        ...below(type.element, variable, `${path}[].`, dialect, depth + 1).map((leaf) => ({
          path: leaf.path,
          // A field that older objects do not have is NULL in every item of theirs.
          text: `nullif(${dialect.listText(sql, variable, leaf.text)}, '')`,
        })),
      ];
    }
    case 'map':
      return [{ path, text: dialect.mapText(sql) }];
    default:
      return [{ path, text: `CAST(${sql} AS varchar)` }];
  }
}

/** One row: rows, then for each leaf how many rows have it and the sum of the digests. */
export const sumsSql = (leaves: readonly Leaf[], from: string, dialect: Dialect): string =>
  `SELECT count(*), ${leaves
    .map(({ text }) => `count(${text}), CAST(coalesce(sum(${dialect.digest(text)}), 0) AS varchar)`)
    .join(', ')} FROM ${from}`;

export interface Sums {
  readonly rows: number;
  readonly byPath: ReadonlyMap<string, { readonly count: number; readonly sum: bigint }>;
}

/** Reads the row that {@link sumsSql} gives. */
export function sumsOf(leaves: readonly Leaf[], row: readonly unknown[]): Sums {
  return {
    rows: Number(row[0]),
    byPath: new Map(
      leaves.map(({ path }, i) => [
        path,
        { count: Number(row[1 + 2 * i]), sum: BigInt(String(row[2 + 2 * i])) },
      ]),
    ),
  };
}

/** Sums of two sets of rows; a leaf that one of them has no column for has no value there. */
export function addSums(a: Sums, b: Sums): Sums {
  const byPath = new Map(a.byPath);
  for (const [path, { count, sum }] of b.byPath) {
    const known = byPath.get(path) ?? { count: 0, sum: 0n };
    byPath.set(path, { count: known.count + count, sum: known.sum + sum });
  }
  return { rows: a.rows + b.rows, byPath };
}
