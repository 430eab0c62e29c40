/** Worker threads under the command as it is bundled: folders, buckets, tables, wrong numbers, ^C, a full disk. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDynamodb, type LocalDynamodb } from '../servers/dynamodb.ts';
import { startS3, type LocalS3 } from '../servers/s3.ts';
import { AWS } from './aws-environment.ts';
import { EVENTS, ROOT, STORY, build, ended, eventLine, filesBelow, inFolder, run, start } from './command.ts';

beforeAll(build);

let s3: LocalS3;
let dynamodb: LocalDynamodb;
beforeAll(async () => {
  [s3, dynamodb] = await Promise.all([startS3(), startDynamodb()]);
});
afterAll(() => Promise.all([s3.close(), dynamodb.close()]));

const environment = (): Record<string, string> => ({
  ...AWS,
  AWS_ENDPOINT_URL_S3: s3.endpoint,
  AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
});

const ONE_LINE = /^sysmon-lake: [^\n]+\n$/;

describe('transform --workers', () => {
  it('prints the same, for people and for machines, with any number', () =>
    inFolder(async (folder) => {
      for (const args of [[], ['--json']]) {
        const [one, two] = await Promise.all(
          ['1', '2'].map((workers) => {
            const place = ['--out', 'lake', '--workers', workers];
            const all = ['transform', ...STORY, ...place, '--allow-quarantine', ...args];
            return run(all, { cwd: folder, temporary: folder });
          }),
        );
        expect(one?.code).toBe(0);
        expect(one?.stderr).toMatch(/^sysmon-lake: 1 of 73 records is in quarantine: [^\n]*\n$/);
        expect(two).toEqual(one);
      }
    }));

  it.each(['0', 'abc', '-1', '1.5', '65', '', '1e1'])('%j is wrong use, in one line', (workers) =>
    inFolder(async (folder) => {
      const args = ['transform', EVENTS, '--out', 'lake', `--workers=${workers}`];
      const { code, stdout, stderr } = await run(args, { cwd: folder });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(ONE_LINE);
      expect(stderr).toContain('must be an integer from 1 to 64.');
      expect(filesBelow(folder)).toEqual([]);
    }),
  );

  it('writes the same objects to a bucket, joined with the same processes of DynamoDB', async () => {
    const written: Map<string, Buffer>[] = [];
    const printed: string[] = [];
    for (const workers of ['1', '2']) {
      const bucket = `lake-${workers}`;
      s3.createBucket(bucket);
      const table = await dynamodb.createTable();
      const place = ['--out', `s3://${bucket}/a`, '--process-table', table, '--workers', workers];
      const result = await run(['transform', ...STORY, ...place, '--json'], { env: environment() });
      expect(result.code).toBe(3);
      printed.push(result.stdout);
      const objects = s3.bucket(bucket);
      written.push(new Map(objects.keys().map((key) => [key, objects.get(key).body])));
    }
    expect(written[0]!.size).toBeGreaterThan(12);
    expect(written[1]).toEqual(written[0]);
    expect(printed[1]).toBe(printed[0]);
    expect(JSON.parse(printed[0]!)).toMatchObject({ join: { hit: 21, late: 0, miss: 6 } });
  });

  it('tells in one line that the bucket refuses, and leaves no temporary file', () =>
    inFolder(async (folder) => {
      s3.createBucket('lake');
      const faults = s3.fail(({ operation }) =>
        operation === 'PutObject' ? { status: 403, code: 'AccessDenied' } : undefined,
      );
      const args = ['transform', ...STORY, '--out', 's3://lake', '--workers', '2'];
      const { code, stdout, stderr } = await run(args, { env: environment(), temporary: folder });
      faults.stop();
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(ONE_LINE);
      expect(stderr).toMatch(/cannot put "ext\/[^\n]+access is denied/);
      expect(filesBelow(folder)).toEqual([]);
    }));

  it('^C leaves whole objects alone, and a second run completes them', () =>
    inFolder(async (folder) => {
      const objects = 7; // of 20,000 events each
      const input = path.join(folder, 'many.ndjson');
      writeFileSync(input, Array.from({ length: 130_000 }, (_, i) => eventLine({ Index: i })).join(''));
      const lake = path.join(folder, 'lake');
      const args = ['transform', input, '--out', lake, '--workers', '2', '--json'];
      const child = start(args, { temporary: folder });
      const exit = ended(child);
      const parquet = (): string[] => filesBelow(lake).filter((file) => file.endsWith('.parquet'));
      while (parquet().length === 0) {
        if (child.exitCode !== null) throw new Error('it was too quick');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      child.kill('SIGINT');
      const stopped = await exit;
      expect(stopped).toMatchObject({ code: 130, stdout: '' });
      expect(stopped.stderr).toMatch(/^sysmon-lake: interrupted; [^\n]+\n$/);
      expect(parquet().length).toBeLessThan(objects);
      const files = filesBelow(folder).filter((file) => !/^(many\.ndjson|lake\/process-table)/.test(file));
      expect(files).toEqual(parquet().map((file) => `lake/${file}`)); // nothing half-written, nothing temporary
      const before = new Map(parquet().map((file) => [file, readFileSync(path.join(lake, file))]));

      const again = await run(args);
      expect(JSON.parse(again.stdout)).toMatchObject({ received: 130_000, written: 130_000 });
      for (const [file, body] of before) expect(readFileSync(path.join(lake, file))).toEqual(body);
      expect(parquet()).toHaveLength(objects);
    }));

  const mounts = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
  (mounts ? it : it.skip)('a full disk is told in one line, and leaves no half object', () =>
    inFolder(async (folder) => {
      const script = `mount -t tmpfs -o size=100k none "$3" && "$0" "$1" transform "$2" --workers 2 --out "$3"/lake
        code=$?; cd "$3" && find . -type f; exit $code`;
      const command = [process.execPath, path.join(ROOT, 'bin/sysmon-lake.js'), EVENTS, folder];
      const result = await ended(spawn('unshare', ['-rm', 'sh', '-c', script, ...command]));
      expect(result.code).toBe(1);
      expect(result.stderr.split('\n').filter((line) => line.startsWith('sysmon-lake: '))).toEqual([
        expect.stringMatching(/the disk is full/),
      ]);
      expect(result.stdout).not.toContain('/.sysmon-lake-');
    }),
  );
});
