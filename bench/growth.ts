/** How the time of an event changes while one thing grows: it should not. */
import { performance } from 'node:perf_hooks';
import type { ProcessTable } from '../src/join/process-table.ts';
import type { ObjectStore } from '../src/lake/object-store.ts';
import type { CompiledMapping } from '../src/mapping/compile.ts';
import { loadMapping } from '../src/mapping/load.ts';
import { processContextOf } from '../src/join/process-context.ts';
import { decodeRecord } from '../src/sources/decode.ts';
import { DAY_MS } from './agent-record.ts';
import { base64Of } from './inputs.ts';
import { mixOf, PRODUCTION, takeLines } from './mix.ts';
import { digits, median } from './statistics.ts';
import { emptyTable, wholePath } from './whole-path.ts';

/** One axis: what grows, and the time of an event at each step. */
export interface Axis {
  readonly axis: string;
  readonly steps: readonly { readonly at: number; readonly ns_per_event: number }[];
}

export interface Growth {
  readonly growth_1m_over_10k: number;
  readonly axes: readonly Axis[];
}

const SEED = 7;
const BATCH_EVENTS = 5_000;

/** Takes objects and keeps none, as a lake elsewhere: what is measured is not the memory of a benchmark. */
export const forgetfulStore = (): ObjectStore => ({
  put: () => Promise.resolve('written'),
  get: () => Promise.resolve(undefined),
  async *list() {
    // nothing is kept
  },
});

async function timed(
  base64: readonly string[],
  mapping: CompiledMapping,
  table: ProcessTable,
  lake = forgetfulStore(),
): Promise<number> {
  const start = performance.now();
  await wholePath(base64, mapping, table, lake);
  return (performance.now() - start) * 1e6;
}

/** One run over so many events with one process table; only the batches are timed, not the making of events. */
async function runOf(pool: readonly string[], events: number, mapping: CompiledMapping): Promise<number> {
  const mix = mixOf(pool, PRODUCTION, SEED, Math.max(events, BATCH_EVENTS));
  const table = emptyTable();
  let ns = 0;
  for (let done = 0; done < events; done += BATCH_EVENTS) {
    const lines = takeLines(mix, Math.min(BATCH_EVENTS, events - done));
    ns += await timed(base64Of(lines), mapping, table);
  }
  return ns / events;
}

async function byEvents(
  pool: readonly string[],
  mapping: CompiledMapping,
  steps: readonly number[],
  rounds: number,
): Promise<Axis['steps']> {
  const results: { at: number; ns_per_event: number }[] = [];
  for (const events of steps) {
    // A short run is repeated, a long one is its own repetition.
    const repeats = Math.max(1, Math.min(rounds, Math.floor(100_000 / events)));
    const times: number[] = [];
    for (let n = 0; n < repeats; n++) times.push(await runOf(pool, events, mapping));
    results.push({ at: events, ns_per_event: digits(median(times)) });
  }
  return results;
}

/** Each step has its batch; rounds go over the steps in turn, so that what slows the machine slows all of them. */
async function bySteps<T>(
  steps: readonly { readonly at: number; readonly given: T }[],
  rounds: number,
  measure: (given: T) => Promise<number>,
): Promise<Axis['steps']> {
  const times = steps.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { given }] of steps.entries()) times[i]?.push(await measure(given));
  }
  return steps.map(({ at }, i) => ({ at, ns_per_event: digits(median(times[i] ?? [])) }));
}

/** The mapping with so many of its entries. */
function mappingOf(text: string, keys: readonly string[]): CompiledMapping {
  const file = JSON.parse(text) as { custom_source_events: { ocsf_mapping: Record<string, unknown> } }; // true: the project's own file
  const all = file.custom_source_events.ocsf_mapping;
  file.custom_source_events.ocsf_mapping = Object.fromEntries(keys.map((key) => [key, all[key]]));
  return loadMapping(JSON.stringify(file));
}

/** The four kinds that are counted with four entries and with all of them. */
const FOUR: readonly number[] = [1, 3, 11, 22];

