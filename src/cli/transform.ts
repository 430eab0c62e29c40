/** `sysmon-lake transform`: the main job, from event files to a lake in a folder or a bucket. */
import { addCounts, newCounts } from '../counts.ts';
import type { Counts } from '../counts.ts';
import { objectKey } from '../lake/layout.ts';
import { transformBatch } from '../pipeline.ts';
import type { SourceFormat } from '../sources/source.ts';
import { openOutput } from './outputs.ts';
import type { OutputOptions } from './outputs.ts';
import { forEachBatch, readMapping } from './run.ts';
import type { Outcome } from './run.ts';

export interface TransformOptions extends OutputOptions {
  /** A folder, or s3://bucket/prefix. */
  readonly out: string;
  readonly mapping?: string;
  readonly format: SourceFormat | 'auto';
  readonly region: string;
  readonly accountId: string;
  readonly sourceName?: string;
  readonly progress: boolean;
}

/**
 * Runs the main job.
 * @throws InputError, UsageError, LayoutError, StoreError, ProcessTableError, InterruptedError; on AWS also
 * AwsSessionError and DynamodbTableError
 */
export async function transform(
  inputs: readonly string[],
  options: TransformOptions,
): Promise<Outcome & { counts: Counts }> {
  const mapping = await readMapping(options.mapping);
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
  const { format, progress } = options;
  const run = {
    format,
    progress,
    ...(table && { table }),
    ...(folder && { tableFolder: folder, exclude: folder }),
  };
  try {
    const outcome = await forEachBatch(inputs, mapping, run, async (batch, processes) => {
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
