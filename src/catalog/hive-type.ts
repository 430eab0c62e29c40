/**
 * Columns as Glue and Athena name their types: Hive's, as in `struct<pid:bigint,user:struct<name:string>>`.
 * https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 */
import type { Column, ColumnType } from '../ocsf/column.ts';
import { CatalogError } from './catalog-error.ts';

/** Glue's limit for the type of one column. https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html */
export const TYPE_LENGTH_MAX = 131_072;

/** Athena: letters, digits and _. Glue keeps names in lower case, whatever the Parquet objects have. */
const NAME = /^[a-z0-9_]{1,255}$/;

/** How a field of a struct is written; Athena's DDL wants quotes around some names, Glue takes none. */
export type FieldQuote = (name: string) => string;

const bare: FieldQuote = (name) => name;

/**
 * A name of a column or a field as a catalogue has it.
 * @param at the column from the top, for the error
 * @throws CatalogError for a name that Athena would not take
 */
export function catalogName(name: string, at: string): string {
  const lowerCase = name.toLowerCase();
  if (!NAME.test(lowerCase))
    throw new CatalogError(at, 'Athena takes names of letters, digits and _ alone; name the attribute so');
  return lowerCase;
}

/**
 * The Hive type of a column, fields in the order of the Parquet schema. JSON text is a string.
 * @param at the column from the top, for errors
 * @throws CatalogError for a name that Athena would not take, and for a type longer than Glue keeps
 */
export function hiveType(type: ColumnType, at: string, quote: FieldQuote = bare): string {
  const text = typeText(type, at, quote);
  if (text.length > TYPE_LENGTH_MAX)
    throw new CatalogError(at, `its type has ${text.length} characters; Glue keeps ${TYPE_LENGTH_MAX}`);
  return text;
}

function typeText(type: ColumnType, at: string, quote: FieldQuote): string {
  switch (type.kind) {
    case 'string':
    case 'json':
      return 'string';
    case 'bigint':
    case 'double':
    case 'boolean':
      return type.kind;
    case 'map':
      return 'map<string,string>';
    case 'list':
      return `array<${typeText(type.element, at, quote)}>`;
    case 'struct':
      return `struct<${type.fields.map((field) => fieldText(field, at, quote)).join(',')}>`;
  }
}

function fieldText({ name, type }: Column, parent: string, quote: FieldQuote): string {
  const at = `${parent}.${name}`;
  return `${quote(catalogName(name, at))}:${typeText(type, at, quote)}`;
}
