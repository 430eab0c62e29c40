/** `sysmon-lake query`: SQL over a lake in a folder, a statement or a file; and the list of the files that come along. */
import { readFile } from 'node:fs/promises';
import { InputError, systemProblem, UsageError } from './failure.ts';
import { openLake, QueryError } from './lake-database.ts';
import { formatResult } from './print.ts';
import type { ResultFormat } from './print.ts';
import { readQueryFiles } from './query-files.ts';

/**
 * The rows of a statement as text.
 * @param width of a table in characters; undefined: as wide as its cells
 * @throws LakeError, QueryError
 */
export async function query(
  dir: string,
  sql: string,
  format: ResultFormat,
  width: number | undefined = terminalWidth(),
): Promise<string> {
  const lake = await openLake(dir);
  try {
    const text = formatResult(await lake.query(sql), format, width === undefined ? {} : { width });
    return text.endsWith('\n') ? text : `${text}\n`;
  } finally {
    lake.close();
  }
}

/**
 * The rows of the statement in a file, as text.
 * @param file path of a file of SQL, or the name of one that comes along, such as `lsass_access`
 * @throws InputError where it cannot be read; LakeError; QueryError, which names the file
 */
export async function queryFile(dir: string, file: string, format: ResultFormat): Promise<string> {
  const sql = await readSql(file);
  try {
    return await query(dir, sql, format);
  } catch (error) {
    if (error instanceof QueryError) throw new QueryError(sql, `${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function readSql(file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const known = (await readQueryFiles()).find(({ name }) => name === file);
    if (known !== undefined) return known.view === undefined ? known.sql : `SELECT * FROM ${known.view}`;
    const advice = 'give the path of a file of SQL, or a name that `sysmon-lake query --list` shows';
    throw new InputError(file, `${systemProblem(error) ?? 'cannot be read'}; ${advice}`, { cause: error });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InputError(file, 'is no text in UTF-8', { cause: error });
  }
}

/** The views and hunts that come along, one row each, as text. */
export async function queryList(format: ResultFormat): Promise<string> {
  const files = await readQueryFiles();
  // A view that each mapping file has its own SQL for is one name to those who ask.
  const byName = new Map(files.map((file) => [file.name, file]));
  const columns = ['name', 'kind', 'technique', 'title'].map((name) => ({ name, type: 'VARCHAR' }));
  const rows = [...byName.values()]
    .toSorted((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0))
    .map(({ name, kind, techniques, title }) => [name, kind, techniques.join(', '), title]);
  const width = terminalWidth();
  return formatResult({ columns, rows }, format, width === undefined ? {} : { width });
}

/** What the arguments of the command ask for, as text. @throws UsageError where they contradict each other */
export async function runQueryCommand(
  dir: string | undefined,
  sql: string | undefined,
  { file, list, format }: { readonly file?: string; readonly list?: true; readonly format: ResultFormat },
): Promise<string> {
  if (list) {
    if (sql !== undefined || file !== undefined)
      throw new UsageError('--list takes no statement and no file');
    return queryList(format);
  }
  if (dir === undefined) throw new UsageError("missing required argument 'dir': the folder of a lake");
  if (file !== undefined && sql !== undefined) throw new UsageError('give a statement or --file, not both');
  if (file !== undefined) return queryFile(dir, file, format);
  if (sql === undefined) throw new UsageError("missing required argument 'sql': a statement, or --file");
  return query(dir, sql, format);
}

/** Columns of the terminal; undefined where standard output is none, and every cell is wanted whole. */
export const terminalWidth = (): number | undefined =>
  process.stdout.isTTY ? process.stdout.columns : undefined;
