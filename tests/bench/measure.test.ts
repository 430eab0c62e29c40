/** The benchmark runs, and tells what it is asked for under the names that machines read. Nothing is said of times. */
import { describe, expect, it } from '@jest/globals';
import { readInputs } from '../../bench/inputs.ts';
import { FULL, measure, QUICK } from '../../bench/measure.ts';
import type { Plan } from '../../bench/measure.ts';
import { plot } from '../../bench/plot.ts';
import { report } from '../../bench/report.ts';
import { isMet } from '../../bench/result.ts';
import { pageWith } from '../../bench/write-docs.ts';

const TINY: Plan = {
  ...QUICK,
  parts: new Set(['stages', 'peers']),
  batchEvents: 50,
  otherBatchEvents: [20],
  effort: { warmUpRounds: 0, roundsMin: 1, budgetMs: 0, roundEventsMin: 0 },
  otherEffort: { warmUpRounds: 0, roundsMin: 1, budgetMs: 0, roundEventsMin: 0 },
  peerEvents: 50,
  peerRounds: 1,
};

const STAGES = ['base64', 'JSON.parse', 'parse', 'decode', 'correlate', 'map', 'encode', 'zstd', 'whole'];

describe('the benchmark', () => {
  // The generated events are always there; the real ones may be not.
  const inputs = readInputs(200, 'no such file');
  const result = measure(inputs, TINY, () => undefined);

  it('tells the numbers that have targets by name, null where they were not measured', async () => {
    expect(await result).toMatchObject({
      whole_over_json_parse: expect.any(Number),
      whole_over_duckdb: expect.any(Number),
      first_batch_over_steady: null,
      rss_peak_mb: null,
      growth_1m_over_10k: null,
      two_workers_over_one: null,
      bundle_mb: null,
      cold_start_ms: null,
    });
  });

  it('tells each stage: its time, and its ratio to JSON.parse', async () => {
    const { stages } = await result;
    expect(Object.keys(stages)).toEqual(STAGES);
    for (const stage of Object.values(stages)) {
      expect(stage.ns_per_event).toBeGreaterThan(0);
      expect(stage.over_json_parse).toBeGreaterThan(0);
    }
    expect(stages['JSON.parse']?.over_json_parse).toBe(1);
  });

  it('measures the ratios on the first cell, and every other input and size beside it', async () => {
    const { cells } = await result;
    expect(cells.map(({ input, batch_events }) => [input, batch_events])).toEqual([
      ['generated', 50],
      ['generated, one day', 50],
      ['production', 50],
      ['generated', 20],
      ['generated, one day', 20],
      ['production', 20],
    ]);
    for (const cell of cells) expect(cell.output_bytes_per_event).toBeGreaterThan(0);
  });

  it('writes the same records as SQL does', async () => {
    expect((await result).duckdb).toMatchObject({ events: 50, equal_records: 50 });
  });

  it('gives JSON without what JSON has not', async () => {
    const plain: unknown = JSON.parse(JSON.stringify(await result));
    expect(plain).toEqual(await result);
  });

  it('prints tables, and writes them between the marks of a page alone', async () => {
    const found = await result;
    expect(report(found)).toContain('whole path ÷ JSON.parse');
    const page = 'above\n\n<!-- npm run bench -- --write-docs -->\n\nold\n\n<!-- end -->\n\nbelow\n';
    const written = pageWith(page, found);
    expect(written).toMatch(/^above\n[^]*### Targets[^]*<!-- end -->\n\nbelow\n$/);
    expect(written).not.toContain('old');
    expect(() => pageWith('no marks', found)).toThrow(RangeError);
  });

  it('draws every cell', async () => {
    const found = await result;
    const svg = plot(found);
    for (const { input } of found.cells) expect(svg).toContain(input);
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(plot({ ...found, cells: [] })).toBeUndefined();
  });
});

describe('a plan', () => {
  it('leaves only the growth out when it is quick', () => {
    expect([...FULL.parts].filter((part) => !QUICK.parts.has(part))).toEqual(['growth']);
  });
});

describe('a target', () => {
  it('is a most, but for what the second worker brings', () => {
    expect(isMet('bundle_mb', 1.5)).toBe(true);
    expect(isMet('bundle_mb', 1.6)).toBe(false);
    expect(isMet('two_workers_over_one', 1.7)).toBe(true);
    expect(isMet('two_workers_over_one', 1.6)).toBe(false);
  });
});
