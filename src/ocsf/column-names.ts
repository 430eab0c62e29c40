/** Which names the columns of a table can have: in Parquet, in Glue, and in the paths of a row. */
import type { Column, ColumnType } from './column.ts';

export interface BadColumn {
  /** Names from the top, joined with a dot. */
  readonly column: string;
  readonly problem: string;
}

/** The first column that cannot be; undefined where all can. Glue and Athena do not tell names apart by case. */
export function badColumn(columns: readonly Column[], prefix = ''): BadColumn | undefined {
  const seen = new Set<string>();
  for (const { name, type } of columns) {
    const problem = badName(name, seen);
    if (problem !== undefined) return { column: prefix + name, problem };
    seen.add(name.toLowerCase());
    const inner = badColumn(fieldsOf(type), `${prefix}${name}.`);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function badName(name: string, seen: ReadonlySet<string>): string | undefined {
  if (name === '') return 'a column needs a name';
  // Paths of columns are written with dots.
  if (name.includes('.')) return 'a name cannot hold a dot';
  // Values are read as properties of plain objects, which all have a `constructor` and a few more.
  if (name in Object.prototype) return 'this name cannot be a column';
  return seen.has(name.toLowerCase()) ? 'the name is taken' : undefined;
}

const fieldsOf = (type: ColumnType): readonly Column[] => {
  if (type.kind === 'list') return fieldsOf(type.element);
  return type.kind === 'struct' ? type.fields : [];
};
