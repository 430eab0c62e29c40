import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { indexProcesses } from '../../src/cli/read-input.ts';
import type { ProcessContext } from '../../src/join/process-table.ts';
import { guidOf, processOf } from '../pipeline.world.ts';
import { inFolder } from './command.ts';

/** The processes that each put of the first pass has, by the number of the record that they are of. */
const putsOf = (commandLines: readonly string[]): Promise<number[][]> =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'events.ndjson');
    const lines = commandLines.map((line, n) => JSON.stringify(processOf(guidOf(n, 1), n, `${n} ${line}`)));
    writeFileSync(file, lines.join('\n'));
    const puts: (readonly ProcessContext[])[] = [];
    const table = {
      get: () => Promise.resolve(new Map<string, ProcessContext>()),
      put: (contexts: readonly ProcessContext[]) => Promise.resolve(void puts.push(contexts)),
    };
    const input = { path: file, label: 'events.ndjson', root: folder, sizeBytes: statSync(file).size };
    await indexProcesses(input, table, ['CommandLine'], {
      format: 'auto',
      onBytes: () => undefined,
      signal: new AbortController().signal,
    });
    return puts.map((contexts) => contexts.map(({ fields }) => parseInt(fields.CommandLine ?? '', 10)));
  });

const from = (first: number, end: number): number[] =>
  Array.from({ length: end - first }, (_, n) => first + n);

describe('the processes of an input', () => {
  it('are put 5,000 at a time, and the rest at the end', async () => {
    const puts = await putsOf(Array<string>(12_001).fill('x'));
    expect(puts).toEqual([from(0, 5_000), from(5_000, 10_000), from(10_000, 12_001)]);
  });

  it('are put earlier where their records are 16 MiB', async () => {
    const puts = await putsOf(Array<string>(7).fill('x'.repeat(6 * 1024 * 1024)));
    expect(puts).toEqual([from(0, 3), from(3, 6), from(6, 7)]);
  });
});