async function byEntries(pool: readonly string[], text: string, rounds: number): Promise<Axis['steps']> {
  const lines = takeLines(mixOf(pool, [[FOUR, 1]], SEED), BATCH_EVENTS);
  const base64 = base64Of(lines);
  const all = loadMapping(text);
  const steps = [
    { at: FOUR.length, given: mappingOf(text, FOUR.map(String)) },
    { at: all.entries.length, given: all },
  ];
  return bySteps(
    steps,
    rounds,
    async (mapping) => (await timed(base64, mapping, emptyTable())) / base64.length,
  );
}

const byDays = (pool: readonly string[], mapping: CompiledMapping, rounds: number): Promise<Axis['steps']> =>
  bySteps(
    [1, 2, 5, 10, 30].map((at) => ({
      at,
      given: base64Of(takeLines(mixOf(pool, PRODUCTION, SEED, BATCH_EVENTS / at), BATCH_EVENTS)),
    })),
    rounds,
    async (base64) => (await timed(base64, mapping, emptyTable())) / base64.length,
  );

const byWidth = (pool: readonly string[], mapping: CompiledMapping, rounds: number): Promise<Axis['steps']> =>
  bySteps(
    [100, 1_000, 5_000, 10_000, 20_000].map((at) => ({
      at,
      given: base64Of(takeLines(mixOf(pool, PRODUCTION, SEED, DAY_MS), at)),
    })),
    rounds,
    async (base64) => (await timed(base64, mapping, emptyTable())) / base64.length,
  );

/** Percent of the processes that the table knows. The batch itself holds none of them: no EventID 1. */
async function byHits(
  pool: readonly string[],
  mapping: CompiledMapping,
  rounds: number,
): Promise<Axis['steps']> {
  const lines = takeLines(mixOf(pool, [[[3, 22], 1]], SEED), BATCH_EVENTS);
  const [example] = takeLines(mixOf(pool, [[[1], 1]], SEED), 1);
  const process = example === undefined ? undefined : decodeRecord(Buffer.from(example), 'auto').event;
  const context = process && processContextOf(process, mapping.processFields);
  const guids = lines.flatMap(
    (line) => /ProcessGuid: \{([0-9a-fA-F-]{36})\}/.exec(line)?.[1]?.toLowerCase() ?? [],
  );
  const base64 = base64Of(lines);
  const steps = [0, 50, 100].map((at) => ({ at, given: at }));
  return bySteps(steps, rounds, async (percent) => {
    const table = emptyTable();
    const known = [...new Set(guids)].filter((_, i) => (i * percent) % 100 < percent);
    if (context !== undefined) await table.put(known.map((guid) => ({ ...context, guid })));
    return (await timed(base64, mapping, table)) / base64.length;
  });
}

const over = (steps: Axis['steps'], at: number, base: number): number => {
  const of = (events: number): number => steps.find((step) => step.at === events)?.ns_per_event ?? NaN;
  return digits(of(at) / of(base), 3);
};

/** @param mappingText the mapping file */
export async function measureGrowth(
  pool: readonly string[],
  mappingText: string,
  rounds: number,
  say: (what: string) => void,
): Promise<Growth> {
  const mapping = loadMapping(mappingText);
  for (let n = 0; n < 4; n++) await runOf(pool, BATCH_EVENTS, mapping); // warm
  say('growth: events of a run');
  const events = await byEvents(pool, mapping, [1_000, 10_000, 100_000, 1_000_000], rounds);
  say('growth: entries, days, width, hits');
  return {
    growth_1m_over_10k: over(events, 1_000_000, 10_000),
    axes: [
      { axis: 'events of a run', steps: events },
      { axis: 'entries of the mapping', steps: await byEntries(pool, mappingText, rounds) },
      { axis: 'days in a batch', steps: await byDays(pool, mapping, rounds) },
      { axis: 'events of a batch', steps: await byWidth(pool, mapping, rounds) },
      { axis: 'percent of processes known', steps: await byHits(pool, mapping, rounds) },
    ],
  };
}
