/** `sysmon-lake query`: SQL over a lake in a folder. */
import { openLake } from './lake-database.ts';
import { formatResult } from './print.ts';
import type { ResultFormat } from './print.ts';

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

/** Columns of the terminal; undefined where standard output is none, and every cell is wanted whole. */
export const terminalWidth = (): number | undefined =>
  process.stdout.isTTY ? process.stdout.columns : undefined;
