/**
 * `npm run soak`: what rate the whole app holds on this machine, and what happens at twice that rate and afterwards.
 *
 *   npm run soak                                  looks for the rate, holds it for ten minutes; 20 minutes in all
 *   npm run soak -- --minutes 0.3 --rate 200      a quick try at a rate that is given
 *   npm run soak -- --json                        one JSON object on standard output, every sample in it
 *   npm run soak -- --write-docs                  and docs/load.md and docs/soak.svg with what was found
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { readInputs } from './inputs.ts';
import { readArguments } from './soak/arguments.ts';
import { PartEndedError } from './soak/child.ts';
import { hasProc } from './soak/proc.ts';
import type { SoakResult } from './soak/result.ts';
import { planOf, runSoak } from './soak/run.ts';
import { originOf, sentencesOf, tablesOf } from './soak/tables.ts';
import { startWorld } from './soak/world.ts';
import { writeDocs } from './soak/write-docs.ts';
import { withFolder } from './start-process.ts';

/** Ends the run: a signal asked for it. */
class StoppedError extends Error {
  readonly signal: NodeJS.Signals;
  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
    this.name = 'StoppedError';
    this.signal = signal;
  }
}

function report(result: SoakResult): string {
  const tables = tablesOf(result).map(({ title, head, rows }) => {
    const table = new Table({ head: [...head], style: { head: [], border: [] } });
    table.push(...rows.map((row) => [...row]));
    return `${title}\n${table.toString()}`;
  });
  return [originOf(result), sentencesOf(result), ...tables].join('\n\n');
}

async function main(signal: AbortSignal): Promise<void> {
  const { minutes, rate, json, writesDocs } = readArguments(process.argv.slice(2));
  if (!hasProc())
    throw new TypeError('CPU time and memory of processes are read from /proc: this needs Linux');
  const say = (what: string): void => {
    const seconds = (performance.now() / 1000).toFixed(0).padStart(4);
    process.stderr.write(`soak: ${seconds} s  ${what}\n`);
  };
  const result = await withFolder(async (folder) => {
    const world = await startWorld(folder);
    try {
      signal.throwIfAborted();
      const eventsAreReal = readInputs(1).areReal;
      const plan = planOf(minutes, rate);
      const nowMs = (): number => performance.now();
      const wait = (ms: number): Promise<unknown> => sleep(ms, undefined, { signal });
      return await runSoak({ world, plan, eventsAreReal, nowMs, wait, say });
    } finally {
      world.close();
    }
  });
  if (writesDocs) await writeDocs(result);
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${report(result)}\n`);
}

const stop = new AbortController();
// More than once: npm hands a signal on that this process gets as well.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stop.abort(new StoppedError(signal)));
}
try {
  await main(stop.signal);
} catch (error) {
  const { reason } = stop.signal as { reason: unknown }; // true: undefined until it is aborted
  if (reason instanceof StoppedError) {
    process.stderr.write(`soak: ${reason.message}\n`);
    process.exitCode = reason.signal === 'SIGINT' ? 130 : 143;
  } else if (error instanceof TypeError) {
    process.stderr.write(`soak: ${error.message.split('\n')[0] ?? ''}\n`);
    process.exitCode = 2;
  } else if (error instanceof PartEndedError) {
    process.stderr.write(`soak: ${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
