/** Names that would lead out of the lake: of sources, accounts, regions, classes, inputs, objects and messages. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { lateJoinHandler } from '../../functions/late-join.ts';
import { deferredKey } from '../../src/join/deferred.ts';
import { directoryStore } from '../../src/lake/directory-store.ts';
import { objectKey, safeName } from '../../src/lake/layout.ts';
import { quarantineKey } from '../../src/lake/quarantine.ts';
import { checkMapping } from '../../src/mapping/check.ts';
import { build, filesBelow, ROOT, run } from '../cli/command.ts';
import { newWorld } from '../pipeline.world.ts';
import { ended, temporaryFolder } from './world.ts';

const TRAVERSALS = [
  '..',
  '.',
  '../x',
  '../../../../tmp/x',
  '/etc/x',
  'a/b',
  'a\\..\\b',
  '..\\x',
  '%2e%2e%2fx',
  'a\u0000b',
  'a\nb',
  'C:x',
  '',
  's3://other/x',
  'x'.repeat(300),
  '\u202e',
  '．．／x',
];

const line = `${JSON.stringify(ended())}\n`;

beforeAll(build);

describe('the command', () => {
  it.each(['--region', '--account-id', '--source-name'])(
    'refuses a %s that is no name',
    async (option) => {
      for (const name of ['..', '../x', '/etc/x', 'a/../../b', 'a\nb']) {
        const folder = temporaryFolder();
        const out = path.join(folder, 'lake');
        const { code, stderr } = await run(['transform', '-', '--out', out, option, name], { stdin: line });
        expect([name.slice(0, 9), code]).toEqual([name.slice(0, 9), 2]);
        expect(stderr.trimEnd().split('\n')).toHaveLength(1);
        expect(filesBelow(folder).filter((file) => file.endsWith('.parquet'))).toEqual([]);
        expect(readdirSync(folder).filter((name) => name !== 'lake')).toEqual([]);
      }
    },
    120_000,
  );

  it('gives the objects of any input a name of one part, and no other input its objects', async () => {
    const folder = temporaryFolder();
    const input = path.join(folder, 'in');
    const names = [
      'x..a.json',
      '-rf.json',
      'a\nb.json',
      'a\'b"c;.json',
      '%2e%2e%2f.json',
      'a\\..\\b.json',
      '．．／.json',
      '\u001b[31m.json',
    ];
    mkdirSync(input);
    names.forEach((name, i) =>
      writeFileSync(path.join(input, name), `${JSON.stringify(ended({}, {}, i))}\nbroken\n`),
    );
    const { code, stdout } = await run(['transform', './in', '--out', 'lake', '--json'], { cwd: folder });
    expect([code, (JSON.parse(stdout) as { written: number }).written]).toEqual([3, names.length]);
    const files = filesBelow(path.join(folder, 'lake'));
    expect(files.filter((file) => file.startsWith('quarantine/'))).toHaveLength(names.length);
    for (const file of files) {
      expect(file).toMatch(/^(?:[A-Za-z0-9_=-]+\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/);
    }
    expect(readdirSync(folder).toSorted()).toEqual(['in', 'lake']);
  });
});

describe('a key', () => {
  const parts = {
    location: 'ext/s',
    schema: 'process_activity',
    region: 'r',
    accountId: 'a',
    eventDay: '20260102',
    name: 'n',
  };

  it.each(['schema', 'region', 'accountId', 'eventDay', 'name'] as const)(
    'takes no traversal for its %s',
    (part) => {
      for (const value of TRAVERSALS.filter((one) => one.length < 300)) {
        expect(() => objectKey({ ...parts, [part]: value })).toThrow('cannot be part of a path');
      }
    },
  );

  it('takes none for its location, in either layout', () => {
    for (const location of ['..', 'ext/..', 'ext/../x', '/ext', 'ext/', 'ext//s', 'ext/\u0000']) {
      for (const layout of ['per-schema', 'per-source'] as const) {
        expect(() => objectKey({ ...parts, location, layout })).toThrow('cannot be part of a path');
      }
    }
  });

  it('of quarantine and of what waits is one name below its folder, whatever an input is called', () => {
    for (const value of TRAVERSALS) {
      expect(quarantineKey(safeName(value))).toMatch(/^quarantine\/[\w-][\w.-]*\.ndjson\.gz$/);
      expect(deferredKey(safeName(value))).toMatch(/^deferred\/[\w-][\w.-]*\.ndjson\.gz$/);
      if (value !== safeName(value)) expect(() => quarantineKey(value)).toThrow('cannot be part of a path');
    }
  });

  it('that leaves the folder is no key of the store', async () => {
    const folder = temporaryFolder();
    const store = directoryStore(path.join(folder, 'lake'));
    for (const key of ['../x', 'a/../../x', '/x', 'a//x', './x', 'a/\u0000']) {
      await expect(store.put(key, Buffer.from('x'))).rejects.toThrow('key');
      await expect(store.get(key)).rejects.toThrow('key');
    }
    expect(existsSync(path.join(folder, 'x'))).toBe(false);
  });
});

describe('a mapping file', () => {
  it.each(TRAVERSALS)('names no class %j', (schema) => {
    const text = readFileSync(path.join(ROOT, 'OCSFmapping.json'), 'utf8');
    const hostile = text.replace('"schema": "process_activity"', `"schema": ${JSON.stringify(schema)}`);
    expect(checkMapping(hostile).map(({ severity }) => severity)).toContain('error');
  });

  it.each(['../../x', 'a/../b', '..', 'a\u0000'])('with the source %j writes nothing', async (name) => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'mapping.json');
    const text = readFileSync(path.join(ROOT, 'OCSFmapping.json'), 'utf8');
    writeFileSync(file, text.replace(/"source_name": "[^"]*"/, `"source_name": ${JSON.stringify(name)}`));
    const { code } = await run(['transform', '-', '--out', path.join(folder, 'lake'), '--mapping', file], {
      stdin: line,
    });
    expect(code).toBe(2);
    expect(filesBelow(folder).filter((one) => one.endsWith('.parquet'))).toEqual([]);
  });
});

describe('a message to late-join', () => {
  it('that names anything but a deferred object reads nothing, and comes to rest as a dead letter', async () => {
    const { options } = newWorld();
    const asked: string[] = [];
    const failed: string[] = [];
    const handler = lateJoinHandler({
      options: {
        ...options,
        work: { ...options.work, get: (key) => (asked.push(key), Promise.resolve(undefined)) },
      },
      say: {
        batch: () => undefined,
        quarantined: () => undefined,
        failed: (id) => void failed.push(id),
        incident: () => undefined,
        problem: () => undefined,
        flush: () => undefined,
      },
    });
    const keys = [
      '../x',
      'deferred/../x.ndjson.gz',
      'deferred/a/b.ndjson.gz',
      'quarantine/a.ndjson.gz',
      'deferred/.ndjson.gz',
      'deferred/a.ndjson.gz\n',
      'deferred/%2e%2e/a.ndjson.gz',
      'ext/a.parquet',
      'deferred/a\u0000.ndjson.gz',
      's3://b/deferred/a.ndjson.gz',
    ];
    const bodies = [
      ...keys.map((key) => JSON.stringify({ key })),
      '{"key":5}',
      '[]',
      'null',
      '{"__proto__":{"key":"deferred/a.ndjson.gz"}}',
      '{',
    ];
    const Records = bodies.map((body, i) => ({ messageId: String(i), body })) as Parameters<
      typeof handler
    >[0]['Records']; // the handler reads these two
    const { batchItemFailures } = await handler({ Records }, { getRemainingTimeInMillis: () => 300_000 });
    expect(batchItemFailures).toHaveLength(bodies.length);
    expect(failed).toHaveLength(bodies.length);
    expect(asked).toEqual([]);
  });
});
