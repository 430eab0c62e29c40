/** A mapping file that asks for more than names of fields: code, regular expressions, recursion, size. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { checkMapping } from '../../src/mapping/check.ts';
import { compileMappingText, loadMapping } from '../../src/mapping/load.ts';
import { build, ROOT, run } from '../cli/command.ts';
import { ended, lakeOf, temporaryFolder } from './world.ts';

interface MappingDocument {
  custom_source_events: {
    templates: Record<string, unknown>;
    ocsf_mapping: Record<string, { schema: string; schema_mapping: Record<string, unknown> }>;
    [key: string]: unknown;
  };
}
const TEXT = readFileSync(path.join(ROOT, 'OCSFmapping.json'), 'utf8');

/** The mapping file with other things in the record of EventID 5, and other templates beside its own. */
function withNode(unmapped: unknown, templates: Record<string, unknown> = {}): string {
  const document = JSON.parse(TEXT) as MappingDocument; // true: the shape of the file
  const root = document.custom_source_events;
  const entry = root.ocsf_mapping['5']!;
  root.ocsf_mapping = { '5': { ...entry, schema_mapping: { ...entry.schema_mapping, unmapped } } };
  Object.assign(root.templates, templates);
  return JSON.stringify(document);
}

const errors = (text: string): string[] =>
  checkMapping(text)
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

beforeAll(build);

describe('an expression', () => {
  it.each([
    '$..[?(process.exit(7))]',
    '$[?(@.constructor.constructor("return process")().exit(7))]',
    '$[(process.exit(7))]',
    '$.Description[(@.length-1)]',
    '$..[?(@property === "Image")]',
    '$.Description[?(/^(a+)+$/.test(@))]',
    '$.Description[?(@.match(/(x+x+)+y/))]',
    '$[?(globalThis.polluted = 1)]',
    '$[? (1)]',
    '$.`process.exit(7)`',
    '$.Description.*@string()',
    '$.Description^()',
    "$['a'](process.exit(7))",
    '$`x`',
  ])('in a path, %s, is an error when the file is loaded', (expression) => {
    expect(errors(withNode({ x: expression })).join()).toMatch(/holds an expression|is not a JSONPath/);
    expect(() => loadMapping(withNode({ x: { first: ['$.Nothing', expression] } }))).toThrow();
    expect(Object.hasOwn(globalThis, 'polluted')).toBe(false);
  });

  it('does not run in any command', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'mapping.json');
    writeFileSync(
      file,
      withNode({ x: '$..[?(process.exit(77))]', y: '$[(require("fs").writeFileSync("ran","x"))]' }),
    );
    const commands = [
      ['check', file],
      ['map', '-', '--mapping', file],
      ['explain', '-', '--mapping', file],
      ['transform', '-', '--out', 'lake', '--mapping', file],
      ['test', file],
      ['ddl', file, '--location', 's3://b/ext/s', '--region', 'r', '--account-id', 'a'],
    ];
    for (const args of commands) {
      const { code } = await run(args, { cwd: folder, stdin: JSON.stringify(ended()) });
      expect([args[0], code]).toEqual([args[0], args[0] === 'check' ? 1 : 2]);
    }
  }, 120_000);

  it('that is only a name reads a field of that name', async () => {
    const names = [
      '(process.exit(7))',
      '?(process.exit(7))',
      '`process.exit`',
      '@',
      '__proto__',
      'constructor',
    ];
    const paths = Object.fromEntries(names.map((name, i) => [`x${i}`, `$.Description['${name}']`]));
    const fields = JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:"v"`).join()}}`) as Record<
      string,
      unknown
    >; // true: an object
    const event = ended();
    const text = JSON.stringify(event).replace(
      '"UtcTime"',
      `${JSON.stringify(fields).slice(1, -1)},"UtcTime"`,
    );
    const { query } = await lakeOf([text, ended({}, {}, 2)], { with: loadMapping(withNode(paths)) });
    const selected = names.map((_, i) => `unmapped['x${i}'] AS x${i}`).join();
    const rows = await query(`SELECT ${selected} FROM process_activity ORDER BY x0`);
    expect(rows.map((row) => Object.values(row))).toEqual([names.map(() => 'v'), names.map(() => null)]);
  });

  it.each([
    '$..constructor',
    '$..__proto__',
    '$.constructor.constructor',
    '$.Description.constructor.name',
    '$.toString[*]',
    '$[*]^^^',
    '$..*~',
  ])('that walks to what every object has, %s, finds fields alone', async (jsonPath) => {
    const { mapping } = compileMappingText(withNode({ x: jsonPath }));
    if (mapping === undefined) return; // an error when loaded will do as well
    const { query } = await lakeOf([ended({ constructor: 'a field' })], { with: mapping });
    const [row] = await query("SELECT unmapped['x'] AS x FROM process_activity");
    expect(JSON.stringify(row?.x)).not.toMatch(/function|native code|\[object/);
  });
});

