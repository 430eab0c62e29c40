/**
 * What happens outside of the app in a run: what hosts log, how their agents send it, and when the stream is resharded.
 * A plan is data, so that a failing one can be made shorter.
 */
import { connectionUnit, poisonUnit, processFacts, processUnit, terminationUnit } from './events.ts';
import type { Envelope, ProcessFacts, Unit } from './events.ts';
import { chooseRates } from './faults.ts';
import type { Fault, FaultRates } from './faults.ts';
import { randomOf } from './random.ts';
import type { Random } from './random.ts';
import { chooseSettings } from './settings.ts';
import type { Settings } from './settings.ts';

/** A record of the stream: one event as the agent sends it, several lines as other producers may. */
export interface PlannedRecord {
  readonly units: readonly Unit[];
  /** Where its partition key lies in the range of hash keys: from 0 up to 1. */
  readonly hashKey: number;
}

/** One request of an agent. */
export interface Sending {
  readonly timeMs: number;
  readonly records: readonly PlannedRecord[];
}

export interface Reshard {
  readonly timeMs: number;
  readonly kind: 'split' | 'merge';
}

export interface Plan {
  readonly seed: number;
  readonly settings: Settings;
  readonly rates: FaultRates;
  readonly sendings: readonly Sending[];
  readonly reshards: readonly Reshard[];
  readonly startMs: number;
  readonly faultsEndMs: number;
  /** Faults of hosts and agents, which are in the plan already. */
  readonly planned: Readonly<Partial<Record<Fault, number>>>;
}

/** Shortly before midnight, so that the records of a run belong to two days. */
const START_MS = Date.UTC(2026, 0, 2, 23, 50);
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** What an agent puts into one batch; by default it gathers for a second, which would seldom be two events here. */
const GATHERED_MS = 20_000;
const DAY_SECONDS = 86_400;

/** Seconds from EventID 1 to 3 where both are there: quantiles of real events. */
const GAP_SECONDS = [
  [0, 0.05],
  [0.5, 4.2],
  [0.95, 103],
  [0.99, 387],
  [1, 895],
] as const;

/** Age in seconds of a process at its EventID 3: quantiles of real events. */
const AGE_SECONDS = [
  [0, 1],
  [0.076, 60],
  [0.141, 3600],
  [0.5, 11.5 * 3600],
  [0.703, DAY_SECONDS],
  [0.976, 7 * DAY_SECONDS],
  [1, 21 * DAY_SECONDS],
] as const;

/** A number by its quantiles, logarithmic between them. */
function drawn(quantiles: readonly (readonly [number, number])[], random: Random): number {
  const at = random.next();
  const above = Math.max(
    1,
    quantiles.findIndex(([quantile]) => quantile >= at),
  );
  const [[low, least], [high, most]] = [quantiles[above - 1]!, quantiles[above]!];
  return least * (most / least) ** ((at - low) / (high - low));
}

/** The plan of a seed. */
export function planOf(seed: number): Plan {
  const random = randomOf(seed, 'plan');
  const settings = chooseSettings(seed, random);
  const rates = chooseRates(random);
  const planned: Partial<Record<Fault, number>> = {};
  const strikes = (fault: Fault): boolean => {
    const struck = random.chance(rates[fault]);
    if (struck) planned[fault] = (planned[fault] ?? 0) + 1;
    return struck;
  };
  const mainMs = random.between(2, 15) * MINUTE_MS;
  /** When processes of the first minutes have expired. */
  const secondMs = random.chance(0.4)
    ? START_MS + settings.retentionSeconds * SECOND_MS + 2 * mainMs
    : undefined;
  let nextId = 1;
  const sendings: Sending[] = [];
  const hosts = random.int(1, 3);
  for (let host = 1; host <= hosts; host++) {
    const log = logOf({ host: `host-${host}`, mainMs, secondMs, random, strikes, id: () => nextId++ });
    sendings.push(...sendingsOf(log, random, strikes));
  }
  const lastMs = Math.max(START_MS, ...sendings.map(({ timeMs }) => timeMs));
  const reshards: Reshard[] = [];
  if (strikes('shard split')) reshards.push({ timeMs: random.between(START_MS, lastMs), kind: 'split' });
  if (strikes('shards merged')) reshards.push({ timeMs: random.between(START_MS, lastMs), kind: 'merge' });
  return {
    seed,
    settings,
    rates,
    sendings: sendings.toSorted((one, other) => one.timeMs - other.timeMs),
    reshards: reshards.toSorted((one, other) => one.timeMs - other.timeMs),
    startMs: START_MS,
    faultsEndMs: lastMs + random.between(0, 10) * MINUTE_MS,
    planned,
  };
}

interface LogOptions {
  readonly host: string;
  readonly mainMs: number;
  readonly secondMs: number | undefined;
  readonly random: Random;
  readonly strikes: (fault: Fault) => boolean;
  readonly id: () => number;
}

