/** How much of a batch can be finished before the function is stopped. */

/** Left unused at the end of an invocation: for the response and for what is slower than expected. */
const MARGIN_MS = 5_000;
/** Taken for a record until one has been measured: well above what it costs. */
const FIRST_GUESS_MS = 1;

export interface Pace {
  /** How many of so many records fit into the time that is left; at least one where there is any time at all. */
  readonly fit: (records: number, remainingMs: number) => number;
  /** Told how long records took, so that the next answer is better. */
  readonly took: (records: number, ms: number) => void;
}

/** The pace of one instance: the slower of the last batch and half of what was slow before. */
export function pace(): Pace {
  let recordMs = FIRST_GUESS_MS;
  return {
    fit: (records, remainingMs) =>
      Math.max(1, Math.min(records, Math.floor((remainingMs - MARGIN_MS) / recordMs))),
    took: (records, ms) => {
      if (records > 0) recordMs = Math.max(ms / records, recordMs / 2);
    },
  };
}