describe('what a mapping file calls by name', () => {
  it.each([
    ['a template', { template: 'constructor' }],
    ['a template', { template: '__proto__' }],
    ['a template of a template', { template: { template: 'event' } }],
    ['a converter', { convert: { evaluate: '$.EventId', to: 'constructor' } }],
    ['a converter', { convert: { evaluate: '$.EventId', to: '__proto__' } }],
    ['a converter', { convert: { evaluate: '$.EventId', to: '../converters/file' } }],
  ])('is %s that exists: %j', (_name, node) => {
    expect(errors(withNode({ x: node }))).not.toEqual([]);
  });

  it('is no key of every object', () => {
    const text = withNode({ a: 1 }).replace(
      '"a":1',
      '"__proto__":{"polluted":"x"},"constructor":{"prototype":{"polluted":"x"}}',
    );
    checkMapping(text);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('is no pattern: the format of a time is text but for its directives', async () => {
    const format = '(a+)+$%Y-%m-%d %H:%M:%S.%f';
    const mapping = loadMapping(TEXT.replace(/"format": "%Y[^"]*"/, `"format": ${JSON.stringify(format)}`));
    const records = [`${'a'.repeat(100_000)}!`, '2026-01-02 03:04:05.6', '(a+)+$2026-01-02 03:04:05.6'].map(
      (UtcTime, i) => ended({ UtcTime }, {}, i),
    );
    const { counts } = await lakeOf(records, { with: mapping });
    expect(counts.written + counts.quarantined).toBe(3);
  });
});

describe('a file without end', () => {
  const twice = (depth: number): Record<string, unknown> => ({
    ...Object.fromEntries(
      Array.from({ length: depth }, (_, i) => [
        `t${i}`,
        { a: { template: `t${i + 1}` }, b: { template: `t${i + 1}` } },
      ]),
    ),
    [`t${depth}`]: { x: '$.EventId' },
  });

  it.each([16, 30, 60])('of templates, each of which uses the next one twice, %d deep, is told', (depth) => {
    const messages = errors(withNode({ template: 't0' }, twice(depth)));
    expect(messages.join()).toContain('passes 100000 nodes');
    expect(messages.length).toBeLessThan(20);
  });

  it.each([
    ['a circle', { t0: { template: 't1' }, t1: { a: { template: 't0' } } }, /uses itself/],
    ['itself', { t0: { template: 't0' } }, /uses itself/],
    [
      'a chain',
      Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`t${i}`, { a: { template: `t${i + 1}` } }])),
      /nested more than 64 deep|no template/,
    ],
  ])('of templates that are %s is told', (_name, templates, message) => {
    expect(errors(withNode({ template: 't0' }, templates as Record<string, unknown>)).join()).toMatch(
      message,
    );
  });

  it('of objects in objects is told', () => {
    const deep = '{"a":'.repeat(100_000) + '"x"' + '}'.repeat(100_000);
    expect(errors(withNode({ x: 'HERE' }).replace('"HERE"', deep)).join()).toContain(
      'nested more than 64 deep',
    );
    expect(errors('['.repeat(500_000) + ']'.repeat(500_000))).toHaveLength(1);
  });

  it.each([
    '$' + '.a'.repeat(200_000) + '!',
    '$[' + 'a,'.repeat(200_000),
    '$' + '..*'.repeat(200_000) + '(',
    '$.a' + '^'.repeat(500_000) + '!',
    `$['${'a'.repeat(500_000)}`,
  ])('of a path is told: %.12s…', (jsonPath) => {
    expect(errors(withNode({ x: jsonPath }))).not.toEqual([]);
  });
});

describe('what check prints of it', () => {
  it('acts on no terminal', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'mapping.json');
    const name = '\u001b]0;owned\u0007\u009b2J\u202e\nfake: 0 errors';
    writeFileSync(
      file,
      withNode({ [name]: `$[?(${name})]`, y: { template: name } }).replace(
        '"templates"',
        `${JSON.stringify(name)}:1,"templates"`,
      ),
    );
    for (const args of [
      ['check', file],
      ['check', file, '--json'],
      ['map', '-', '--mapping', file],
    ]) {
      const { stdout, stderr } = await run(args, { stdin: JSON.stringify(ended()) });
      expect(`${stdout}${stderr}`).not.toMatch(/[\p{Cf}]|(?!\n)\p{Cc}/u);
      expect(`${stdout}${stderr}`).not.toMatch(/^fake/m);
    }
  });
});
