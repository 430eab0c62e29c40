/** How long something was at work. */

export interface BusyTime {
  readonly begin: () => void;
  readonly end: () => void;
  /** Up to now. */
  readonly totalMs: () => number;
}

/** Time in which at least one invocation is under way. */
export function newBusyTime(): BusyTime {
  let [inFlight, sinceMs, sumMs] = [0, 0, 0];
  return {
    begin() {
      if (inFlight++ === 0) sinceMs = performance.now();
    },
    end() {
      if (--inFlight === 0) sumMs += performance.now() - sinceMs;
    },
    totalMs: () => sumMs + (inFlight > 0 ? performance.now() - sinceMs : 0),
  };
}
