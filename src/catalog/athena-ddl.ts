/**
 * Tables as statements for Athena, for who does not use CloudFormation.
 * https://docs.aws.amazon.com/athena/latest/ug/create-table.html
 */
import { CatalogError } from './catalog-error.ts';
import { hiveType } from './hive-type.ts';
import { tableProperties } from './projection.ts';
import type { Partitions } from './projection.ts';
import { PARQUET, PARTITION_KEYS } from './table.ts';
import type { CatalogColumn, CatalogTable } from './table.ts';

/** Athena's limit for one statement. https://docs.aws.amazon.com/athena/latest/ug/service-limits.html */
export const STATEMENT_SIZE_BYTES_MAX = 262_144;

/**
 * Words that Athena's DDL takes only in backticks, of those that can be a field's name.
 * https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html
 */
const RESERVED: ReadonlySet<string> = new Set(
  `all alter and array as authorization between bigint binary boolean both by case cashe cast char column conf
  constraint commit create cross cube current current_date current_timestamp cursor database date dayofweek decimal
  delete describe distinct div double drop else end exchange exists extended external extract false fetch float floor
  following for foreign from full function grant group grouping having if import in inner insert int integer intersect
  interval into is join lateral left less like local macro map more none not null numeric of on only or order out outer
  over partialscan partition percent preceding precision preserve primary procedure range reads reduce regexp
  references revoke right rlike rollback rollup row rows select set smallint start table tablesample then time timestamp
  to transform trigger true truncate unbounded union uniquejoin update user using utc_timestamp values varchar views
  when where window with`.split(/\s+/),
);

const quoted = (name: string): string => `\`${name}\``;

/** A field of a struct is quoted where it must be, as a name that begins with _ must. */
const quotedField = (name: string): string =>
  RESERVED.has(name) || !/^[a-z]/.test(name) ? quoted(name) : name;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const createDatabase = (database: string): string =>
  `CREATE DATABASE IF NOT EXISTS ${quoted(database)}`;

/**
 * The statement that makes a table, without a semicolon.
 * @param folder of its class, with `s3://`, without a slash at the end
 * @throws CatalogError where the statement is longer than Athena takes
 */
export function createTable(
  table: CatalogTable,
  database: string,
  folder: string,
  partitions: Partitions,
): string {
  const columns = table.columns.map((column, i) => {
    const type = table.source[i]?.type;
    return type === undefined ? column : { ...column, type: hiveType(type, column.name, quotedField) };
  });
  const properties = Object.entries(tableProperties(folder, partitions))
    // What CREATE EXTERNAL TABLE says itself.
    .filter(([name]) => name !== 'EXTERNAL')
    .map(([name, value]) => `  ${literal(name)} = ${literal(value)}`);
  const statement = [
    `CREATE EXTERNAL TABLE IF NOT EXISTS ${quoted(database)}.${quoted(table.name)} (`,
    columnLines(columns),
    ')',
    `COMMENT ${literal(table.description)}`,
    'PARTITIONED BY (',
    columnLines(PARTITION_KEYS),
    ')',
    `ROW FORMAT SERDE ${literal(PARQUET.serde)}`,
    `STORED AS INPUTFORMAT ${literal(PARQUET.inputFormat)}`,
    `OUTPUTFORMAT ${literal(PARQUET.outputFormat)}`,
    `LOCATION ${literal(`${folder}/`)}`,
    'TBLPROPERTIES (',
    properties.join(',\n'),
    ')',
  ].join('\n');
  const sizeBytes = new TextEncoder().encode(statement).length;
  if (sizeBytes > STATEMENT_SIZE_BYTES_MAX)
    throw new CatalogError(
      table.name,
      `its statement has ${sizeBytes} bytes, Athena takes ${STATEMENT_SIZE_BYTES_MAX}; use the template`,
    );
  return statement;
}

const columnLines = (columns: readonly CatalogColumn[]): string =>
  columns
    .map(({ name, type, comment }) => `  ${quoted(name)} ${type} COMMENT ${literal(comment)}`)
    .join(',\n');
