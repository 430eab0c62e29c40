/**
 * The stages of the whole path, one function each, and one round that takes a batch through all of them. Each stage
 * gets what the one before it gave, so nothing is measured on text that only a benchmark has.
 */
import { performance } from 'node:perf_hooks';
import { zstdDecompressSync } from 'node:zlib';
import { parquetRead } from 'hyparquet';
import { correlate } from '../src/join/correlate.ts';
import type { Correlation } from '../src/join/correlate.ts';
import { processContextOf } from '../src/join/process-context.ts';
import type { ProcessContext } from '../src/join/process-table.ts';
import { ZSTD_LEVEL, newLakeObject } from '../src/lake/parquet.ts';
import type { ClassTable, CompiledEntry, CompiledMapping, Join } from '../src/mapping/compile.ts';
import { zstdFrame } from '../src/parquet/zstd.ts';
import { decodeRecord } from '../src/sources/decode.ts';
import { isJsonObject } from '../src/sources/json.ts';
import type { RawRecord } from '../src/sources/source.ts';
import { parseDescription } from '../src/sysmon/description.ts';
import type { SysmonEvent } from '../src/sysmon/event.ts';
import { eventUid } from '../src/sysmon/identity.ts';
import { DAY_MS } from './agent-record.ts';
import { emptyTable, recordsOf, wholePath } from './whole-path.ts';
import type { WholeResult } from './whole-path.ts';

/**
 * `parse` is the description alone, `decode` all from bytes to an event. `correlate` also finds the entry of each event,
 * `map` also puts the events in order. `encode` is what is left of the way from events to objects without `map` and `zstd`.
 */
export const STAGES = [
  'base64',
  'JSON.parse',
  'parse',
  'decode',
  'correlate',
  'map',
  'encode',
  'zstd',
  'whole',
] as const;
export type Stage = (typeof STAGES)[number];

/** Nanoseconds an event, by stage. */
export type StageTimes = Record<Stage, number>;

export interface Round extends WholeResult {
  readonly times: StageTimes;
}

/** An event with all that its row is made from. */
export interface Arrival {
  readonly event: SysmonEvent;
  readonly entry: CompiledEntry;
  readonly join: Join | undefined;
}

interface Ordered extends Arrival {
  readonly timeMs: number;
  readonly uid: string;
}

/** The events of one object of the lake, in the order of its rows. */
export interface ObjectEvents {
  readonly table: ClassTable;
  readonly events: readonly Ordered[];
}

const now = (): number => performance.now() * 1e6;

function parseDescriptions(documents: readonly unknown[]): number {
  let fields = 0;
  for (const document of documents) {
    if (!isJsonObject(document) || typeof document.Description !== 'string') continue;
    fields += parseDescription(Number(document.EventId), document.Description)?.names.length ?? 0;
  }
  return fields;
}

const decode = (records: readonly RawRecord[]): (SysmonEvent | undefined)[] =>
  records.map(({ bytes }) => decodeRecord(bytes, 'auto').event);

async function joined(
  events: readonly (SysmonEvent | undefined)[],
  mapping: CompiledMapping,
): Promise<Arrival[]> {
  const found = events.flatMap((event) => {
    const entry = event && mapping.find(event);
    return event === undefined || entry === undefined ? [] : [{ event, entry }];
  });
  const batchProcesses = new Map<string, ProcessContext>();
  for (const { event } of found) {
    const context = processContextOf(event, mapping.processFields);
    if (context !== undefined) batchProcesses.set(context.guid, context);
  }
  const joining = found.filter(({ entry }) => entry.joins).map(({ event }) => event);
  const correlations = await correlate({ events: joining, batchProcesses, table: emptyTable() });
  const joins = new Map(joining.map((event, i) => [event, joinOf(correlations[i])]));
  return found.map(({ event, entry }) => ({ event, entry, join: joins.get(event) }));
}

const joinOf = (found: Correlation | undefined): Join =>
  found?.kind === 'hit' ? { outcome: 'hit', process: found.process.fields } : { outcome: 'miss' };

/** One group for each class and day, as the pipeline makes them. */
function inObjects(arrivals: readonly Arrival[], mapping: CompiledMapping): ObjectEvents[] {
  const groups = new Map<string, { table: ClassTable; events: Ordered[] }>();
  for (const arrival of arrivals) {
    const timeMs = arrival.entry.timeOf(arrival.event);
    const table = mapping.tables.get(arrival.entry.schema);
    if (timeMs === undefined || table === undefined) continue;
    const key = `${arrival.entry.schema} ${Math.floor(timeMs / DAY_MS)}`;
    const ordered = { ...arrival, timeMs, uid: eventUid(arrival.event) };
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { table, events: [ordered] });
    else group.events.push(ordered);
  }
  const inOrder = (a: Ordered, b: Ordered): number => a.timeMs - b.timeMs || (a.uid < b.uid ? -1 : 1);
  return Array.from(groups.values(), ({ table, events }) => ({ table, events: events.sort(inOrder) }));
}

