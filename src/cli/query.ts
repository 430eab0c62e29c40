/** `sysmon-lake query`: SQL over a lake in a folder. */
import { openLake } from './lake-database.ts';
import { formatResult } from './print.ts';

export const LAKE_FORMATS = ['table', 'json', 'csv'] as const;

/** The rows of a statement as text. @throws LakeError, QueryError */
export async function query(dir: string, sql: string, format: (typeof LAKE_FORMATS)[number]): Promise<string> {
  const lake = await openLake(dir);
  try {
    const width = process.stdout.isTTY ? process.stdout.columns : undefined;
    const text = formatResult(await lake.query(sql), format, width === undefined ? {} : { width });
    return text.endsWith('\n') ? text : `${text}\n`;
  } finally {
    lake.close();
  }
}
