/**
 * The whole way of a batch: records ► events ► joined ► OCSF records ► Parquet in the lake. The Lambda functions
 * and the command only choose the adapters.
 *
 * Side effects come in this order, each of them idempotent, so that a batch that dies anywhere can be run again:
 * process contexts ► the deferred object (its first writer decides) ► Parquet objects and quarantine ► the queue
 * message that names the deferred object.
 */
import { count, latest, newCounts } from './counts.ts';
import type { Counts } from './counts.ts';
import { correlate, mayDefer } from './join/correlate.ts';
import type { Correlation } from './join/correlate.ts';
import { decideDeferred, deferredKey } from './join/deferred.ts';
import type { DelayQueue } from './join/delay-queue.ts';
import { processContextOf } from './join/process-context.ts';
import type { ProcessContext, ProcessTable } from './join/process-table.ts';
import { eventDayOf, objectKey } from './lake/layout.ts';
import type { Layout } from './lake/layout.ts';
import type { ObjectStore } from './lake/object-store.ts';
import { newLakeObject, RowError } from './lake/parquet.ts';
import { encodeQuarantine, quarantineKey } from './lake/quarantine.ts';
import type { QuarantinedRecord } from './lake/quarantine.ts';
import type { CompiledEntry, CompiledMapping, FilledRow, Join } from './mapping/compile.ts';
import type { OcsfRecord } from './ocsf/column.ts';
import type { Batch } from './sources/batches.ts';
import { decodeRecord } from './sources/decode.ts';
import { appearanceOf } from './sources/appearance.ts';
import type { Obtained, RawRecord, SourceFormat } from './sources/source.ts';
import type { SysmonEvent } from './sysmon/event.ts';
import { eventUid } from './sysmon/identity.ts';

/** What a batch is mapped with. */
export interface MapOptions {
  readonly mapping: CompiledMapping;
  readonly table: ProcessTable;
  /** Set by a caller that has put all processes of its input into the table already. */
  readonly processesKnown?: boolean;
  /** How a join that succeeds is marked: `late` where it had been waited for. */
  readonly found?: 'hit' | 'late';
  readonly deferral?: Deferral;
}

/** Set where an event may wait for its process. */
export interface Deferral {
  readonly work: ObjectStore;
  readonly queue: DelayQueue;
  readonly horizonSeconds: number;
  readonly waitSeconds: number;
}

/** Where records are written. */
export interface WriteOptions {
  readonly lake: ObjectStore;
  /** Holds the quarantine. */
  readonly work: ObjectStore;
  readonly location: string;
  readonly region: string;
  readonly accountId: string;
  readonly layout?: Layout;
}

/** Why an event that could be read is not written. */
export const MAP_REASONS = ['no_mapping', 'no_time', 'not_mappable'] as const;
export type MapReason = (typeof MAP_REASONS)[number];

/** An event between the two halves of the way: decoded and joined, not yet mapped. */
interface Arrival {
  readonly raw: RawRecord;
  readonly event: SysmonEvent;
  readonly format: SourceFormat;
  readonly obtained: Obtained;
  readonly entry: CompiledEntry;
  join: Join | undefined;
  /** What its object is ordered by; known once the objects are made. */
  timeMs: number;
  uid: string;
}

interface Arrivals {
  /** In the order in which they arrived, without those that wait. */
  readonly arrivals: readonly Arrival[];
  readonly quarantined: QuarantinedRecord[];
  readonly quarantine: (raw: RawRecord, reason: string) => void;
  /** Set where events of the batch were deferred: the object that holds them. */
  readonly deferredKey: string | undefined;
  readonly counts: Counts;
}

export interface MappedRecord {
  readonly raw: RawRecord;
  readonly event: SysmonEvent;
  /** The form in which the event arrived, and how its fields were obtained. */
  readonly format: SourceFormat;
  readonly obtained: Obtained;
  readonly entry: CompiledEntry;
  readonly record: OcsfRecord;
  readonly timeMs: number;
}

/** A batch that is mapped, nothing of it written. */
export interface MappedBatch {
  /** In the order in which they arrived. */
  readonly mapped: readonly MappedRecord[];
  readonly quarantined: readonly QuarantinedRecord[];
  readonly deferredKey: string | undefined;
  readonly counts: Counts;
}

/** Objects that are on their way to the lake at the same time. */
const PUTS_MAX = 8;

