/** What is at hand while one event is mapped. */
import type { Fields, SysmonEvent } from '../sysmon/event.ts';
import type { EventTime } from '../sysmon/event-time.ts';
import { formatPath } from './path.ts';
import type { PathRef } from './path.ts';

export interface Scope {
  readonly event: SysmonEvent;
  /** The EventID 1 fields of the process that caused the event, where the join found it. Set behind the event's time. */
  process: Fields | undefined;
  /** Numbers of the sources whose text a leaf has kept. An object that is left out gives its part back. */
  readonly kept: number[];
  /** Attributes whose text did not fit their type. */
  readonly failed: string[];
  /** Where the event's time is from; undefined where it is not `$.EventTime`. */
  timeSource: EventTime['source'] | undefined;
  /** The source that the last {@link TextSource} read, or -1 where its text is not a field's own. */
  source: number;
}

/** The fields that an entry reads, each under a number. */
export interface SourceTable {
  readonly refs: readonly PathRef[];
  readonly numberOf: (ref: PathRef) => number;
  readonly find: (ref: PathRef) => number | undefined;
}

export function sourceTable(): SourceTable {
  const refs: PathRef[] = [];
  const numbers = new Map<string, number>();
  return {
    refs,
    numberOf: (ref) => {
      const key = formatPath(ref);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, refs.length);
      return refs.push(ref) - 1;
    },
    find: (ref) => numbers.get(formatPath(ref)),
  };
}
