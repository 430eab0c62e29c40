/** The result of a query as text: a table for people, JSON and CSV for programs. */
import type { QueryResult } from './lake-database.ts';
import type { PlainValue } from './lake-value.ts';
import { formatTable } from './print-table.ts';
import { compactJson, escapeCharacter, textOf } from './printable.ts';

export { printable } from './printable.ts';

export const RESULT_FORMATS = ['table', 'json', 'csv'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/**
 * A result in one of the formats; ends with a line break.
 * - `table`: fits into `width` columns of a terminal where it is given, by cutting long cells; else nothing is cut.
 *   Values cannot act on the terminal.
 * - `json`: one array, an object for each row on a line of its own. Nulls inside of nested values are left out.
 * - `csv`: RFC 4180 with `\n`, names first, nested values as JSON. What a spreadsheet would run begins with `'`.
 */
export function formatResult(
  result: QueryResult,
  format: ResultFormat,
  { width }: { readonly width?: number } = {},
): string {
  switch (format) {
    case 'table':
      return formatTable(result, width);
    case 'json':
      return formatJson(result);
    case 'csv':
      return formatCsv(result);
  }
}

function formatJson({ columns, rows }: QueryResult): string {
  const names = columns.map(({ name }) => compactJson(name));
  const lines = rows.map(
    (row) => `{${names.map((name, i) => `${name}:${compactJson(row[i] ?? null)}`).join(',')}}`,
  );
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
}

function formatCsv({ columns, rows }: QueryResult): string {
  const lines = [columns.map(({ name }) => name), ...rows].map((row) => row.map(csvCell).join(','));
  return `${lines.join('\n')}\n`;
}

/** What makes a cell a formula: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const PLAIN_NUMBER = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** RFC 4180 has no control characters in text but for line breaks; the tab is left to those who use it. */
const NOT_CSV = /[\p{Cc}--[\t\r\n]]/gv;

/** Null is an empty cell, an empty text a quoted one. */
function csvCell(value: PlainValue): string {
  if (value === '') return '""';
  const text = textOf(value).replace(NOT_CSV, escapeCharacter);
  const safe = FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
