/** Where --out leads: a folder or a bucket, with the same objects in both. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UsageError } from '../../src/cli/failure.ts';
import { openOutput, s3Address } from '../../src/cli/outputs.ts';
import { LayoutError } from '../../src/lake/layout.ts';
import { startDynamodb, type LocalDynamodb } from '../servers/dynamodb.ts';
import { startS3, type LocalS3 } from '../servers/s3.ts';
import { AWS, NO_AWS } from './aws-environment.ts';
import { build, filesBelow, inFolder, run, STORY, summaryOf } from './command.ts';
import type { Ended } from './command.ts';

beforeAll(build);

let s3: LocalS3;
let dynamodb: LocalDynamodb;
beforeAll(async () => {
  [s3, dynamodb] = await Promise.all([startS3(), startDynamodb()]);
});
afterAll(() => Promise.all([s3.close(), dynamodb.close()]));
beforeEach(() => void s3.createBucket('lake'));

const environment = (): Record<string, string> => ({
  ...AWS,
  AWS_ENDPOINT_URL_S3: s3.endpoint,
  AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
});

const transform = (args: readonly string[], env = environment(), folder?: string): Promise<Ended> =>
  run(['transform', ...args, '--json'], {
    env,
    ...(folder !== undefined && { cwd: folder, temporary: folder }),
  });

/** Every object of the bucket by its key. */
const objects = (): Map<string, Buffer> => {
  const bucket = s3.bucket('lake');
  return new Map(bucket.keys().map((key) => [key, bucket.get(key).body]));
};

describe('s3Address', () => {
  it.each([
    ['s3://my-lake', { bucket: 'my-lake', prefix: '' }],
    ['s3://my-lake/', { bucket: 'my-lake', prefix: '' }],
    ['s3://my.lake/a', { bucket: 'my.lake', prefix: 'a' }],
    ['s3://my-lake/a/b//', { bucket: 'my-lake', prefix: 'a/b' }],
    ['lake', undefined],
    ['./s3', undefined],
    ['', undefined],
  ])('reads %j', (out, address) => {
    expect(s3Address(out)).toEqual(address);
  });

  it.each(['s3://', 's3:lake', 's3:/lake/a', 'S3://lake', 's3://Lake/a', 's3://a_b/c', 's3:///a'])(
    'refuses %j, which begins like a bucket and is none',
    (out) => {
      expect(() => s3Address(out)).toThrow(UsageError);
    },
  );

  it.each(['s3://lake/a//b', 's3://lake/..', 's3://lake/a b', 's3://lake/a\n'])(
    'refuses %j, whose prefix is no path of a lake',
    (out) => {
      expect(() => s3Address(out)).toThrow(LayoutError);
    },
  );
});

