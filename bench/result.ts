/** All that the benchmark finds, as `--json` prints it. What was not measured is null. */
import type { CellResult, StageResult } from './cell.ts';
import type { ColdStart } from './cold-start.ts';
import type { FirstBatch } from './first-batch.ts';
import type { Growth } from './growth.ts';
import type { Huge } from './huge.ts';
import type { Memory } from './memory.ts';
import type { DuckDbPeer } from './peers/duckdb.ts';
import type { JsonPathPeer } from './peers/jsonpath.ts';
import type { ParquetJsPeer } from './peers/parquetjs.ts';
import { digits } from './statistics.ts';
import type { Workers } from './workers.ts';

/** The parts of a run; any can be left out. */
export const PARTS = [
  'stages',
  'peers',
  'first-batch',
  'memory',
  'cold-start',
  'workers',
  'growth',
  'huge',
] as const;
export type Part = (typeof PARTS)[number];

export interface Measured {
  readonly node: string;
  readonly cpu: string;
  readonly events_are_real: boolean;
  readonly event_bytes: number;
  /** The first is the one that the ratios are of. */
  readonly cells: readonly CellResult[];
  readonly duckdb: DuckDbPeer | null;
  readonly jsonpath_plus: JsonPathPeer | null;
  readonly parquetjs_lite: ParquetJsPeer | null;
  readonly first_batch: FirstBatch | null;
  readonly memory: Memory | null;
  readonly cold_start: ColdStart | null;
  readonly workers: Workers | null;
  readonly growth: Growth | null;
  readonly huge: Huge | null;
}

/** The numbers that have a target, by name. */
export interface Headline {
  readonly whole_over_json_parse: number | null;
  readonly whole_over_duckdb: number | null;
  readonly first_batch_over_steady: number | null;
  readonly rss_peak_mb: number | null;
  readonly growth_1m_over_10k: number | null;
  readonly two_workers_over_one: number | null;
  readonly bundle_mb: number | null;
  readonly cold_start_ms: number | null;
}

export type Result = Headline & { readonly stages: Readonly<Record<string, StageResult>> } & Measured;

/** At most, but for the workers: at least. */
export const TARGETS: Readonly<Record<keyof Headline, number>> = {
  whole_over_json_parse: 12,
  whole_over_duckdb: 1,
  first_batch_over_steady: 4,
  rss_peak_mb: 200,
  growth_1m_over_10k: 1.2,
  two_workers_over_one: 1.7,
  bundle_mb: 1.5,
  cold_start_ms: 250,
};

export const isMet = (name: keyof Headline, value: number): boolean =>
  name === 'two_workers_over_one' ? value >= TARGETS[name] : value <= TARGETS[name];

export function resultOf(measured: Measured): Result {
  const steady = measured.cells[0]?.stages;
  const { first_batch: first, memory, cold_start: cold } = measured;
  return {
    whole_over_json_parse: steady?.whole.over_json_parse ?? null,
    whole_over_duckdb: measured.duckdb?.whole_over_duckdb ?? null,
    first_batch_over_steady:
      first === null || steady === undefined
        ? null
        : digits(first.ns_per_event / steady.whole.ns_per_event, 3),
    rss_peak_mb: memory?.rss_peak_mb ?? null,
    growth_1m_over_10k: measured.growth?.growth_1m_over_10k ?? null,
    two_workers_over_one: measured.workers?.two_over_one ?? null,
    bundle_mb: cold?.bundle_mb ?? null,
    cold_start_ms: cold?.cold_start_ms ?? null,
    stages: steady ?? {},
    ...measured,
  };
}
