/** All that a soak finds, as `--json` prints it. What was not measured is null. */
import type { SETTINGS } from './functions.ts';
import type { Limit } from './limit.ts';
import type { PhaseResult } from './phase.ts';
import type { Sample } from './sample.ts';
import type { Balance } from './world.ts';

/** One rate that was tried. */
export interface Attempt {
  readonly rate: number;
  readonly seconds: number;
  /** What spoke against it; nothing where it held. */
  readonly reasons: readonly string[];
  readonly finished_per_second: number;
}

export interface SoakResult {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly events_are_real: boolean;
  readonly settings: typeof SETTINGS;
  readonly probes: readonly Attempt[];
  /** The rates that were held for long, or tried to be, in their order; the last counts. */
  readonly holds: readonly Attempt[];
  /** Events a second; null where none was held. */
  readonly rate_held: number | null;
  readonly hold: PhaseResult | null;
  /** Seconds until all was finished, once nothing more was sent after the hold. */
  readonly hold_drain_s: number | null;
  readonly twice: PhaseResult | null;
  /** Back at the rate, after twice the rate. */
  readonly after: PhaseResult | null;
  /** Seconds from the end of twice the rate until events waited no longer than while it was held; null: not in time. */
  readonly recovery_s: number | null;
  /** Seconds until all was finished, once nothing more was sent. */
  readonly drain_s: number | null;
  readonly limit: Limit | null;
  /** Events a second that a vCPU of this machine's kind could carry at most, by transform's CPU time at the rate held. */
  readonly vcpu_events_per_second: number | null;
  readonly balance: Balance;
  /** From the warm-up of the last hold on. */
  readonly samples: readonly Sample[];
}
