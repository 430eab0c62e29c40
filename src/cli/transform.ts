/** `sysmon-lake transform`: the main job, from event files to a lake in a folder or a bucket. */
import { addCounts, newCounts } from '../counts.ts';
import type { Counts } from '../counts.ts';
import { objectKey } from '../lake/layout.ts';
import { transformBatch } from '../pipeline.ts';
import type { SourceFormat } from '../sources/source.ts';
import { openOutput, s3Address } from './outputs.ts';
import type { OutputOptions } from './outputs.ts';
import { defaultMappingPath, forEachBatch, readMappingText, usableMapping } from './run.ts';
import type { Outcome } from './run.ts';
import { transformPool } from './transform-pool.ts';
import type { TransformPool } from './transform-pool.ts';
import { transformThread } from './transform-thread.ts';
import type { KnownTable } from './transform-thread.ts';

export interface TransformOptions extends OutputOptions {
  /** A folder, or s3://bucket/prefix. */
  readonly out: string;
  readonly mapping?: string;
  readonly format: SourceFormat | 'auto';
  readonly region: string;
  readonly accountId: string;
  readonly sourceName?: string;
  readonly progress: boolean;
  /** Threads that map and write; 1: the main thread alone. Default: {@link defaultWorkers}. */
  readonly workers?: number;
}

/** The most that --workers takes. */
export const WORKERS_MAX = 64;
/** More bring little: what one thread reads keeps about as many busy. */
const DEFAULT_WORKERS_MAX = 8;
/** Below this, the start of threads costs about what they bring. */
const SPREAD_BATCHES_MIN = 4;

/** How many threads an input of so many full batches gets on so many cores, where nobody says. */
export function defaultWorkers(fullBatches: number, cores: number): number {
  return fullBatches < SPREAD_BATCHES_MIN ? 1 : Math.min(cores, DEFAULT_WORKERS_MAX);
}

/**
 * Runs the main job. Objects, quarantine and counts are the same with any number of workers.
 * @throws InputError, UsageError, LayoutError, StoreError, ProcessTableError, InterruptedError; on AWS also
 * AwsSessionError and DynamodbTableError; WorkerError, in place of any of them, where a worker thread met it
 */
export async function transform(
  inputs: readonly string[],
  options: TransformOptions,
): Promise<Outcome & { counts: Counts }> {
  const path = options.mapping ?? defaultMappingPath();
  const mappingText = await readMappingText(path);
  const mapping = usableMapping(mappingText, path);
  const place = {
    location: `ext/${options.sourceName ?? mapping.sourceName}`,
    region: options.region,
    accountId: options.accountId,
  };
  // Throws now, and not when everything has been read, where objects cannot have such a path.
  for (const schema of mapping.tables.keys())
    objectKey({ ...place, schema, eventDay: '19700101', name: 'any' });
  const { store, table, folder, notes, close } = await openOutput(options.out, options);
  const counts = newCounts();

  let known: KnownTable | undefined;
  const startWorker = (): BatchWorker =>
    transformThread({ mappingText, place, lake: lakeOf(options) }, () => known);
  let pool: TransformPool | undefined;
  const openPool = (workersMax: number): TransformPool => (pool ??= transformPool({ workersMax, startWorker }));
  const settle = async (): Promise<void> => {
    const spread = pool;
    pool = undefined;
    if (spread !== undefined) addCounts(counts, await spread.finish());
  };

  const { format, progress, workers } = options;
  const run = {
    format,
    progress,
    settle,
    ...(table && { table }),
    ...(folder && { tableFolder: folder, exclude: folder }),
  };
  try {
    // A number that is asked for is started at once: threads load while the inputs are read for their processes.
    if (workers !== undefined && workers > 1) openPool(workers).warm(availableParallelism());
    const outcome = await forEachBatch(inputs, mapping, run, async (batch, processes, indexed) => {
      if ((workers ?? defaultWorkers(indexed.fullBatches, availableParallelism())) > 1) {
        known ??= { table: processes, path: indexed.tablePath };
        await openPool(workers ?? defaultWorkers(indexed.fullBatches, availableParallelism())).take(
          batch,
          indexed.signal,
        );
        return;
      }
      const done = await transformBatch(batch, {
        mapping,
        table: processes,
        processesKnown: true,
        lake: store,
        work: store,
        ...place,
      });
      addCounts(counts, done);
    });
    return { notes: [...outcome.notes, ...notes()], failures: outcome.failures, counts };
  } finally {
    await settle().catch(() => undefined);
    close();
  }
}

/** The summary as one object: what `--json` prints. */
export function summaryJson(counts: Counts): unknown {
  return {
    received: counts.received,
    written: counts.written,
    quarantined: counts.quarantined,
    by_event_id: counts.byEventId,
    by_class: counts.byClass,
    by_reason: counts.byReason,
    join: counts.join,
    conversion_failures: Object.values(counts.conversionFailures).reduce((sum, n) => sum + n, 0),
    conversion_failures_by_attribute: counts.conversionFailures,
    objects: counts.objects,
  };
}
