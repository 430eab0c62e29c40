/** The rules of S3 that the local server keeps: a test that passes on it would pass on S3. */
import { Readable } from 'node:stream';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startS3, type LocalS3 } from './s3.ts';

let server: LocalS3;
let client: S3Client;
beforeAll(async () => {
  server = await startS3({ versioned: true });
  client = server.client({ maxAttempts: 1 });
});
afterAll(() => server.close());
beforeEach(() => void server.createBucket('lake'));

const sha256 = (body: string) => createHash('sha256').update(body).digest('hex');
const crc = (body: string) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
};

/** A PUT without the SDK, to send what the SDK never would. */
async function rawPut(body: string, headers: Record<string, string>) {
  const response = await fetch(`${server.endpoint}/lake/key`, {
    method: 'PUT',
    body,
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=local', ...headers },
  });
  return { status: response.status, code: /<Code>(.*)<\/Code>/.exec(await response.text())?.[1] };
}

const put = (input: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket: 'lake', Key: 'key', Body: 'hello world', ...input }));
const stored = (key = 'key') => server.bucket('lake').get(key).body.toString();

describe('PutObject', () => {
  it('stores a body of known length and its checksum', async () => {
    await put();
    expect(stored()).toBe('hello world');
    expect(server.bucket('lake').get('key').headers['x-amz-checksum-crc32']).toBe(crc('hello world'));
  });

  it.each(['CRC32', 'SHA1', 'SHA256'] as const)(
    'decodes a stream and verifies its %s at the end',
    async (sum) => {
      const Body = Readable.from([Buffer.from('hello '), Buffer.from('world')]);
      await put({ Body, ContentLength: 11, ChecksumAlgorithm: sum });
      expect(server.requests.at(-1)?.headers['content-encoding']).toBe('aws-chunked');
      expect(server.requests.at(-1)?.headers['x-amz-trailer']).toBe(`x-amz-checksum-${sum.toLowerCase()}`);
      expect(stored()).toBe('hello world');
    },
  );

  const plain = { 'x-amz-content-sha256': sha256('hello') };
  it.each([
    ['a wrong crc32', { ...plain, 'x-amz-checksum-crc32': crc('hallo') }, 400, 'BadDigest'],
    ['a wrong sha256 checksum', { ...plain, 'x-amz-checksum-sha256': 'AAAA' }, 400, 'BadDigest'],
    [
      'a checksum that it does not know',
      { ...plain, 'x-amz-checksum-crc64nvme': 'A' },
      501,
      'NotImplemented',
    ],
    ['a wrong MD5', { ...plain, 'content-md5': 'AAAA' }, 400, 'BadDigest'],
    [
      'a wrong hash of the payload',
      { 'x-amz-content-sha256': sha256('x') },
      400,
      'XAmzContentSHA256Mismatch',
    ],
    ['no hash of the payload', {}, 400, 'MissingSecurityHeader'],
    ['no signature', { ...plain, authorization: '' }, 403, 'AccessDenied'],
    ['another condition than *', { ...plain, 'if-none-match': '"etag"' }, 501, 'NotImplemented'],
  ])('refuses %s', async (_, headers, status, code) => {
    expect(await rawPut('hello', headers)).toEqual({ status, code });
    expect(server.bucket('lake').keys()).toEqual([]);
  });

  const chunked = {
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '5',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  };
  const trailer = (body: string) => `x-amz-checksum-crc32:${crc(body)}\r\n\r\n`;
  it.each([
    ['a wrong trailing checksum', `5\r\nhello\r\n0\r\n${trailer('hallo')}`, {}, 'BadDigest'],
    ['a trailer that is missing', '5\r\nhello\r\n0\r\n\r\n', {}, 'MalformedTrailerError'],
    [
      'a trailer that was not announced',
      `5\r\nhello\r\n0\r\n${trailer('hello')}`,
      { 'x-amz-trailer': '' },
      'MalformedTrailerError',
    ],
    ['a body that is too short', `4\r\nhell\r\n0\r\n${trailer('hell')}`, {}, 'IncompleteBody'],
    ['a body that is cut', '5\r\nhel', {}, 'IncompleteBody'],
    ['chunks that are none', 'hello', {}, 'IncompleteBody'],
    [
      'chunks that are not said to be chunks',
      `5\r\nhello\r\n0\r\n${trailer('hello')}`,
      { 'content-encoding': 'gzip' },
      'InvalidRequest',
    ],
  ])('refuses %s', async (_, body, headers, code) => {
    expect(await rawPut(body, { ...chunked, ...headers })).toEqual({ status: 400, code });
    expect(server.bucket('lake').keys()).toEqual([]);
  });

  it('takes such a body where all is right', async () => {
    const body = `3\r\nhel\r\n2;chunk-signature=x\r\nlo\r\n0\r\n${trailer('hello')}`;
    expect(await rawPut(body, chunked)).toMatchObject({ status: 200 });
    expect(stored()).toBe('hello');
  });

  it('keeps the conditions', async () => {
    await put({ IfNoneMatch: '*' });
    await expect(put({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put({ IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put({ Key: 'other', IfMatch: '"x"' })).rejects.toMatchObject({ name: 'NoSuchKey' });
    const { etag } = server.bucket('lake').get('key');
    await put({ IfMatch: etag, Body: 'second' });
    expect(stored()).toBe('second');
  });

  it('knows its buckets', async () => {
    await expect(put({ Bucket: 'other' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('GetObject and HeadObject', () => {
  beforeEach(() => put());
  const get = async (input: object = {}) => {
    const answer = await client.send(new GetObjectCommand({ Bucket: 'lake', Key: 'key', ...input }));
    return { ...answer, text: await answer.Body!.transformToString() };
  };

  it.each([
    ['bytes=0-4', 'hello', 'bytes 0-4/11'],
    ['bytes=6-', 'world', 'bytes 6-10/11'],
    ['bytes=-5', 'world', 'bytes 6-10/11'],
    ['bytes=6-99', 'world', 'bytes 6-10/11'],
    ['bytes=-99', 'hello world', 'bytes 0-10/11'],
  ])('gives the range %s', async (Range, text, ContentRange) => {
    expect(await get({ Range })).toMatchObject({ text, ContentRange, ContentLength: text.length });
  });

  it('refuses a range after the end', async () => {
    await expect(get({ Range: 'bytes=11-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('keeps If-Match', async () => {
    const { ETag } = await get();
    expect((await get({ IfMatch: ETag })).text).toBe('hello world');
    await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
  });

  it('gives a version of an object', async () => {
    const { VersionId } = await get();
    await put({ Body: 'second' });
    expect((await get()).text).toBe('second');
    expect((await get({ VersionId })).text).toBe('hello world');
    await expect(get({ VersionId: 'other' })).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  it('describes an object, and says what is not there', async () => {
    expect(await client.send(new HeadObjectCommand({ Bucket: 'lake', Key: 'key' }))).toMatchObject({
      ContentLength: 11,
    });
    await expect(client.send(new HeadObjectCommand({ Bucket: 'lake', Key: 'none' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(get({ Key: 'none' })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await client.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'key' }));
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('ListObjectsV2', () => {
  const list = (input: object = {}) => client.send(new ListObjectsV2Command({ Bucket: 'lake', ...input }));

  it('gives pages of at most 1000 keys, one after another', async () => {
    for (let number = 0; number < 1001; number++) {
      server.bucket('lake').put(String(number).padStart(4, '0'), Buffer.alloc(0), {});
    }
    const first = await list();
    expect(first).toMatchObject({ IsTruncated: true, KeyCount: 1000 });
    const second = await list({ ContinuationToken: first.NextContinuationToken });
    expect(second).toMatchObject({ IsTruncated: false, KeyCount: 1, Contents: [{ Key: '1000' }] });
    expect(await list({ StartAfter: '0998', MaxKeys: 1 })).toMatchObject({
      IsTruncated: true,
      Contents: [{ Key: '0999' }],
    });
  });

  it('encodes keys as it is asked to', async () => {
    await put({ Key: 'a b/\u00e9+<&' });
    expect((await list({ EncodingType: 'url' })).Contents?.[0]?.Key).toBe('a+b/%C3%A9%2B%3C%26');
    expect((await list()).Contents?.[0]?.Key).toBe('a b/\u00e9+<&');
  });

  it('refuses what it does not know', async () => {
    await expect(list({ Delimiter: '/' })).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('faults', () => {
  it('strike where the rule says, as often as it may, and are counted', async () => {
    const faults = server.fail(
      ({ key }) => (key === 'key' ? { status: 503, code: 'SlowDown' } : undefined),
      1,
    );
    await put({ Key: 'other' });
    await expect(put()).rejects.toMatchObject({ name: 'SlowDown' });
    await put();
    expect(faults.count).toBe(1);
    faults.stop();
  });

  it.each([
    ['drop-before', []],
    ['drop-after', ['key']],
  ] as const)('cut the connection: %s leaves the keys %p', async (fault, keys) => {
    const faults = server.fail(() => fault, 1);
    await expect(put()).rejects.toThrow();
    expect(server.bucket('lake').keys()).toEqual(keys);
    faults.stop();
  });

  it('stop', async () => {
    const faults = server.fail(() => 'drop-before');
    faults.stop();
    await put();
    expect(faults.count).toBe(0);
  });
});
