import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { withSources } from '../../functions/stack-trace.ts';

/** A program that prints two stacks, each as it was and with sources. */
const SOURCE = `
import { withSources } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../functions/stack-trace.ts'))};
const inner = (): never => {
  throw new Error('a defect');
};
const outer = async (): Promise<void> => {
  try {
    await null;
    inner();
  } catch (cause) {
    throw new Error('what it led to', { cause });
  }
};
// As the handler of a function is: async, and without a name.
const [handler] = [async () => {
  await outer();
}];
handler().catch((error) => {
  const before = [error.stack, error.cause.stack];
  const isSame = withSources(error) === error;
  console.log(JSON.stringify({ before, isSame, after: [error.stack, error.cause.stack] }));
});
`;

interface Printed {
  readonly before: readonly string[];
  readonly isSame: boolean;
  readonly after: readonly string[];
}

const withStack = (stack: unknown): Error => Object.assign(new Error('x'), { stack });

describe('a stack trace', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stack-trace-'));
  const bundle = path.join(folder, 'function.cjs');

  beforeAll(async () => {
    writeFileSync(path.join(folder, 'source.ts'), SOURCE);
    // As template.yaml has the functions built.
    await build({
      entryPoints: [path.join(folder, 'source.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      minify: true,
      sourcemap: true,
      sourcesContent: false,
    });
    writeFileSync(path.join(folder, 'damaged.cjs.map'), '{"version":3,');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('names the lines of the sources, also of a cause, and stays what it was beside that', async () => {
    // A process of its own: Jest has stacks told by source maps already.
    const { stdout } = await promisify(execFile)(process.execPath, [bundle]);
    const { before, isSame, after } = JSON.parse(stdout) as Printed; // true: what SOURCE prints
    expect(isSame).toBe(true);
    const [error = [], cause = []] = after.map((stack) => stack.split('\n'));
    expect(before[0]).toMatch(/^ {4}at async .*function\.cjs:\d+:\d+$/m);
    expect(error[0]).toBe('Error: what it led to');
    expect(error.slice(1).filter((line) => line.includes('source.ts'))).toEqual([
      expect.stringMatching(/^ {4}at (async )?\w+ \(source\.ts:11:11\)$/),
      expect.stringMatching(/^ {4}at async source\.ts:16:3$/),
    ]);
    expect(cause[0]).toBe('Error: a defect');
    expect(cause[1]).toMatch(/^ {4}at \w+ \(source\.ts:4:9\)$/);
    expect(after.join('\n')).not.toContain('function.cjs');
  });

  it('ends at a cause that is its own', () => {
    const error = new Error('x');
    error.cause = error;
    expect(withSources(error)).toBe(error);
  });

  it.each([
    ['no map beside the file', `    at f (${path.join(folder, 'nowhere.cjs')}:1:1)`],
    ['a damaged map', `    at f (${path.join(folder, 'damaged.cjs')}:1:1)`],
    ['a place that the map does not have', `    at f (${bundle}:999999:1)`],
    ['a file of Node', '    at node:internal/process/task_queues:105:5'],
    ['text that looks like a place, in its message', `Error: at f (${bundle}:1:1)`],
    ['no line', ''],
  ])('with %s stays as it is', (_, stack) => {
    const error = withStack(stack);
    withSources(error);
    expect(error.stack).toBe(stack);
  });

  it.each([['a text'], [undefined], [null], [7]])('of %p is none', (thrown) => {
    expect(withSources(thrown)).toBe(thrown);
    expect(withSources(withStack(thrown))).toBeInstanceOf(Error);
  });

  it('that cannot be read or changed stays as it is', () => {
    const unreadable = new Error('x', { cause: new Error('y') });
    Object.defineProperty(unreadable, 'cause', {
      get: () => {
        throw new Error('a getter');
      },
    });
    expect(withSources(unreadable)).toBe(unreadable);
    const frozen = Object.freeze(new Error('x'));
    expect(withSources(frozen)).toBe(frozen);
  });

  it('is read in time that grows with its length alone', () => {
    const hostile = `Error: x\n    at ${'('.repeat(1e6)}\n    at ${'/a.cjs:1:1'.repeat(1e5)}\n${'/'.repeat(1e6)}`;
    const error = withStack(hostile);
    withSources(error);
    expect(error.stack).toBe(hostile);
  });
});
