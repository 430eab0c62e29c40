/**
 * Bundles the command into dist/; the packages it uses stay in node_modules. What only some commands need (AWS) is in
 * files of its own, which are loaded when they are needed.
 */
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const OUT = 'dist';
/** No command that was started before this is still about to load a file of an earlier build. */
const KEPT_MS = 3_600_000;

const { outputFiles } = await build({
  entryPoints: {
    'sysmon-lake': 'src/cli/main.ts',
    'transform-worker': 'src/cli/transform-worker.ts', // a thread starts at a file of its own
  },
  outdir: OUT,
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node22.15',
  format: 'esm',
  sourcemap: 'linked',
  logLevel: 'warning',
  write: false,
});

// Each file is replaced in one step, those that name the others last, so that a command that is started meanwhile
// runs the old build or the new one.
const isEntry = ({ path }) => /^(sysmon-lake|transform-worker)\./.test(basename(path));
await mkdir(OUT, { recursive: true });
for (const { path, contents } of [...outputFiles].sort((a, b) => isEntry(a) - isEntry(b))) {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

const current = outputFiles.map(({ path }) => basename(path));
for (const name of await readdir(OUT)) {
  if (current.includes(name)) continue;
  const info = await stat(join(OUT, name)).catch(() => undefined); // another build may have removed it
  if (info !== undefined && Date.now() - info.mtimeMs > KEPT_MS) await rm(join(OUT, name), { force: true });
}
