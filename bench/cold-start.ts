/** Size and cold start of the function that transforms, as bench/cold-start.js measures them. */
import { join } from 'node:path';
import { z } from 'zod';
import { outputOf } from './start-process.ts';
import { digits } from './statistics.ts';

export interface ColdStart {
  readonly bundle_mb: number;
  readonly gzip_mb: number;
  /** From the start of a process to the first result of the handler, one small batch, above a bare Node. */
  readonly cold_start_ms: number;
  readonly bare_node_ms: number;
  readonly runs: number;
}

const shape = z.object({
  bareNodeMs: z.number(),
  functions: z.object({
    transform: z.object({ bundleBytes: z.number(), gzipBytes: z.number(), coldStartMs: z.number() }),
  }),
});

/** @param runs of each function */
export async function measureColdStart(runs: number): Promise<ColdStart> {
  const output = await outputOf([join(import.meta.dirname, 'cold-start.js'), String(runs)]);
  const { bareNodeMs, functions } = shape.parse(JSON.parse(output));
  const { bundleBytes, gzipBytes, coldStartMs } = functions.transform;
  return {
    bundle_mb: digits(bundleBytes / 1e6),
    gzip_mb: digits(gzipBytes / 1e6, 3),
    cold_start_ms: coldStartMs,
    bare_node_ms: bareNodeMs,
    runs,
  };
}
