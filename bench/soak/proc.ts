/** What Linux tells of processes: https://man7.org/linux/man-pages/man5/proc.5.html */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { ProcessUse, ThreadUse } from './sample.ts';

/** USER_HZ, which is 100 on every architecture that Node runs on. */
const TICK_MS = 10;

export const hasProc = (): boolean => existsSync('/proc/self/stat');

/** A file of /proc; nothing where the process has ended. */
function read(file: string): string {
  try {
    return readFileSync(`/proc/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** Fields of a process's stat from its state on: the name before it may hold anything. */
const statOf = (pid: number): readonly string[] =>
  read(`${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');

/** CPU time, user and system, and resident memory; zeros for a process that has ended. */
export function useOf(pid: number): ProcessUse {
  const stat = statOf(pid);
  const ticks = Number(stat[11] ?? 0) + Number(stat[12] ?? 0);
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(read(`${pid}/status`))?.[1] ?? 0;
  return { cpu_ms: ticks * TICK_MS, rss_mb: Math.round((Number(kib) * 1024) / 1e5) / 10 };
}

/**
 * The thread of a process that runs JavaScript: its CPU time, and how long it could have run and had no core. Zeros
 * where the kernel does not tell. https://docs.kernel.org/scheduler/sched-stats.html
 */
export function mainThreadOf(pid: number): ThreadUse {
  const [cpuNs = 0, queuedNs = 0] = read(`${pid}/task/${pid}/schedstat`).split(' ').map(Number);
  return { cpu_ms: Math.round(cpuNs / 1e6), queued_ms: Math.round(queuedNs / 1e6) };
}

/** Children of this process that were started with this argument. */
export const childrenWith = (argument: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)[1] === String(process.pid))
    .filter((pid) => read(`${pid}/cmdline`).split('\0').includes(argument));

/** CPU time of all processes of the machine since it started, without what it idled or waited for a disk. */
export function machineMs(): number {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (
    read('stat').split('\n')[0] ?? ''
  )
    .split(/ +/)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * TICK_MS;
}
