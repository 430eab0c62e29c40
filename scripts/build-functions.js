/**
 * Bundles the Lambda functions into the folder that is given, as `sam build` does: by the BuildProperties in
 * template.yaml, so that what the tests run is what is deployed.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { parse } from 'yaml';

const [outdir] = process.argv.slice(2);
if (outdir === undefined) throw new Error('usage: node scripts/build-functions.js FOLDER');

const root = fileURLToPath(new URL('..', import.meta.url));
// Tags of CloudFormation, such as !Ref, come out as plain values. None stands in what is used here.
const template = parse(await readFile(`${root}template.yaml`, 'utf8'), { logLevel: 'error' });

/** `name=value`, each in a list, as an object. */
const pairs = (list = []) => Object.fromEntries(list.map((item) => item.split(/=(.*)/s)));

const builds = Object.values(template.Resources)
  .map(({ Metadata }) => Metadata?.BuildProperties)
  .filter((properties) => properties !== undefined)
  .map((properties) => ({
    absWorkingDir: root,
    entryPoints: properties.EntryPoints,
    outdir,
    // SAM gives these two to esbuild by itself.
    bundle: true,
    platform: 'node',
    format: properties.Format,
    target: properties.Target,
    outExtension: pairs(properties.OutExtension),
    mainFields: properties.MainFields?.split(','),
    minify: properties.Minify,
    sourcemap: properties.Sourcemap,
    sourcesContent: properties.SourcesContent !== 'false',
    banner: pairs(properties.Banner),
    logLevel: 'warning',
  }));
await Promise.all(builds.map((options) => build(options)));
