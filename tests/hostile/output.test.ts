/** Text of events where a person or a spreadsheet reads it: on a terminal, in CSV. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { build, run } from '../cli/command.ts';
import { ended, temporaryFolder } from './world.ts';

const ACTING = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egpj.exe\u2066\u200b\u0000\b\r';
const FORMULAS = [
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '\t=1',
  '\r=1',
  '＝1+1',
  '=HYPERLINK("http://x")',
];

/** Whatever acts on a terminal or is not seen, but the end of a line. */
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u;

beforeAll(build);

describe('text that acts on a terminal', () => {
  const folder = temporaryFolder();
  const input = path.join(folder, `in${ACTING.replaceAll('\u0000', '').replaceAll('/', '')}\nfake line`);
  const lake = path.join(folder, 'lake');

  beforeAll(() => {
    mkdirSync(input);
    const name = `${ACTING}\nfake line: `;
    const events = [
      ended(
        { [name]: name, Image: `C:\\${name}`, CommandLine: name },
        { [`top${name}`]: name, MachineName: name },
      ),
      ended({ ProcessId: name }, { EventId: 1 }, 2),
    ];
    writeFileSync(
      path.join(input, `a${ACTING.replaceAll('\u0000', '')}.ndjson`),
      events.map((event) => `${JSON.stringify(event)}\n`).join('') + 'broken\n',
    );
  });

  it.each([
    ['transform', () => ['transform', input, '--out', lake]],
    ['transform --json', () => ['transform', input, '--out', lake, '--json']],
    ['transform again', () => ['transform', input, input, '--out', lake]],
    ['map', () => ['map', input]],
    ['explain', () => ['explain', input, '--limit', '9']],
    ['query', () => ['query', lake, 'SELECT *, unmapped FROM process_activity']],
    ['query --format json', () => ['query', lake, 'SELECT * FROM process_activity', '--format', 'json']],
    [
      'query with an error that quotes',
      () => ['query', lake, 'SELECT CAST(device.hostname AS INT) FROM process_activity'],
    ],
    ['an input that is missing', () => ['transform', `${input}x`, '--out', lake]],
  ])('is shown by %s, and does nothing', async (_name, args) => {
    const { stdout, stderr } = await run(args());
    const said = stdout + stderr;
    expect(said).not.toBe('');
    expect(UNSEEN.exec(said)?.[0]).toBeUndefined();
    expect(said).not.toMatch(/^\s*fake line/m);
  });
});

describe('text that a spreadsheet takes for a formula', () => {
  it("is text in CSV: the cell begins with ', names too", async () => {
    const folder = temporaryFolder();
    const input = path.join(folder, 'in.ndjson');
    const lake = path.join(folder, 'lake');
    writeFileSync(
      input,
      FORMULAS.map((text, i) => `${JSON.stringify(ended({ Note: text }, {}, i))}\n`).join(''),
    );
    await run(['transform', input, '--out', lake]);
    const sql = `SELECT unmapped['Note'] AS "=note", metadata.sequence AS n, -1 AS m FROM process_activity ORDER BY n`;
    const { stdout, code } = await run(['query', lake, sql, '--format', 'csv']);
    expect(code).toBe(0);
    // No cell holds a line feed, so a line is a row.
    const [head, ...rows] = stdout.split('\n').slice(0, -1);
    expect(head).toBe("'=note,n,m");
    expect(rows).toHaveLength(FORMULAS.length);
    rows.forEach((row, i) => {
      expect(row).toMatch(/^"?'/);
      expect(row.endsWith(`,${i},-1`)).toBe(true);
    });
  });
});
