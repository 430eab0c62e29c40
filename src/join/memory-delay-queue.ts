/** A delay queue in memory: for tests and simulation, where the clock is theirs. */
import { checkDelay } from './delay-queue.ts';
import type { DeferredMessage, DelayQueue } from './delay-queue.ts';

export interface MemoryDelayQueue extends DelayQueue {
  /** Takes the messages that are due, those due first in front. */
  receive(): DeferredMessage[];
}

interface Waiting {
  readonly message: DeferredMessage;
  readonly dueMs: number;
}

export interface MemoryDelayQueueOptions {
  /** The clock: epoch milliseconds. */
  readonly now: () => number;
}

/** A queue that lives as long as the process does. */
export function memoryDelayQueue({ now }: MemoryDelayQueueOptions): MemoryDelayQueue {
  let waiting: Waiting[] = [];

  return {
    send: (message, delaySeconds) =>
      new Promise((resolve) => {
        checkDelay(delaySeconds); // a throw in here rejects
        waiting.push({ message, dueMs: now() + delaySeconds * 1000 });
        resolve();
      }),

    receive() {
      const time = now();
      const due = waiting.filter(({ dueMs }) => dueMs <= time);
      waiting = waiting.filter(({ dueMs }) => dueMs > time);
      return due.sort((a, b) => a.dueMs - b.dueMs).map(({ message }) => message);
    },
  };
}
