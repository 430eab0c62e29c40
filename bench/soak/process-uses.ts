/** CPU time and memory of all processes of a run, by their names. */
import { useOf } from './proc.ts';
import { PROCESSES } from './sample.ts';
import type { ProcessName, ProcessUse } from './sample.ts';

export interface ProcessUses {
  readonly now: () => Record<ProcessName, ProcessUse>;
  readonly idsOf: (name: ProcessName) => readonly number[];
}

/** @param find ids of the processes of a name; asked for again where one has ended */
export function usesOf(find: Readonly<Record<ProcessName, () => readonly number[]>>): ProcessUses {
  const known = new Map<ProcessName, readonly number[]>();
  const idsOf = (name: ProcessName): readonly number[] => {
    const ids = known.get(name) ?? find[name]();
    known.set(name, ids);
    return ids;
  };
  const useOfAll = (name: ProcessName): ProcessUse => {
    const all = idsOf(name).map(useOf);
    if (all.length === 0 || all.some(({ rss_mb }) => rss_mb === 0)) known.delete(name);
    return {
      cpu_ms: all.reduce((sum, { cpu_ms }) => sum + cpu_ms, 0),
      rss_mb: all.reduce((sum, { rss_mb }) => sum + rss_mb, 0),
    };
  };
  return {
    idsOf,
    now: () =>
      Object.fromEntries(PROCESSES.map((name) => [name, useOfAll(name)])) as Record<ProcessName, ProcessUse>, // true: all names
  };
}
