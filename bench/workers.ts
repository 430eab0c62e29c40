/** What a second worker brings: the command over one file, with one worker and with two. */
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { outputOf, withFolder } from './start-process.ts';
import { digits, median } from './statistics.ts';

const COMMAND = join(import.meta.dirname, '..', 'bin', 'sysmon-lake.js');

export interface Workers {
  readonly events: number;
  readonly input_mb: number;
  readonly runs: number;
  readonly one_events_per_second: number;
  readonly two_events_per_second: number;
  readonly two_over_one: number;
}

/** Whether the command, as it was built last, can spread its work. */
const knowsWorkers = async (): Promise<boolean> =>
  (await outputOf([COMMAND, 'transform', '--help'])).includes('--workers');

/** Writes so many lines, without holding them all in memory. */
export async function writeLines(file: string, lines: Iterator<string>, count: number): Promise<void> {
  const stream = createWriteStream(file);
  for (let n = 0; n < count; n++) {
    const next = lines.next();
    if (next.done === true) break;
    if (!stream.write(`${next.value}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

/** Null where the command knows no workers. The start of the command is in the times of both. */
export async function measureWorkers(
  lines: Iterator<string>,
  events: number,
  runs: number,
): Promise<Workers | null> {
  if (!(await knowsWorkers())) return null;
  return withFolder(async (folder) => {
    const file = join(folder, 'events.ndjson');
    await writeLines(file, lines, events);
    const times: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      for (const [i, workers] of ['1', '2'].entries()) {
        const out = join(folder, `lake-${run}-${workers}`);
        const start = performance.now();
        await outputOf([COMMAND, 'transform', file, '--out', out, '--workers', workers, '--json']);
        times[i]?.push(performance.now() - start);
      }
    }
    const [one, two] = times.map(median);
    const perSecond = (ms: number | undefined): number => digits((events / (ms ?? NaN)) * 1000);
    return {
      events,
      input_mb: digits((await stat(file)).size / 1e6),
      runs,
      one_events_per_second: perSecond(one),
      two_events_per_second: perSecond(two),
      two_over_one: digits((one ?? NaN) / (two ?? NaN), 3),
    };
  });
}
