/**
 * The Parquet schema of a class, made from its columns: LIST and MAP as the format's own page has them
 * (https://github.com/apache/parquet-format/blob/master/LogicalTypes.md), every attribute optional.
 */
import type { SchemaElement } from 'hyparquet';
import type { Column, ColumnType } from '../ocsf/column.ts';

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

// Both the old and the new annotation: hyparquet-writer goes by the old one, newer readers by the new one.
const UTF8 = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const;

/**
 * The elements of the schema, the root first, each group before its children.
 * JSON text is a plain string here, because Athena reads no JSON type.
 * @throws ColumnError for a struct without fields, an empty name, or names that differ only in case (Glue and
 *   Athena do not tell them apart)
 */
export function parquetSchema(columns: readonly Column[]): SchemaElement[] {
  if (columns.length === 0) throw new ColumnError('', 'a table needs at least one column');
  checkNames(columns, '');
  return [
    { name: 'root', num_children: columns.length },
    ...columns.flatMap((column) => elements(column.name, column.type, column.name)),
  ];
}

function elements(name: string, type: ColumnType, path: string): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (type.kind) {
    case 'string':
    case 'json':
      return [{ ...optional, ...UTF8 }];
    case 'bigint':
      return [{ ...optional, type: 'INT64' }];
    case 'double':
      return [{ ...optional, type: 'DOUBLE' }];
    case 'boolean':
      return [{ ...optional, type: 'BOOLEAN' }];
    case 'list':
      return [
        { ...optional, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elements('element', type.element, `${path}.element`),
      ];
    case 'map':
      return [
        { ...optional, num_children: 1, converted_type: 'MAP', logical_type: { type: 'MAP' } },
        { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
        { name: 'key', repetition_type: 'REQUIRED', ...UTF8 },
        { name: 'value', repetition_type: 'OPTIONAL', ...UTF8 },
      ];
    case 'struct':
      if (type.fields.length === 0) throw new ColumnError(path, 'a struct needs at least one field');
      checkNames(type.fields, `${path}.`);
      return [
        { ...optional, num_children: type.fields.length },
        ...type.fields.flatMap((field) => elements(field.name, field.type, `${path}.${field.name}`)),
      ];
  }
}

function checkNames(columns: readonly Column[], prefix: string): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    const lowerCase = name.toLowerCase();
    if (name === '') throw new ColumnError(prefix, 'a column needs a name');
    // Values are read as properties of plain objects, which all have a `constructor` and a few more.
    if (name in Object.prototype) throw new ColumnError(prefix + name, 'this name cannot be a column');
    if (seen.has(lowerCase)) throw new ColumnError(prefix + name, 'the name is taken');
    seen.add(lowerCase);
  }
}
