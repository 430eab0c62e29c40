/** Starts processes of their own, because what comes first, and what memory is needed, shows in a fresh one alone. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { z } from 'zod';
import { FUNCTION_NODE_OPTIONS } from './function-node-options.js';
import { base64Of } from './inputs.ts';
import { MAPPING_FILE } from './whole-path.ts';

const run = promisify(execFile);

/** A program that was given up: it ran longer than this. */
const TIMEOUT_MS = 1_800_000;
const OUTPUT_BYTES_MAX = 64 * 2 ** 20;

/** What a Node process prints. @throws Error where it fails, with what it said */
export async function outputOf(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX, env: { ...process.env, ...env } };
  const { stdout } = await run(process.execPath, [...args], options);
  return stdout;
}

const bareShape = z.number();

/** Peak of the resident memory of a Node that does nothing but tell it. */
export async function bareRssBytes(): Promise<number> {
  const contents = "import { rssPeakBytes } from './rss-peak.ts'; console.log(rssPeakBytes());";
  const stdin = { contents, resolveDir: import.meta.dirname };
  const program = await build({ stdin, bundle: true, platform: 'node', write: false });
  const text = await outputOf(['--eval', program.outputFiles[0]?.text ?? '']);
  return bareShape.parse(JSON.parse(text));
}

/** Hands a folder of its own to a function, and removes it afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sysmon-lake-bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const freshShape = z.object({
  batches: z.array(z.object({ ns: z.number(), events: z.number(), rssPeakBytes: z.number() })).min(1),
  allocatedBytes: z.number(),
  heapPeakBytes: z.number(),
});

/** Bundles fresh-process.ts and writes the batches, once; what it gives starts a process over them. */
export async function freshProcess(
  folder: string,
  batches: readonly (readonly string[])[],
): Promise<() => Promise<z.infer<typeof freshShape>>> {
  const program = join(folder, 'fresh-process.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'fresh-process.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const files = batches.map((_, i) => join(folder, `batch-${i}.base64`));
  for (const [i, lines] of batches.entries())
    await writeFile(files[i] ?? '', `${base64Of(lines).join('\n')}\n`);
  const env = { NODE_OPTIONS: FUNCTION_NODE_OPTIONS };
  return async () => freshShape.parse(JSON.parse(await outputOf([program, MAPPING_FILE, ...files], env)));
}
