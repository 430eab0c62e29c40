/** Mixes of events: how many of each kind a day has, drawn from a pool with fresh identities. */
import { DAY_MS, freshCopy, readRecord } from './agent-record.ts';
import type { AgentRecord } from './agent-record.ts';
import { randomFrom } from './random.ts';

/** EventIDs and their part of a hundred. */
export type Weights = readonly (readonly [eventIds: readonly number[], percent: number])[];

/** What a host logs that records connections, images, files, the registry and DNS. `[]` is every other kind. */
export const PRODUCTION: Weights = [
  [[1], 10],
  [[3], 12],
  [[5], 8],
  [[7], 20],
  [[10], 8],
  [[11], 15],
  [[12, 13], 15],
  [[22], 8],
  [[], 4],
];

/** What the real events of the sample are: many captures of attacks, little of everyday. */
export const SAMPLE: Weights = [
  [[1], 1.6],
  [[3], 6.8],
  [[5], 1.3],
  [[7], 19.7],
  [[10], 21.7],
  [[11], 9.2],
  [[12], 16.6],
  [[13], 13.4],
  [[22], 0.5],
  [[], 9.2],
];

/**
 * An endless mix: kinds by weight, the events of each kind in the order of the pool, and when the pool has no more of
 * them, again as another host's. A day long, then the next day.
 * @param eventsPerDay how many events one day holds
 */
export function* mixOf(
  pool: readonly string[],
  weights: Weights,
  seed: number,
  eventsPerDay = DAY_MS / 2,
): Generator<AgentRecord> {
  const named = new Set(weights.flatMap(([eventIds]) => eventIds));
  const byGroup = weights.map((): AgentRecord[] => []);
  for (const line of pool) {
    const record = readRecord(line);
    const group = weights.findIndex(([eventIds]) =>
      eventIds.length === 0 ? !named.has(record.EventId) : eventIds.includes(record.EventId),
    );
    byGroup[group]?.push(record);
  }
  const groups = byGroup.map((records, group) => ({ records, percent: weights[group]?.[1] ?? 0, taken: 0 }));
  const filled = groups.filter(({ records }) => records.length > 0);
  const total = filled.reduce((sum, { percent }) => sum + percent, 0);
  if (filled.length === 0) throw new RangeError('a mix needs events to draw from');
  const random = randomFrom(seed);
  for (let index = 1; ; index++) {
    let at = random.next() * total;
    const group = filled.find(({ percent }) => (at -= percent) < 0) ?? filled[0];
    const record = group?.records[group.taken % group.records.length];
    if (group === undefined || record === undefined) continue;
    const generation = Math.floor(group.taken / group.records.length);
    group.taken += 1;
    yield freshCopy(record, index, generation, ((index - 1) * DAY_MS) / eventsPerDay);
  }
}

/** The next so many of a mix, one JSON text each. */
export function takeLines(mix: Iterator<AgentRecord>, count: number): string[] {
  return Array.from({ length: count }, () => JSON.stringify(mix.next().value));
}
