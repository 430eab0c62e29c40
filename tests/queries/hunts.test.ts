/** Each hunt finds what it is for and leaves the near misses alone, over the lakes of both mapping files. */
import { describe, expect, it } from '@jest/globals';
import { readQueryFiles } from '../../src/cli/query-files.ts';
import { HUNT_CASES } from './hunt-cases.ts';
import { ask, lakeOf, MAPPINGS } from './query-lake.ts';

const files = await readQueryFiles();
const hunts = files.filter(({ kind }) => kind === 'hunt');

/** A host that is named after what happens on it. */
const hostOf = (name: string): string => `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.corp.example`;

describe('the hunts', () => {
  it('are a dozen or more, and each has something to find and something to leave', () => {
    expect(hunts.length).toBeGreaterThanOrEqual(12);
    expect(Object.keys(HUNT_CASES).toSorted()).toEqual(hunts.map(({ name }) => name));
    for (const cases of Object.values(HUNT_CASES)) {
      expect(Object.keys(cases.finds).length).toBeGreaterThan(0);
      expect(Object.keys(cases.leaves).length).toBeGreaterThan(0);
    }
  });

  it('name their techniques, and the days that they look at', () => {
    for (const { techniques, sql } of hunts) {
      expect(techniques.length).toBeGreaterThan(0);
      const tables = sql.match(/\b(FROM|JOIN) \w+(_activity|_event|_load|_thread)\b/g) ?? [];
      const bounds = sql.match(/eventday BETWEEN '20000101' AND '29991231' -- the days to look at/g) ?? [];
      expect([sql, bounds.length]).toEqual([sql, tables.length]);
    }
  });
});

describe.each(hunts.map((hunt) => [hunt.name, hunt] as const))('%s', (name, { sql }) => {
  const { finds, leaves } = HUNT_CASES[name]!;
  const scenarios = Object.entries({ ...finds, ...leaves });

  it.each(MAPPINGS)(`finds what it is for, and nothing else, where %s wrote the lake`, async (file) => {
    const dir = await lakeOf([scenarios.flatMap(([what, events]) => events(hostOf(what)))], { file });
    const rows = await ask(dir, sql);
    const hosts = rows.map((row) => row.host ?? row.first_host);
    expect([...new Set(hosts)].toSorted()).toEqual(Object.keys(finds).map(hostOf).toSorted());
  });
});
