/** SQL that gives rows of a class's columns: all of them, in their order, each value from an expression of its own. */
import type { Column, ColumnType } from '../../src/ocsf/column.ts';

/** DuckDB's name of a column's type. */
export function sqlType(type: ColumnType): string {
  switch (type.kind) {
    case 'string':
    case 'json':
      return 'VARCHAR';
    case 'list':
      return `${sqlType(type.element)}[]`;
    case 'map':
      return 'MAP(VARCHAR, VARCHAR)';
    case 'struct':
      return `STRUCT(${type.fields.map(({ name, type: inner }) => `"${name}" ${sqlType(inner)}`).join(', ')})`;
    default:
      return type.kind.toUpperCase();
  }
}

export interface Expressions {
  /** SQL by attribute, as in `process.file.name`. What has none is null. */
  readonly values: Readonly<Record<string, string>>;
  /** Of objects that are left out for another reason than that all in them is null: when they are there. */
  readonly conditions: Readonly<Record<string, string>>;
}

interface Expression {
  readonly sql: string;
  /** True where it is not null. */
  readonly isPresent: string;
}

const ABSENT = 'FALSE';
const ALWAYS = 'TRUE';

const isConstant = (sql: string): boolean => /^('[^']*'|\d+|\[('[^']*')(, '[^']*')*\])$/.test(sql);

function expression(type: ColumnType, path: string, expressions: Expressions): Expression {
  const given = expressions.values[path];
  if (given !== undefined) {
    const isPresent = isConstant(given) ? ALWAYS : `(${given}) IS NOT NULL`;
    return { sql: `(${given})::${sqlType(type)}`, isPresent };
  }
  const nothing = { sql: `NULL::${sqlType(type)}`, isPresent: ABSENT };
  if (type.kind !== 'struct') return nothing;
  const fields = type.fields.map(({ name, type: inner }) => ({
    name,
    ...expression(inner, `${path}.${name}`, expressions),
  }));
  const reasons = [...new Set(fields.map((field) => field.isPresent))].filter((reason) => reason !== ABSENT);
  if (reasons.length === 0) return nothing;
  const pack = `struct_pack(${fields.map(({ name, sql }) => `"${name}" := ${sql}`).join(', ')})`;
  const isPresent =
    expressions.conditions[path] ?? (reasons.includes(ALWAYS) ? ALWAYS : `(${reasons.join(' OR ')})`);
  return { sql: isPresent === ALWAYS ? pack : `CASE WHEN ${isPresent} THEN ${pack} END`, isPresent };
}

/** The list between SELECT and FROM. */
export const selectList = (columns: readonly Column[], expressions: Expressions): string =>
  columns.map(({ name, type }) => `${expression(type, name, expressions).sql} AS "${name}"`).join(',\n  ');
