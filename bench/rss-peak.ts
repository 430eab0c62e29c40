/** The peak of this process's resident memory. */
import { readFileSync } from 'node:fs';

/**
 * Linux keeps it for the program alone (VmHWM); what getrusage says there also counts the process that started this
 * one, up to the moment when the program was loaded. Elsewhere there is only getrusage.
 */
export function rssPeakBytes(): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // no Linux
  }
  return process.resourceUsage().maxRSS * 1024;
}
