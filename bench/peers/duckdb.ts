/**
 * The same work in SQL: DuckDB, one thread, from NDJSON to zstd Parquet, for EventID 1. Both sides' records are
 * compared before anything is timed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { isDeepStrictEqual } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { memoryStore } from '../../src/lake/memory-store.ts';
import type { ObjectStore } from '../../src/lake/object-store.ts';
import type { CompiledMapping } from '../../src/mapping/compile.ts';
import { base64Of } from '../inputs.ts';
import { withFolder } from '../start-process.ts';
import { digits, median } from '../statistics.ts';
import { emptyTable, wholePath } from '../whole-path.ts';
import { processCreationSql } from './process-creation-sql.ts';

export interface DuckDbPeer {
  readonly event_id: 1;
  readonly events: number;
  readonly rounds: number;
  /** Events whose records are the same in both objects, value for value. */
  readonly equal_records: number;
  readonly duckdb_ns_per_event: number;
  readonly duckdb_bytes_per_event: number;
  /** From base64, which DuckDB does not have to undo. */
  readonly own_ns_per_event: number;
  readonly own_bytes_per_event: number;
  readonly whole_over_duckdb: number;
}

const SCHEMA = 'process_activity';

const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;

/** Rows of a Parquet file as JSON text, maps as sorted entries, in the order of the file. */
async function recordsOf(connection: DuckDBConnection, file: string): Promise<unknown[]> {
  const result = await connection.runAndReadAll(
    `SELECT to_json(r)::VARCHAR FROM (SELECT * REPLACE (list_sort(map_entries(unmapped)) AS unmapped)
     FROM read_parquet(${quoted(file)}, hive_partitioning = false)) AS r`,
  );
  return result.getRows().map(([json]): unknown => JSON.parse(String(json)));
}

async function onlyObject(lake: ObjectStore): Promise<Uint8Array> {
  const bodies: Uint8Array[] = [];
  for await (const key of lake.list('')) bodies.push((await lake.get(key)) ?? new Uint8Array());
  const [body, ...others] = bodies;
  if (body === undefined || others.length > 0)
    throw new RangeError(`${bodies.length} objects, one was meant`);
  return body;
}

/** @param lines events of EventID 1 and of one day */
export function measureDuckDb(
  lines: readonly string[],
  mapping: CompiledMapping,
  rounds: number,
): Promise<DuckDbPeer> {
  const columns = mapping.tables.get(SCHEMA)?.columns ?? [];
  const base64 = base64Of(lines);
  return withFolder(async (folder) => {
    const [input, output, own] = ['events.ndjson', 'duckdb.parquet', 'own.parquet'].map((name) =>
      join(folder, name),
    );
    if (input === undefined || output === undefined || own === undefined) throw new RangeError('three names');
    writeFileSync(input, lines.map((line) => `${line}\n`).join(''));
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    try {
      const sql = processCreationSql(columns, input, output);
      await connection.run(sql);
      const lake = memoryStore();
      await wholePath(base64, mapping, emptyTable(), lake);
      writeFileSync(own, await onlyObject(lake));
      const theirs = await recordsOf(connection, output);
      const ours = await recordsOf(connection, own);
      const equal = ours.filter((record, i) => isDeepStrictEqual(record, theirs[i])).length;

      const peerMs: number[] = [];
      const ownMs: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const start = performance.now();
        await connection.run(sql);
        const middle = performance.now();
        await wholePath(base64, mapping);
        peerMs.push(middle - start);
        ownMs.push(performance.now() - middle);
      }
      const nsPerEvent = (times: readonly number[]): number => digits((median(times) * 1e6) / lines.length);
      const ratios = ownMs.map((ms, i) => ms / (peerMs[i] ?? NaN));
      return {
        event_id: 1,
        events: lines.length,
        rounds,
        equal_records: theirs.length === ours.length ? equal : 0,
        duckdb_ns_per_event: nsPerEvent(peerMs),
        duckdb_bytes_per_event: digits(readFileSync(output).length / lines.length, 3),
        own_ns_per_event: nsPerEvent(ownMs),
        own_bytes_per_event: digits(readFileSync(own).length / lines.length, 3),
        whole_over_duckdb: digits(median(ratios)),
      };
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });
}
