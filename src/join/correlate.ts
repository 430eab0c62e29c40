/**
 * The join: each event that wants the story of its process gets it, or an answer why it has none. A left join:
 * every event has exactly one result, and no order of events changes it.
 */
import type { SysmonEvent } from '../sysmon/event.ts';
import { eventProcessGuid } from '../sysmon/identity.ts';
import { processStartSeconds } from '../sysmon/process-guid.ts';
import { instantMs } from '../sysmon/instant.ts';
import type { ProcessContext, ProcessTable } from './process-table.ts';

export type Correlation =
  | { readonly kind: 'hit'; readonly process: ProcessContext }
  /** No EventID 1 is known, and none is waited for. */
  | { readonly kind: 'miss' }
  /** No EventID 1 is known, but the process is so young that it may still be on its way. */
  | { readonly kind: 'defer' };

/** The batch as the join sees it. */
export interface JoinBatch {
  /** Those whose mapping reads `$.Process`. */
  readonly events: readonly SysmonEvent[];
  /** The processes whose EventID 1 is in this batch, by guid. They are asked first. */
  readonly batchProcesses: ReadonlyMap<string, ProcessContext>;
  /** How long after its process began an event waits for the EventID 1. Undefined: nothing is ever deferred. */
  readonly horizonSeconds?: number | undefined;
}

export interface CorrelateOptions extends JoinBatch {
  readonly table: ProcessTable;
}

/**
 * How far behind its own process an event may be dated and still count as young. On one host both are read from one
 * clock: of 37,959 real events 8 lie before the start of their process by less than a second, and 246 by more
 * than half an hour: all from one host whose clock was set back after its boot, so their age cannot be told.
 */
const CLOCK_SKEW_SECONDS = 60;

const MISS: Correlation = { kind: 'miss' };
const DEFER: Correlation = { kind: 'defer' };

/**
 * One result for each event, in the order of the events. The table is asked once, for the guids that the batch does
 * not know, each of them once; not at all where there are none. Rejects with what the table rejects with.
 */
export async function correlate(options: CorrelateOptions): Promise<Correlation[]> {
  const { events, batchProcesses, table, horizonSeconds } = options;
  const guids = events.map(eventProcessGuid);
  const asked = new Set<string>();
  for (const guid of guids) {
    if (guid !== undefined && !batchProcesses.has(guid)) asked.add(guid);
  }
  const known = asked.size === 0 ? undefined : await table.get([...asked]);

  return events.map((event, position) => {
    const guid = guids[position];
    if (guid === undefined) return MISS;
    const process = batchProcesses.get(guid) ?? known?.get(guid);
    if (process !== undefined) return { kind: 'hit', process };
    return isYoung(event, guid, horizonSeconds) ? DEFER : MISS;
  });
}

/**
 * Whether this batch could defer an event, whatever the process table says. It depends on the batch alone, so every
 * try of the batch gets the same answer: only where it is true does the first try have to write its decision down.
 */
export function mayDefer(batch: JoinBatch): boolean {
  if (batch.horizonSeconds === undefined) return false;
  return batch.events.some((event) => {
    const guid = eventProcessGuid(event);
    return (
      guid !== undefined && !batch.batchProcesses.has(guid) && isYoung(event, guid, batch.horizonSeconds)
    );
  });
}

/** Whether the process had begun less than the horizon ago when the event was logged; false where a time is unknown. */
function isYoung(event: SysmonEvent, guid: string, horizonSeconds: number | undefined): boolean {
  if (horizonSeconds === undefined) return false;
  const startSeconds = processStartSeconds(guid);
  const loggedMs = eventTimeMs(event);
  if (startSeconds === undefined || loggedMs === undefined) return false;
  const ageSeconds = loggedMs / 1000 - startSeconds;
  return ageSeconds >= -CLOCK_SKEW_SECONDS && ageSeconds < horizonSeconds;
}

/** When the event was logged. TimeCreated first: the UtcTime of EventID 3 and 22 can be off from it by days. */
function eventTimeMs(event: SysmonEvent): number | undefined {
  return (
    instantMs(event.TimeCreated ?? '') ?? // then the field inside the event
    instantMs(event.Description.UtcTime ?? '')
  );
}
