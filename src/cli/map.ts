/** `sysmon-lake map`: OCSF records as NDJSON, in the order in which the events arrived; nothing is written. */
import { addCounts, newCounts } from '../counts.ts';
import type { Counts } from '../counts.ts';
import { mapBatch } from '../pipeline.ts';
import type { SourceFormat } from '../sources/source.ts';
import type { Output } from './output.ts';
import { printable } from './printable.ts';
import { forEachBatch, readMapping } from './run.ts';
import type { Outcome } from './run.ts';

export interface MapOptions {
  readonly mapping?: string;
  readonly format: SourceFormat | 'auto';
}

/**
 * Maps the inputs and prints the records.
 * @throws InputError, UsageError, ProcessTableError, InterruptedError, OutputError
 */
export async function map(
  inputs: readonly string[],
  options: MapOptions,
  out: Pick<Output, 'write'>,
): Promise<Outcome & { counts: Counts }> {
  const mapping = await readMapping(options.mapping);
  const counts = newCounts();
  const outcome = await forEachBatch(
    inputs,
    mapping,
    { format: options.format, progress: false },
    async (batch, table) => {
      const result = await mapBatch(batch, { mapping, table, processesKnown: true });
      addCounts(counts, result.counts);
      for (let at = 0; at < result.mapped.length; at += LINES_A_WRITE) {
        const lines = result.mapped
          .slice(at, at + LINES_A_WRITE)
          .map(({ record }) => `${printable(JSON.stringify(record))}\n`);
        await out.write(lines.join(''));
      }
    },
  );
  return { ...outcome, counts };
}

const LINES_A_WRITE = 1000;
