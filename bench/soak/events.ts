/** The events of a run: the production mix without end, with processes that are as young as real ones can be. */
import type { AgentRecord } from '../agent-record.ts';
import { mixOf, PRODUCTION } from '../mix.ts';

/** Of seven connections six belong to processes that are more than an hour old; the seventh may be before its process. */
const YOUNG_EVERY = 7;

const GUID = /(?<=(?:^|\n)ProcessGuid: )\{[^}]*\}/;
const guidIn = ({ Description }: AgentRecord): string | undefined => GUID.exec(Description)?.[0];
const withGuid = (record: AgentRecord, guid: string): AgentRecord => ({
  ...record,
  Description: record.Description.replace(GUID, guid),
});

/** The GUID of a process that starts at this second: `{xxxxxxxx-LLLL-HHHH-…}` holds it as 0xHHHHLLLL. */
function startingAt(guid: string, seconds: number): string {
  const hex = seconds.toString(16).padStart(8, '0');
  return `${guid.slice(0, 10)}${hex.slice(4)}-${hex.slice(0, 4)}${guid.slice(19)}`;
}

/**
 * The mix of `bench/mix.ts`, where an EventID 1 tells of a process that starts just then, and every seventh EventID 3
 * is one of the next process, right before its EventID 1: where both go through two shards it has to wait for it, as
 * the agent's parallel sends make it.
 */
export function* soakEvents(pool: readonly string[], seed: number): Generator<AgentRecord> {
  let early: AgentRecord | undefined;
  let connections = 0;
  for (const record of mixOf(pool, PRODUCTION, seed)) {
    const guid = guidIn(record);
    if (record.EventId === 3 && ++connections % YOUNG_EVERY === 0 && early === undefined) {
      early = record;
    } else if (record.EventId === 1 && guid !== undefined) {
      const own = startingAt(guid, Math.floor(Date.parse(record.TimeCreated) / 1000));
      if (early !== undefined) yield withGuid(early, own);
      early = undefined;
      yield withGuid(record, own);
    } else yield record;
  }
}
