/** What the benchmark found, as tables: rows of text, for a terminal and for a page alike. */
import type { Axis } from './growth.ts';
import { isMet, TARGETS } from './result.ts';
import type { Headline, Result } from './result.ts';
import { STAGES } from './stages.ts';

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const NOT_MEASURED = 'not measured';

/** Three digits, with commas. */
export const number = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 });

const µs = (ns: number): string => number(ns / 1000);

const HEADLINES: Readonly<Record<keyof Headline, string>> = {
  whole_over_json_parse: 'whole path ÷ JSON.parse',
  whole_over_duckdb: "whole path ÷ DuckDB's SQL, one thread",
  first_batch_over_steady: 'first batch of a process ÷ steady state',
  rss_peak_mb: 'RSS peak above bare Node, MB',
  growth_1m_over_10k: 'time per event at 1,000,000 ÷ at 10,000',
  two_workers_over_one: 'two workers ÷ one, throughput',
  bundle_mb: 'bundle of the function, MB',
  cold_start_ms: 'import and first small batch above bare Node, ms',
};

function targets(result: Result): Table {
  const names = Object.keys(HEADLINES) as (keyof Headline)[]; // true: the keys of the record above
  return {
    title: 'Targets',
    head: ['what', 'measured', 'target', 'met'],
    rows: names.map((name) => {
      const value = result[name];
      const target = `${name === 'two_workers_over_one' ? '≥' : '≤'} ${number(TARGETS[name])}`;
      if (value === null) return [HEADLINES[name], NOT_MEASURED, target, ''];
      return [HEADLINES[name], number(value), target, isMet(name, value) ? 'yes' : 'no'];
    }),
  };
}

function stages(result: Result): Table[] {
  const [main] = result.cells;
  if (main === undefined) return [];
  return [
    {
      title: `Stages: ${main.input} mix, batches of ${number(main.batch_events)}, ${main.rounds} rounds`,
      head: ['stage', 'µs an event', 'quartiles', '÷ JSON.parse'],
      rows: STAGES.map((stage) => {
        const { ns_per_event, p25, p75, over_json_parse } = main.stages[stage];
        return [stage, µs(ns_per_event), `${µs(p25)} – ${µs(p75)}`, number(over_json_parse)];
      }),
    },
    {
      title: 'Inputs and sizes of batches: µs an event',
      head: ['input', 'batch', ...STAGES, '÷ JSON.parse', 'bytes out', 'objects'],
      rows: result.cells.map((cell) => [
        cell.input,
        number(cell.batch_events),
        ...STAGES.map((stage) => µs(cell.stages[stage].ns_per_event)),
        number(cell.stages.whole.over_json_parse),
        number(cell.output_bytes_per_event),
        number(cell.objects_per_batch),
      ]),
    },
  ];
}

function peers({ duckdb, jsonpath_plus, parquetjs_lite }: Result): Table[] {
  const rows: string[][] = [];
  if (duckdb !== null) {
    const { duckdb_ns_per_event, own_ns_per_event, whole_over_duckdb, equal_records, events } = duckdb;
    const what = `EventID 1, NDJSON to Parquet; ${number(equal_records)} of ${number(events)} records equal`;
    rows.push([
      'DuckDB, one thread',
      what,
      `${µs(duckdb_ns_per_event)} µs`,
      `${µs(own_ns_per_event)} µs`,
      number(whole_over_duckdb),
    ]);
  }
  if (jsonpath_plus !== null) {
    const { jsonpath_plus_ns_per_leaf: theirs, compiled_ns_per_leaf: own, path } = jsonpath_plus;
    rows.push([
      'jsonpath-plus',
      `one leaf, ${path}`,
      `${number(theirs)} ns`,
      `${number(own)} ns`,
      number(own / theirs),
    ]);
  }
  if (parquetjs_lite !== null) {
    const { parquetjs_lite_ns_per_row: theirs, own_ns_per_row: own, schema, ...bytes } = parquetjs_lite;
    const sizes = `${number(bytes.parquetjs_lite_bytes_per_row)} against ${number(bytes.own_bytes_per_row)} bytes`;
    rows.push([
      'parquetjs-lite, gzip',
      `a row of ${schema}; ${sizes}`,
      `${µs(theirs)} µs`,
      `${µs(own)} µs`,
      number(own / theirs),
    ]);
  }
  const head = ['peer', 'at what', 'peer', 'sysmon-lake', 'sysmon-lake ÷ peer'];
  return rows.length === 0 ? [] : [{ title: 'Peers', head, rows }];
}

function processes({ first_batch, memory, cold_start, workers, huge }: Result): Table[] {
  const rows: string[][] = [];
  if (first_batch !== null)
    rows.push(['first batch of a fresh process', `${µs(first_batch.ns_per_event)} µs an event`]);
  if (memory !== null) {
    const batch = `${number(memory.batch_events)} events, ${number(memory.batch_mb)} MB`;
    rows.push(
      [`RSS peak above bare Node, first batch of ${batch}`, `${number(memory.rss_peak_first_mb)} MB`],
      [`RSS peak above bare Node, ${memory.batches} such batches`, `${number(memory.rss_peak_mb)} MB`],
      ['peak of the heap', `${number(memory.heap_peak_mb)} MB`],
      ['allocated on the heap', `${number(memory.allocated_bytes_per_event)} bytes an event`],
    );
  }
  if (cold_start !== null) {
    rows.push(
      [
        'bundle of transform',
        `${number(cold_start.bundle_mb)} MB, ${number(cold_start.gzip_mb)} MB with gzip`,
      ],
      [
        'import and first small batch',
        `${number(cold_start.cold_start_ms)} ms over bare Node's ${number(cold_start.bare_node_ms)} ms`,
      ],
    );
  }
  if (workers !== null) {
    const { events, one_events_per_second: one, two_events_per_second: two } = workers;
    rows.push(
      [`transform, ${number(events)} events, 1 and 2 workers`, `${number(one)} and ${number(two)} events/s`],
      [
        'two such commands at once, 1 worker each: what the machine has to give',
        `${number(workers.two_processes_events_per_second)} events/s, ${number(workers.two_processes_over_one)} times one`,
      ],
    );
  }
  if (huge !== null) {
    rows.push([
      `transform, ${number(huge.input_gb)} GB through a pipe`,
      `${number(huge.rss_peak_mb)} MB RSS, ${number(huge.seconds)} s`,
    ]);
  }
  return rows.length === 0 ? [] : [{ title: 'Processes', head: ['what', 'measured'], rows }];
}

function growth(axes: readonly Axis[]): Table[] {
  const rows = axes.map(({ axis, steps }) => [
    axis,
    steps.map(({ at, ns_per_event }) => `${at.toLocaleString('en-US')}: ${µs(ns_per_event)}`).join(', '),
  ]);
  return rows.length === 0
    ? []
    : [{ title: 'Growth: µs an event', head: ['what grows', 'at: µs an event'], rows }];
}

/** Every table that there is something for. */
export const tablesOf = (result: Result): Table[] => [
  targets(result),
  ...stages(result),
  ...peers(result),
  ...processes(result),
  ...growth(result.growth?.axes ?? []),
];
