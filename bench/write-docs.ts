/** Writes what was found into docs/performance.md, between its marks, and docs/performance.svg beside it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { plot } from './plot.ts';
import { origin } from './report.ts';
import type { Result } from './result.ts';
import { tablesOf } from './tables.ts';
import type { Table } from './tables.ts';

const DOCS = join(import.meta.dirname, '..', 'docs');
const BETWEEN_MARKS = /(<!-- npm run bench -- --write-docs -->\n)[^]*?(\n<!-- end -->)/;

const cell = (text: string): string => text.replaceAll('|', '\\|');

const markdown = ({ title, head, rows }: Table): string =>
  [
    `### ${title}`,
    '',
    `| ${head.map(cell).join(' | ')} |`,
    `| ${head.map((_, i) => (i === 0 ? '---' : '--:')).join(' | ')} |`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');

/** The page with the tables of a result between its marks. @throws RangeError where the marks are not there */
export function pageWith(page: string, result: Result): string {
  if (!BETWEEN_MARKS.test(page)) throw new RangeError('the page has no marks to write between');
  const content = [`${origin(result)}.`, ...tablesOf(result).map(markdown)].join('\n\n');
  return page.replace(BETWEEN_MARKS, (_, start: string, end: string) => `${start}\n${content}\n${end}`);
}

export async function writeDocs(result: Result): Promise<void> {
  const file = join(DOCS, 'performance.md');
  const page = pageWith(await readFile(file, 'utf8'), result);
  const options = await resolveConfig(file);
  await writeFile(file, await format(page, { ...options, filepath: file }));
  const picture = plot(result);
  if (picture !== undefined) await writeFile(join(DOCS, 'performance.svg'), picture);
}
