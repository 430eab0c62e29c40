/** What goes wrong: every kind by its name, how often it is tried, and how often it came to pass. */
import type { Random } from './random.ts';

/** The most that a run may set each probability to: for each call, invocation, message or record. */
const MOST = {
  // Lambda
  'instance killed before a side effect': 0.03,
  'instance killed behind a side effect': 0.03,
  'call so slow that the function may time out': 0.02,
  'response lost': 0.08,
  'no instance free for minutes': 0.2,
  'invoked again while it runs': 0.08,
  'cold start': 0.5,
  'event source mapping starts anew': 0.08,
  // The table
  'table throttles': 0.3,
  'table answers partly': 0.5,
  'table fails before': 0.04,
  'table fails behind': 0.04,
  'table deletes what expired': 1,
  // The store
  'store fails before': 0.05,
  'store fails behind': 0.05,
  'store has a conflict': 0.15,
  'client repeats a conditional write': 0.15,
  'body breaks off': 0.3,
  // The queue
  'queue fails before': 0.1,
  'queue fails behind': 0.1,
  'message late': 0.5,
  'message twice': 0.3,
  // The stream and who writes to it
  'shard split': 0.5,
  'shards merged': 0.5,
  'batch overtaken': 0.6,
  'batch repeated': 0.2,
  'place lost': 0.1,
  'record rejected': 0.05,
  // Clocks
  'clock of an instance off': 1,
  'clock of a host set back': 0.15,
} as const;

export type Fault = keyof typeof MOST;

/** as: the keys of the table are the faults. */
export const FAULTS = Object.keys(MOST) as Fault[];

export type FaultRates = Readonly<Record<Fault, number>>;

/** What a run tries: of every kind nothing at all, or any rate up to the most. */
export function chooseRates(random: Random): FaultRates {
  const calm = random.chance(0.05);
  const rates = FAULTS.map((fault) => {
    const rate = random.chance(0.4) ? 0 : random.next() * MOST[fault];
    return [fault, calm ? 0 : rate] as const;
  });
  return Object.fromEntries(rates) as FaultRates; // as: one entry for each fault
}

export interface Faults {
  /** Whether this goes wrong here and now; counted if so. */
  readonly strikes: (fault: Fault) => boolean;
  readonly count: (fault: Fault, by?: number) => void;
  readonly injected: () => Readonly<Record<Fault, number>>;
}

/** Faults that stop for good at the end: then everything has to come to rest. */
export function newFaults(rates: FaultRates, random: Random, areOver: () => boolean): Faults {
  const injected = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>; // as: above
  const count = (fault: Fault, by = 1): void => {
    injected[fault] += by;
  };
  return {
    strikes: (fault) => {
      if (areOver() || !random.chance(rates[fault])) return false;
      count(fault);
      return true;
    },
    count,
    injected: () => injected,
  };
}
