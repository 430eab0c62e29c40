/** docs/security.md says what holds; each line of its table names a test that is there, and no test is left out. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/security.md'), 'utf8');
const named = [...page.matchAll(/\| `([\w-]+\.test\.ts)`\s*\|$/gm)].map(([, name]) => name);

it('names every test of hostile input, and no other', () => {
  const tests = readdirSync(import.meta.dirname).filter(
    (name) => name.endsWith('.test.ts') && name !== path.basename(import.meta.filename),
  );
  expect([...new Set(named)].toSorted()).toEqual(tests.toSorted());
});
