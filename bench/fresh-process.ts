/**
 * Runs in a process of its own, bundled as the functions are: takes batches the whole way and says, as JSON, what
 * each took, and what the process needed. Started by first-batch.ts and memory.ts with the mapping file and one file
 * a batch: base64, a record a line.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { GCProfiler, getHeapStatistics } from 'node:v8';
import { rssPeakBytes } from './rss-peak.ts';
import { readMapping, wholePath } from './whole-path.ts';

/** What the process prints. */
export interface FreshProcess {
  readonly batches: readonly {
    readonly ns: number;
    readonly events: number;
    readonly rssPeakBytes: number;
  }[];
  readonly allocatedBytes: number;
  readonly heapPeakBytes: number;
}

/** Runs the batches one after another; memory is looked at from the first to the last. */
async function run(mappingFile: string, files: readonly string[]): Promise<FreshProcess> {
  const mapping = readMapping(mappingFile);
  const batches: FreshProcess['batches'][number][] = [];
  let allocatedBytes = 0;
  let heapPeakBytes = 0;
  for (const file of files) {
    const base64 = readFileSync(file, 'latin1').trimEnd().split('\n');
    const profiler = new GCProfiler();
    profiler.start();
    let usedBytes = getHeapStatistics().used_heap_size;
    const start = performance.now();
    await wholePath(base64, mapping);
    const ns = (performance.now() - start) * 1e6;
    const usedAtEndBytes = getHeapStatistics().used_heap_size;
    // What was allocated is what the heap grew by between each collection and the next one.
    for (const { beforeGC, afterGC } of profiler.stop().statistics) {
      const before = beforeGC.heapStatistics.usedHeapSize;
      allocatedBytes += Math.max(0, before - usedBytes);
      heapPeakBytes = Math.max(heapPeakBytes, before);
      usedBytes = afterGC.heapStatistics.usedHeapSize;
    }
    allocatedBytes += Math.max(0, usedAtEndBytes - usedBytes);
    heapPeakBytes = Math.max(heapPeakBytes, usedAtEndBytes);
    batches.push({ ns, events: base64.length, rssPeakBytes: rssPeakBytes() });
  }
  return { batches, allocatedBytes, heapPeakBytes };
}

const [mappingFile = '', ...files] = process.argv.slice(2);
console.log(JSON.stringify(await run(mappingFile, files)));
