/** Parquet objects of a lake in DuckDB, past everything that the command makes of them. */
import { DuckDBInstance } from '@duckdb/node-api';

export interface DuckDb {
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  close(): void;
}

export async function openDuckDb(): Promise<DuckDb> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  return {
    async rows(sql) {
      return (await connection.runAndReadAll(sql)).getRows();
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** SQL that reads objects; the keys in their path are text. */
export const objects = (files: readonly string[]): string =>
  `read_parquet([${files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ')}], hive_partitioning = true, hive_types_autocast = false)`;
