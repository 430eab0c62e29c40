/** Memory of the command over a file of gigabytes, which goes into it through a pipe and never lies on the disk here. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { mixOf, PRODUCTION } from './mix.ts';
import { withFolder } from './start-process.ts';
import { digits } from './statistics.ts';

const COMMAND = join(import.meta.dirname, '..', 'bin', 'sysmon-lake.js');

export interface Huge {
  readonly input_gb: number;
  readonly events: number;
  readonly rss_peak_mb: number;
  readonly seconds: number;
}

/** Sends so many bytes of events through the command. The command keeps a copy of its standard input: disk is needed. */
export function measureHuge(pool: readonly string[], bytes: number): Promise<Huge> {
  return withFolder(async (folder) => {
    const peakFile = join(folder, 'rss-peak');
    const hook = join(folder, 'hook.mjs');
    const source = pathToFileURL(join(import.meta.dirname, 'rss-peak.ts')).href;
    await writeFile(
      hook,
      `import { writeFileSync } from 'node:fs'; import { rssPeakBytes } from ${JSON.stringify(source)};
      process.on('exit', () => writeFileSync(${JSON.stringify(peakFile)}, String(rssPeakBytes())));`,
    );
    const out = join(folder, 'lake');
    await mkdir(out);
    const startMs = performance.now();
    const args = ['--import', pathToFileURL(hook).href, COMMAND, 'transform', '-', '--out', out, '--json'];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] });
    const ended = once(child, 'exit');
    let written = 0;
    let events = 0;
    for (const record of mixOf(pool, PRODUCTION, 11)) {
      const line = `${JSON.stringify(record)}\n`;
      written += Buffer.byteLength(line);
      events += 1;
      if (!child.stdin.write(line)) await Promise.race([once(child.stdin, 'drain'), ended]);
      if (written >= bytes || child.exitCode !== null) break;
    }
    child.stdin.end();
    const [code] = (await ended) as [number | null]; // true: what `exit` gives first
    if (code !== 0) throw new Error(`the command ended with ${code}`);
    return {
      input_gb: digits(written / 1e9, 3),
      events,
      rss_peak_mb: digits(Number(await readFile(peakFile, 'utf8')) / 1e6),
      seconds: digits((performance.now() - startMs) / 1000),
    };
  });
}
