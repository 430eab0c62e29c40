/**
 * A cache in front of a process table: what an instance has seen, it does not ask for again.
 */
import { LRUCache } from 'lru-cache';
import type { ProcessContext, ProcessTable } from './process-table.ts';

export interface CachedProcessTableOptions {
  /** Contexts kept at most; those used least recently leave first. A context is about 1 KB. */
  readonly entriesMax: number;
}

/**
 * The same table, with the contexts that went through it kept in memory. Only what was found is kept: a process
 * that is unknown now may be known in a second. The one difference from the table behind it is that a context may
 * be answered after it expired, for as long as this instance lives and remembers it: it is still true.
 */
export function cachedProcessTable(
  table: ProcessTable,
  { entriesMax }: CachedProcessTableOptions,
): ProcessTable {
  const cache = new LRUCache<string, ProcessContext>({ max: entriesMax });

  return {
    async get(guids) {
      const found = new Map<string, ProcessContext>();
      const unknown = new Set<string>();
      for (const guid of guids) {
        const context = cache.get(guid);
        if (context === undefined) unknown.add(guid);
        else found.set(guid, context);
      }
      if (unknown.size === 0) return found;
      for (const [guid, context] of await table.get([...unknown])) {
        found.set(guid, context);
        if (!cache.has(guid)) cache.set(guid, context); // a put during the wait is newer than this answer
      }
      return found;
    },

    async put(contexts) {
      await table.put(contexts);
      for (const context of contexts) cache.set(context.guid, context);
    },
  };
}
