/** Bundles the command into dist/; the packages it uses stay in node_modules. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: { 'sysmon-lake': 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node22.15',
  format: 'esm',
  sourcemap: 'linked',
  logLevel: 'warning',
  write: false,
});

// Each file is replaced in one step, so that a command that is started meanwhile reads the old one or the new one.
await mkdir('dist', { recursive: true });
for (const { path, contents } of outputFiles) {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}
