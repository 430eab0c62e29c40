/** Numbers that say what many rounds have measured. Medians, because a garbage collection makes means jump. */

export interface Spread {
  readonly median: number;
  /** Quartiles: half of the rounds lie between them. */
  readonly p25: number;
  readonly p75: number;
}

/** The value below which a share of the values lies, between two neighbours in proportion. NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  p25: quantile(values, 0.25),
  p75: quantile(values, 0.75),
});

/** To so many digits that count; what is no number stays null, as JSON has it. */
export const digits = (value: number, count = 4): number => Number(value.toPrecision(count));
