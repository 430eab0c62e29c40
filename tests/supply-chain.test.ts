/** What is installed with the product: the lockfile, its licences, and the list that a script makes of it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isAllowed, licencesPage, licenceProblems, licensedPackages } from '../scripts/licence-list.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8');

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Record<string, string>;
}
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const all = Object.entries(packages).filter(([folder]) => folder !== '');
const licensed = licensedPackages(packages, () => undefined);

/** As Node looks for a package: in the folders from here up to the top. */
const isLocked = (folder: string, name: string): boolean =>
  Object.hasOwn(packages, `${folder === '' ? '' : `${folder}/`}node_modules/${name}`) ||
  (folder !== '' && isLocked(folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0)), name));

describe('the lockfile', () => {
  it('holds every package for every platform', () => {
    const wanted = Object.entries(packages).flatMap(([folder, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => [folder, name] as const),
    );
    expect(wanted.length).toBeGreaterThan(20);
    expect(wanted.filter(([folder, name]) => !isLocked(folder, name))).toEqual([]);
  });

  it('has a hash of each, and no word of where it was downloaded', () => {
    for (const [folder, { integrity, resolved }] of all) {
      expect([folder, integrity?.slice(0, 7), resolved]).toEqual([folder, 'sha512-', undefined]);
    }
  });

  it('is that of package.json', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const names = new Set(licensed.map(({ name }) => name));
    expect(Object.keys(dependencies).filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('the licences of what is installed', () => {
  it('are allowed, each of them', () => {
    expect(licensed.length).toBeGreaterThan(50);
    expect(licenceProblems(licensed)).toEqual([]);
  });

  it('are listed in docs/licenses.md', () => {
    expect(read('docs/licenses.md')).toBe(licencesPage(licensed));
  });

  it('are told where they are not', () => {
    const found = licensedPackages(
      {
        '': { version: '1.0.0', license: 'GPL-3.0' },
        'node_modules/a': { version: '1.0.0', license: 'GPL-3.0' },
        'node_modules/b': { version: '1.0.0', license: 'MIT' },
        'node_modules/b/node_modules/@c/d': { version: '2.0.0' },
        'node_modules/e': { version: '1.0.0', license: 'AGPL-3.0', dev: true },
        'node_modules/f': { version: '1.0.0', license: 'MIT' },
      },
      (folder) => (folder === 'node_modules/f' ? 'SSPL-1.0' : undefined),
    );
    expect(licenceProblems(found)).toEqual([
      '@c/d 2.0.0: names no licence',
      'a 1.0.0: GPL-3.0',
      'f 1.0.0: SSPL-1.0',
    ]);
  });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND Apache-2.0', true],
    ['(MIT AND GPL-3.0)', false],
    ['GPL-2.0 OR GPL-3.0', false],
    ['UNLICENSED', false],
    ['SEE LICENSE IN x', false],
    ['', false],
  ])('%j is allowed: %j', (expression, allowed) => {
    expect(isAllowed(expression)).toBe(allowed);
  });
});

describe('the bill of materials', () => {
  it('has every production dependency, with its hash and licence, and no place of download', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sysmon-lake-sbom-'));
    const file = path.join(folder, 'sbom.json');
    execFileSync(process.execPath, [path.join(ROOT, 'scripts/sbom.ts'), file], { cwd: ROOT });
    const sbom = JSON.parse(readFileSync(file, 'utf8')) as {
      bomFormat: string;
      specVersion: string;
      metadata: { component: { name: string; type: string } };
      components: {
        name: string;
        version: string;
        purl: string;
        hashes: unknown[];
        externalReferences: { type: string }[];
      }[];
      dependencies: { ref: string; dependsOn: string[] }[];
    };
    rmSync(folder, { recursive: true });
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      metadata: { component: { name: 'sysmon-lake', type: 'application' } },
    });
    const names = (ones: readonly { name: string; version: string }[]): string[] =>
      ones.map(({ name, version }) => `${name}@${version}`).toSorted();
    expect(names(sbom.components)).toEqual(names(licensed));
    for (const { purl, hashes, externalReferences } of sbom.components) {
      expect(purl).toMatch(/^pkg:npm\//);
      expect(hashes).toHaveLength(1);
      expect(externalReferences.map(({ type }) => type)).not.toContain('distribution');
    }
    const refs = new Set(sbom.dependencies.map(({ ref }) => ref));
    expect(sbom.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual(
      [],
    );
  });
});
