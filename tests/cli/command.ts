/** The command as a person runs it: the bundle, in a process of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const EVENTS = path.join(ROOT, 'events');

/** The story of events/README.md, as three carriers tell it: 73 records, one of them damaged. */
export const STORY = ['kinesis-agent.ndjson', 'winlogbeat.ndjson', 'event-xml.xml'].map((name) =>
  path.join(EVENTS, `intrusion.${name}`),
);

/** Bundles the command, as `npm run build` does. */
export async function build(): Promise<void> {
  const child = spawn(process.execPath, ['scripts/build.js'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { code, stderr } = await ended(child);
  if (code !== 0) throw new Error(stderr);
}

export interface Ended {
  /** The exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  /** Folder for temporary files. */
  readonly temporary?: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `sysmon-lake` with these arguments. */
export const start = (
  args: readonly string[],
  { cwd = ROOT, temporary, env }: RunOptions = {},
): ChildProcess =>
  spawn(process.execPath, [path.join(ROOT, 'bin/sysmon-lake.js'), ...args], {
    cwd,
    env: { ...process.env, ...env, ...(temporary !== undefined && { TMPDIR: temporary }) },
  });

/** Runs it to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = start(args, options);
  child.stdin?.on('error', () => undefined); // a command that reads no input may end first
  child.stdin?.end(options.stdin ?? '');
  return ended(child);
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const code = new Promise<number | null>((resolve) => child.once('close', (exit) => resolve(exit)));
  const read = (stream: Readable | null): Promise<string> =>
    stream === null ? Promise.resolve('') : text(stream);
  const [stdout, stderr] = await Promise.all([read(child.stdout), read(child.stderr)]);
  return { code: await code, stdout, stderr };
}

/** A folder that is gone behind the work. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sysmon-lake-test-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every file below a folder, as paths from there, in order; nothing where there is no such folder. */
export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
      )
      .toSorted();
  } catch {
    return [];
  }
}

/** What `--json` prints. */
export interface Summary {
  readonly received: number;
  readonly written: number;
  readonly quarantined: number;
  readonly by_event_id: Readonly<Record<string, number>>;
  readonly by_class: Readonly<Record<string, number>>;
  readonly by_format: Readonly<Record<string, number>>;
  readonly by_reason: Readonly<Record<string, number>>;
  readonly by_appearance: Readonly<Record<string, number>>;
  readonly join: Readonly<Record<'hit' | 'late' | 'miss', number>>;
  readonly conversion_failures: number;
  readonly objects: readonly { readonly path: string; readonly rows: number; readonly bytes: number }[];
}

// true: of a command that ended well it is the whole of standard output.
export const summaryOf = ({ stdout }: Ended): Summary => JSON.parse(stdout) as Summary;

/** An event of Kinesis Agent in one line. */
export const eventLine = (
  parts: Readonly<Record<string, unknown>> = {},
  fields: Readonly<Record<string, unknown>> = {},
): string =>
  `${JSON.stringify({
    EventId: 5,
    Description: { UtcTime: '2026-01-02 03:04:05.678', Image: 'C:\\a.exe', ProcessId: '7', ...fields },
    TimeCreated: '2026-01-02T03:04:05.7Z',
    MachineName: 'host.corp.example',
    LogName: 'Microsoft-Windows-Sysmon/Operational',
    ProviderName: 'Microsoft-Windows-Sysmon',
    Index: 1,
    ...parts,
  })}\n`;
