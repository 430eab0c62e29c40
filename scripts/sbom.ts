/**
 * `npm run sbom`: the production dependencies as CycloneDX JSON, made by npm from package-lock.json alone, so that it is
 * the same on every platform and asks no registry. Writes dist/sbom.cdx.json, or the file that is named.
 *
 * npm's own `--omit dev` is not used: it leaves out what a development dependency wants as well (the S3 client, zod).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { licensedPackages } from './licence-list.ts';
import type { LockedPackage } from './licence-list.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly externalReferences?: readonly { readonly type: string }[];
}
interface Dependency {
  readonly ref: string;
  readonly dependsOn?: readonly string[];
}
interface Sbom {
  readonly dependencies: readonly Dependency[];
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}

const root = path.resolve(import.meta.dirname, '..');
const file = path.resolve(process.argv[2] ?? path.join(root, 'dist/sbom.cdx.json'));
const text = execFileSync(
  'npm',
  ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'],
  { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 * 1024 * 1024 },
);
const sbom = JSON.parse(text) as Sbom; // true: npm's form of CycloneDX 1.5
const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Component; // true
const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>;
}; // true: the lockfile's form since version 2
const production = new Set(
  licensedPackages(packages, () => undefined).map((one) => `${one.name}@${one.version}`),
);
const components = sbom.components.filter((one) => production.has(`${one.name}@${one.version}`));
const refs = new Set([sbom.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
const listed = new Set(components.map((one) => `${one.name}@${one.version}`));
const missing = [...production].filter((one) => !listed.has(one));
if (missing.length > 0) throw new Error(`npm's SBOM lacks ${missing.join(', ')}`);

/** Where a package was downloaded from is no fact of the package: the purl and the hash say which it is. */
const withoutOrigin = ({ externalReferences = [], ...component }: Component): Component => ({
  ...component,
  externalReferences: externalReferences.filter(({ type }) => type !== 'distribution'),
});
const complete = {
  ...sbom,
  // npm takes the name of the folder that the project happens to be in.
  metadata: { ...sbom.metadata, component: { ...sbom.metadata.component, name, version } },
  components: components.map(withoutOrigin),
  dependencies: sbom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) })),
};
mkdirSync(path.dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(complete, null, 2)}\n`);
console.log(`${file}: ${complete.components.length} components`);
