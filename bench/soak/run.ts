/** A whole soak: the rate is looked for, held, doubled, and given time; then everything is counted. */
import { cpus } from 'node:os';
import { digits, quantile } from '../statistics.ts';
import { SETTINGS } from './functions.ts';
import { limitOf } from './limit.ts';
import { phaseResult } from './phase.ts';
import type { Attempt, SoakResult } from './result.ts';
import type { Phase, Sample } from './sample.ts';
import { highestHeld } from './search.ts';
import { isHopeless, reasonsAgainst, third } from './verdict.ts';
import type { World } from './world.ts';

export interface Plan {
  readonly holdSeconds: number;
  /** Undefined: it is looked for. */
  readonly rate: number | undefined;
  readonly probeSeconds: number;
  readonly warmUpSeconds: number;
  readonly twiceSeconds: number;
  /** How long it is waited, back at the rate, until the lag is gone. */
  readonly recoverySecondsMax: number;
  readonly sampleSeconds: number;
}

/** What is asked for by `--minutes` and `--rate`. */
export function planOf(minutes: number, rate: number | undefined): Plan {
  const holdSeconds = 60 * minutes;
  return {
    holdSeconds,
    rate,
    probeSeconds: 20,
    warmUpSeconds: Math.min(20, holdSeconds / 2),
    twiceSeconds: Math.min(120, holdSeconds),
    recoverySecondsMax: Math.min(240, 2 * holdSeconds),
    sampleSeconds: Math.min(1, holdSeconds / 10),
  };
}

/** Of the rates that probes may try. */
const SEARCH = { start: 500, halvings: 4, least: 20, most: 64_000 } as const;
/** Where the long hold of a rate fails that a probe found, the next one is this much of it. */
const STEP_DOWN = 0.9;
const HOLDS_MAX = 5;
/** Nothing is waited for longer than this. */
const GIVE_UP_SECONDS = 600;
/** Back to normal: the oldest event waits no longer than nine tenths of the time while the rate was held. */
const NORMAL_AGE_SHARE = 0.9;

export interface RunOptions {
  readonly world: World;
  readonly plan: Plan;
  readonly eventsAreReal: boolean;
  /** A clock in milliseconds that only runs forward, and what waits by it. A wait that rejects ends the run. */
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
  readonly say: (what: string) => void;
}