describe('openOutput', () => {
  it('makes a folder, and keeps the process table in it', () =>
    inFolder(async (folder) => {
      const out = path.join(folder, 'a/b');
      const output = await openOutput(out, {});
      expect(output).toMatchObject({ folder: out });
      expect(output.table).toBeUndefined();
      await output.store.put('x', Buffer.from('x'));
      expect(filesBelow(folder)).toEqual(['a/b/x']);
      output.close();
    }));

  it.each([
    [{ processTable: 'processes' }, '--process-table'],
    [{ kmsKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/1' }, '--kms-key-arn'],
  ])('takes %j for a bucket alone', async (options, option) => {
    await expect(openOutput('lake', options)).rejects.toThrow(UsageError);
    await expect(openOutput('lake', options)).rejects.toThrow(`${option} goes with --out s3://`);
  });
});

describe('transform to a bucket', () => {
  it.each(['', 'deep/down'])('writes the objects that a folder gets, below the prefix %j', (prefix) =>
    inFolder(async (folder) => {
      const toFolder = await transform([...STORY, '--out', 'lake'], environment(), folder);
      const out = path.join(folder, 'lake');
      const files = filesBelow(out).filter((file) => file !== 'process-table.sqlite');
      expect(files.length).toBeGreaterThan(12);
      mkdirSync(path.join(folder, 'empty'));
      const cwd = path.join(folder, 'empty');
      const toBucket = await transform([...STORY, '--out', `s3://lake/${prefix}`], environment(), cwd);
      const stderr = toFolder.stderr.replace(
        'lake/quarantine',
        `s3://${path.posix.join('lake', prefix)}/quarantine`,
      );
      expect(toBucket).toEqual({ ...toFolder, stderr });
      const below = prefix === '' ? '' : `${prefix}/`;
      expect(objects()).toEqual(
        new Map(files.map((file) => [`${below}${file}`, readFileSync(path.join(out, file))])),
      );
      expect(filesBelow(cwd)).toEqual([]); // the temporary process table is gone
    }),
  );

  it('says for people where the lake is', async () => {
    const { code, stdout } = await run(['transform', STORY[0]!, '--out', 's3://lake/a'], {
      env: environment(),
    });
    expect(code).toBe(3); // one of the records is damaged
    expect(stdout.endsWith('the lake: s3://lake/a\n')).toBe(true);
  });

  it('speaks to a server that has no name for each bucket', async () => {
    const AWS_ENDPOINT_URL_S3 = s3.endpoint.replace('127.0.0.1', 'localhost');
    const env = { ...environment(), AWS_ENDPOINT_URL_S3 };
    expect(await transform([STORY[0]!, '--out', 's3://lake'], env)).toMatchObject({ code: 3 });
  });

  it('encrypts with the key that it is given', async () => {
    const key = 'arn:aws:kms:eu-central-1:123456789012:key/1';
    expect((await transform([...STORY, '--out', 's3://lake', '--kms-key-arn', key])).code).toBe(3);
    for (const name of s3.bucket('lake').keys()) {
      expect(s3.bucket('lake').get(name).headers).toMatchObject({
        'x-amz-server-side-encryption-aws-kms-key-id': key,
      });
    }
  });

  it('keeps the processes in DynamoDB, for the runs to come', () =>
    inFolder(async (folder) => {
      const table = await dynamodb.createTable();
      const all = readFileSync(STORY[2]!, 'utf8').split(/(?=<Event )/);
      const isProcess = (text: string): boolean => text.includes('>1</EventID>');
      writeFileSync(path.join(folder, 'first.xml'), all.filter(isProcess).join(''));
      writeFileSync(path.join(folder, 'second.xml'), all.filter((text) => !isProcess(text)).join(''));
      const into = ['--out', 's3://lake', '--process-table', table];
      expect((await transform(['first.xml', ...into], environment(), folder)).code).toBe(0);
      const { Items = [] } = await dynamodb.client().send(new ScanCommand({ TableName: table }));
      expect(Items).toHaveLength(all.filter(isProcess).length);
      const { join: alone } = summaryOf(
        await transform(['second.xml', '--out', 's3://lake'], environment(), folder),
      );
      expect(alone.hit).toBe(0);
      const { join: joined } = summaryOf(await transform(['second.xml', ...into], environment(), folder));
      expect(joined).toEqual(summaryOf(await transform([STORY[2]!, '--out', 's3://lake'])).join);
      expect(joined.hit).toBeGreaterThan(0);
    }));

  it('asks before it reads, and needs no right to list', async () => {
    const faults = s3.fail(({ operation }) =>
      operation === 'ListObjectsV2' ? { status: 403, code: 'AccessDenied' } : undefined,
    );
    expect((await transform([STORY[0]!, '--out', 's3://lake'])).code).toBe(3);
    expect(faults.count).toBe(1);
    faults.stop();
    expect(objects().size).toBeGreaterThan(0);
  });

  it.each([
    ['a bucket', ['--out', 's3://nowhere'], AWS, /in bucket nowhere, there is no such bucket/],
    [
      'a table',
      ['--out', 's3://lake', '--process-table', 'nowhere'],
      AWS,
      /^DynamoDB table nowhere: there is no/,
    ],
    ['a region', ['--out', 's3://lake'], NO_AWS, /^no AWS region is set; set AWS_REGION/],
    [
      'credentials',
      ['--out', 's3://lake'],
      { ...NO_AWS, AWS_REGION: 'eu-west-1' },
      /^no AWS credentials were found/,
    ],
  ])(
    'without %s is told in one line before anything is read, exit code 1',
    async (_, args, variables, line) => {
      const { AWS_ENDPOINT_URL_S3 = '', AWS_ENDPOINT_URL_DYNAMODB = '' } = environment();
      const env = { ...variables, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_DYNAMODB };
      const { code, stdout, stderr } = await transform(['nowhere.json', ...args], env);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^sysmon-lake: [^\n]+\n$/);
      expect(stderr.slice('sysmon-lake: '.length)).toMatch(line);
    },
  );

  it('that refuses is told in one line, exit code 1', async () => {
    const faults = s3.fail(({ operation }) =>
      operation === 'PutObject' ? { status: 403, code: 'AccessDenied' } : undefined,
    );
    const { code, stdout, stderr } = await transform([STORY[0]!, '--out', 's3://lake/a']);
    faults.stop();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^sysmon-lake: cannot put "a\/ext\/[^\n]+access is denied[^\n]+\n$/);
  });

  it.each(['s3:lake', 's3://lake/a b'])('%s is wrong use, exit code 2', async (out) => {
    const { code, stdout, stderr } = await transform([STORY[0]!, '--out', out]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^sysmon-lake: [^\n]+\n$/);
  });
});