/** An event in the log of a host, with the true time at which the agent reads it. */
interface Logged {
  readonly timeMs: number;
  readonly unit: Unit;
}

/** Everything that one host logs, in its order. */
function logOf({ host, mainMs, secondMs, random, strikes, id }: LogOptions): Logged[] {
  const offMs = random.chance(0.3) ? random.between(-300, 300) * SECOND_MS : 0;
  const setBackMs = strikes('clock of a host set back') ? random.between(10, 3000) * SECOND_MS : 0;
  const setBackAtMs = START_MS + random.next() * mainMs;
  /** What the host's clock shows at a time. */
  const shown = (timeMs: number): number => timeMs + offMs - (timeMs >= setBackAtMs ? setBackMs : 0);

  const happenings: { timeMs: number; loggedMs: number; make: (envelope: Envelope) => Unit }[] = [];
  const happen = (timeMs: number, make: (envelope: Envelope) => Unit, loggedMs = shown(timeMs)): void =>
    void happenings.push({ timeMs, loggedMs: Math.round(loggedMs), make });

  const processes = random.int(1, 4);
  for (let i = 0; i < processes; i++) {
    const isYoung = random.chance(0.6);
    const beganMs = isYoung
      ? START_MS + random.next() * mainMs
      : START_MS + random.next() * mainMs - drawn(AGE_SECONDS, random) * SECOND_MS;
    const number = id();
    const process: ProcessFacts = processFacts(number, Math.floor(shown(beganMs) / SECOND_MS));
    const isGiant = random.chance(0.02);
    // The agent may start behind the EventID 1 of an old process, or read the old log first.
    if (isYoung || random.chance(0.6)) {
      const readMs = Math.max(beganMs, START_MS) + random.between(0, SECOND_MS);
      happen(readMs, (envelope) => processUnit(envelope, process, isGiant, random), shown(beganMs));
    }
    const connections = random.int(0, 4);
    for (let j = 0; j < connections; j++) {
      const isLater = secondMs !== undefined && random.chance(0.3);
      const timeMs = isLater
        ? secondMs + random.next() * mainMs
        : isYoung
          ? beganMs + drawn(GAP_SECONDS, random) * SECOND_MS
          : START_MS + random.next() * mainMs;
      happen(Math.max(timeMs, beganMs), (envelope) => connectionUnit(envelope, process, random));
    }
    if (random.chance(0.3)) {
      const endedMs = Math.max(START_MS, beganMs) + random.next() * mainMs;
      happen(endedMs, (envelope) => terminationUnit(envelope, process, random));
    }
  }
  if (random.chance(0.2)) {
    happen(START_MS + random.next() * mainMs, (envelope) => connectionUnit(envelope, undefined, random));
  }
  for (let poison = random.chance(0.5) ? random.int(1, 3) : 0; poison > 0; poison--) {
    happen(START_MS + random.next() * mainMs, (envelope) => poisonUnit(envelope, random));
  }
  return happenings
    .toSorted((one, other) => one.timeMs - other.timeMs)
    .map(({ timeMs, loggedMs, make }, i) => ({
      timeMs,
      unit: make({ id: id(), host, index: i + 1, loggedMs }),
    }));
}

/** How an agent sends a log: in batches that overtake each other, some of them twice, some from an old bookmark. */
function sendingsOf(log: readonly Logged[], random: Random, strikes: (fault: Fault) => boolean): Sending[] {
  const sendings: Sending[] = [];
  const send = (logged: readonly Logged[], timeMs: number): void => {
    const groups: Unit[][] = [];
    for (const { unit } of logged) {
      if (strikes('record rejected')) continue;
      const group = groups.at(-1);
      const mayShare = unit.kind !== 'poison' && group !== undefined && group[0]!.kind !== 'poison';
      if (mayShare && random.chance(0.05)) group.push(unit);
      else groups.push([unit]);
    }
    const records = groups.map((units) => ({ units, hashKey: random.next() }));
    if (records.length > 0) sendings.push({ timeMs, records });
  };
  const sendAll = (from: number, notBeforeMs: number): void => {
    for (let at = from; at < log.length;) {
      const most = log.slice(at, at + random.int(1, 6));
      const events = most.filter(({ timeMs }) => timeMs < most[0]!.timeMs + GATHERED_MS);
      at += events.length;
      let timeMs = Math.max(notBeforeMs, events.at(-1)!.timeMs) + SECOND_MS;
      if (strikes('batch overtaken')) timeMs += random.between(1, 300) * SECOND_MS;
      send(events, timeMs);
      if (strikes('batch repeated')) send(events, timeMs + random.between(1, 600) * SECOND_MS);
    }
  };
  sendAll(0, START_MS);
  if (strikes('place lost') && log.length > 0) {
    const from = random.int(0, log.length - 1);
    sendAll(from, log.at(-1)!.timeMs + random.between(1, 3600) * SECOND_MS);
  }
  return sendings;
}
