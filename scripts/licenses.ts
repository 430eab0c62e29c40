/** `npm run licenses`: prints and writes docs/licenses.md; exit code 1 where a licence is not allowed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { licencesPage, licenceProblems, licensedPackages } from './licence-list.ts';
import type { LockedPackage } from './licence-list.ts';

const root = path.resolve(import.meta.dirname, '..');

/** The text or the `{ type }` of an older package.json. */
function installedLicence(folder: string): string | undefined {
  const file = path.join(root, folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const { license } = JSON.parse(readFileSync(file, 'utf8')) as { license?: string | { type?: string } }; // true: npm's form
  return typeof license === 'object' ? license.type : license;
}

const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>;
}; // true: the lockfile's form since version 2
const licensed = licensedPackages(packages, installedLicence);
const page = licencesPage(licensed);
writeFileSync(path.join(root, 'docs/licenses.md'), page);
console.log(page);
for (const problem of licenceProblems(licensed)) {
  console.error(`not allowed: ${problem}`);
  process.exitCode = 1;
}
