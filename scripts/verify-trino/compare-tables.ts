/** Tables: every leaf of every column, the partitions, and that a query which names a day reads that day alone. */
import { globSync } from 'node:fs';
import path from 'node:path';
import type { Column } from '../../src/ocsf/column.ts';
import type { TrinoClient } from './client.ts';
import { objects } from './duckdb.ts';
import type { DuckDb } from './duckdb.ts';
import { addSums, DUCKDB, leavesOf, sumsOf, sumsSql, TRINO } from './leaves.ts';
import type { Leaf, Sums } from './leaves.ts';
import type { Report } from './report.ts';

/** The objects of one generation of a class, which all have the same columns. */
export interface ObjectSet {
  /** Folder of the class. */
  readonly folder: string;
  /** What the names of its objects begin with: the input files. */
  readonly inputs: readonly string[];
  readonly columns: readonly Column[];
}

export interface TableToCompare {
  readonly label: string;
  readonly name: string;
  /** Those of the table. */
  readonly columns: readonly Column[];
  readonly sets: readonly ObjectSet[];
}

/** Compares one table; an engine that cannot read it is a difference too. */
export async function compareTable(
  table: TableToCompare,
  trino: TrinoClient,
  duckdb: DuckDb,
  report: Report,
): Promise<{ rows: number; leaves: number }> {
  try {
    return await compare(table, trino, duckdb, report);
  } catch (error) {
    report.fail(`${table.label} ${table.name}`, error instanceof Error ? error.message : String(error));
    return { rows: 0, leaves: 0 };
  }
}

async function compare(
  { label, name, columns, sets }: TableToCompare,
  trino: TrinoClient,
  duckdb: DuckDb,
  report: Report,
): Promise<{ rows: number; leaves: number }> {
  const leaves = [PARTITION, ...leavesOf(columns, TRINO)];
  const found = sumsOf(leaves, (await trino.query(sumsSql(leaves, name, TRINO))).rows[0] ?? []);
  const there = sets.filter((set) => filesOf(set).length > 0);
  let expected: Sums = { rows: 0, byPath: new Map() };
  for (const set of there) {
    const own = [PARTITION, ...leavesOf(set.columns, DUCKDB)];
    const [row = []] = await duckdb.rows(sumsSql(own, objects(filesOf(set)), DUCKDB));
    expected = addSums(expected, sumsOf(own, row));
  }
  report.check(`${label} ${name}: rows`, found.rows, expected.rows);
  for (const { path: leaf } of leaves)
    report.check(`${label} ${name}.${leaf}`, found.byPath.get(leaf), expected.byPath.get(leaf) ?? NONE);

  const [day] = await partitions(there, duckdb);
  if (day !== undefined) {
    const { where, rows } = day;
    const read = await trino.query(`SELECT count(time), sum(time) FROM ${name} WHERE ${where}`);
    report.check(`${label} ${name}: rows of a day`, Number(read.rows[0]?.[0]), rows);
    report.check(`${label} ${name}: rows read for a day`, read.readRows, rows);
  }
  return { rows: found.rows, leaves: leaves.length };
}

const NONE = { count: 0, sum: 0n };

const filesOf = ({ folder, inputs }: ObjectSet): string[] =>
  inputs.flatMap((name) => globSync(path.join(folder, `region=*/accountId=*/eventDay=*/${name}-*.parquet`)));

/** The keys of a row as one leaf, so that both engines find the same rows in the same partitions. */
const PARTITION: Leaf = { path: '(partition)', text: `region || '/' || accountid || '/' || eventday` };

/** The partitions, the one with most rows first. */
async function partitions(
  sets: readonly ObjectSet[],
  duckdb: DuckDb,
): Promise<{ where: string; rows: number }[]> {
  const found = new Map<string, number>();
  for (const set of sets) {
    const sql = `SELECT region, accountid, eventday, count(*) FROM ${objects(filesOf(set))} GROUP BY 1, 2, 3`;
    for (const [region, accountId, eventDay, rows] of await duckdb.rows(sql)) {
      const where = `region = '${String(region)}' AND accountid = '${String(accountId)}' AND eventday = '${String(eventDay)}'`;
      found.set(where, (found.get(where) ?? 0) + Number(rows));
    }
  }
  return Array.from(found, ([where, rows]) => ({ where, rows })).toSorted((a, b) => b.rows - a.rows);
}
