/** docs/hunts.md lists every view and hunt, with its techniques. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readQueryFiles } from '../../src/cli/query-files.ts';
import { TRINO_MACROS } from '../../src/cli/trino-macros.ts';
import { ROOT } from './query-lake.ts';

const doc = readFileSync(path.join(ROOT, 'docs/hunts.md'), 'utf8');

/** The rows of the tables: the name in the first cell, and the second cell. */
const rows = [...doc.matchAll(/^\| `([^`]+)` +\| (.*?) +\|/gm)].map(([, name, second]) => [name, second]);

describe('docs/hunts.md', () => {
  it('lists the hunts with their techniques, and the views', async () => {
    const files = await readQueryFiles();
    const hunts = files.filter(({ kind }) => kind === 'hunt');
    const techniques = hunts.map(({ name, techniques }) => [name, techniques.join(', ')]);
    const views = files.flatMap(({ view }) => view?.replace(/.*_distinct$/, '<class>_distinct') ?? []);
    const listed = new Map(rows.map(([name, second]) => [name, second]));
    expect(techniques.map(([name]) => [name, listed.get(name)])).toEqual(techniques);
    expect([...listed.keys()].toSorted()).toEqual(
      [...new Set([...techniques.map(([name]) => name), ...views])].toSorted(),
    );
  });

  it('names the words of Trino that DuckDB is given', () => {
    for (const macro of TRINO_MACROS) expect(doc).toContain(`\`${/MACRO (\w+)/.exec(macro)![1]!}\``);
  });
});
