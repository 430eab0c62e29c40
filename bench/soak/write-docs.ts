/** Writes what was found into docs/load.md, between its marks, and docs/soak.svg beside it. */
import { betweenMarks, markdownTable, writePage } from '../docs-page.ts';
import { plot } from './plot.ts';
import type { SoakResult } from './result.ts';
import { originOf, sentencesOf, tablesOf } from './tables.ts';

/** The page with a result between its marks. @throws RangeError where the marks are not there */
export function pageWith(page: string, result: SoakResult): string {
  const content = [
    `${originOf(result)}.`,
    sentencesOf(result),
    '![Rate, lag, age of the oldest event and resident memory over time](soak.svg)',
    ...tablesOf(result).map(markdownTable),
  ].join('\n\n');
  return betweenMarks(page, 'soak', content);
}

export const writeDocs = (result: SoakResult): Promise<void> =>
  writePage({ page: 'load.md', picture: 'soak.svg' }, (page) => pageWith(page, result), plot(result));
