/** Pages of docs/ that a benchmark writes into: its tables between the page's marks, its picture beside the page. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Table } from './tables.ts';

const DOCS = join(import.meta.dirname, '..', 'docs');

const cell = (text: string): string => text.replaceAll('|', '\\|');

export function markdownTable({ title, head, rows }: Table): string {
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

/**
 * The page with this content between the marks of a command.
 * @param script the npm script, such as `bench`
 * @throws RangeError where the marks are not there
 */
export function betweenMarks(page: string, script: string, content: string): string {
  const marks = new RegExp(`(<!-- npm run ${script} -- --write-docs -->\\n)[^]*?(\\n<!-- end -->)`);
  if (!marks.test(page)) throw new RangeError('the page has no marks to write between');
  return page.replace(marks, (_, start: string, end: string) => `${start}\n${content}\n${end}`);
}

/** @param names of the page and the picture in docs/ */
export async function writePage(
  names: { readonly page: string; readonly picture: string },
  change: (page: string) => string,
  picture: string | undefined,
): Promise<void> {
  const file = join(DOCS, names.page);
  const options = await resolveConfig(file);
  const page = change(await readFile(file, 'utf8'));
  await writeFile(file, await format(page, { ...options, filepath: file }));
  if (picture !== undefined) await writeFile(join(DOCS, names.picture), picture);
}
