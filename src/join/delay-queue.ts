/**
 * The delay queue: it wakes late-join when a batch's deferred events have waited long enough. A port: memory and
 * SQS keep the same contract. A message may arrive twice and in any order; it never arrives early.
 */

/** It names the deferred object and holds no event, so a message that is sent again changes nothing. */
export interface DeferredMessage {
  /** Key of the deferred object, as `deferredKey` makes it. */
  readonly key: string;
}

/** The longest delay that SQS knows: DelaySeconds of SendMessage. */
export const DELAY_SECONDS_MAX = 900;

export interface DelayQueue {
  /**
   * Sends a message that can be received once `delaySeconds`, a whole number from 0 to {@link DELAY_SECONDS_MAX},
   * have passed. Rejects with {@link DelayError} for any other delay.
   */
  send(message: DeferredMessage, delaySeconds: number): Promise<void>;
}

/** A delay that no queue can keep. */
export class DelayError extends Error {
  readonly delaySeconds: number;

  constructor(delaySeconds: number) {
    super(`a delay is a whole number of seconds from 0 to ${DELAY_SECONDS_MAX}, not ${delaySeconds}`);
    this.name = 'DelayError';
    this.delaySeconds = delaySeconds;
  }
}

/** Throws {@link DelayError} unless a queue can keep this delay. For adapters. */
export function checkDelay(delaySeconds: number): void {
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > DELAY_SECONDS_MAX) {
    throw new DelayError(delaySeconds);
  }
}
