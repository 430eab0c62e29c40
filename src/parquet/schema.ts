/**
 * The Parquet schema of a class, made from its columns: LIST and MAP as the format's own page has them
 * (https://github.com/apache/parquet-format/blob/master/LogicalTypes.md), every attribute optional.
 */
import type { Column, ColumnType } from '../ocsf/column.ts';
import { badColumn } from '../ocsf/column-names.ts';

/** A column that Parquet cannot have, or a value that is not of its column's type. */
export class ColumnError extends Error {
  /** Names from the top, joined with a dot. */
  readonly column: string;

  constructor(column: string, problem: string) {
    super(`column ${JSON.stringify(column)}: ${problem}`);
    this.name = 'ColumnError';
    this.column = column;
  }
}

/** A row that the object cannot hold; the cause says why. */
export class RowError extends Error {
  /** Of the object, counted from 0. */
  readonly row: number;

  constructor(row: number, cause: unknown) {
    super(`row ${row}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'RowError';
    this.row = row;
  }
}

/** One element of the schema: a column, or a group with so many children. */
export interface SchemaElement {
  readonly name: string;
  readonly type?: 'BOOLEAN' | 'INT64' | 'DOUBLE' | 'BYTE_ARRAY';
  readonly repetition?: 'REQUIRED' | 'OPTIONAL' | 'REPEATED';
  readonly children?: number;
  readonly annotation?: 'STRING' | 'LIST' | 'MAP';
}

const TEXT = { type: 'BYTE_ARRAY', annotation: 'STRING' } as const;

/**
 * The elements of the schema, the root first, each group before its children.
 * JSON text is a plain string here, because Athena reads no JSON type.
 * @throws ColumnError for a struct without fields, an empty name, or names that differ only in case (Glue and
 *   Athena do not tell them apart)
 */
export function parquetSchema(columns: readonly Column[]): SchemaElement[] {
  if (columns.length === 0) throw new ColumnError('', 'a table needs at least one column');
  const bad = badColumn(columns);
  if (bad !== undefined) throw new ColumnError(bad.column, bad.problem);
  return [
    { name: 'root', children: columns.length },
    ...columns.flatMap((column) => elements(column.name, column.type, column.name)),
  ];
}

function elements(name: string, type: ColumnType, path: string): SchemaElement[] {
  const optional = { name, repetition: 'OPTIONAL' } as const;
  switch (type.kind) {
    case 'string':
    case 'json':
      return [{ ...optional, ...TEXT }];
    case 'bigint':
      return [{ ...optional, type: 'INT64' }];
    case 'double':
      return [{ ...optional, type: 'DOUBLE' }];
    case 'boolean':
      return [{ ...optional, type: 'BOOLEAN' }];
    case 'list':
      return [
        { ...optional, children: 1, annotation: 'LIST' },
        { name: 'list', repetition: 'REPEATED', children: 1 },
        ...elements('element', type.element, `${path}.element`),
      ];
    case 'map':
      return [
        { ...optional, children: 1, annotation: 'MAP' },
        { name: 'key_value', repetition: 'REPEATED', children: 2 },
        { name: 'key', repetition: 'REQUIRED', ...TEXT },
        { name: 'value', repetition: 'OPTIONAL', ...TEXT },
      ];
    case 'struct':
      if (type.fields.length === 0) throw new ColumnError(path, 'a struct needs at least one field');
      return [
        { ...optional, children: type.fields.length },
        ...type.fields.flatMap((field) => elements(field.name, field.type, `${path}.${field.name}`)),
      ];
  }
}