/** Runs it. Rejects where a process ends, the stream or the queue cannot be reached, or a wait rejects. */
export async function runSoak(options: RunOptions): Promise<SoakResult> {
  const { world, plan, eventsAreReal, nowMs, wait, say } = options;

  /** Samples until the time is over or there is no reason to go on. */
  const watch = async (
    phase: Phase,
    seconds: number,
    until: (sample: Sample) => boolean = () => false,
  ): Promise<Sample[]> => {
    const beginMs = nowMs();
    const samples = [world.sample(phase)];
    for (let n = 1; ; n++) {
      const nextMs = beginMs + 1000 * Math.min(seconds, n * plan.sampleSeconds);
      await wait(Math.max(0, nextMs - nowMs()));
      const sample = world.sample(phase);
      samples.push(sample);
      if (nowMs() - beginMs >= 1000 * seconds || until(sample)) return samples;
    }
  };

  /** Sends nothing more until all is finished. */
  const drain = async (): Promise<Sample[]> => {
    world.send(0);
    return watch('drain', GIVE_UP_SECONDS, ({ lag }) => lag === 0);
  };
  const secondsIn = (samples: readonly Sample[]): number =>
    digits((samples.at(-1)?.at_s ?? 0) - (samples[0]?.at_s ?? 0), 3);

  /** Sends at a rate, and lets the rest be finished. */
  const attempt = async (phase: 'probe' | 'hold', rate: number, seconds: number) => {
    const lead = plan.warmUpSeconds * (phase === 'probe' ? 0.25 : 1);
    world.send(rate);
    const warmUp = await watch('warm-up', lead, isHopeless);
    const samples = await watch(phase, seconds, isHopeless);
    const drained = await drain();
    const drainSeconds = secondsIn(drained);
    const reasons = reasonsAgainst({ rate, samples, drainSeconds });
    const found = phaseResult(samples);
    const finished = found?.finished_per_second ?? 0;
    say(
      `${phase} at ${rate}/s for ${secondsIn(samples)} s: ${reasons.length === 0 ? 'holds' : reasons.join('; ')} (finished ${finished}/s)`,
    );
    const told: Attempt = { rate, seconds: secondsIn(samples), reasons, finished_per_second: finished };
    return { told, samples, drainSeconds, all: [...warmUp, ...samples, ...drained] };
  };

  const probes: Attempt[] = [];
  const probe = async (rate: number): Promise<boolean> => {
    const { told } = await attempt('probe', rate, plan.probeSeconds);
    probes.push(told);
    return told.reasons.length === 0;
  };
  const start = plan.rate ?? (await highestHeld({ probe, ...SEARCH }));

  const holds: Attempt[] = [];
  let held: Awaited<ReturnType<typeof attempt>> | undefined;
  for (let rate = start; rate !== undefined;) {
    held = await attempt('hold', rate, plan.holdSeconds);
    holds.push(held.told);
    // A rate that was asked for is held or not; there is no other.
    const goesOn = held.told.reasons.length > 0 && plan.rate === undefined && holds.length < HOLDS_MAX;
    rate = goesOn ? Math.round(rate * STEP_DOWN) : undefined;
  }

  const rate = held?.told.rate ?? 0;
  const hold = phaseResult(held?.samples ?? []);
  const samples: Sample[] = [...(held?.all ?? [])];
  let twice: readonly Sample[] = [];
  let after: readonly Sample[] = [];
  let drained: readonly Sample[] = [];
  let recoverySeconds: number | null = null;
  if (held !== undefined) {
    const ageSeconds = quantile(
      held.samples.map(({ age_s }) => age_s),
      NORMAL_AGE_SHARE,
    );
    world.send(2 * rate);
    twice = await watch('twice', plan.twiceSeconds);
    world.send(rate);
    after = await watch('after', plan.recoverySecondsMax, ({ age_s }) => age_s <= ageSeconds);
    if ((after.at(-1)?.age_s ?? 0) <= ageSeconds) recoverySeconds = secondsIn(after);
    drained = await drain();
    samples.push(...twice, ...after, ...drained);
    say(
      `twice the rate for ${secondsIn(twice)} s, back for ${secondsIn(after)} s, nothing for ${secondsIn(drained)} s`,
    );
  }
  const balance = await world.settle();
  say(`counted: ${balance.lost} of ${balance.sent} events lost`);

  const over = phaseResult(twice);
  // The beginning, when there is no backlog yet, tells nothing of a limit.
  const overloaded = phaseResult([...third(twice, 1), ...third(twice, 2)]);
  const { length: cores, 0: cpu } = cpus();
  const usPerEvent = hold?.transform_cpu_us_per_event ?? null;
  return {
    node: process.version,
    cpu: cpu?.model ?? 'unknown',
    cores,
    events_are_real: eventsAreReal,
    settings: SETTINGS,
    probes,
    holds,
    rate_held: held?.told.reasons.length === 0 ? rate : null,
    hold: hold ?? null,
    hold_drain_s: held?.drainSeconds ?? null,
    twice: over ?? null,
    after: phaseResult(after) ?? null,
    recovery_s: recoverySeconds,
    drain_s: drained.length > 0 ? secondsIn(drained) : null,
    limit: overloaded === undefined ? null : limitOf(overloaded, cores),
    vcpu_events_per_second: usPerEvent === null ? null : digits(1e6 / usPerEvent, 3),
    balance,
    samples,
  };
}
