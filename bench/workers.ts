/**
 * What a second worker brings: the command over one file, with one worker and with two; and what the machine has to
 * give to two such commands at once, each with one worker, which share nothing.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
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
  /** Events of both. */
  readonly two_processes_events_per_second: number;
  readonly two_processes_over_one: number;
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
    /** Milliseconds that commands take which begin at the same time, each with so many workers. */
    const timeOf = async (workers: readonly number[]): Promise<number> => {
      const out = await mkdtemp(join(folder, 'lakes-'));
      const start = performance.now();
      const ends = await Promise.allSettled(
        workers.map((count, n) =>
          outputOf([
            ...[COMMAND, 'transform', file, '--json'],
            ...['--out', join(out, String(n)), '--workers', String(count)],
          ]),
        ),
      );
      const ms = performance.now() - start;
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      await rm(out, { recursive: true });
      return ms;
    };
    const times: Record<'one' | 'two' | 'processes', number[]> = { one: [], two: [], processes: [] };
    for (let run = 0; run < runs; run++) {
      times.one.push(await timeOf([1]));
      times.two.push(await timeOf([2]));
      times.processes.push(await timeOf([1, 1]));
    }
    const [one, two, processes] = [median(times.one), median(times.two), median(times.processes)];
    const perSecond = (count: number, ms: number): number => digits((count / ms) * 1000);
    return {
      events,
      input_mb: digits((await stat(file)).size / 1e6),
      runs,
      one_events_per_second: perSecond(events, one),
      two_events_per_second: perSecond(events, two),
      two_over_one: digits(one / two, 3),
      two_processes_events_per_second: perSecond(2 * events, processes),
      two_processes_over_one: digits((2 * one) / processes, 3),
    };
  });
}
