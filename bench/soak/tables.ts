/** What a soak found, as tables: rows of text, for a terminal and for a page alike. */
import { number } from '../tables.ts';
import type { Table } from '../tables.ts';
import { NAMES } from './limit.ts';
import type { PhaseResult } from './phase.ts';
import type { Attempt, SoakResult } from './result.ts';
import { PROCESSES } from './sample.ts';

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
const seconds = (value: number | null): string => (value === null ? 'not in time' : `${number(value)} s`);

/** Where the events came from, and on what. */
export const originOf = ({ node, cpu, cores, events_are_real }: SoakResult): string =>
  `Node ${node.slice(1)}, ${cores} cores of ${cpu}; the production mix of ${events_are_real ? 'real' : 'generated'} events`;

/** The finding in words. */
export function sentencesOf(result: SoakResult): string {
  const { hold, rate_held, vcpu_events_per_second: vcpu, limit } = result;
  if (hold === null) return 'No rate was held.';
  const spoken =
    rate_held === null
      ? `${hold.rate} events/s were not held: ${result.holds.at(-1)?.reasons.join('; ') ?? ''}.`
      : `${rate_held} events/s were held for ${number(hold.seconds)} s.`;
  const cpu =
    vcpu === null
      ? ''
      : ` An event takes ${number(hold.transform_cpu_us_per_event ?? NaN)} µs of CPU time in transform, of all its threads: a core of this machine with nothing else to do carries ${number(vcpu)} events/s at most.`;
  return [`${spoken}${cpu}`, limit?.sentence].filter((text) => text !== undefined).join(' ');
}

type Row = readonly [what: string, of: (phase: PhaseResult) => string];

const ROWS: readonly Row[] = [
  ['duration', ({ seconds: s }) => `${number(s)} s`],
  ['sent, events/s', ({ sent_per_second }) => number(sent_per_second)],
  ['finished, events/s', ({ finished_per_second }) => number(finished_per_second)],
  ['lag, median', ({ lag_median }) => number(lag_median)],
  ['lag, peak', ({ lag_peak }) => number(lag_peak)],
  ['lag, at the end', ({ lag_end }) => number(lag_end)],
  ['oldest event, median', ({ age_median_s }) => `${number(age_median_s)} s`],
  ['oldest event, peak', ({ age_peak_s }) => `${number(age_peak_s)} s`],
  ['events of an invocation', ({ events_per_invocation }) => number(events_per_invocation)],
  ['invocations that failed', ({ errors }) => String(errors)],
  ['transform at work', ({ busy_share }) => percent(busy_share)],
  ['its thread on a core', ({ thread_cpu_share }) => percent(thread_cpu_share)],
  ['its thread waiting for a core', ({ thread_queued_share }) => percent(thread_queued_share)],
  [
    'RSS of transform, medians of the thirds',
    ({ rss_thirds_mb }) => `${rss_thirds_mb.map(number).join(', ')} MB`,
  ],
  ['RSS of transform, peak', ({ rss_peak_mb }) => `${number(rss_peak_mb.transform)} MB`],
  ...PROCESSES.map((name): Row => [`CPU, ${NAMES[name]}`, ({ cpu_share }) => percent(cpu_share[name])]),
  ['CPU, other programs', ({ others_cpu_share }) => percent(others_cpu_share)],
];

function phases({ hold, twice, after }: SoakResult): Table {
  const columns = [
    ['held', hold],
    ['twice the rate', twice],
    ['back at the rate', after],
  ] as const;
  const measured = columns.flatMap(([name, phase]) => (phase === null ? [] : [{ name, phase }]));
  return {
    title: 'Load',
    head: ['what', ...measured.map(({ name, phase }) => `${name}, ${number(phase.rate)}/s`)],
    rows: ROWS.map(([what, of]) => [what, ...measured.map(({ phase }) => of(phase))]),
  };
}

function recovery(result: SoakResult): Table {
  return {
    title: 'Afterwards',
    head: ['what', 'measured'],
    rows: [
      ['nothing more sent after the hold: all finished in', seconds(result.hold_drain_s)],
      ['back at the rate: events wait no longer than before after', seconds(result.recovery_s)],
      ['nothing more sent: all finished in', seconds(result.drain_s)],
    ],
  };
}

function balance({ balance: b }: SoakResult): Table {
  const count = (value: number): string => value.toLocaleString('en-US');
  return {
    title: 'Conservation',
    head: ['what', 'events'],
    rows: [
      ['sent', count(b.sent)],
      ['received by transform', count(b.received)],
      ['written by it, quarantined, deferred', [b.written, b.quarantined, b.deferred].map(count).join(', ')],
      ['written by late-join, quarantined', [b.late_written, b.late_quarantined].map(count).join(', ')],
      ['joins: hit, late, miss', [b.join_hit, b.join_late, b.join_miss].map(count).join(', ')],
      [`rows in the lake, ${count(b.lake_objects)} objects`, count(b.lake_rows)],
      ['lost', count(b.lost)],
    ],
  };
}

function attempts(title: string, all: readonly Attempt[]): Table[] {
  const rows = all.map(({ rate, seconds: s, reasons, finished_per_second }) => [
    number(rate),
    `${number(s)} s`,
    number(finished_per_second),
    reasons.length === 0 ? 'holds' : reasons.join('; '),
  ]);
  return rows.length === 0
    ? []
    : [{ title, head: ['events/s', 'for', 'finished, events/s', 'verdict'], rows }];
}

/** Every table that there is something for. */
export const tablesOf = (result: SoakResult): Table[] => [
  phases(result),
  recovery(result),
  balance(result),
  ...attempts('Rates probed', result.probes),
  ...attempts('Rates held, or not', result.holds),
];
