/**
 * A process table in memory: for tests, for a run that needs no file, and as the plainest statement of the
 * contract.
 */
import type { ProcessContext, ProcessTable } from './process-table.ts';

interface Entry {
  readonly context: ProcessContext;
  /** Unix seconds. */
  readonly expiresAt: number;
}

export interface MemoryProcessTableOptions {
  /** The clock: epoch milliseconds. */
  readonly now: () => number;
  /** How long a context is kept after it was last put. */
  readonly retentionSeconds: number;
}

/** A table that lives as long as this program does. An expired entry leaves it when it is asked for. */
export function memoryProcessTable({ now, retentionSeconds }: MemoryProcessTableOptions): ProcessTable {
  const entries = new Map<string, Entry>();
  const nowSeconds = () => Math.floor(now() / 1000);

  return {
    get(guids) {
      const time = nowSeconds();
      const found = new Map<string, ProcessContext>();
      for (const guid of guids) {
        const entry = entries.get(guid);
        if (entry === undefined) continue;
        if (entry.expiresAt > time) found.set(guid, entry.context);
        else entries.delete(guid);
      }
      return Promise.resolve(found);
    },

    put(contexts) {
      const expiresAt = nowSeconds() + retentionSeconds;
      for (const context of contexts) entries.set(context.guid, { context, expiresAt });
      return Promise.resolve();
    },
  };
}
