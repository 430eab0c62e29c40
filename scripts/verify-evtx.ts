/**
 * Compares every field of every event of binary event logs with what the Rust library `evtx` reads from them:
 * `node scripts/verify-evtx.ts PYTHON LOG…`. With `--bench`, also the ratio of their speeds over the logs enlarged.
 */
import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { evtxRecords } from '../src/evtx/read-evtx.ts';

const JUDGE = join(import.meta.dirname, 'verify-evtx.py');
const HEADER_BYTES = 4_096;
const ROUNDS = 5;
const ENLARGED_BYTES = 64 * 1024 * 1024;

type Leaves = Map<string, string>;

/**
 * Absent, null and empty are one; GUIDs are compared without case and braces, and times without their last digits. A
 * surrogate without its other half, which the library leaves out, is left out.
 */
const normal = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^\{?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}?$/i.test(text))
    return text.replace(/[{}]/g, '').toUpperCase();
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return text.slice(0, 23);
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '');
};

const leavesOf = (value: unknown, path: string, leaves: Leaves): Leaves => {
  if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) leavesOf(inner, `${path}/${name}`, leaves);
    if (Array.isArray(value)) leaves.set(`${path}/length`, String(value.length)); // empty values keep their places
  } else if (normal(value) !== '') leaves.set(path, normal(value));
  return leaves;
};

const own = async (log: string): Promise<Leaves[]> => {
  const events: Leaves[] = [];
  for await (const { bytes, reason } of evtxRecords(createReadStream(log))) {
    if (reason === undefined) events.push(leavesOf(JSON.parse(Buffer.from(bytes).toString()), '', new Map()));
  }
  return events;
};

const judged = (python: string, log: string): Leaves[] =>
  execFileSync(python, [JUDGE, '--print', log], { encoding: 'utf8', maxBuffer: 2 ** 30 })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => leavesOf(JSON.parse(line), '', new Map()));

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

/** The chunks of the logs over and over, so that a run takes long enough to be timed. */
const enlarge = (logs: readonly string[], folder: string): string => {
  const all = logs.map((log) => readFileSync(log));
  const header = all[0]?.subarray(0, HEADER_BYTES) ?? Buffer.alloc(0);
  const chunks = Buffer.concat(all.map((bytes) => bytes.subarray(HEADER_BYTES)));
  const times = Math.ceil(ENLARGED_BYTES / chunks.length);
  const enlarged = Buffer.concat([header, ...Array.from({ length: times }, () => chunks)]);
  enlarged.writeUInt16LE(Math.min(0xffff, (times * chunks.length) / 65_536), 42);
  const path = join(folder, 'enlarged.evtx');
  writeFileSync(path, enlarged);
  return path;
};

/** @param name what the logs are, for the line that is printed */
const bench = async (python: string, name: string, logs: readonly string[]): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'verify-evtx-'));
  try {
    const log = enlarge(logs, folder);
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const rust = JSON.parse(execFileSync(python, [JUDGE, '--time', log], { encoding: 'utf8' })) as {
        count: number;
        seconds: number;
      }; // true: the script prints this
      const started = process.cpuUsage();
      let count = 0;
      const records = evtxRecords(createReadStream(log, { highWaterMark: 1024 * 1024 }));
      while ((await records.next()).done !== true) count++;
      const { user, system } = process.cpuUsage(started);
      const seconds = (user + system) / 1e6;
      if (count !== rust.count) throw new Error(`events differ: ${count} and ${rust.count}`);
      ratios.push(count / seconds / (rust.count / rust.seconds));
    }
    console.log(
      `events per second of CPU time, ours / Rust's, ${name}: ${median(ratios).toFixed(2)} (median of ${ROUNDS})`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const [python = '', ...rest] = process.argv.slice(2);
const logs = rest.filter((argument) => !argument.startsWith('--'));
let events = 0;
let fields = 0;
let differences = 0;
for (const log of logs) {
  const [ours, theirs] = [await own(log), judged(python, log)];
  if (ours.length !== theirs.length) {
    differences++;
    console.error(`${basename(log)}: ${ours.length} events, the judge has ${theirs.length}`);
  }
  theirs.forEach((leaves, at) => {
    events++;
    const mine = ours[at] ?? new Map<string, string>();
    for (const path of new Set([...leaves.keys(), ...mine.keys()])) {
      fields++;
      if (leaves.get(path) === mine.get(path)) continue;
      differences++;
      console.error(`${basename(log)}, event ${at}: ${path} differs`);
      if (process.env.VERBOSE !== undefined)
        console.error(`  ${mine.get(path) ?? ''}\n  ${leaves.get(path) ?? ''}`);
    }
  });
}
console.log(`${logs.length} logs, ${events} events, ${fields} fields, ${differences} differences`);
if (rest.includes('--bench')) {
  const full = logs.filter((log) => basename(log) === 'full.evtx');
  const others = logs.filter((log) => !['full.evtx', 'written.evtx'].includes(basename(log)));
  if (full.length > 0) await bench(python, 'full chunks', full);
  if (others.length > 0) await bench(python, 'the other logs', others);
}
process.exitCode = differences > 0 || events === 0 ? 1 : 0;