/** Takes a batch the whole way; gives what became of its records. Rejects only where a port fails. */
export async function transformBatch(batch: Batch, options: MapOptions & WriteOptions): Promise<Counts> {
  const arrived = await arrive(batch, options);
  const { counts, quarantined, deferredKey: waiting } = arrived;
  const puts = new Set<Promise<unknown>>();
  try {
    for (const [path, object] of objectsOf(batch.name, arrived, options)) {
      const { rows, body } = encodeObject(object, arrived, options.mapping);
      if (rows === 0) continue;
      counts.objects.push({ path, rows, bytes: body.length });
      const put: Promise<unknown> = options.lake.put(path, body).then(() => puts.delete(put));
      puts.add(put);
      // The dates of a batch are a sender's to choose: a thousand days are a thousand objects.
      if (puts.size >= PUTS_MAX) await Promise.race(puts);
    }
    await Promise.all(puts);
  } finally {
    // Where one failed, nothing is left on its way when the batch is given back.
    await Promise.allSettled(puts);
  }
  if (quarantined.length > 0) {
    await options.work.put(quarantineKey(batch.name), encodeQuarantine(quarantined));
  }
  if (waiting !== undefined && options.deferral !== undefined) {
    await options.deferral.queue.send({ key: waiting }, options.deferral.waitSeconds);
  }
  return counts;
}

/** A batch as records, for people and for tests. Process contexts and the deferred object are stored. */
export async function mapBatch(batch: Batch, options: MapOptions): Promise<MappedBatch> {
  const arrived = await arrive(batch, options);
  const { counts, quarantined, quarantine, deferredKey: waiting } = arrived;
  const mapped: MappedRecord[] = [];
  for (const arrival of arrived.arrivals) {
    const { raw, event, format, obtained, entry, join } = arrival;
    const result = attempt(() => entry.map(event, join));
    if (result?.timeMs === undefined) {
      quarantine(raw, result === undefined ? 'not_mappable' : 'no_time');
      continue;
    }
    const { record, timeMs } = result;
    mapped.push({ raw, event, format, obtained, entry, record, timeMs });
    countWritten(counts, arrival, result);
  }
  return { mapped, quarantined, deferredKey: waiting, counts };
}

/** The first half: decodes a batch, stores its processes, joins, and defers what has to wait. */
async function arrive(batch: Batch, options: MapOptions): Promise<Arrivals> {
  const { mapping, table, found: outcome = 'hit' } = options;
  const counts = newCounts();
  counts.received = batch.records.length;
  const quarantined: QuarantinedRecord[] = [];
  const quarantine = (raw: RawRecord, reason: string): void => {
    counts.quarantined++;
    count(counts.byReason, reason);
    quarantined.push({ reason, input: batch.input, index: raw.index, bytes: raw.bytes });
  };

  const decoded: Arrival[] = [];
  const processes = new Map<string, ProcessContext>();
  for (const raw of batch.records) {
    const read = raw.reason === undefined ? decodeRecord(raw.bytes, batch.format) : { reason: raw.reason };
    if (read.event === undefined) {
      const appearance = appearanceOf(raw.bytes, read.reason);
      if (appearance !== undefined) count(counts.byAppearance, `${read.reason} ${appearance}`);
      quarantine(raw, read.reason);
      continue;
    }
    const { event, format, obtained } = read;
    const context = processContextOf(event, mapping.processFields);
    if (context !== undefined) processes.set(context.guid, context);
    const found = attempt(() => ({ entry: mapping.find(event) }));
    if (found?.entry === undefined) quarantine(raw, found === undefined ? 'not_mappable' : 'no_mapping');
    else
      decoded.push({ raw, event, format, obtained, entry: found.entry, join: undefined, timeMs: 0, uid: '' });
  }
  if (options.processesKnown !== true) await table.put([...processes.values()]);

  const joining = decoded.filter(({ entry }) => entry.joins);
  const joinBatch = {
    events: joining.map(({ event }) => event),
    // A table that knows all of the input is asked alone: where two copies of an EventID 1 differ (carriers write hex
    // digits in different cases), every event of the process gets the same one, however the input is cut.
    batchProcesses: options.processesKnown === true ? new Map<string, ProcessContext>() : processes,
    horizonSeconds: options.deferral?.horizonSeconds,
  };
  const correlations = await correlate({ ...joinBatch, table });
  const proposed = joining.filter((_, i) => correlations[i]?.kind === 'defer');
  const waits = await deferred(batch, proposed, mayDefer(joinBatch), options.deferral);
  counts.deferred = waits.size;
  joining.forEach((arrival, i) => {
    arrival.join = joinOf(correlations[i], outcome);
  });
  // Another try of this batch had these joined when it decided: their processes have come since this one asked.
  const joined = proposed.filter(({ raw }) => !waits.has(raw.index));
  if (joined.length > 0) {
    const known = await correlate({ ...joinBatch, events: joined.map(({ event }) => event), table });
    joined.forEach((arrival, i) => {
      arrival.join = joinOf(known[i], outcome);
    });
  }
  return {
    arrivals: waits.size === 0 ? decoded : decoded.filter(({ raw }) => !waits.has(raw.index)),
    quarantined,
    quarantine,
    deferredKey: waits.size > 0 ? deferredKey(batch.name) : undefined,
    counts,
  };
}

