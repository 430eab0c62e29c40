/** How much of a batch can be finished before the function is stopped. */
import type { Context } from 'aws-lambda';

export type RemainingTime = Pick<Context, 'getRemainingTimeInMillis'>;

/** Left unused at the end of an invocation: for the response and for what is slower than expected. */
export const MARGIN_MS = 5_000;
/** Taken for a record until one has been measured: well above what it costs. */
const FIRST_GUESS_MS = 1;
/** Smaller batches tell of the services that they waited for, not of what a record costs. */
const TELLING_RECORDS_MIN = 100;

export interface Pace {
  /** How many of so many records fit into the time that is left; one at least, or nothing would ever be done. */
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
      if (records > 0) recordMs = Math.max(ms / Math.max(records, TELLING_RECORDS_MIN), recordMs / 2);
    },
  };
}
