/**
 * What a lake in a folder is asked through: a view for each OCSF class, named as its folder, over the Parquet objects that
 * it holds; tables without rows for the classes that the mapping has and the lake has not; and the views of queries/.
 */
import { readFileSync } from 'node:fs';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { QueryFile } from '../catalog/query-file.ts';
import { loadMapping } from '../mapping/load.ts';
import type { Column, ColumnType } from '../ocsf/column.ts';
import { identifier, literal, pattern, problemOf } from './duckdb-text.ts';
import { packagePath } from './package-folder.ts';
import { queriesFor } from './query-files.ts';
import { TRINO_MACROS } from './trino-macros.ts';

/** The mapping file that a lake was written with, of those that come along, and what it needs to be read as its tables. */
interface LakeMapping {
  readonly kind: 'class' | 'native';
  readonly file: string;
  readonly tables: ReadonlyMap<string, { readonly columns: readonly Column[] }>;
}

const readMapping = (kind: LakeMapping['kind'], file: string): LakeMapping => ({
  kind,
  file,
  tables: loadMapping(readFileSync(packagePath(file), 'utf8')).tables,
});

/** A column as DuckDB names its type, without the quotes that it puts around some names. */
interface ShapeColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * The mapping whose columns fit best: a lake does not say what wrote it, and an object has every column of its
 * mapping, whatever events it holds.
 */
function mappingOf(shapes: ReadonlyMap<string, readonly ShapeColumn[]>): LakeMapping {
  const byClass = readMapping('class', 'OCSFmapping.json');
  const native = readMapping('native', 'OCSFmapping.native.json');
  const fit = ({ tables }: LakeMapping): number => {
    let same = 0;
    for (const [schema, columns] of shapes) {
      const types = new Map(tables.get(schema)?.columns.map(({ name, type }) => [name, duckdbType(type)]));
      for (const { name, type } of columns) if (types.get(name)?.replaceAll('"', '') === type) same++;
    }
    return same;
  };
  return fit(native) > fit(byClass) ? native : byClass;
}

/**
 * Makes the views of a lake in the database of the connection.
 * @param classes absolute paths of the objects of each class
 * @param queries those of {@link QueryFile} that are views are made
 */
export async function createViews(
  connection: DuckDBConnection,
  classes: ReadonlyMap<string, readonly string[]>,
  queries: readonly QueryFile[],
): Promise<void> {
  for (const macro of TRINO_MACROS) await connection.run(macro);
  for (const [schema, files] of classes) await createClassView(connection, aside(schema), schema, files);
  // The views of queries/ are bound to tables without rows: to bind one to a class opens each of its objects again.
  const shapes = new Map<string, readonly ShapeColumn[]>();
  for (const schema of classes.keys()) shapes.set(schema, await createShape(connection, schema));
  const mapping = mappingOf(shapes);
  for (const [schema, { columns }] of mapping.tables) {
    if (!classes.has(schema)) await connection.run(emptyTable(schema, columns));
  }
  for (const { view, sql } of queriesFor(queries, mapping.kind)) {
    // A class of that name goes before the view.
    if (view !== undefined && !classes.has(view)) await createQueryView(connection, view, sql, mapping);
  }
  for (const schema of classes.keys()) {
    await connection.run(`DROP TABLE ${identifier(schema)}`);
    await connection.run(`ALTER VIEW ${identifier(aside(schema))} RENAME TO ${identifier(schema)}`);
  }
}

/** Where the view of a class is until the others are made; no class has such a name. */
const aside = (schema: string): string => `${schema} objects`;

/** Makes a table without rows that has the columns of a class's view, and gives them. */
async function createShape(connection: DuckDBConnection, schema: string): Promise<readonly ShapeColumn[]> {
  const reader = await connection.runAndReadAll(
    `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ${literal(aside(schema))} ORDER BY column_index`,
  );
  const columns = reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
  const definitions = columns.map(({ name, type }) => `${identifier(name)} ${type}`);
  await connection.run(`CREATE TABLE ${identifier(schema)} (${definitions.join(', ')})`);
  return columns.map(({ name, type }) => ({ name, type: type.replaceAll('"', '') }));
}

async function createClassView(
  connection: DuckDBConnection,
  name: string,
  schema: string,
  files: readonly string[],
): Promise<void> {
  const paths = files.map((file) => literal(pattern(file))).join(', ');
  const options = 'union_by_name = true, hive_partitioning = true, hive_types_autocast = false';
  try {
    await createView(connection, name, `SELECT * FROM read_parquet([${paths}], ${options})`);
  } catch (error) {
    const problem = `The objects of ${schema} cannot be read together: ${problemOf(error)}`;
    await createView(connection, name, `SELECT CAST(NULL AS VARCHAR) AS problem WHERE ${raise(problem)}`);
  }
}

/** A view that DuckDB refuses becomes one with its columns that says why, and leaves the others alone. */
async function createQueryView(
  connection: DuckDBConnection,
  view: string,
  sql: string,
  mapping: LakeMapping,
): Promise<void> {
  try {
    await createView(connection, view, sql);
  } catch (error) {
    const cause = `${view} needs the columns that ${mapping.file} gives its tables: ${problemOf(error)}`;
    const columns = await columnsOf(view, sql, mapping);
    const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${identifier(name)}`);
    await createView(connection, view, `SELECT ${nulls.join(', ')} WHERE ${raise(cause)}`);
  }
}

const createView = (connection: DuckDBConnection, name: string, sql: string): Promise<unknown> =>
  connection.run(`CREATE OR REPLACE VIEW ${identifier(name)} AS ${sql}`);

/** A condition that no query gets past. */
const raise = (message: string): string => `CAST(error(${literal(message)}) AS BOOLEAN)`;

/** The columns that a view has over the tables of its mapping. */
async function columnsOf(
  view: string,
  sql: string,
  { tables }: LakeMapping,
): Promise<readonly { readonly name: string; readonly type: string }[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const macro of TRINO_MACROS) await connection.run(macro);
    for (const [schema, { columns }] of tables) await connection.run(emptyTable(schema, columns));
    await createView(connection, view, sql);
    const reader = await connection.runAndReadAll(`SELECT * FROM ${identifier(view)}`);
    return reader.columnNames().map((name, i) => ({ name, type: reader.columnType(i).toString() }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Those of the path, as objectKey of the lake's layout names them. */
const PARTITION: readonly Column[] = ['accountId', 'eventDay', 'region'].map((name) => ({
  name,
  type: { kind: 'string' },
}));

const emptyTable = (schema: string, columns: readonly Column[]): string =>
  `CREATE TABLE ${identifier(schema)} (${fields([...columns, ...PARTITION])})`;

const fields = (columns: readonly Column[]): string =>
  columns.map(({ name, type }) => `${identifier(name)} ${duckdbType(type)}`).join(', ');

/** As DuckDB reads what lake/parquet.ts writes for the type. */
function duckdbType(type: ColumnType): string {
  switch (type.kind) {
    case 'string':
    case 'json':
      return 'VARCHAR';
    case 'bigint':
      return 'BIGINT';
    case 'double':
      return 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    case 'map':
      return 'MAP(VARCHAR, VARCHAR)';
    case 'list':
      return `${duckdbType(type.element)}[]`;
    case 'struct':
      return `STRUCT(${fields(type.fields)})`;
  }
}
