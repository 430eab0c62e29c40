/** Lakes for the tests of queries/: Sysmon events through the whole pipeline, by either mapping file, asked through the command's database. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { openLake } from '../../src/cli/lake-database.ts';
import { memoryProcessTable } from '../../src/join/memory-process-table.ts';
import { directoryStore } from '../../src/lake/directory-store.ts';
import type { Layout } from '../../src/lake/layout.ts';
import { loadMapping } from '../../src/mapping/load.ts';
import { transformBatch } from '../../src/pipeline.ts';
import { sampleEvent } from '../../src/sysmon/sample.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

export const MAPPINGS = ['OCSFmapping.json', 'OCSFmapping.native.json'] as const;
export type MappingFile = (typeof MAPPINGS)[number];

const load = (file: MappingFile) => loadMapping(readFileSync(path.join(ROOT, file), 'utf8'));
const mappings = new Map(MAPPINGS.map((file) => [file, load(file)]));

const root = mkdtempSync(path.join(tmpdir(), 'sysmon-lake-queries-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A new folder that is gone after the tests of a file. */
export const temporaryFolder = (): string => mkdtempSync(path.join(root, 'lake-'));

/** What differs from the sample of its kind. `seconds` after the first; `host` is the machine. */
export interface Change {
  readonly id: number;
  readonly seconds?: number;
  readonly host?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

export type Event = Readonly<Record<string, unknown>>;

const START_MS = Date.parse('2026-01-02T03:04:05.678Z');

/** An event as Kinesis Agent sends it, its description taken apart; each has an identity of its own. */
let index = 0;
export function sysmonEvent({ id, seconds = 0, host = 'ws01.corp.example', fields = {} }: Change): Event {
  const sample = sampleEvent(id, 'full')!;
  const time = new Date(START_MS + seconds * 1000).toISOString();
  return {
    ...sample,
    Description: {
      ...sample.Description,
      RuleName: '-',
      UtcTime: time.replace('T', ' ').replace('Z', ''),
      ...fields,
    },
    TimeCreated: time,
    MachineName: host,
    Index: ++index,
  };
}

/** A ProcessGuid for each number. */
export const guid = (number: number): string =>
  `{5fe2a7c1-3a25-6957-${number.toString(16).padStart(4, '0')}-000000000500}`;

/** Writes the events into a lake in a folder: one batch for each list, so that a join can miss. */
export async function lakeOf(
  batches: readonly (readonly Event[])[],
  {
    file = 'OCSFmapping.json',
    dir = temporaryFolder(),
    layout,
    forget = false,
  }: {
    readonly file?: MappingFile;
    readonly dir?: string;
    readonly layout?: Layout;
    /** A process table of its own for each batch. */
    readonly forget?: boolean;
  } = {},
): Promise<string> {
  const lake = directoryStore(dir);
  const newTable = () => memoryProcessTable({ now: () => START_MS / 1000, retentionSeconds: 30 * 86_400 });
  const table = newTable();
  for (const [i, events] of batches.entries()) {
    await transformBatch(
      {
        name: `batch-${i}`,
        input: 'test',
        format: 'auto',
        records: events.map((event, at) => ({ bytes: Buffer.from(JSON.stringify(event)), index: at })),
      },
      {
        mapping: mappings.get(file)!,
        table: forget ? newTable() : table,
        lake,
        work: lake,
        location: 'ext/windows-sysmon',
        region: 'eu-central-1',
        accountId: '123456789012',
        ...(layout && { layout }),
      },
    );
  }
  return dir;
}

export type Row = Readonly<Record<string, unknown>>;

/** The rows of a statement over the lake in a folder, by the names of the columns. */
export async function ask(dir: string, sql: string): Promise<Row[]> {
  const lake = await openLake(dir);
  try {
    const { columns, rows } = await lake.query(sql);
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
  } finally {
    lake.close();
  }
}
