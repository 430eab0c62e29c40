/** The samples of one phase as the numbers that matter. */
import { digits, median } from '../statistics.ts';
import { PROCESSES } from './sample.ts';
import type { ProcessName, Sample } from './sample.ts';
import { secondsOf, third } from './verdict.ts';

export interface PhaseResult {
  readonly seconds: number;
  readonly rate: number;
  readonly sent_per_second: number;
  readonly finished_per_second: number;
  readonly lag_median: number;
  readonly lag_peak: number;
  readonly lag_end: number;
  readonly age_median_s: number;
  readonly age_peak_s: number;
  readonly age_end_s: number;
  /** Invocations of transform, and the events of one on the mean. */
  readonly invocations: number;
  readonly events_per_invocation: number;
  readonly errors: number;
  /** Share of the time that transform's instance spent in invocations. */
  readonly busy_share: number;
  /** Of that thread which runs transform's JavaScript: on a core, and waiting for one. */
  readonly thread_cpu_share: number;
  readonly thread_queued_share: number;
  /** CPU time of each process ÷ time: 1 is a core. */
  readonly cpu_share: Readonly<Record<ProcessName, number>>;
  /** CPU time of other programs of the machine ÷ time. */
  readonly others_cpu_share: number;
  readonly rss_peak_mb: Readonly<Record<ProcessName, number>>;
  /** Of transform: medians of the thirds; one median where there are not so many samples. */
  readonly rss_thirds_mb: readonly number[];
  readonly transform_cpu_us_per_event: number | null;
}

const byProcess = (of: (name: ProcessName) => number): Record<ProcessName, number> =>
  Object.fromEntries(PROCESSES.map((name) => [name, of(name)])) as Record<ProcessName, number>; // true: all names

/** @returns undefined for less than two samples */
export function phaseResult(samples: readonly Sample[]): PhaseResult | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  const seconds = secondsOf(samples);
  if (first === undefined || last === undefined || seconds <= 0) return undefined;
  const values = (of: (sample: Sample) => number): number[] => samples.map(of);
  const cpuMs = (name: ProcessName): number => last.processes[name].cpu_ms - first.processes[name].cpu_ms;
  const share = (ms: number): number => digits(ms / 1000 / seconds, 3);
  const rssMedian = (of: readonly Sample[]): number =>
    median(of.map(({ processes }) => processes.transform.rss_mb));
  const finished = last.finished - first.finished;
  const invocations = last.invocations - first.invocations;
  const own = PROCESSES.reduce((sum, name) => sum + cpuMs(name), 0);
  return {
    seconds: digits(seconds),
    rate: last.rate,
    sent_per_second: digits((last.sent - first.sent) / seconds),
    finished_per_second: digits(finished / seconds),
    lag_median: median(values(({ lag }) => lag)),
    lag_peak: Math.max(...values(({ lag }) => lag)),
    lag_end: last.lag,
    age_median_s: digits(median(values(({ age_s }) => age_s)), 3),
    age_peak_s: digits(Math.max(...values(({ age_s }) => age_s)), 3),
    age_end_s: last.age_s,
    invocations,
    events_per_invocation: invocations === 0 ? 0 : Math.round(finished / invocations),
    errors: last.errors - first.errors,
    busy_share: share(last.busy_ms - first.busy_ms),
    thread_cpu_share: share(last.transform_thread.cpu_ms - first.transform_thread.cpu_ms),
    thread_queued_share: share(last.transform_thread.queued_ms - first.transform_thread.queued_ms),
    cpu_share: byProcess((name) => share(cpuMs(name))),
    others_cpu_share: share(Math.max(0, last.machine_ms - first.machine_ms - own)),
    rss_peak_mb: byProcess((name) => Math.max(...values(({ processes }) => processes[name].rss_mb))),
    rss_thirds_mb:
      samples.length < 6
        ? [rssMedian(samples)]
        : ([0, 1, 2] as const).map((n) => rssMedian(third(samples, n))),
    transform_cpu_us_per_event: finished === 0 ? null : digits((cpuMs('transform') * 1000) / finished, 3),
  };
}
