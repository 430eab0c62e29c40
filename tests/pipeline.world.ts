/** What the tests of the pipeline run in: ports in memory that can be watched and killed, and records to send. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DeferredMessage } from '../src/join/delay-queue.ts';
import { decodeDeferred } from '../src/join/deferred.ts';
import { memoryDelayQueue } from '../src/join/memory-delay-queue.ts';
import { memoryProcessTable } from '../src/join/memory-process-table.ts';
import { memoryStore } from '../src/lake/memory-store.ts';
import type { OcsfRecord } from '../src/ocsf/column.ts';
import { loadMapping } from '../src/mapping/load.ts';
import type { CompiledMapping } from '../src/mapping/compile.ts';
import type { MapOptions, WriteOptions } from '../src/pipeline.ts';
import type { Batch } from '../src/sources/batches.ts';
import type { RawRecord } from '../src/sources/source.ts';
import { readWithHyparquet } from './lake/parquet-readers.ts';

export const mapping = loadMapping(
  readFileSync(path.resolve(import.meta.dirname, '../OCSFmapping.json'), 'utf8'),
);

/** The second in which all of it happens. */
export const NOW_SECONDS = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;
const DAY_SECONDS = 86_400;

/** The ProcessGuid of a process that began `ageSeconds` ago: the second group is its low half, the third its high. */
export function guidOf(number: number, ageSeconds: number): string {
  const started = (NOW_SECONDS - ageSeconds).toString(16).padStart(8, '0');
  return `{5fe2a7c1-${started.slice(4)}-${started.slice(0, 4)}-${number.toString(16).padStart(4, '0')}-000000000500}`;
}

export interface EventParts {
  readonly id?: number | string;
  readonly index?: number;
  readonly guid?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly envelope?: Readonly<Record<string, unknown>>;
}

/** An event as Kinesis Agent sends it, by default a connection of a process that is a day old. */
export const eventOf = (parts: EventParts = {}): Record<string, unknown> => ({
  EventId: parts.id ?? 3,
  Description: {
    UtcTime: '2026-01-02 03:04:05.678',
    ProcessGuid: parts.guid ?? guidOf(1, DAY_SECONDS),
    ProcessId: '4711',
    Image: 'C:\\Windows\\System32\\curl.exe',
    ...parts.fields,
  },
  TimeCreated: '2026-01-02T03:04:05.7Z',
  MachineName: 'host.corp.example',
  LogName: 'Microsoft-Windows-Sysmon/Operational',
  ProviderName: 'Microsoft-Windows-Sysmon',
  Index: parts.index ?? 1,
  ...parts.envelope,
});

/** An EventID 1 whose command line tells which process it is. */
export const processOf = (
  guid: string,
  index: number,
  commandLine = `run ${guid}`,
): Record<string, unknown> => eventOf({ id: 1, index, guid, fields: { CommandLine: commandLine } });

export const rawOf = (content: unknown, index: number): RawRecord => ({
  bytes: content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content)),
  index,
});

export const batchOf = (contents: readonly unknown[], name = 'shard-1-2'): Batch => ({
  name,
  input: 'stream/shard',
  records: contents.map(rawOf),
  format: 'auto',
});

/** The machine stopped: thrown by a port in the place of its answer. */
export class Killed extends Error {}

export interface World {
  readonly options: MapOptions & WriteOptions;
  /** Side effects, in their order: `table`, `put <key>`, `send <key>`. */
  readonly effects: string[];
  /** From here on the machine stops behind (or before) its so many-th side effect. */
  readonly killAt: (effect: number, when: 'before' | 'after') => void;
  readonly contents: () => Promise<Record<string, string>>;
  readonly messages: () => DeferredMessage[];
  readonly knowProcess: (guid: string, commandLine: string) => Promise<void>;
}

/** Everything in memory; `defers` false is a pipeline in which nothing waits. */
export function newWorld({
  defers = true,
  with: chosen = mapping,
}: { defers?: boolean; with?: CompiledMapping } = {}): World {
  let nowMs = NOW_SECONDS * 1000;
  const now = (): number => nowMs;
  const table = memoryProcessTable({ now, retentionSeconds: 30 * DAY_SECONDS });
  const store = memoryStore();
  const queue = memoryDelayQueue({ now });
  const effects: string[] = [];
  let kill: { effect: number; when: 'before' | 'after' } | undefined;
  const effect = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const dies = kill?.effect === effects.length ? kill.when : undefined;
    if (dies === 'before') throw new Killed(name);
    effects.push(name);
    const answer = await work();
    if (dies === 'after') throw new Killed(name);
    return answer;
  };
  const watched = {
    ...store,
    put: (...args: Parameters<typeof store.put>) => effect(`put ${args[0]}`, () => store.put(...args)),
  };
  return {
    options: {
      mapping: chosen,
      table: {
        get: (guids) => table.get(guids),
        put: (contexts) => effect('table', () => table.put(contexts)),
      },
      lake: watched,
      work: watched,
      location: 'ext/windows-sysmon',
      region: 'eu-central-1',
      accountId: '123456789012',
      ...(defers && {
        deferral: {
          work: watched,
          queue: {
            send: (message, delay) => effect(`send ${message.key}`, () => queue.send(message, delay)),
          },
          horizonSeconds: 900,
          waitSeconds: 120,
        },
      }),
    },
    effects,
    killAt(number, when) {
      effects.length = 0;
      kill = { effect: number, when };
    },
    async contents() {
      const all: Record<string, string> = {};
      for await (const key of store.list(''))
        all[key] = Buffer.from((await store.get(key))!).toString('base64');
      return all;
    },
    messages() {
      nowMs += 200_000;
      return queue.receive();
    },
    knowProcess: (guid, commandLine) =>
      table.put([{ guid: guid.slice(1, -1), fields: { CommandLine: commandLine } }]),
  };
}

/** What late-join does with a message: the deferred events once more, without waiting. */
export async function lateBatch(
  { options }: World,
  { key }: DeferredMessage,
): Promise<[Batch, World['options']]> {
  const records = decodeDeferred((await options.work.get(key))!);
  const batch: Batch = { name: 'shard-1-2-late', input: 'stream/shard', records, format: 'auto' };
  const rest: Record<string, unknown> = { ...options };
  delete rest.deferral;
  return [batch, { ...(rest as unknown as World['options']), found: 'late' }];
}

/** Every row in the lake, with the name of its class. */
export async function rowsOf({ options }: World): Promise<(OcsfRecord & { schema: string })[]> {
  const rows: (OcsfRecord & { schema: string })[] = [];
  for await (const key of options.lake.list('ext/')) {
    const schema = key.split('/')[2]!;
    const columns = options.mapping.tables.get(schema)!.columns;
    const found = await readWithHyparquet(columns, (await options.lake.get(key))!);
    rows.push(...found.map((row) => ({ ...(row as OcsfRecord), schema })));
  }
  return rows;
}

/** One entry of `unmapped` in a row as the Parquet readers give it. */
export const unmappedOf = (row: OcsfRecord, name: string): string | undefined =>
  (row.unmapped as unknown as [string, string][]).find(([key]) => key === name)?.[1];
