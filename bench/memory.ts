/** Memory: what a process needs that takes the largest batches that Lambda hands over, above a Node that does nothing. */
import { bareRssBytes, freshProcess, withFolder } from './start-process.ts';
import { digits, median } from './statistics.ts';

/** Lambda hands over 6 MB at most: so many events of 1,052 bytes. */
export const MEMORY_BATCH_EVENTS = 5_700;

export interface Memory {
  readonly batch_events: number;
  readonly batch_mb: number;
  readonly batches: number;
  readonly bare_node_rss_mb: number;
  /** Above the bare Node: after the first batch, and after the last. */
  readonly rss_peak_first_mb: number;
  readonly rss_peak_mb: number;
  readonly heap_peak_mb: number;
  /** On the heap; over all batches, the first one included. */
  readonly allocated_bytes_per_event: number;
}

const MB = 1e6;

/** @param batches lines of each batch; one after another, as an instance that stays warm takes them */
export function measureMemory(batches: readonly (readonly string[])[], processes: number): Promise<Memory> {
  return withFolder(async (folder) => {
    const start = await freshProcess(folder, batches);
    const runs: Awaited<ReturnType<typeof start>>[] = [];
    const bare: number[] = [];
    for (let n = 0; n < processes; n++) {
      bare.push(await bareRssBytes());
      runs.push(await start());
    }
    const bareBytes = median(bare);
    const bytes = batches.flat().reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    const events = batches.reduce((sum, lines) => sum + lines.length, 0);
    const above = (of: (run: (typeof runs)[number]) => number): number =>
      digits((median(runs.map(of)) - bareBytes) / MB);
    return {
      batch_events: batches[0]?.length ?? 0,
      batch_mb: digits(bytes / batches.length / MB, 3),
      batches: batches.length,
      bare_node_rss_mb: digits(bareBytes / MB),
      rss_peak_first_mb: above((run) => run.batches[0]?.rssPeakBytes ?? NaN),
      rss_peak_mb: above((run) => run.batches.at(-1)?.rssPeakBytes ?? NaN),
      heap_peak_mb: digits(median(runs.map((run) => run.heapPeakBytes)) / MB),
      allocated_bytes_per_event: digits(median(runs.map((run) => run.allocatedBytes)) / events),
    };
  });
}
