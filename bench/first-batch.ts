/** What the first batch takes in a process that has just begun: nothing is compiled yet. */
import { freshProcess, withFolder } from './start-process.ts';
import { digits, spread } from './statistics.ts';

export interface FirstBatch {
  readonly batch_events: number;
  readonly processes: number;
  readonly ns_per_event: number;
  readonly p25: number;
  readonly p75: number;
}

/** Imports, the mapping's compilation and the reading of the batch are not in it; see cold-start.ts for those. */
export function measureFirstBatch(lines: readonly string[], processes: number): Promise<FirstBatch> {
  return withFolder(async (folder) => {
    const start = await freshProcess(folder, [lines]);
    const times: number[] = [];
    for (let n = 0; n < processes; n++) {
      const [first] = (await start()).batches;
      times.push((first?.ns ?? NaN) / lines.length);
    }
    const { median, p25, p75 } = spread(times);
    return {
      batch_events: lines.length,
      processes,
      ns_per_event: digits(median),
      p25: digits(p25),
      p75: digits(p75),
    };
  });
}
