/** Writes what was found into docs/performance.md, between its marks, and docs/performance.svg beside it. */
import { betweenMarks, markdownTable, writePage } from './docs-page.ts';
import { plot } from './plot.ts';
import { origin } from './report.ts';
import type { Result } from './result.ts';
import { tablesOf } from './tables.ts';

/** The page with the tables of a result between its marks. @throws RangeError where the marks are not there */
export function pageWith(page: string, result: Result): string {
  const content = [`${origin(result)}.`, ...tablesOf(result).map(markdownTable)].join('\n\n');
  return betweenMarks(page, 'bench', content);
}

export const writeDocs = (result: Result): Promise<void> =>
  writePage(
    { page: 'performance.md', picture: 'performance.svg' },
    (page) => pageWith(page, result),
    plot(result),
  );
