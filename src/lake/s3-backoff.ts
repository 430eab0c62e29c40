/** How long to wait before S3 is asked again for what the client does not retry by itself. */
import { setTimeout as sleepFor } from 'node:timers/promises';

/** Attempts in a row that brought nothing: about 3 s on average, 6 s at most. */
export const ATTEMPTS_MAX = 7;
const WAIT_MS_BASE = 100;
const WAIT_MS_MAX = 2000;

export interface BackoffOptions {
  /** Randomness of the backoff: from 0 up to, and without, 1. Default: Math.random. */
  readonly random?: (() => number) | undefined;
  /** Default: a timer. */
  readonly sleep?: ((waitMs: number) => Promise<unknown>) | undefined;
}

/** Waits after the given attempt (from 1): exponential backoff with full jitter. */
export async function backOff(
  attempt: number,
  { random = Math.random, sleep = sleepFor }: BackoffOptions,
): Promise<void> {
  await sleep(random() * Math.min(WAIT_MS_MAX, WAIT_MS_BASE * 2 ** (attempt - 1)));
}
