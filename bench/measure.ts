/** The whole benchmark: each part in turn, one process at a time. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { CompiledMapping } from '../src/mapping/compile.ts';
import { decodeRecord } from '../src/sources/decode.ts';
import { measureCell } from './cell.ts';
import type { CellResult, Effort } from './cell.ts';
import { measureColdStart } from './cold-start.ts';
import { measureFirstBatch } from './first-batch.ts';
import { measureGrowth } from './growth.ts';
import { measureHuge } from './huge.ts';
import { batchLines, meanBytes } from './inputs.ts';
import type { Input, Inputs } from './inputs.ts';
import { measureMemory, MEMORY_BATCH_EVENTS } from './memory.ts';
import { mixOf, PRODUCTION, takeLines } from './mix.ts';
import { measureDuckDb } from './peers/duckdb.ts';
import { measureJsonPath } from './peers/jsonpath.ts';
import { measureParquetJs } from './peers/parquetjs.ts';
import type { ParquetJsPeer } from './peers/parquetjs.ts';
import { resultOf } from './result.ts';
import type { Measured, Part, Result } from './result.ts';
import { encode, objectsOf } from './stages.ts';
import { digits } from './statistics.ts';
import { MAPPING_FILE, readMapping } from './whole-path.ts';
import { measureWorkers } from './workers.ts';

/** How much is done: the numbers get steadier, and take longer. */
export interface Plan {
  readonly parts: ReadonlySet<Part>;
  /** The size of batch that the ratios are of. */
  readonly batchEvents: number;
  /** Sizes beside it. */
  readonly otherBatchEvents: readonly number[];
  readonly effort: Effort;
  readonly otherEffort: Effort;
  readonly peerEvents: number;
  readonly peerRounds: number;
  /** Events whose rows another writer writes, which takes it milliseconds a row. */
  readonly writerEvents: number;
  readonly processes: number;
  /** Cold starts, of each function. */
  readonly coldStarts: number;
  readonly workerEvents: number;
  readonly workerRuns: number;
  readonly growthRounds: number;
  readonly hugeBytes: number;
  /** Batches one after another in the process whose memory is measured. */
  readonly memoryBatches: number;
}

export const FULL: Plan = {
  parts: new Set(['stages', 'peers', 'first-batch', 'memory', 'cold-start', 'workers', 'growth']),
  batchEvents: 5_000,
  otherBatchEvents: [100, 1_000, 10_000],
  effort: { warmUpRounds: 6, roundsMin: 21, budgetMs: 15_000, roundEventsMin: 2_000 },
  otherEffort: { warmUpRounds: 2, roundsMin: 7, budgetMs: 3_000, roundEventsMin: 2_000 },
  peerEvents: 5_000,
  peerRounds: 15,
  writerEvents: 5_000,
  processes: 5,
  coldStarts: 10,
  workerEvents: 400_000,
  workerRuns: 2,
  growthRounds: 5,
  hugeBytes: 5e9,
  memoryBatches: 5,
};

/** All but the growth and the other sizes, in less than a minute. */
export const QUICK: Plan = {
  ...FULL,
  parts: new Set(['stages', 'peers', 'first-batch', 'memory', 'cold-start', 'workers']),
  otherBatchEvents: [],
  effort: { warmUpRounds: 1, roundsMin: 5, budgetMs: 2_000, roundEventsMin: 2_000 },
  otherEffort: { warmUpRounds: 0, roundsMin: 1, budgetMs: 0, roundEventsMin: 2_000 },
  peerRounds: 3,
  writerEvents: 500,
  processes: 2,
  coldStarts: 3,
  workerEvents: 80_000,
  workerRuns: 1,
};

const SEED = 3;
/** A path that jsonpath-plus reads takes microseconds, so a few events are enough. */
const PATH_EVENTS = 1_000;

