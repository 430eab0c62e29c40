/**
 * Time that only passes when nothing else is left to do, and the order in which things happen. What is due at the
 * same time happens in an order that the seed chooses.
 */
import type { Random } from './random.ts';

export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly at: (timeMs: number, task: () => void) => void;
  readonly sleep: (waitMs: number) => Promise<void>;
  /** Lets everything happen that is to happen. @throws RestlessError */
  readonly run: () => Promise<void>;
}

/** So many steps, and still something to do: a retry that never ends. */
export class RestlessError extends Error {
  readonly steps: number;
  constructor(steps: number) {
    super(`no rest after ${steps} steps`);
    this.name = 'RestlessError';
    this.steps = steps;
  }
}

const STEPS_MAX = 60_000;

interface Task {
  readonly timeMs: number;
  readonly order: number;
  readonly run: () => void;
}

const isBefore = (one: Task, other: Task): boolean =>
  one.timeMs < other.timeMs || (one.timeMs === other.timeMs && one.order < other.order);

export function newClock(startMs: number, random: Random): Clock {
  let nowMs = startMs;
  /** In the order in which they are done, the next one last. */
  const tasks: Task[] = [];

  const at = (timeMs: number, run: () => void): void => {
    const task = { timeMs: Math.max(timeMs, nowMs), order: random.next(), run };
    let [low, high] = [0, tasks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(task, tasks[middle]!)) low = middle + 1;
      else high = middle;
    }
    tasks.splice(low, 0, task);
  };

  return {
    now: () => nowMs,
    at,
    sleep: (waitMs) => new Promise((resolve) => at(nowMs + waitMs, resolve)),
    async run() {
      for (let steps = 0; ; steps++) {
        const task = tasks.pop();
        if (task === undefined) return;
        if (steps === STEPS_MAX) throw new RestlessError(steps);
        nowMs = task.timeMs;
        task.run();
        // Everything that now can go on does so, up to its next call of a service: that is all in microtasks.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
