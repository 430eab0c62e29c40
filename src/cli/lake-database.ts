/**
 * SQL over a lake in a folder: DuckDB in memory, with the views of lake-views.ts over the Parquet objects that it holds.
 * DuckDB can read these files and nothing else, writes none, and loads nothing from a network.
 */
import {
  DuckDBInstance,
  type DuckDBConnection,
  type DuckDBResultReader,
  StatementType,
} from '@duckdb/node-api';
import type { QueryFile } from '../catalog/query-file.ts';
import { OCSF_VERSIONS, ocsfSchema } from '../ocsf/schemas.ts';
import { literal, pattern, problemOf } from './duckdb-text.ts';
import { findObjects } from './lake-classes.ts';
import { plainValue, type PlainValue } from './lake-value.ts';
import { createViews } from './lake-views.ts';
import { printable } from './printable.ts';
import { readQueryFiles } from './query-files.ts';

export { LakeError } from './lake-classes.ts';

export interface QueryResult {
  /** Names are unique: DuckDB's `name:1` for a second `name`. Types are DuckDB's, as in `BIGINT`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values in the order of the columns. */
  readonly rows: readonly (readonly PlainValue[])[];
}

export interface LakeDatabase {
  /**
   * What the last of the statements gives. They read: SELECT in all its forms (FROM, WITH, PIVOT, SHOW, DESCRIBE,
   * SUMMARIZE), and CREATE for tables, views and macros of this session.
   * @throws QueryError
   */
  query(sql: string): Promise<QueryResult>;
  close(): void;
}

/** A statement that cannot be run. The message is one line, and printable: it may quote a value of an event. */
export class QueryError extends Error {
  readonly sql: string;

  constructor(sql: string, problem: string, options?: ErrorOptions) {
    super(printable(problem.replace(/\s*\n\s*/g, ' ')), options);
    this.name = 'QueryError';
    this.sql = sql;
  }
}

/** No extension from a network, no secrets from or to the home folder, no spilling to the current folder. */
const CONFIGURATION = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_persistent_secrets: 'false',
  temp_directory: '',
};

/**
 * Opens the lake below `dir` as it is now: `dir/ext/<source>/<schema>/…/*.parquet`, or, layout `per-source`,
 * `dir/ext/<source>/region=…/*.parquet`. Objects that are written later are not seen. Columns are united by name over
 * all objects of a class; those in the path (region, accountId, eventDay) are text. A class of the mapping that the lake
 * does not hold has its columns and no rows. Beside the classes there are the views of queries/, such as `sysmon_join`,
 * and the words of Trino that they use.
 *
 * A class whose objects do not fit together, or cannot be read, does not hide the others: its view raises the error.
 * @param queries where the views come from; default: those that come along
 * @throws LakeError where there is no such folder, or no object in it
 */
export async function openLake(dir: string, queries?: readonly QueryFile[]): Promise<LakeDatabase> {
  const { classes, sources } = await findObjects(dir);
  const instance = await DuckDBInstance.create(':memory:', CONFIGURATION);
  const connection = await instance.connect();
  const files = new Map(classes);
  await restrict(connection, [...classes.values(), ...sources.values()].flat());
  for (const [source, objects] of sources) {
    const schema = await classOf(connection, source, objects);
    files.set(schema, [...(files.get(schema) ?? []), ...objects]);
  }
  await createViews(connection, files, queries ?? (await readQueryFiles()));
  return {
    query: (sql) => runQuery(connection, sql),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The class of a source that holds one alone, by the class_uid of its first record; else named as the source. */
async function classOf(
  connection: DuckDBConnection,
  source: string,
  objects: readonly string[],
): Promise<string> {
  for (const file of objects) {
    const sql = `SELECT class_uid FROM read_parquet(${literal(pattern(file))}) LIMIT 1`;
    const rows = await connection.runAndReadAll(sql).then(
      (reader) => reader.getRows(),
      () => [], // a damaged object: the view of the class says so
    );
    const uid = Number(rows[0]?.[0]);
    for (const version of OCSF_VERSIONS) {
      const classes = Object.entries(ocsfSchema(version)?.classes ?? {});
      const schema = classes.find(([, item]) => item.uid === uid)?.[0];
      if (schema !== undefined) return schema;
    }
  }
  return source.replace(/[^a-z0-9_]/gi, '_').toLowerCase();
}

/** From here on only these files can be opened, and none of this can be changed. */
async function restrict(connection: DuckDBConnection, files: readonly string[]): Promise<void> {
  const allowed = new Set([...files, ...files.map(pattern)]); // the pattern is checked, then what it finds
  await connection.run(`SET TimeZone = 'UTC'`);
  await connection.run(`SET parquet_metadata_cache = true`); // read once for the view, once more for the query
  await connection.run(`SET allowed_paths = [${[...allowed].map(literal).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

/**
 * What may be run. A file could still be written by COPY, by whatever can contain a COPY (EXPLAIN ANALYZE, PREPARE), and by
 * EXPORT; CREATE reaches memory only, and a PIVOT without IN is a CREATE and a SELECT.
 */
const READING: readonly StatementType[] = [StatementType.SELECT, StatementType.CREATE];

/** By what DuckDB's message begins with. */
const HINTS = [
  ['Catalog Error: Table with name', ' (SHOW TABLES lists what this lake has)'],
  ['Permission Error', ' (the objects of the lake are read, no other file is read or written)'],
] as const;

async function runQuery(connection: DuckDBConnection, sql: string): Promise<QueryResult> {
  if (isBlank(sql)) throw new QueryError(sql, 'There is no statement; try SHOW TABLES');
  try {
    const statements = await connection.extractStatements(sql);
    let result: QueryResult = { columns: [], rows: [] };
    for (let index = 0; index < statements.count; index++) {
      const statement = await statements.prepare(index);
      if (!READING.includes(statement.statementType)) {
        const type = StatementType[statement.statementType];
        throw new QueryError(sql, `${type} statements are not run here: the lake is only read, with SELECT`);
      }
      result = resultOf(await statement.runAndReadAll());
    }
    return result;
  } catch (error) {
    if (error instanceof QueryError) throw error;
    const problem = problemOf(error);
    const hint = HINTS.find(([start]) => problem.startsWith(start))?.[1] ?? '';
    throw new QueryError(sql, problem + hint, { cause: error });
  }
}

/** Whether nothing but blanks, semicolons and comments is in it: DuckDB has no error for that. */
const isBlank = (sql: string): boolean => /^[\s;]*$/.test(sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' '));

const resultOf = (reader: DuckDBResultReader): QueryResult => ({
  columns: reader
    .deduplicatedColumnNames()
    .map((name, i) => ({ name, type: reader.columnType(i).toString() })),
  rows: reader.getRows().map((row) => row.map(plainValue)),
});
