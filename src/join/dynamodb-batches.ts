/**
 * Batch calls of DynamoDB: items in calls of a bounded size, a few calls at a time, and what a call leaves
 * unprocessed asked again until nothing is left.
 */
import { setTimeout as sleepFor } from 'node:timers/promises';

export interface BatchOptions<Item> {
  readonly items: readonly Item[];
  readonly itemsPerCall: number;
  /** Does one call. Gives back the items that DynamoDB left unprocessed: all of them where it was throttled. */
  readonly call: (items: readonly Item[]) => Promise<readonly Item[]>;
  /** The error for items that are still unprocessed after the last attempt. */
  readonly exhausted: (attempts: number) => Error;
  /** From 0 up to, and without, 1. */
  readonly random: (() => number) | undefined;
  readonly sleep: ((waitMs: number) => Promise<unknown>) | undefined;
}

/** More would only be throttled together: all calls of a batch go to one table. */
export const CALLS_IN_PARALLEL = 4;

/**
 * Attempts in a row that processed nothing: with the waits below, about 5 s on average and 10 s at most. Then the
 * batch fails and its source retries it.
 */
export const ATTEMPTS_MAX = 10;
const WAIT_MS_BASE = 50;
const WAIT_MS_MAX = 2000;

/**
 * Calls until every item is processed. Waits between the attempts of a call with exponential backoff and full
 * jitter, as AWS asks for unprocessed items
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
 * Rejects with what `call` rejects with, or with `exhausted`; no call is under way then, and none follows.
 */
export async function inBatches<Item>(options: BatchOptions<Item>): Promise<void> {
  const { items, itemsPerCall } = options;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const batch = items.slice(next, next + itemsPerCall);
      next += itemsPerCall;
      try {
        await untilProcessed(batch, options);
      } catch (error) {
        next = items.length; // the other workers finish what they are at and stop
        throw error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: CALLS_IN_PARALLEL }, worker));
  for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason;
}

async function untilProcessed<Item>(batch: readonly Item[], options: BatchOptions<Item>): Promise<void> {
  const { call, exhausted, random = Math.random, sleep = sleepFor } = options;
  let left = batch;
  let attempt = 0;
  for (;;) {
    const before = left.length;
    left = await call(left);
    if (left.length === 0) return;
    attempt = left.length < before ? 1 : attempt + 1;
    if (attempt === ATTEMPTS_MAX) throw exhausted(attempt);
    await sleep(random() * Math.min(WAIT_MS_MAX, WAIT_MS_BASE * 2 ** (attempt - 1)));
  }
}
