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
import { encodeParquet, sortByTime } from './lake/parquet.ts';
import { encodeQuarantine, quarantineKey } from './lake/quarantine.ts';
import type { QuarantinedRecord } from './lake/quarantine.ts';
import type { CompiledEntry, CompiledMapping, Join } from './mapping/compile.ts';
import type { OcsfRecord } from './ocsf/column.ts';
import type { Batch } from './sources/batches.ts';
import { decodeRecord } from './sources/decode.ts';
import type { RawRecord } from './sources/source.ts';
import type { SysmonEvent } from './sysmon/event.ts';

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

export interface MappedRecord {
  readonly raw: RawRecord;
  readonly event: SysmonEvent;
  readonly entry: CompiledEntry;
  readonly record: OcsfRecord;
  readonly timeMs: number;
}

/** A batch between its two halves: mapped, nothing of it written. */
export interface MappedBatch {
  /** In the order in which they arrived. */
  readonly mapped: readonly MappedRecord[];
  readonly quarantined: readonly QuarantinedRecord[];
  /** Set where events of the batch were deferred: the object that holds them. */
  readonly deferredKey: string | undefined;
  readonly counts: Counts;
}

/** Takes a batch the whole way; gives what became of its records. Rejects only where a port fails. */
export async function transformBatch(batch: Batch, options: MapOptions & WriteOptions): Promise<Counts> {
  const result = await mapBatch(batch, options);
  const { counts } = result;
  counts.objects.push(...(await writeRecords(batch.name, result.mapped, options)));
  if (result.quarantined.length > 0) {
    await options.work.put(quarantineKey(batch.name), encodeQuarantine(result.quarantined));
  }
  if (result.deferredKey !== undefined && options.deferral !== undefined) {
    await options.deferral.queue.send({ key: result.deferredKey }, options.deferral.waitSeconds);
  }
  return counts;
}

/** The first half: decodes, joins and maps a batch. Process contexts and the deferred object are stored. */
export async function mapBatch(batch: Batch, options: MapOptions): Promise<MappedBatch> {
  const { mapping, table, found = 'hit' } = options;
  const counts = newCounts();
  counts.received = batch.records.length;
  const quarantined: QuarantinedRecord[] = [];
  const quarantine = (raw: RawRecord, reason: string): void => {
    counts.quarantined++;
    count(counts.byReason, reason);
    quarantined.push({ reason, input: batch.input, index: raw.index, bytes: raw.bytes });
  };

  const arrivals: { raw: RawRecord; event: SysmonEvent; entry: CompiledEntry }[] = [];
  const processes = new Map<string, ProcessContext>();
  for (const raw of batch.records) {
    const { event, reason } =
      raw.reason === undefined ? decodeRecord(raw.bytes, batch.format) : { reason: raw.reason };
    if (event === undefined) {
      quarantine(raw, reason);
      continue;
    }
    const context = processContextOf(event, mapping.processFields);
    if (context !== undefined) processes.set(context.guid, context);
    const entry = mapping.find(event);
    if (entry === undefined) quarantine(raw, 'no_mapping');
    else arrivals.push({ raw, event, entry });
  }
  if (options.processesKnown !== true) await table.put([...processes.values()]);

  const joining = new Set(arrivals.filter(({ entry }) => entry.joins).map(({ event }) => event));
  const joinBatch = {
    events: arrivals.map(({ event }) => event),
    joins: (event: SysmonEvent) => joining.has(event),
    // A table that knows all of the input is asked alone: where two copies of an EventID 1 differ (carriers write hex
    // digits in different cases), every event of the process gets the same one, however the input is cut.
    batchProcesses: options.processesKnown === true ? new Map<string, ProcessContext>() : processes,
    horizonSeconds: options.deferral?.horizonSeconds,
  };
  const correlations = await correlate({ ...joinBatch, table });
  const waits = await deferred(batch, arrivals, correlations, mayDefer(joinBatch), options.deferral);
  counts.deferred = waits.size;

  const mapped: MappedRecord[] = [];
  arrivals.forEach(({ raw, event, entry }, i) => {
    if (waits.has(raw.index)) return;
    const join = joinOf(correlations[i], found);
    const result = mapEvent(entry, event, join);
    if (result === undefined) quarantine(raw, 'not_mappable');
    else if (result.timeMs === undefined) quarantine(raw, 'no_time');
    else {
      mapped.push({ raw, event, entry, record: result.record, timeMs: result.timeMs });
      for (const attribute of result.failed)
        count(counts.conversionFailures, `${event.EventId} ${attribute}`);
      if (join !== undefined) counts.join[join.outcome]++;
      count(counts.byEventId, String(event.EventId));
      count(counts.byClass, entry.schema);
      latest(counts.latestMs, entry.schema, result.timeMs);
    }
  });
  counts.written = mapped.length;
  return { mapped, quarantined, deferredKey: waits.size > 0 ? deferredKey(batch.name) : undefined, counts };
}

/** One event that cannot be mapped, for whatever reason, is quarantined; it does not fail its batch. */
function mapEvent(
  entry: CompiledEntry,
  event: SysmonEvent,
  join: Join | undefined,
): ReturnType<CompiledEntry['map']> | undefined {
  try {
    return entry.map(event, join);
  } catch {
    return undefined;
  }
}

function joinOf(correlation: Correlation | undefined, found: 'hit' | 'late'): Join | undefined {
  if (correlation === undefined || correlation.kind === 'none') return undefined;
  return correlation.kind === 'hit'
    ? { outcome: found, process: correlation.process.fields }
    : { outcome: 'miss' };
}

/** The records, by index, that wait: as this try proposes, or as the first try of the batch decided. */
async function deferred(
  batch: Batch,
  arrivals: readonly { raw: RawRecord }[],
  correlations: readonly Correlation[],
  mayWait: boolean,
  deferral: Deferral | undefined,
): Promise<ReadonlySet<number>> {
  if (deferral === undefined || !mayWait) return new Set();
  const proposed = arrivals
    .filter((_, i) => correlations[i]?.kind === 'defer')
    .map(({ raw }) => ({ bytes: raw.bytes, input: batch.input, index: raw.index }));
  const decided = await decideDeferred(deferral.work, deferredKey(batch.name), proposed);
  return new Set(decided.map(({ index }) => index));
}

/** The second half: one Parquet object for each class and day of the records. */
export async function writeRecords(
  name: string,
  mapped: readonly MappedRecord[],
  options: WriteOptions & Pick<MapOptions, 'mapping'>,
): Promise<Counts['objects']> {
  const { location, region, accountId, layout } = options;
  const objects = new Map<string, { schema: string; rows: OcsfRecord[] }>();
  for (const { entry, record, timeMs } of mapped) {
    const key = objectKey({
      location,
      schema: entry.schema,
      region,
      accountId,
      eventDay: eventDayOf(timeMs),
      name,
      ...(layout && { layout }),
    });
    const object = objects.get(key);
    if (object === undefined) objects.set(key, { schema: entry.schema, rows: [record] });
    else object.rows.push(record);
  }
  const written: Counts['objects'] = [];
  for (const [path, { schema, rows }] of objects) {
    const body = encodeParquet(options.mapping.tables.get(schema)?.columns ?? [], sortByTime(rows));
    await options.lake.put(path, body);
    written.push({ path, rows: rows.length, bytes: body.length });
  }
  return written;
}
