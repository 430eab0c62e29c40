/** Which room may import which, what may do I/O, and where the AWS SDK is spoken: the arrows of the design. */
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const ROOT = path.resolve(import.meta.dirname, '..');

const CORE = ['sysmon', 'evtx', 'sources', 'ocsf', 'mapping', 'join', 'lake'];

/** The rooms that a room may import from, beside itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  sysmon: [],
  evtx: [],
  ocsf: [],
  sources: ['evtx', 'sysmon'],
  mapping: ['ocsf', 'sysmon'],
  join: ['sysmon'],
  parquet: ['ocsf'],
  lake: ['ocsf', 'parquet'],
  catalog: ['mapping', 'ocsf'],
  register: ['lake'],
  pipeline: CORE,
  cli: [...CORE, 'catalog', 'pipeline', 'register'],
  functions: [...CORE, 'pipeline'],
};

/** Data, which is bundled with the functions. */
const MAPPING_FILE = /^OCSFmapping(\.\w+)?\.json$/;

/** Rooms without I/O, and the modules of Node that do none. */
const PURE_ROOMS = ['sysmon', 'ocsf', 'mapping', 'catalog', 'register'];
const PURE_MODULES = ['node:buffer', 'node:crypto', 'node:util'];

/** The files that may speak to AWS. */
const AWS_ADAPTER =
  /^(functions\/|src\/join\/(dynamodb|sqs)-|src\/lake\/s3-|src\/register\/(glue|securitylake|sts)-|src\/cli\/(dynamodb|kinesis|s3)-)/;
const AWS_PACKAGE = /^(@aws-sdk|@smithy|@aws-lambda-powertools|aws-sdk)(\/|$)/;

/** The room of a file, named by its path from the root of the repository. */
function roomOf(file: string): string | undefined {
  if (file.startsWith('functions/')) return 'functions';
  if (/^src\/[^/]+\.ts$/.test(file)) return 'pipeline';
  return /^src\/([^/]+)\//.exec(file)?.[1];
}

/** Everything a file imports, in whatever way; undefined for an import whose target is computed. */
function importsOf(file: string, text: string): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  const literal = (node: ts.Node | undefined): void => {
    found.push(node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) literal(node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) literal(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node))
      literal(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    else if (ts.isExternalModuleReference(node)) literal(node.expression);
    else if (ts.isCallExpression(node)) {
      const { expression } = node;
      const isRequire = ts.isIdentifier(expression) && expression.text === 'require';
      if (isRequire || expression.kind === ts.SyntaxKind.ImportKeyword) literal(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** The file that a relative import leads to, from the root of the repository. */
const target = (file: string, specifier: string): string =>
  path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));

const nodeModule = (specifier: string): string | undefined => {
  if (specifier.startsWith('node:')) return specifier;
  return builtinModules.includes(specifier) ? `node:${specifier}` : undefined;
};

/** What is wrong with the imports of a file. */
function violationsOf(file: string, text: string): string[] {
  const room = roomOf(file);
  const allowed = room === undefined ? undefined : ARROWS[room];
  if (room === undefined || allowed === undefined) return [`${file} is in no room`];
  return importsOf(file, text).flatMap((specifier): string[] => {
    if (specifier === undefined) return [`${file} imports what is known only when it runs`];
    if (specifier.startsWith('.')) {
      const other = roomOf(target(file, specifier));
      if (MAPPING_FILE.test(target(file, specifier)) && room === 'functions') return [];
      if (other === undefined) return [`${file} imports ${specifier}, which is in no room`];
      return other === room || allowed.includes(other) ? [] : [`${file}: ${room} may not import ${other}`];
    }
    const builtin = nodeModule(specifier);
    if (builtin !== undefined && PURE_ROOMS.includes(room) && !PURE_MODULES.includes(builtin)) {
      return [`${file}: ${room} may not import ${builtin}`];
    }
    if (AWS_PACKAGE.test(specifier) && !AWS_ADAPTER.test(file))
      return [`${file} may not import ${specifier}`];
    return [];
  });
}

/** The first circle in a graph, as the names on its way; undefined where there is none. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const follow = (name: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of graph.get(name) ?? []) {
      const circle = follow(next, [...way, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of graph.keys()) {
    const circle = follow(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

const files = globSync(['src/**/*.ts', 'functions/**/*.ts'], { cwd: ROOT })
  .map((file) => file.split(path.sep).join('/'))
  .toSorted();
const textOf = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** The rooms and, for each, the rooms that its files import, by whatever way. */
function roomGraph(): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const file of files) {
    const room = roomOf(file) ?? '';
    const others = importsOf(file, textOf(file))
      .filter((specifier) => specifier?.startsWith('.') === true)
      .map((specifier) => roomOf(target(file, specifier ?? '')) ?? '')
      .filter((other) => other !== room);
    graph.set(room, [...(graph.get(room) ?? []), ...others]);
  }
  return graph;
}

describe('the rooms', () => {
  it('are all there', () => {
    const rooms = new Set(files.map(roomOf));
    for (const room of [...CORE, 'pipeline', 'cli']) expect(rooms).toContain(room);
  });

  it.each(files)('%s imports what its room may import', (file) => {
    expect(violationsOf(file, textOf(file))).toEqual([]);
  });

  it('have no circle between them', () => {
    expect(circleIn(roomGraph())).toBeUndefined();
  });
});

