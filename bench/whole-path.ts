/** The whole path of a batch, as a function in the cloud takes it: base64 in, zstd Parquet in memory out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryProcessTable } from '../src/join/memory-process-table.ts';
import type { ProcessTable } from '../src/join/process-table.ts';
import { memoryStore } from '../src/lake/memory-store.ts';
import type { ObjectStore } from '../src/lake/object-store.ts';
import type { CompiledMapping } from '../src/mapping/compile.ts';
import { loadMapping } from '../src/mapping/load.ts';
import { transformBatch } from '../src/pipeline.ts';
import type { RawRecord } from '../src/sources/source.ts';

export const MAPPING_FILE = join(import.meta.dirname, '..', 'OCSFmapping.json');

/** The mapping that comes with the project. */
export const readMapping = (file = MAPPING_FILE): CompiledMapping => loadMapping(readFileSync(file, 'utf8'));

export const LAKE = { location: 'ext/windows-sysmon', region: 'local', accountId: 'external' } as const;

/** A process table that forgets nothing while the benchmark runs. */
export const emptyTable = (): ProcessTable =>
  memoryProcessTable({ now: Date.now, retentionSeconds: 30 * 24 * 3600 });

export const recordsOf = (base64: readonly string[]): RawRecord[] =>
  base64.map((text, index) => ({ bytes: Buffer.from(text, 'base64'), index }));

export interface WholeResult {
  readonly objects: number;
  readonly outputBytes: number;
  /** Events that were written. */
  readonly rows: number;
}

/** Takes a batch the whole way. @param lake where the objects go: the memory, where none is given */
export async function wholePath(
  base64: readonly string[],
  mapping: CompiledMapping,
  table: ProcessTable = emptyTable(),
  lake: ObjectStore = memoryStore(),
): Promise<WholeResult> {
  const records = recordsOf(base64);
  const batch = { name: 'batch', input: 'bench', format: 'auto', records } as const;
  const { objects, written } = await transformBatch(batch, { mapping, table, lake, work: lake, ...LAKE });
  return {
    objects: objects.length,
    outputBytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    rows: written,
  };
}
