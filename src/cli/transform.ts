/** `sysmon-lake transform`: the main job, from event files to a lake in a folder. */
import { mkdir } from 'node:fs/promises';
import { addCounts, newCounts } from '../counts.ts';
import type { Counts } from '../counts.ts';
import { directoryStore } from '../lake/directory-store.ts';
import { objectKey } from '../lake/layout.ts';
import { transformBatch } from '../pipeline.ts';
import type { SourceFormat } from '../sources/source.ts';
import { InputError, systemProblem } from './failure.ts';
import { forEachBatch, readMapping } from './run.ts';
import type { Outcome } from './run.ts';

export interface TransformOptions {
  readonly out: string;
  readonly mapping?: string;
  readonly format: SourceFormat | 'auto';
  readonly region: string;
  readonly accountId: string;
  readonly sourceName?: string;
  readonly progress: boolean;
}

/** Runs the main job. @throws InputError, UsageError, LayoutError, StoreError, ProcessTableError, InterruptedError */
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
  await makeFolder(options.out);
  const store = directoryStore(options.out);
  const counts = newCounts();
  const outcome = await forEachBatch(
    inputs,
    mapping,
    { format: options.format, tableFolder: options.out, exclude: options.out, progress: options.progress },
    async (batch, table) => {
      const done = await transformBatch(batch, {
        mapping,
        table,
        processesKnown: true,
        lake: store,
        work: store,
        ...place,
      });
      addCounts(counts, done);
    },
  );
  return { ...outcome, counts };
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch {
    // Making one folder alone tells more: of a read-only disk, Node says ENOENT where it makes several.
    const error: unknown = await mkdir(path).catch((reason: unknown) => reason);
    if (error === undefined) return;
    throw new InputError(path, systemProblem(error) ?? 'cannot be made', { cause: error });
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