/** What an event that cannot be mapped, for whatever reason, gives; it does not fail its batch. */
function attempt<T>(map: () => T): T | undefined {
  try {
    return map();
  } catch {
    return undefined;
  }
}

function countWritten(
  counts: Counts,
  {
    entry: { schema },
    event: { EventId },
    format,
    join,
  }: Pick<Arrival, 'entry' | 'event' | 'format' | 'join'>,
  { failed, timeMs = 0 }: Pick<FilledRow, 'failed' | 'timeMs'>,
): void {
  counts.written++;
  for (const attribute of failed) count(counts.conversionFailures, `${EventId} ${attribute}`);
  if (join !== undefined) counts.join[join.outcome]++;
  count(counts.byEventId, String(EventId));
  count(counts.byClass, schema);
  count(counts.byFormat, format);
  latest(counts.latestMs, schema, timeMs);
}

function joinOf(correlation: Correlation | undefined, found: 'hit' | 'late'): Join | undefined {
  if (correlation === undefined) return undefined;
  return correlation.kind === 'hit'
    ? { outcome: found, process: correlation.process.fields }
    : { outcome: 'miss' };
}

/** The records, by index, that wait: as this try proposes, or as the first try of the batch decided. */
async function deferred(
  batch: Batch,
  proposed: readonly { raw: RawRecord }[],
  mayWait: boolean,
  deferral: Deferral | undefined,
): Promise<ReadonlySet<number>> {
  if (deferral === undefined || !mayWait) return new Set();
  const records = proposed.map(({ raw }) => ({ bytes: raw.bytes, input: batch.input, index: raw.index }));
  const decided = await decideDeferred(deferral.work, deferredKey(batch.name), records);
  return new Set(decided.map(({ index }) => index));
}

interface LakeObject {
  readonly schema: string;
  readonly events: Arrival[];
}

/** The objects of a batch by their keys: one for each class and day. */
function objectsOf(
  name: string,
  { arrivals, quarantine }: Arrivals,
  { location, region, accountId, layout }: WriteOptions,
): Map<string, LakeObject> {
  const groups = new Map<string, LakeObject>();
  for (const arrival of arrivals) {
    const { entry, event, raw } = arrival;
    const identity = attempt(() => ({ timeMs: entry.timeOf(event), uid: eventUid(event) }));
    if (identity?.timeMs === undefined) {
      quarantine(raw, identity === undefined ? 'not_mappable' : 'no_time');
      continue;
    }
    const { timeMs, uid } = identity;
    arrival.timeMs = timeMs;
    arrival.uid = uid;
    const group = `${entry.schema} ${Math.floor(timeMs / DAY_MS)}`;
    const object = groups.get(group);
    if (object === undefined) groups.set(group, { schema: entry.schema, events: [arrival] });
    else object.events.push(arrival);
  }
  return new Map(
    Array.from(groups.values(), (object) => {
      const eventDay = eventDayOf(object.events[0]?.timeMs ?? 0);
      const parts = { location, schema: object.schema, region, accountId, eventDay, name };
      return [objectKey({ ...parts, ...(layout && { layout }) }), object];
    }),
  );
}

const DAY_MS = 86_400_000;

/** By time; equal times by identity, and copies of an event by their bytes: the order in which they arrived does not show. */
const inOrder = (a: Arrival, b: Arrival): number =>
  a.timeMs - b.timeMs || (a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : Buffer.compare(a.raw.bytes, b.raw.bytes));

/** The second half: maps the events of an object, in their order, into the columns of their class. */
function encodeObject(
  { schema, events }: LakeObject,
  { counts, quarantine }: Arrivals,
  { tables }: CompiledMapping,
): { rows: number; body: Uint8Array } {
  const { columns } = tables.get(schema) ?? { columns: [] };
  let left = events.sort(inOrder);
  for (;;) {
    const file = newLakeObject(columns);
    const written: [Arrival, Pick<FilledRow, 'failed' | 'timeMs'>][] = [];
    const refused = new Set<Arrival>();
    const refuse = (arrival: Arrival): void => {
      quarantine(arrival.raw, 'not_mappable');
      refused.add(arrival);
    };
    try {
      for (const arrival of left) {
        const { event, entry, join, uid } = arrival;
        const filled = attempt(() => entry.fill(event, uid, join));
        if (filled === undefined) refuse(arrival);
        else {
          written.push([arrival, { failed: filled.failed, timeMs: filled.timeMs }]);
          file.append(filled.row);
        }
      }
      const body = file.finish();
      for (const [arrival, filled] of written) countWritten(counts, arrival, filled);
      return { rows: written.length, body };
    } catch (error) {
      // A row that was taken in part has spoilt the object, which is made again without it.
      const spoilt = error instanceof RowError ? written[error.row] : undefined;
      if (spoilt === undefined) throw error;
      refuse(spoilt[0]);
    }
    left = left.filter((arrival) => !refused.has(arrival));
  }
}
