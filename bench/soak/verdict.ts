/** Whether a rate holds: what speaks against it, judged from the samples of the time that it was sent at. */
import { median } from '../statistics.ts';
import type { Sample } from './sample.ts';

/** At the end the oldest event that is not finished has waited no longer. */
export const AGE_SECONDS_MAX = 10;
/** Over the last two thirds the lag grows by no more than is sent in this time; in less than a minute, in half of it. */
export const GROWTH_SECONDS_MAX = 2;
/** Once nothing more is sent, the rest is finished in this time. */
export const DRAIN_SECONDS_MAX = 10;
/** Resident memory of transform, last third ÷ middle third. */
export const RSS_RATIO_MAX = 1.1;
/** In less time than this the heap has not found its size, and memory is not judged. */
export const LONG_SECONDS_MIN = 60;
/** The sender sends what it is asked for, or nothing is shown. */
export const SENT_SHARE_MIN = 0.98;

/** Growth of a value a second: the straight line that is nearest. NaN with less than two samples. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [meanX, meanY] = [meanOf(points.map(([x]) => x)), meanOf(points.map(([, y]) => y))];
  const [over, under] = points.reduce<[number, number]>(
    ([xy, xx], [x, y]) => [xy + (x - meanX) * (y - meanY), xx + (x - meanX) ** 2],
    [0, 0],
  );
  return over / under;
}

/** The n-th third of the samples. */
export const third = (samples: readonly Sample[], n: 0 | 1 | 2): readonly Sample[] =>
  samples.slice(Math.round((samples.length * n) / 3), Math.round((samples.length * (n + 1)) / 3));

/** Seconds that samples lie apart, from the first to the last. */
export const secondsOf = (samples: readonly Sample[]): number =>
  (samples.at(-1)?.at_s ?? 0) - (samples[0]?.at_s ?? 0);

/** What is judged. */
export interface Trial {
  readonly rate: number;
  /** Of the time at this rate alone, the first at its beginning. */
  readonly samples: readonly Sample[];
  /** How long the rest took; undefined where it was not waited for. */
  readonly drainSeconds: number | undefined;
}

/** What speaks against a rate, in words; nothing where it holds. */
export function reasonsAgainst({ rate, samples, drainSeconds }: Trial): string[] {
  const [first, last] = [samples[0], samples.at(-1)];
  const seconds = secondsOf(samples);
  if (first === undefined || last === undefined || seconds <= 0) return ['nothing was measured'];
  const reasons: string[] = [];
  const errors = last.errors - first.errors;
  if (errors > 0) reasons.push(`${errors} invocations failed`);

  const sentShare = (last.sent - first.sent) / (rate * seconds);
  if (sentShare < SENT_SHARE_MIN) {
    reasons.push(`only ${(100 * sentShare).toFixed(0)} % of the rate could be sent`);
  }
  const ageSeconds = median(third(samples, 2).map(({ age_s }) => age_s));
  if (ageSeconds > AGE_SECONDS_MAX) {
    reasons.push(`the oldest event waits ${ageSeconds.toFixed(0)} s, more than ${AGE_SECONDS_MAX}`);
  }
  const later = [...third(samples, 1), ...third(samples, 2)];
  const growth = slope(later.map(({ at_s, lag }) => [at_s, lag])) * secondsOf(later);
  const isLong = seconds >= LONG_SECONDS_MIN;
  if (growth > (isLong ? GROWTH_SECONDS_MAX : GROWTH_SECONDS_MAX / 2) * rate) {
    reasons.push(`the lag grows, by ${Math.round(growth)} events in ${secondsOf(later).toFixed(0)} s`);
  }
  if (drainSeconds !== undefined && drainSeconds > DRAIN_SECONDS_MAX) {
    reasons.push(`the rest takes ${drainSeconds.toFixed(0)} s, more than ${DRAIN_SECONDS_MAX}`);
  }
  const rss = (n: 1 | 2): number =>
    median(third(samples, n).map(({ processes }) => processes.transform.rss_mb));
  if (isLong && rss(2) > RSS_RATIO_MAX * rss(1)) {
    reasons.push(`the memory of transform grows, from ${rss(1).toFixed(0)} to ${rss(2).toFixed(0)} MB`);
  }
  return reasons;
}

/** Whether there is no need to go on: it is far behind. */
export const isHopeless = ({ age_s }: Sample): boolean => age_s > 3 * AGE_SECONDS_MAX;
