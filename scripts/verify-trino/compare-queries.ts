/** Views and hunts of queries/: the same rows in Trino as by `sysmon-lake query`. */
import { PARTITION_KEYS } from '../../src/catalog/table.ts';
import type { QueryFile } from '../../src/catalog/query-file.ts';
import type { LakeDatabase } from '../../src/cli/lake-database.ts';
import type { Column } from '../../src/ocsf/column.ts';
import type { TrinoClient } from './client.ts';
import { DUCKDB, leavesOf, sumsOf, sumsSql, TRINO } from './leaves.ts';
import type { Leaf } from './leaves.ts';
import type { Report } from './report.ts';

export interface QueriesToCompare {
  readonly label: string;
  /** Views first. */
  readonly queries: readonly QueryFile[];
  /** The columns of each table. */
  readonly tables: ReadonlyMap<string, readonly Column[]>;
}

/** @returns how many rows each query gives */
export async function compareQueries(
  { label, queries, tables }: QueriesToCompare,
  trino: TrinoClient,
  lake: LakeDatabase,
  report: Report,
): Promise<Map<string, number>> {
  const rows = new Map<string, number>();
  for (const query of queries) {
    const what = `${label} ${query.kind} ${query.name}`;
    try {
      const { view } = query;
      if (view === undefined) {
        rows.set(query.name, await compareRows(what, query.sql, trino, lake, report));
      } else {
        await trino.query(`CREATE OR REPLACE VIEW ${view} AS\n${query.sql}`);
        rows.set(query.name, await compareView(what, view, tables, trino, lake, report));
      }
    } catch (error) {
      report.fail(what, error instanceof Error ? error.message : String(error));
    }
  }
  return rows;
}

async function compareRows(
  what: string,
  sql: string,
  trino: TrinoClient,
  lake: LakeDatabase,
  report: Report,
): Promise<number> {
  const a = await trino.query(sql);
  const b = await lake.query(sql);
  report.check(`${what}: columns`, lowerCase(a.columns), lowerCase(b.columns));
  const [ours, theirs] = [a.rows, b.rows].map((rows) => rows.map(rowText).toSorted());
  report.check(`${what}: rows`, ours?.length, theirs?.length);
  report.check(what, ours, theirs);
  return a.rows.length;
}

async function compareView(
  what: string,
  view: string,
  tables: ReadonlyMap<string, readonly Column[]>,
  trino: TrinoClient,
  lake: LakeDatabase,
  report: Report,
): Promise<number> {
  const { columns } = await trino.query(`SELECT * FROM ${view} LIMIT 0`);
  const inDuckDb = await lake.query(`SELECT * FROM ${view} LIMIT 0`);
  // DuckDB has the keys of the path in an order of its own, and SELECT * shows it.
  const keysLast = (names: readonly string[]): string[] => [
    ...names.filter((name) => !KEYS.has(name)),
    ...names.filter((name) => KEYS.has(name)).toSorted(),
  ];
  report.check(`${what}: columns`, keysLast(lowerCase(columns)), keysLast(lowerCase(inDuckDb.columns)));
  const nested = tables.get(view.replace(/_distinct$/, '')) ?? [];
  const leaves = (dialect: typeof TRINO): Leaf[] =>
    columns.flatMap(({ name, type }) => {
      const own = nested.find((column) => column.name.toLowerCase() === name.toLowerCase());
      if (own !== undefined) return leavesOf([own], dialect);
      return [{ path: name, text: SAME_TEXT.test(type) ? `CAST("${name}" AS varchar)` : COUNT_ONLY(name) }];
    });
  const ours = sumsOf(leaves(TRINO), (await trino.query(sumsSql(leaves(TRINO), view, TRINO))).rows[0] ?? []);
  const sql = sumsSql(leaves(DUCKDB), view, DUCKDB);
  const theirs = sumsOf(leaves(DUCKDB), (await lake.query(sql)).rows[0] ?? []);
  report.check(`${what}: rows`, ours.rows, theirs.rows);
  for (const [path, sums] of ours.byPath) report.check(`${what}.${path}`, sums, theirs.byPath.get(path));
  return ours.rows;
}

const KEYS: ReadonlySet<string> = new Set(PARTITION_KEYS.map(({ name }) => name));

/** Types whose text is the same in both engines. */
const SAME_TEXT = /^(varchar|bigint|integer|boolean)/;
const COUNT_ONLY = (name: string): string => `CASE WHEN "${name}" IS NOT NULL THEN '' END`;

const lowerCase = (columns: readonly { readonly name: string }[]): string[] =>
  columns.map(({ name }) => name.toLowerCase());

const rowText = (row: readonly unknown[]): string => JSON.stringify(row.map(plain));

/** What the engines write differently: structs are lists in one, and doubles and times have digits more or less. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return Object.values(value).map(plain);
  if (typeof value === 'number') return String(Number(value.toPrecision(12)));
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/.test(value))
    return value
      .replace(' ', 'T')
      .replace(/ UTC$|Z$/, '')
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  return value;
}