/** Fills a row for each event, and keeps none of them. */
function map(objects: readonly ObjectEvents[]): void {
  for (const { events } of objects) {
    for (const { event, entry, join, uid } of events) entry.fill(event, uid, join);
  }
}

/** The same, and each row goes into the object: Parquet with zstd. */
export const encode = (objects: readonly ObjectEvents[]): Uint8Array[] =>
  objects.map(({ table, events }) => {
    const file = newLakeObject(table.columns);
    for (const { event, entry, join, uid } of events) file.append(entry.fill(event, uid, join).row);
    return file.finish();
  });

/** The objects that a batch becomes, not encoded. Nothing is timed. */
export async function objectsOf(lines: readonly string[], mapping: CompiledMapping): Promise<ObjectEvents[]> {
  const events = lines.map((line) => decodeRecord(Buffer.from(line), 'auto').event);
  return inObjects(await joined(events, mapping), mapping);
}

/** What the pages of Parquet objects hold before they are compressed: whatever wrote them, a reader says it. */
async function pagesOf(bodies: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const pages: Uint8Array[] = [];
  const ZSTD = (compressed: Uint8Array): Uint8Array => {
    const page = zstdDecompressSync(compressed);
    pages.push(page);
    return page;
  };
  for (const body of bodies) {
    const file = Uint8Array.from(body).buffer;
    await parquetRead({ file, compressors: { ZSTD }, onChunk: () => undefined }); // no rows, only columns
  }
  return pages;
}

/** Remembers the pages of batches that come again, as reading them takes long. */
export type PageCache = Map<string, Uint8Array[]>;

/** Nanoseconds of each stage for the whole batch. Nothing of it is alive any more when it returns. */
async function measureStages(
  base64: readonly string[],
  mapping: CompiledMapping,
  pageCache: PageCache,
): Promise<Omit<StageTimes, 'whole'>> {
  const marks: number[] = [now()];
  const mark = (): void => void marks.push(now());
  const records = recordsOf(base64);
  mark();
  const texts = records.map(({ bytes }) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(),
  );
  mark();
  const documents = texts.map((text): unknown => JSON.parse(text));
  mark();
  parseDescriptions(documents);
  mark();
  const events = decode(records);
  mark();
  const arrivals = await joined(events, mapping);
  mark();
  const objects = inObjects(arrivals, mapping);
  mark();
  map(objects);
  mark();
  const bodies = encode(objects);
  mark();

  const name = `${base64.length} ${base64[0] ?? ''} ${base64.at(-1) ?? ''}`;
  const pages = pageCache.get(name) ?? (await pagesOf(bodies));
  pageCache.set(name, pages);
  const beforeZstd = now();
  for (const page of pages) zstdFrame(page, ZSTD_LEVEL);
  const zstd = now() - beforeZstd;

  const took = (i: number): number => (marks[i + 1] ?? NaN) - (marks[i] ?? NaN);
  return {
    base64: took(0),
    'JSON.parse': took(2),
    parse: took(3),
    decode: took(4),
    correlate: took(5),
    map: took(6) + took(7),
    encode: Math.max(0, took(8) - took(7) - zstd),
    zstd,
  };
}

/** One round: each stage once, and the whole path once, on the same batches. */
export async function measureRound(
  batches: readonly (readonly string[])[],
  mapping: CompiledMapping,
  pageCache: PageCache,
): Promise<Round> {
  const sum = new Map<Stage, number>();
  const add = (stage: Stage, ns: number): unknown => sum.set(stage, (sum.get(stage) ?? 0) + ns);
  const result = { objects: 0, outputBytes: 0, rows: 0 };
  for (const base64 of batches) {
    const times = await measureStages(base64, mapping, pageCache);
    for (const stage of STAGES) if (stage !== 'whole') add(stage, times[stage]);
    const start = now();
    const done = await wholePath(base64, mapping);
    add('whole', now() - start);
    result.objects += done.objects;
    result.outputBytes += done.outputBytes;
    result.rows += done.rows;
  }
  const events = batches.reduce((count, batch) => count + batch.length, 0);
  const perEvent = STAGES.map((stage) => [stage, (sum.get(stage) ?? NaN) / events] as const);
  return { ...result, times: Object.fromEntries(perEvent) as StageTimes }; // true: every stage is in the list
}
