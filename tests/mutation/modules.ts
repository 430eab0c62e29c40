/**
 * Fresh modules for each run: every file of the project is loaded anew under a version of its own, as Jest does it
 * for each test file, while packages are loaded once.
 */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What the tests get in place of two packages. */
const STAND_INS: Readonly<Record<string, string>> = {
  '@jest/globals': new URL('jest-globals.ts', import.meta.url).href,
  'fast-check': new URL('fast-check.ts', import.meta.url).href,
};

/** The source of a file without its types. Files do not change during a run. */
const sources = new Map<string, string>();
let version = 0;

const isOwn = (url: string): boolean =>
  url.startsWith('file:') && url.endsWith('.ts') && !url.includes('/node_modules/');

/** From now on `import` gives this project's modules anew, by {@link importFresh} and by what it imports. */
export function hookModules(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const standIn = STAND_INS[specifier];
      if (standIn !== undefined && context.parentURL !== standIn) return { url: standIn, shortCircuit: true };
      const resolved = next(specifier, context);
      return isOwn(resolved.url) ? { ...resolved, url: `${resolved.url}?v=${version}` } : resolved;
    },
    load(url, context, next) {
      const [file = url] = url.split('?');
      if (file === url || !isOwn(file)) return next(url, context);
      let source = sources.get(file);
      if (source === undefined) {
        source = stripTypeScriptTypes(readFileSync(fileURLToPath(file), 'utf-8'));
        sources.set(file, source);
      }
      return { format: 'module', source, shortCircuit: true };
    },
  });
}

/** Loads a file and all that it imports of this project, as if for the first time. */
export async function importFresh(path: string): Promise<void> {
  version += 1;
  await import(pathToFileURL(path).href);
}
