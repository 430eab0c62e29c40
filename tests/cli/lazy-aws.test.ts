/** That the command starts without the AWS SDK, which takes longer to load than all the rest. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import ts from 'typescript';
import { build, ROOT } from './command.ts';

beforeAll(build);

const DIST = path.join(ROOT, 'dist');

/** What a file of the bundle imports: as it starts, or (`isLazy`) only when it is asked to. */
function importsOf(file: string): { specifier: string; isLazy: boolean }[] {
  const text = readFileSync(path.join(DIST, file), 'utf8');
  const found: { specifier: string; isLazy: boolean }[] = [];
  const take = (node: ts.Node | undefined, isLazy: boolean): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) found.push({ specifier: node.text, isLazy });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) take(node.moduleSpecifier, false);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      take(node.arguments[0], true);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return found;
}

/** Packages that are loaded by the time a file of the bundle runs. */
function loadedBy(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return importsOf(file)
    .filter(({ isLazy }) => !isLazy)
    .flatMap(({ specifier }) =>
      specifier.startsWith('.') ? loadedBy(path.normalize(specifier), seen) : [specifier],
    );
}

const isAws = (specifier: string): boolean => /^@(aws-sdk|smithy)\//.test(specifier);

it('no package of AWS is loaded as the command starts', () => {
  const loaded = loadedBy('sysmon-lake.js');
  expect(loaded).toContain('commander');
  expect(loaded.filter(isAws)).toEqual([]);
});

it.each([
  ['kinesis-sender', '@aws-sdk/client-kinesis'],
  ['s3-output', '@aws-sdk/client-s3'],
  ['dynamodb-output', '@aws-sdk/client-dynamodb'],
])('%s is loaded when it is needed, and brings %s', (name, specifier) => {
  const lazy = importsOf('sysmon-lake.js').filter(({ isLazy }) => isLazy);
  const file = lazy.map((one) => path.normalize(one.specifier)).find((one) => one.startsWith(`${name}-`));
  expect(file).toBeDefined();
  expect(loadedBy(file!)).toContain(specifier);
});
