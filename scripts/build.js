/** Bundles the command into dist/; the packages it uses stay in node_modules. */
import { build } from 'esbuild';

await build({
  entryPoints: { 'sysmon-lake': 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node22.15',
  format: 'esm',
  sourcemap: 'linked',
  logLevel: 'warning',
});
