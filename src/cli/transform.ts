/** `sysmon-lake transform`: the main job, from event files to a lake in a folder or a bucket. */
import { availableParallelism } from 'node:os';
import { newCounts } from '../counts.ts';
import type { Counts } from '../counts.ts';
import { checkedSourceName, objectKey } from '../lake/layout.ts';
import { transformBatch } from '../pipeline.ts';
import type { SourceFormat } from '../sources/source.ts';
import { openOutput, s3Address } from './outputs.ts';
import type { OutputOptions } from './outputs.ts';
import { defaultMappingPath, forEachBatch, readMappingText, usableMapping } from './run.ts';
import type { Outcome } from './run.ts';
import type { TransformSetup } from './transform-messages.ts';
import { transformPool } from './transform-pool.ts';
import type { BatchWorker, TransformPool } from './transform-pool.ts';
import { transformThread } from './transform-thread.ts';

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
    location: `ext/${checkedSourceName(options.sourceName ?? mapping.sourceName)}`,
    region: options.region,
    accountId: options.accountId,
  };
  // Throws now, and not when everything has been read, where objects cannot have such a path.
  for (const schema of mapping.tables.keys())
    objectKey({ ...place, schema, eventDay: '19700101', name: 'any' });
  const { store, table, folder, notes, close } = await openOutput(options.out, options);
  const inMainThread: BatchWorker = {
    transform: (batch, { table: processes }) =>
      transformBatch(batch, {
        mapping,
        table: processes,
        processesKnown: true,
        lake: store,
        work: store,
        ...place,
      }),
    close: () => Promise.resolve(),
  };
  const setup = { mappingText, place, lake: lakeOf(options) };
  const start = (workers: number): TransformPool =>
    workers === 1
      ? transformPool({ workersMax: 1, startWorker: () => inMainThread })
      : transformPool({ workersMax: workers, startWorker: () => transformThread(setup) });

  const { format, progress, workers } = options;
  const cores = availableParallelism();
  let pool: TransformPool | undefined;
  // Threads that were asked for are started at once: they load while the inputs are read for their processes.
  if (workers !== undefined) (pool = start(workers)).warm(cores);
  const run = {
    format,
    progress,
    settle: async () => {
      await pool?.finish();
    },
    ...(table && { table }),
    ...(folder && { tableFolder: folder, exclude: folder }),
  };
  try {
    const outcome = await forEachBatch(inputs, mapping, run, async (batch, processes, indexed) => {
      pool ??= start(defaultWorkers(indexed.fullBatches, cores));
      await pool.take(batch, { table: processes, path: indexed.tablePath }, indexed.signal);
    });
    const counts = (await pool?.finish()) ?? newCounts();
    return { notes: [...outcome.notes, ...notes()], failures: outcome.failures, counts };
  } finally {
    await pool?.finish().catch(() => undefined);
    close();
  }
}

/** Where the lake is, in plain values. */
function lakeOf({ out, kmsKeyArn }: TransformOptions): TransformSetup['lake'] {
  const address = s3Address(out);
  return address === undefined
    ? { folder: out }
    : { ...address, ...(kmsKeyArn !== undefined && { kmsKeyArn }) };
}

/** The summary as one object: what `--json` prints. */
export function summaryJson(counts: Counts): unknown {
  return {
    received: counts.received,
    written: counts.written,
    quarantined: counts.quarantined,
    by_event_id: counts.byEventId,
    by_class: counts.byClass,
    by_format: counts.byFormat,
    by_reason: counts.byReason,
    by_appearance: counts.byAppearance,
    join: counts.join,
    conversion_failures: Object.values(counts.conversionFailures).reduce((sum, n) => sum + n, 0),
    conversion_failures_by_attribute: counts.conversionFailures,
    objects: counts.objects,
  };
}
