/** Names, values and messages as DuckDB's SQL has them. */

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** DuckDB takes every path for a pattern before it takes it for a name; a class of one character is that character. */
export const pattern = (file: string): string => file.replace(/[*?[]/g, '[$&]');

/** What DuckDB says before it quotes the statement, in one line. */
export function problemOf(error: unknown): string {
  // Not instanceof: an error of the native module can be of another realm.
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  const said = message.replace(/^Failed to extract statements: /, '').split(/\n\s*\n|\n?LINE \d+:/)[0] ?? '';
  return said.trim().replace(/\s*\n\s*/g, ' ');
}
