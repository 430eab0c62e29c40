/** Writes what was found into docs/load.md, between its marks, and docs/soak.svg beside it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Table } from '../tables.ts';
import { plot } from './plot.ts';
import type { SoakResult } from './result.ts';
import { originOf, sentencesOf, tablesOf } from './tables.ts';

const DOCS = join(import.meta.dirname, '..', '..', 'docs');
const BETWEEN_MARKS = /(<!-- npm run soak -- --write-docs -->\n)[^]*?(\n<!-- end -->)/;

const cell = (content: string): string => content.replaceAll('|', '\\|');

function markdown({ title, head, rows }: Table): string {
  /** Columns of numbers stand to the right. */
  const isNumeric = (column: number): boolean =>
    rows.filter((row) => /^\d/.test(row[column] ?? '')).length > rows.length / 2;
  return [
    `### ${title}`,
    '',
    `| ${head.map(cell).join(' | ')} |`,
    `| ${head.map((_, i) => (isNumeric(i) ? '--:' : '---')).join(' | ')} |`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');
}

/** The page with a result between its marks. @throws RangeError where the marks are not there */
export function pageWith(page: string, result: SoakResult): string {
  if (!BETWEEN_MARKS.test(page)) throw new RangeError('the page has no marks to write between');
  const content = [
    `${originOf(result)}.`,
    sentencesOf(result),
    '![Rate, lag, age of the oldest event and resident memory over time](soak.svg)',
    ...tablesOf(result).map(markdown),
  ].join('\n\n');
  return page.replace(BETWEEN_MARKS, (_, start: string, end: string) => `${start}\n${content}\n${end}`);
}

export async function writeDocs(result: SoakResult): Promise<void> {
  const file = join(DOCS, 'load.md');
  const page = pageWith(await readFile(file, 'utf8'), result);
  const options = await resolveConfig(file);
  await writeFile(file, await format(page, { ...options, filepath: file }));
  const picture = plot(result);
  if (picture !== undefined) await writeFile(join(DOCS, 'soak.svg'), picture);
}