async function measureCells(inputs: Inputs, mapping: CompiledMapping, plan: Plan): Promise<CellResult[]> {
  const clockMs = (): number => performance.now();
  const cells: [Input, number, Effort][] = [[inputs.real, plan.batchEvents, plan.effort]];
  for (const input of [inputs.oneDay, inputs.production])
    cells.push([input, plan.batchEvents, plan.otherEffort]);
  for (const input of [inputs.real, inputs.oneDay, inputs.production]) {
    for (const size of plan.otherBatchEvents) cells.push([input, size, plan.otherEffort]);
  }
  const results: CellResult[] = [];
  for (const [input, size, effort] of cells)
    results.push(await measureCell(input, size, mapping, effort, clockMs));
  return results;
}

async function measurePeers(
  inputs: Inputs,
  mapping: CompiledMapping,
  { peerEvents, peerRounds, writerEvents }: Plan,
): Promise<Pick<Measured, 'duckdb' | 'jsonpath_plus' | 'parquetjs_lite'>> {
  const creations = takeLines(mixOf(inputs.pool, [[[1], 1]], SEED), peerEvents);
  const events = batchLines(inputs.real, PATH_EVENTS, 0).flatMap(
    (line) => decodeRecord(Buffer.from(line), 'auto').event ?? [],
  );
  return {
    duckdb: await measureDuckDb(creations, mapping, peerRounds),
    jsonpath_plus: measureJsonPath(events, peerRounds),
    parquetjs_lite: await measureWriters(
      batchLines(inputs.oneDay, writerEvents, 0),
      mapping,
      Math.min(3, peerRounds),
    ),
  };
}

/** One class and one day, so that there is one object. */
async function measureWriters(
  lines: readonly string[],
  mapping: CompiledMapping,
  rounds: number,
): Promise<ParquetJsPeer | null> {
  const table = mapping.tables.get('process_activity');
  if (table === undefined) return null;
  const objects = (await objectsOf(lines, mapping)).filter((object) => object.table === table);
  const rows = objects.flatMap(({ events }) => events.map(({ event, entry }) => entry.map(event).record));
  const writeOwn = (): number => encode(objects).reduce((bytes, body) => bytes + body.length, 0);
  return measureParquetJs(table, rows, writeOwn, rounds);
}

function* linesOf(pool: readonly string[]): Generator<string> {
  for (const record of mixOf(pool, PRODUCTION, SEED)) yield JSON.stringify(record);
}

/** @param say is told what is measured now */
export async function measure(inputs: Inputs, plan: Plan, say: (what: string) => void): Promise<Result> {
  const mapping = readMapping();
  const part = async <T>(name: Part, run: () => Promise<T>): Promise<T | null> => {
    if (!plan.parts.has(name)) return null;
    say(name);
    return run();
  };
  const { real, pool } = inputs;
  const cells = (await part('stages', () => measureCells(inputs, mapping, plan))) ?? [];
  const peers = await part('peers', () => measurePeers(inputs, mapping, plan));
  const memoryBatches = Array.from({ length: plan.memoryBatches }, (_, n) =>
    batchLines(real, MEMORY_BATCH_EVENTS, n),
  );
  return resultOf({
    node: process.version,
    cpu: cpus()[0]?.model ?? '',
    events_are_real: inputs.areReal,
    event_bytes: digits(meanBytes(real.lines)),
    cells,
    duckdb: peers?.duckdb ?? null,
    jsonpath_plus: peers?.jsonpath_plus ?? null,
    parquetjs_lite: peers?.parquetjs_lite ?? null,
    first_batch: await part('first-batch', () =>
      measureFirstBatch(batchLines(real, plan.batchEvents, 0), plan.processes),
    ),
    memory: await part('memory', () => measureMemory(memoryBatches, Math.ceil(plan.processes / 3))),
    cold_start: await part('cold-start', () => measureColdStart(plan.coldStarts)),
    workers: await part('workers', () => measureWorkers(linesOf(pool), plan.workerEvents, plan.workerRuns)),
    growth: await part('growth', () =>
      measureGrowth(pool, readFileSync(MAPPING_FILE, 'utf8'), plan.growthRounds, say),
    ),
    huge: await part('huge', () => measureHuge(pool, plan.hugeBytes)),
  });
}
