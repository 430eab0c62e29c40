/** What became of the records of an input, as numbers that balance: received = written + quarantined + deferred. */

export interface WrittenObject {
  /** Key of the object in its store. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

export interface Counts {
  received: number;
  written: number;
  quarantined: number;
  deferred: number;
  /** Records written, by EventID. */
  byEventId: Record<string, number>;
  /** Records written, by schema (the folder of the class). */
  byClass: Record<string, number>;
  /** Records written, by the form in which they arrived. */
  byFormat: Record<string, number>;
  /** Records quarantined, by reason. */
  byReason: Record<string, number>;
  /** Records that could not be read, by why and by what they look like: `<reason> <appearance>`. */
  byAppearance: Record<string, number>;
  /** Records written whose mapping reads `$.Process`, by how the join went. */
  join: { hit: number; late: number; miss: number };
  /** Texts that did not fit the type of their attribute, by `<EventID> <attribute>`. */
  conversionFailures: Record<string, number>;
  /** The latest event time of each class, in epoch milliseconds: how fresh the lake is. */
  latestMs: Record<string, number>;
  /** Parquet objects written. */
  objects: WrittenObject[];
}

export const newCounts = (): Counts => ({
  received: 0,
  written: 0,
  quarantined: 0,
  deferred: 0,
  byEventId: {},
  byClass: {},
  byFormat: {},
  byReason: {},
  byAppearance: {},
  join: { hit: 0, late: 0, miss: 0 },
  conversionFailures: {},
  latestMs: {},
  objects: [],
});

export function count(tally: Record<string, number>, name: string, by = 1): void {
  tally[name] = (tally[name] ?? 0) + by;
}

/** Keeps the later of two times. */
export function latest(times: Record<string, number>, name: string, timeMs: number): void {
  times[name] = Math.max(times[name] ?? timeMs, timeMs);
}

/** Adds the counts of a batch to a sum. */
export function addCounts(sum: Counts, batch: Counts): void {
  for (const name of ['received', 'written', 'quarantined', 'deferred'] as const) sum[name] += batch[name];
  for (const name of [
    'byEventId',
    'byClass',
    'byFormat',
    'byReason',
    'byAppearance',
    'join',
    'conversionFailures',
  ] as const) {
    for (const [key, value] of Object.entries(batch[name])) count(sum[name], key, value);
  }
  for (const [schema, timeMs] of Object.entries(batch.latestMs)) latest(sum.latestMs, schema, timeMs);
  sum.objects.push(...batch.objects);
}
