/** Batches over several workers, in step: no more in memory than they work on and one, and counted in their order. */
import { addCounts, newCounts } from '../counts.ts';
import type { Counts } from '../counts.ts';
import type { ProcessTable } from '../join/process-table.ts';
import type { Batch } from '../sources/batches.ts';

/** The process table of a run, which knows all of its processes when the first batch is there. */
export interface KnownTable {
  readonly table: ProcessTable;
  /** Its file, where it is in SQLite. */
  readonly path: string | undefined;
}

/** Takes one batch at a time the whole way. */
export interface BatchWorker {
  readonly transform: (batch: Batch, known: KnownTable) => Promise<Counts>;
  /** Called when it is idle, or has failed. */
  readonly close: () => Promise<void>;
}

export interface TransformPool {
  /**
   * Gives the batch to a worker; resolves as soon as one has it, not when it is done.
   * @throws what a worker threw at this or an earlier batch; the reason of the signal
   */
  readonly take: (batch: Batch, known: KnownTable, signal: AbortSignal) => Promise<void>;
  /** Starts workers that have nothing to do yet, up to this many in all: while the first batch is being read. */
  readonly warm: (workers: number) => void;
  /**
   * Waits for the batches that workers have, closes the workers, and gives the counts of all batches in their order.
   * @throws what a worker threw first
   */
  readonly finish: () => Promise<Counts>;
}

/**
 * At most `workersMax` workers, each started when a batch is there and all others are busy. A batch that waits in
 * `take` keeps its reader from the next one: at most `workersMax + 1` batches are in memory, the one that is being
 * read included. Behind a failure, batches that were begun are ended, so that nothing is left half-written.
 */
export function transformPool({
  workersMax,
  startWorker,
}: {
  readonly workersMax: number;
  readonly startWorker: () => BatchWorker;
}): TransformPool {
  const started: BatchWorker[] = [];
  const idle: BatchWorker[] = [];
  const running = new Set<Promise<void>>();
  const counts = newCounts();
  const ahead = new Map<number, Counts>(); // done before an earlier batch is
  let taken = 0;
  let counted = 0;
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => undefined;

  const start = (): BatchWorker => {
    const worker = startWorker();
    started.push(worker);
    return worker;
  };

  const free = async (signal: AbortSignal): Promise<BatchWorker> => {
    for (;;) {
      if (failure !== undefined) throw failure.error;
      signal.throwIfAborted();
      const worker = idle.pop() ?? (started.length < workersMax ? start() : undefined); // the last one is the warmest
      if (worker !== undefined) return worker;
      await new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener('abort', wake, { once: true });
      });
      signal.removeEventListener('abort', wake);
    }
  };

  const work = async (worker: BatchWorker, batch: Batch, known: KnownTable, nth: number): Promise<void> => {
    try {
      ahead.set(nth, await worker.transform(batch, known));
      for (let next = ahead.get(counted); next !== undefined; next = ahead.get(counted)) {
        addCounts(counts, next);
        ahead.delete(counted++);
      }
      idle.push(worker);
    } catch (error) {
      failure ??= { error };
    }
    wake();
  };

  return {
    async take(batch, known, signal) {
      const worker = await free(signal);
      const done = work(worker, batch, known, taken++).finally(() => running.delete(done));
      running.add(done);
    },
    warm(workers) {
      while (started.length < Math.min(workers, workersMax)) idle.push(start());
    },
    async finish() {
      await Promise.all(running);
      idle.length = 0;
      await Promise.all(started.map((worker) => worker.close()));
      if (failure !== undefined) throw failure.error;
      return counts;
    },
  };
}
