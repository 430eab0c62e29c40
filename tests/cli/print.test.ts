import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import stringWidth from 'string-width';
import type { QueryResult } from '../../src/cli/lake-database.ts';
import type { PlainValue } from '../../src/cli/lake-value.ts';
import { formatResult, printable } from '../../src/cli/print.ts';

const result = (columns: Readonly<Record<string, string>>, ...rows: PlainValue[][]): QueryResult => ({
  columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
  rows,
});

/** Results of any values, text of any characters. */
const anyText = fc.string({ unit: 'binary' });
const anyValue: fc.Arbitrary<PlainValue> = fc.oneof(
  anyText,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(anyText, { maxLength: 3 }),
  fc.dictionary(anyText, anyText, { maxKeys: 3 }),
);
const anyResult: fc.Arbitrary<QueryResult> = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc.record({
    columns: fc.uniqueArray(
      fc.record({ name: anyText, type: fc.constantFrom('VARCHAR', 'BIGINT', 'JSON') }),
      {
        minLength: count,
        maxLength: count,
        selector: ({ name }) => name,
      },
    ),
    rows: fc.array(fc.array(anyValue, { minLength: count, maxLength: count }), { maxLength: 4 }),
  }),
);

describe('a table', () => {
  it('has names, a line, numbers to the right, and the number of rows', () => {
    const table = formatResult(
      result(
        { path: 'VARCHAR', n: 'BIGINT', share: 'DECIMAL(4,2)' },
        ['C:\\a.exe', 7, 0.5],
        [null, 12345, null],
      ),
      'table',
    );
    expect(table).toBe(
      [
        'path     │     n │ share',
        '─────────┼───────┼──────',
        'C:\\a.exe │     7 │   0.5',
        '         │ 12345 │',
        '2 rows',
        '',
      ].join('\n'),
    );
  });

  it('of one row says so, and one of none still has its names', () => {
    expect(formatResult(result({ a: 'VARCHAR' }, ['x']), 'table')).toBe('a\n─\nx\n1 row\n');
    expect(formatResult(result({ a: 'VARCHAR' }), 'table', { width: 80 })).toBe('a\n─\n0 rows\n');
    expect(formatResult(result({}), 'table')).toBe('0 rows\n');
  });

  it('shows nested values as JSON without the absent attributes', () => {
    const nested = { process: { pid: 4, name: null }, list: [null, { a: null }] };
    expect(formatResult(result({ actor: 'STRUCT' }, [nested]), 'table').split('\n')[2]).toBe(
      '{"process":{"pid":4},"list":[null,{}]}',
    );
  });

  it('cuts only what is long, and only where a width is given', () => {
    const wide = result({ short: 'VARCHAR', long: 'VARCHAR' }, ['abc', 'x'.repeat(100)]);
    expect(formatResult(wide, 'table')).toContain('x'.repeat(100));
    expect(formatResult(wide, 'table', { width: 30 }).split('\n')[2]).toBe(`abc   │ ${'x'.repeat(21)}…`);
    expect(formatResult(wide, 'table', { width: 108 })).toContain('x'.repeat(100));
  });

  it('shares a width between long columns', () => {
    const row = [1, 2, 3].map((n) => String(n).repeat(50));
    const line = formatResult(result({ a: 'VARCHAR', b: 'VARCHAR', c: 'VARCHAR' }, row), 'table', {
      width: 60,
    });
    expect(line.split('\n')[2]).toBe(`${'1'.repeat(17)}… │ ${'2'.repeat(17)}… │ ${'3'.repeat(17)}…`);
  });

  it('becomes a list for each row where it has too many columns', () => {
    const many = result(
      { first: 'VARCHAR', second_one: 'BIGINT', third: 'VARCHAR' },
      ['x'.repeat(50), 7, 'y'.repeat(50)],
      ['a', 8, null],
    );
    expect(formatResult(many, 'table', { width: 40 })).toBe(
      [
        '── row 1 ───────────────────────────────',
        `first      │ ${'x'.repeat(26)}…`,
        'second_one │ 7',
        `third      │ ${'y'.repeat(26)}…`,
        '── row 2 ───────────────────────────────',
        'first      │ a',
        'second_one │ 8',
        'third      │',
        '2 rows',
        '',
      ].join('\n'),
    );
  });

  it('knows how wide characters are', () => {
    const table = formatResult(
      result({ a: 'VARCHAR', b: 'VARCHAR' }, ['日本語', 'é'], ['abc', '語'.repeat(50)]),
      'table',
      {
        width: 40,
      },
    );
    expect(table.split('\n').slice(2, 4)).toEqual(['日本語 │ é', `abc    │ ${'語'.repeat(15)}…`]);
  });

  it('lets no value act on the terminal', () => {
    const evil = '\u001b]0;title\u0007\u001b[2J\r\n\u009b31mred\u202egpj.exe\u0000';
    const table = formatResult(
      result({ [evil]: 'VARCHAR', nested: 'STRUCT' }, [evil, { [evil]: [evil] }]),
      'table',
    );
    const seen = '\\u001b]0;title\\u0007\\u001b[2J\\u000d\\u000a\\u009b31mred\\u202egpj.exe\\u0000';
    expect(table.split('\n').filter((line) => line.startsWith(seen))).toHaveLength(2);
    expect(table.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('never is wider than the terminal, nor has anything unseen in it', () => {
    fc.assert(
      fc.property(anyResult, fc.integer({ min: 20, max: 100 }), (any, width) => {
        const lines = formatResult(any, 'table', { width }).split('\n');
        for (const line of lines) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        }
        expect(lines.at(-2)).toMatch(/^\d+ rows?$/);
      }),
    );
  });
});

describe('JSON', () => {
  it('is an array with a row on each line', () => {
    const rows = formatResult(
      result({ a: 'BIGINT', b: 'STRUCT' }, [1, { x: null, y: 2 }], [null, null]),
      'json',
    );
    expect(rows).toBe('[\n{"a":1,"b":{"y":2}},\n{"a":null,"b":null}\n]\n');
    expect(formatResult(result({ a: 'BIGINT' }), 'json')).toBe('[]\n');
  });

  it('gives back the values, and has no control characters but line breaks', () => {
    fc.assert(
      fc.property(anyResult, (any) => {
        const json = formatResult(any, 'json');
        const rows = any.rows.map((row) =>
          Object.fromEntries(any.columns.map(({ name }, i) => [name, row[i]])),
        );
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(rows)));
        expect(json.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

/** RFC 4180, as its grammar says. Cells that were quoted keep a mark, so that "" and nothing differ. */
function readCsv(csv: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/g)) {
    records.at(-1)!.push(quoted === undefined ? plain : `quoted:${quoted.replaceAll('""', '"')}`);
    if (end === '\n') records.push([]);
  }
  return records.slice(0, -1);
}

describe('CSV', () => {
  it('has names first, quotes where they are needed, and tells null from an empty text', () => {
    const csv = formatResult(
      result(
        { 'a,b': 'VARCHAR', n: 'BIGINT', c: 'STRUCT' },
        ['say "hi"', -5, { x: 1 }],
        ['', null, 'a\nb'],
        ['é', 0, 'x y'],
      ),
      'csv',
    );
    expect(csv).toBe('"a,b",n,c\n"say ""hi""",-5,"{""x"":1}"\n"",,"a\nb"\né,0,x y\n');
  });

  it.each([
    '=1+1',
    '+cmd',
    '-cmd',
    '@SUM(A1)',
    '\tx',
    '\rx',
    '\nx',
    '-',
    '+',
    '--1',
    '-1+1',
    '=1',
    '＝1',
    '-1-1',
    '-0x1f',
  ])('makes %j no formula', (value) => {
    const [, [cell]] = readCsv(formatResult(result({ a: 'VARCHAR' }, [value]), 'csv')) as [
      string[],
      string[],
    ];
    expect(cell!.replace('quoted:', '')).toBe(`'${value}`);
  });

  it.each(['-1', '+1', '-1.5', '-1e10', '1', 'a=b', ' =1', '(-1)'])('leaves %j as it is', (value) => {
    expect(formatResult(result({ a: 'VARCHAR' }, [value]), 'csv')).toBe(`a\n${value}\n`);
  });

  it('makes no formula of a name', () => {
    expect(formatResult(result({ '=cmd()': 'VARCHAR' }), 'csv')).toBe("'=cmd()\n");
  });

  it('has no control characters but tabs and line breaks', () => {
    expect(formatResult(result({ a: 'VARCHAR' }, ['x\u001b[2J\u009b\u0000\ty']), 'csv')).toBe(
      'a\nx\\u001b[2J\\u009b\\u0000\ty\n',
    );
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyResult, (any) => {
        const records = readCsv(formatResult(any, 'csv'));
        expect(records).toHaveLength(any.rows.length + 1);
        for (const record of records) expect(record).toHaveLength(any.columns.length);
        for (const [i, row] of any.rows.entries()) {
          for (const [j, value] of row.entries()) {
            const cell = records[i + 1]![j]!;
            if (value === null) expect(cell).toBe('');
            else if (value === '') expect(cell).toBe('quoted:');
            else if (typeof value === 'string' && !/[\p{Cc}]/u.test(value)) {
              expect([value, `'${value}`]).toContain(cell.replace(/^quoted:/, ''));
            }
          }
        }
      }),
    );
  });
});

describe('printable text', () => {
  it('is cut to a number of characters', () => {
    expect(printable('abcdef', 6)).toBe('abcdef');
    expect(printable('abcdefg', 6)).toBe('abcde…');
    expect(printable('a\u001bb', 4)).toBe('a\\u…');
    expect(printable('ab😀cd', 4)).toBe('ab\ufffd…');
  });
});