describe('a file', () => {
  it.each(files)('%s begins by saying what it is for', (file) => {
    expect(textOf(file).slice(0, 80)).toMatch(/^\/\*\*[\s*]+[\p{L}`]/u);
  });

  it.each(files)('%s has no default export', (file) => {
    expect(/^export default .*/m.exec(textOf(file))).toBeNull();
  });
});

describe('these tests', () => {
  it.each([
    ['src/sysmon/x.ts', `import { a } from '../sources/source.ts';`, 'sysmon may not import sources'],
    ['src/sysmon/x.ts', `import type { A } from '../ocsf/column.ts';`, 'sysmon may not import ocsf'],
    ['src/ocsf/x.ts', `export { a } from '../mapping/x.ts';`, 'ocsf may not import mapping'],
    ['src/ocsf/x.ts', `export type * from '../mapping/x.ts';`, 'ocsf may not import mapping'],
    ['src/lake/x.ts', `const a = await import('../join/x.ts');`, 'lake may not import join'],
    ['src/lake/x.ts', 'const a = await import(`../join/x.ts`);', 'lake may not import join'],
    ['src/join/x.ts', `type A = import('../mapping/x.ts').A;`, 'join may not import mapping'],
    ['src/join/x.ts', `import '../pipeline.ts';`, 'join may not import pipeline'],
    ['src/pipeline.ts', `import { a } from './cli/main.ts';`, 'pipeline may not import cli'],
    ['src/cli/x.ts', `import { a } from '../../functions/x.ts';`, 'cli may not import functions'],
    ['functions/x.ts', `import { a } from '../src/cli/main.ts';`, 'functions may not import cli'],
    ['src/mapping/x.ts', `import { readFileSync } from 'node:fs';`, 'mapping may not import node:fs'],
    [
      'src/mapping/x.ts',
      `import { readFile } from 'fs/promises';`,
      'mapping may not import node:fs/promises',
    ],
    ['src/sysmon/x.ts', `import net = require('node:net');`, 'sysmon may not import node:net'],
    ['src/ocsf/x.ts', `const http = require('http');`, 'ocsf may not import node:http'],
    [
      'src/lake/parquet.ts',
      `import { S3Client } from '@aws-sdk/client-s3';`,
      'may not import @aws-sdk/client-s3',
    ],
    ['src/cli/x.ts', `import { A } from '@aws-sdk/lib-dynamodb';`, 'may not import @aws-sdk/lib-dynamodb'],
    ['src/cli/x.ts', 'const a = await import(name);', 'known only when it runs'],
    ['src/cli/x.ts', `import { a } from '../../tests/x.ts';`, 'which is in no room'],
    ['src/mapping/x.ts', `import a from '../../OCSFmapping.json';`, 'which is in no room'],
    ['src/catalog/x.ts', `import { a } from '../lake/layout.ts';`, 'catalog may not import lake'],
    ['src/mapping/x.ts', `import { a } from '../catalog/table.ts';`, 'mapping may not import catalog'],
    ['src/register/x.ts', `import { a } from '../mapping/load.ts';`, 'register may not import mapping'],
    ['src/register/x.ts', `import { A } from '@aws-sdk/client-glue';`, 'may not import @aws-sdk/client-glue'],
    ['src/parquet/x.ts', `import { a } from '../lake/parquet.ts';`, 'parquet may not import lake'],
    ['src/attic/x.ts', '', 'is in no room'],
  ])('catch in %s: %s', (file, text, message) => {
    expect(violationsOf(file, text)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ['src/mapping/x.ts', `import { createHash } from 'node:crypto'; import { z } from 'zod';`],
    ['src/cli/x.ts', `import { readFile } from 'node:fs/promises'; import { a } from '../pipeline.ts';`],
    ['src/join/dynamodb-process-table.ts', `import { A } from '@aws-sdk/client-dynamodb';`],
    ['src/join/sqs-delay-queue.ts', `import { A } from '@aws-sdk/client-sqs';`],
    ['src/lake/s3-store.ts', `import { A } from '@aws-sdk/client-s3';`],
    ['src/cli/kinesis-sender.ts', `import { A } from '@aws-sdk/client-kinesis';`],
    ['src/register/glue-catalogue.ts', `import { A } from '@aws-sdk/client-glue';`],
    ['src/register/securitylake-sources.ts', `import { A } from '@aws-sdk/client-securitylake';`],
    ['src/register/sts-caller.ts', `import { A } from '@aws-sdk/client-sts';`],
    [
      'functions/transform.ts',
      `import { A } from '@aws-sdk/client-s3'; import { a } from '../src/pipeline.ts';`,
    ],
    ['functions/x.ts', `import mapping from '../OCSFmapping.json' with { type: 'text' };`],
    ['src/sysmon/x.ts', `/* import '../cli/main.ts' */ const text = "import '../cli/main.ts'";`],
  ])('let pass in %s: %s', (file, text) => {
    expect(violationsOf(file, text)).toEqual([]);
  });

  it('find a circle', () => {
    expect(
      circleIn(
        new Map([
          ['a', ['b']],
          ['b', ['c', 'd']],
          ['c', []],
          ['d', ['b']],
        ]),
      ),
    ).toEqual(['b', 'd', 'b']);
    expect(
      circleIn(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['c']],
          ['c', []],
        ]),
      ),
    ).toBeUndefined();
  });
});
