/** Whether a table of the catalogue has the columns of the mapping. */
import { TableSchemaError } from './registration-error.ts';
import type { TableColumn, TableFound } from './services.ts';

const DIFFERENCES_MAX = 3;

/**
 * What is wrong with a table; undefined where every column of the mapping is in it with its type. Columns that only
 * the table has are no fault: an earlier mapping wrote them.
 */
export function tableDifference(
  { databaseName, crawlerName }: { readonly databaseName: string; readonly crawlerName: string },
  table: TableFound,
  columns: readonly TableColumn[],
): TableSchemaError | undefined {
  const typeOf = new Map(table.columns.map(({ name, type }) => [name.toLowerCase(), type.toLowerCase()]));
  const missing: string[] = [];
  const others: string[] = [];
  for (const { name, type: wanted } of columns) {
    const found = typeOf.get(name.toLowerCase());
    if (found === undefined) missing.push(`column ${name} is missing`);
    else if (found !== wanted) others.push(`column ${name} ${instead(found, wanted)}`);
  }
  const all = [...others, ...missing];
  if (all.length === 0) return undefined;
  const more = all.length > DIFFERENCES_MAX ? `, and ${all.length - DIFFERENCES_MAX} more` : '';
  const start = `aws glue start-crawler --name ${crawlerName}`;
  return new TableSchemaError(
    table.name,
    all.slice(0, DIFFERENCES_MAX).join(', ') + more,
    others.length === 0
      ? `run the crawler, which adds them: ${start}`
      : `take its definition away, which leaves the data, and have the crawler make it anew: ` +
          `aws glue delete-table --database-name ${databaseName} --name ${table.name} && ${start}`,
  );
}

const LENGTH_MAX = 40;

/** Two types from where they part: those of nested columns are long, and mostly alike. */
function instead(found: string, wanted: string): string {
  let same = 0;
  while (same < found.length && found[same] === wanted[same]) same++;
  const from = Math.max(...['<', ','].map((mark) => found.lastIndexOf(mark, same - 1))) + 1;
  const part = (type: string): string => {
    const end = from + LENGTH_MAX;
    return `${from > 0 ? '…' : ''}${type.slice(from, end)}${type.length > end ? '…' : ''}`;
  };
  return `is ${part(found)} instead of ${part(wanted)}`;
}
