/** What the tests of hostile input run in: records the whole way into a lake on disk, which is asked through SQL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import type { PlainValue } from '../../src/cli/lake-value.ts';
import { openLake } from '../../src/cli/lake-database.ts';
import type { Counts } from '../../src/counts.ts';
import { memoryProcessTable } from '../../src/join/memory-process-table.ts';
import { directoryStore } from '../../src/lake/directory-store.ts';
import { decodeQuarantine } from '../../src/lake/quarantine.ts';
import type { QuarantinedRecord } from '../../src/lake/quarantine.ts';
import type { CompiledMapping } from '../../src/mapping/compile.ts';
import { transformBatch } from '../../src/pipeline.ts';
import { catalogue } from '../../src/sysmon/catalogue.ts';
import { mapping } from '../pipeline.world.ts';

const root = mkdtempSync(path.join(tmpdir(), 'sysmon-lake-hostile-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A new folder that is gone after the tests of a file. */
export const temporaryFolder = (): string => mkdtempSync(path.join(root, 'in-'));

export type SqlRow = Readonly<Record<string, PlainValue>>;

export interface HostileLake {
  readonly dir: string;
  readonly counts: Counts;
  readonly quarantined: readonly QuarantinedRecord[];
  readonly query: (sql: string) => Promise<SqlRow[]>;
}

/** The lake of one batch: records as bytes, as text, or as a document. */
export async function lakeOf(
  contents: readonly unknown[],
  { with: chosen = mapping }: { with?: CompiledMapping } = {},
): Promise<HostileLake> {
  const dir = temporaryFolder();
  const store = directoryStore(dir);
  const counts = await transformBatch(
    {
      name: 'batch-1',
      input: 'stream/shard',
      format: 'auto',
      records: contents.map((content, index) => ({ bytes: bytesOf(content), index })),
    },
    {
      mapping: chosen,
      table: memoryProcessTable({ now: () => 0, retentionSeconds: 1 }),
      lake: store,
      work: store,
      location: 'ext/windows-sysmon',
      region: 'eu-central-1',
      accountId: '123456789012',
    },
  );
  const quarantine = await store.get('quarantine/batch-1.ndjson.gz');
  return {
    dir,
    counts,
    quarantined: quarantine === undefined ? [] : decodeQuarantine(quarantine),
    query: (sql) => rowsOf(dir, sql),
  };
}

export const bytesOf = (content: unknown): Buffer =>
  content instanceof Uint8Array || typeof content === 'string'
    ? Buffer.from(content)
    : Buffer.from(JSON.stringify(content));

/** The rows of a query over a lake in a folder, as `sysmon-lake query` runs it. */
export async function rowsOf(dir: string, sql: string): Promise<SqlRow[]> {
  const lake = await openLake(dir);
  try {
    const { columns, rows } = await lake.query(sql);
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])));
  } finally {
    lake.close();
  }
}

/** The names of a kind's fields, in the order of the manifest. */
export const namesOf = (eventId: number, without: readonly string[] = []): string[] =>
  catalogue
    .get(eventId)!
    .fields.map(({ name }) => name)
    .filter((name) => !without.includes(name));

export const titleOf = (eventId: number): string => catalogue.get(eventId)!.titles[0];

/** The message that Windows renders of these values. */
export const messageOf = (
  eventId: number,
  fields: Readonly<Record<string, string>>,
  lineBreak = '\r\n',
): string =>
  [titleOf(eventId), ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)].join(lineBreak);

/** The envelope of an event, as Kinesis Agent writes it. */
export const envelope = (EventId: number, Index: number): Record<string, unknown> => ({
  EventId,
  TimeCreated: '2026-01-02T03:04:05.7Z',
  MachineName: 'host.corp.example',
  LogName: 'Microsoft-Windows-Sysmon/Operational',
  ProviderName: 'Microsoft-Windows-Sysmon',
  Index,
});

/** A process that ended; more fields, and more keys of the record. */
export const ended = (
  fields: Readonly<Record<string, unknown>> = {},
  keys: Readonly<Record<string, unknown>> = {},
  index = 1,
): Record<string, unknown> => ({
  ...envelope(5, index),
  Description: {
    UtcTime: '2026-01-02 03:04:05.678',
    ProcessGuid: '{5fe2a7c1-3456-6957-0001-000000000500}',
    ProcessId: '4711',
    Image: 'C:\\Windows\\System32\\curl.exe',
    ...fields,
  },
  ...keys,
});

const XML_TEXT: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};
export const xmlText = (text: string): string =>
  text.replace(/[&<>"\r]/g, (character) => XML_TEXT[character] ?? character);

/** Event XML of these values, with the message that a renderer adds where there is one. */
export const eventXml = (
  eventId: number,
  index: number,
  fields: Readonly<Record<string, string>>,
  message?: string,
): string =>
  [
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>',
    `<Provider Name="Microsoft-Windows-Sysmon"/><EventID>${eventId}</EventID>`,
    '<TimeCreated SystemTime="2026-01-02T03:04:05.7Z"/>',
    `<EventRecordID>${index}</EventRecordID><Channel>Microsoft-Windows-Sysmon/Operational</Channel>`,
    '<Computer>host.corp.example</Computer></System><EventData>',
    ...Object.entries(fields).map(
      ([name, value]) => `<Data Name="${xmlText(name)}">${xmlText(value)}</Data>`,
    ),
    '</EventData>',
    message === undefined ? '' : `<RenderingInfo><Message>${xmlText(message)}</Message></RenderingInfo>`,
    '</Event>',
  ].join('');

/** The same of Winlogbeat. */
export const winlogbeat = (
  eventId: number,
  index: number,
  fields: Readonly<Record<string, string>>,
  message?: string,
): Record<string, unknown> => ({
  '@timestamp': '2026-01-02T03:04:05.7Z',
  ...(message !== undefined && { message }),
  winlog: {
    event_id: eventId,
    record_id: index,
    provider_name: 'Microsoft-Windows-Sysmon',
    computer_name: 'host.corp.example',
    channel: 'Microsoft-Windows-Sysmon/Operational',
    event_data: fields,
  },
});
