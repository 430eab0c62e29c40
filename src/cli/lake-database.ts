/**
 * SQL over a lake in a folder: DuckDB in memory, with a view for each OCSF class, named as its folder, over the Parquet
 * objects that it holds. DuckDB can read these files and nothing else, writes none, and loads nothing from a network.
 */
import {
  DuckDBInstance,
  type DuckDBConnection,
  type DuckDBResultReader,
  StatementType,
} from '@duckdb/node-api';
import { findClasses } from './lake-classes.ts';
import { plainValue, type PlainValue } from './lake-value.ts';
import { printable } from './printable.ts';
import { emptySysmonJoinSql, SYSMON_JOIN_SCHEMA, SYSMON_JOIN_VIEW, sysmonJoinSql } from './sysmon-join.ts';

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
 * Opens the lake below `dir` as it is now: `dir/ext/<source>/<schema>/…/*.parquet`. Objects that are written later
 * are not seen. Columns are united by name over all objects of a class; those in the path (region, accountId,
 * eventDay) are text. Beside the classes there is the view `sysmon_join`.
 *
 * A class whose objects do not fit together, or cannot be read, does not hide the others: its view raises the error.
 * @throws LakeError where there is no such folder, or no object in it
 */
export async function openLake(dir: string): Promise<LakeDatabase> {
  const classes = await findClasses(dir);
  const instance = await DuckDBInstance.create(':memory:', CONFIGURATION);
  const connection = await instance.connect();
  await restrict(connection, [...classes.values()].flat());
  for (const [schema, files] of classes) await createClassView(connection, schema, files);
  await createSysmonJoin(connection, classes.has(SYSMON_JOIN_SCHEMA));
  return {
    query: (sql) => runQuery(connection, sql),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** DuckDB takes every path for a pattern before it takes it for a name; a class of one character is that character. */
const pattern = (file: string): string => file.replace(/[*?[]/g, '[$&]');

/** From here on only these files can be opened, and none of this can be changed. */
async function restrict(connection: DuckDBConnection, files: readonly string[]): Promise<void> {
  const allowed = new Set([...files, ...files.map(pattern)]); // the pattern is checked, then what it finds
  await connection.run(`SET TimeZone = 'UTC'`);
  await connection.run(`SET parquet_metadata_cache = true`); // read once for the view, once more for the query
  await connection.run(`SET allowed_paths = [${[...allowed].map(literal).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

async function createClassView(
  connection: DuckDBConnection,
  schema: string,
  files: readonly string[],
): Promise<void> {
  const paths = files.map((file) => literal(pattern(file))).join(', ');
  const options = 'union_by_name = true, hive_partitioning = true, hive_types_autocast = false';
  await createView(connection, schema, `SELECT * FROM read_parquet([${paths}], ${options})`, (problem) => {
    return `SELECT NULL AS problem WHERE ${raise(`The objects of ${schema} cannot be read together: ${problem}`)}`;
  });
}

async function createSysmonJoin(connection: DuckDBConnection, hasConnections: boolean): Promise<void> {
  const sql = hasConnections ? sysmonJoinSql() : emptySysmonJoinSql();
  await createView(connection, SYSMON_JOIN_VIEW, sql, (problem) => {
    const cause = `${SYSMON_JOIN_VIEW} needs the columns that OCSFmapping.json gives ${SYSMON_JOIN_SCHEMA}: ${problem}`;
    return emptySysmonJoinSql(raise(cause));
  });
}

/** A condition that no query gets past. */
const raise = (message: string): string => `CAST(error(${literal(message)}) AS BOOLEAN)`;

/** A view that DuckDB refuses becomes one that says why. */
async function createView(
  connection: DuckDBConnection,
  name: string,
  sql: string,
  orElse: (problem: string) => string,
): Promise<void> {
  try {
    await connection.run(`CREATE OR REPLACE VIEW ${identifier(name)} AS ${sql}`);
  } catch (error) {
    await connection.run(`CREATE OR REPLACE VIEW ${identifier(name)} AS ${orElse(problemOf(error))}`);
  }
}

/** What DuckDB says before it quotes the statement. */
function problemOf(error: unknown): string {
  // Not instanceof: an error of the native module can be of another realm.
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  const said = message.replace(/^Failed to extract statements: /, '').split(/\n\s*\n|\n?LINE \d+:/)[0] ?? '';
  return said.trim().replace(/\s*\n\s*/g, ' ');
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
