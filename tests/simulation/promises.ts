/** What design and README promise, asked of what a run has left behind. Each broken promise begins with its name. */
import { checkConservation } from './promise-conservation.ts';
import { checkJoins } from './promise-joins.ts';
import { checkPlaces } from './promise-places.ts';
import { checkQuarantine } from './promise-quarantine.ts';
import { readLake } from './read-lake.ts';
import type { Aftermath } from './simulation.ts';

export interface Checked {
  readonly broken: readonly string[];
  readonly objects: number;
  readonly joins: Readonly<Record<string, number>>;
}

export async function brokenPromises(aftermath: Aftermath): Promise<Checked> {
  const lake = await readLake(aftermath);
  const quarantine = checkQuarantine(aftermath);
  const joins: Record<string, number> = {};
  for (const { unit, join } of lake.rows) {
    if (unit.kind === 'connection') joins[join ?? 'none'] = (joins[join ?? 'none'] ?? 0) + 1;
  }
  const broken = [
    ...lake.broken,
    ...checkPlaces(aftermath, lake.rows),
    ...quarantine.broken,
    ...checkConservation(aftermath, lake.rows, quarantine.units),
    ...checkJoins(aftermath, lake.rows),
  ];
  return { broken, objects: aftermath.services.store.objects('lake').length, joins };
}
