/** Looking for the highest rate that holds: doubled until one does not, then halved between the two. */

export interface SearchOptions {
  /** Whether a rate holds. */
  readonly probe: (rate: number) => Promise<boolean>;
  /** The first rate that is tried. */
  readonly start: number;
  /** Halvings once a rate has failed. */
  readonly halvings: number;
  /** No lower and no higher rates are tried. */
  readonly least: number;
  readonly most: number;
}

/** Rates are whole tens: a probe tells no more. */
const roundRate = (rate: number): number => Math.max(10, Math.round(rate / 10) * 10);

/** The highest rate of those tried that held; undefined where none did. */
export async function highestHeld(options: SearchOptions): Promise<number | undefined> {
  const { probe, start, halvings, least, most } = options;
  let held: number | undefined;
  let failed: number | undefined;
  for (let rate = start; failed === undefined && rate <= most; rate *= 2) {
    if (await probe(rate)) held = rate;
    else failed = rate;
  }
  while (held === undefined && failed !== undefined && roundRate(failed / 2) >= least) {
    const rate = roundRate(failed / 2);
    if (rate >= failed) return undefined;
    if (await probe(rate)) held = rate;
    else failed = rate;
  }
  for (let step = 0; step < halvings && held !== undefined && failed !== undefined; step++) {
    const rate = roundRate((held + failed) / 2);
    if (rate <= held || rate >= failed) break;
    if (await probe(rate)) held = rate;
    else failed = rate;
  }
  return held;
}
