import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ATTEMPTS_MAX } from '../../src/lake/s3-backoff.ts';
import { s3Store, type S3StoreOptions } from '../../src/lake/s3-store.ts';
import { ObjectKeyError, StoreError } from '../../src/lake/store-errors.ts';
import { startS3, type LocalS3 } from '../servers/s3.ts';
import { keysOf, objectStoreContract } from './object-store.contract.ts';

let server: LocalS3;
let paged: LocalS3;
const stops: (() => void)[] = [];
beforeAll(async () => {
  server = await startS3();
  paged = await startS3({ pageKeysMax: 3 });
});
afterAll(async () => {
  await server.close();
  await paged.close();
});
afterEach(() => stops.splice(0).forEach((stop) => stop()));

const fail: LocalS3['fail'] = (rule, times) => {
  const injected = server.fail(rule, times);
  stops.push(() => injected.stop());
  return injected;
};

let buckets = 0;
const newBucket = (of = server) => of.createBucket(`bucket-${++buckets}`);

// Pages of three keys: the contract's listings take several of them.
objectStoreContract('s3Store', () =>
  Promise.resolve(s3Store({ client: paged.client(), bucket: newBucket(paged) })),
);

/** A store over an empty bucket, whose own waits take no time and are the longest that the jitter allows. */
function open(options: Partial<S3StoreOptions> = {}, config: Partial<S3ClientConfig> = {}) {
  const bucket = options.bucket ?? newBucket();
  const waitsMs: number[] = [];
  const store = s3Store({
    client: server.client(config),
    bucket,
    random: () => 1,
    sleep: (waitMs) => Promise.resolve(waitsMs.push(waitMs)),
    ...options,
  });
  return { store, bucket, waitsMs };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (body: Uint8Array | undefined) => body && new TextDecoder().decode(body);
const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

describe('s3Store.put', () => {
  it('sends a checksum of the body', async () => {
    const { store, bucket } = open();
    await store.put('a', bytes('abc'));
    expect(server.bucket(bucket).get('a').headers['x-amz-checksum-crc32']).toBe('NSRBwg==');
  });

  it('sends no condition unless it is asked for', async () => {
    const { store } = open();
    await store.put('a', bytes('abc'));
    expect(server.requests.at(-1)?.headers['if-none-match']).toBeUndefined();
    await store.put('b', bytes('abc'), { ifNoneMatch: '*' });
    expect(server.requests.at(-1)?.headers['if-none-match']).toBe('*');
  });

  it('encrypts with the key that it is given, and says nothing of encryption without one', async () => {
    const kmsKeyArn = 'arn:aws:kms:eu-central-1:000000000000:key/local';
    const { store, bucket } = open({ kmsKeyArn });
    await store.put('a', bytes('abc'));
    expect(server.bucket(bucket).get('a').headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyArn,
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
    });
    await open({ bucket }).store.put('a', bytes('abc'));
    expect(Object.keys(server.bucket(bucket).get('a').headers).join()).not.toContain('encryption');
  });

  it.each(['drop-before', 'drop-after'] as const)('survives a connection that breaks (%s)', async (fault) => {
    const { store } = open();
    const faults = fail(() => fault, 1);
    expect(await store.put('a', bytes('abc'))).toBe('written');
    expect(faults.count).toBe(1);
    expect(text(await store.get('a'))).toBe('abc');
  });

  it('answers exists where the answer to its own conditional put was lost, and keeps that body', async () => {
    const { store } = open();
    const faults = fail(() => 'drop-after', 1);
    expect(await store.put('a', bytes('mine'), { ifNoneMatch: '*' })).toBe('exists');
    expect(faults.count).toBe(1);
    expect(text(await store.get('a'))).toBe('mine');
  });

  it.each([500, 503])('is repeated by the client after a %d', async (status) => {
    const { store } = open();
    const faults = fail(() => ({ status, code: status === 500 ? 'InternalError' : 'SlowDown' }), 1);
    expect(await store.put('a', bytes('abc'))).toBe('written');
    expect(faults.count).toBe(1);
  });

  it('tries again while another conditional write is under way', async () => {
    const { store, waitsMs } = open();
    const faults = fail(() => ({ status: 409, code: 'ConditionalRequestConflict' }), 3);
    expect(await store.put('a', bytes('abc'), { ifNoneMatch: '*' })).toBe('written');
    expect(faults.count).toBe(3);
    expect(waitsMs).toEqual([100, 200, 400]);
  });

  it('is told that the other one won', async () => {
    const { store, bucket } = open();
    fail(() => {
      server.bucket(bucket).put('a', Buffer.from('theirs'), {});
      return { status: 409, code: 'ConditionalRequestConflict' };
    }, 1);
    expect(await store.put('a', bytes('mine'), { ifNoneMatch: '*' })).toBe('exists');
    expect(text(await store.get('a'))).toBe('theirs');
  });

  it('gives up after so many conflicts', async () => {
    const { store, waitsMs } = open();
    const faults = fail(() => ({ status: 409, code: 'ConditionalRequestConflict' }));
    const error = await thrownBy(store.put('a', bytes('abc'), { ifNoneMatch: '*' }));
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ code: 'ConditionalRequestConflict' });
    expect(faults.count).toBe(ATTEMPTS_MAX);
    expect(waitsMs).toEqual([100, 200, 400, 800, 1600, 2000]);
  });

  it('does not take a refused condition that it never set for an answer', async () => {
    const { store } = open();
    fail(() => ({ status: 412, code: 'PreconditionFailed' }));
    await expect(store.put('a', bytes('abc'))).rejects.toBeInstanceOf(StoreError);
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(1025)],
    ['too long in UTF-8', '\u65e5'.repeat(342)],
    ['no Unicode', 'a\ud800'],
  ])('refuses a key that is %s, and asks nobody', async (_, key) => {
    const { store } = open();
    const before = server.requests.length;
    await expect(store.put(key, bytes('abc'))).rejects.toBeInstanceOf(ObjectKeyError);
    await expect(store.get(key)).rejects.toBeInstanceOf(ObjectKeyError);
    expect(server.requests).toHaveLength(before);
  });

  it('takes the longest key', async () => {
    const { store } = open();
    const key = '\u65e5'.repeat(341) + 'x';
    await store.put(key, bytes('abc'));
    expect(text(await store.get(key))).toBe('abc');
  });
});

describe('s3Store.get', () => {
  it('survives a connection that breaks on the way, and asks only for the rest', async () => {
    const { store, waitsMs } = open();
    await store.put('a', bytes('0123456789'));
    const faults = fail(() => 'drop-midway', 1);
    expect(text(await store.get('a'))).toBe('0123456789');
    expect(faults.count).toBe(1);
    expect(server.requests.at(-1)?.headers.range).toBe('bytes=5-');
    expect(waitsMs).toEqual([100]);
  });

  it('notices a body that was damaged on the way', async () => {
    const { store } = open();
    await store.put('a', bytes('0123456789'));
    fail(() => 'corrupt', 1);
    await expect(store.get('a')).rejects.toMatchObject({ name: 'StoreError', code: 'BadDigest' });
  });
});

describe('s3Store.list', () => {
  it('asks for page after page', async () => {
    const bucket = newBucket(paged);
    for (const key of ['1', '2', '3', '4', '5', '6', '7']) paged.bucket(bucket).put(key, Buffer.alloc(0), {});
    const before = paged.countOf('ListObjectsV2');
    expect(await keysOf(s3Store({ client: paged.client(), bucket }), '')).toHaveLength(7);
    expect(paged.countOf('ListObjectsV2') - before).toBe(3);
  });

  it('asks for no more pages than are wanted', async () => {
    const bucket = newBucket(paged);
    for (const key of ['1', '2', '3', '4', '5', '6', '7']) paged.bucket(bucket).put(key, Buffer.alloc(0), {});
    const before = paged.countOf('ListObjectsV2');
    for await (const key of s3Store({ client: paged.client(), bucket }).list('')) if (key === '2') break;
    expect(paged.countOf('ListObjectsV2') - before).toBe(1);
  });

  it('gives keys that XML cannot hold', async () => {
    const { store } = open();
    const keys = ['a\u0001b', 'a\nb', 'a+b c%20'];
    for (const key of keys) await store.put(key, bytes(''));
    expect(new Set(await keysOf(store, ''))).toEqual(new Set(keys));
  });
});

describe('s3Store, where S3 refuses,', () => {
  it.each([
    [
      'put',
      'AccessDenied',
      403,
      'access is denied; allow this role the operation and the use of the KMS key',
    ],
    ['get', 'AccessDenied', 403, 'access is denied, or the object is not there and s3:ListBucket is missing'],
    [
      'list',
      'AccessDenied',
      403,
      'access is denied; allow this role the operation and the use of the KMS key',
    ],
    ['put', 'KMS.DisabledException', 400, 'the request failed'],
    ['get', 'InvalidObjectState', 403, 'the object is archived; restore it first'],
    ['list', 'PermanentRedirect', 301, 'the bucket is in another region; set the region of the client'],
  ] as const)('says of %s and %s what to do', async (operation, code, status, advice) => {
    const { store, bucket } = open({}, { maxAttempts: 1 });
    fail(() => ({ status, code }));
    const work = {
      put: () => store.put('k', bytes('')),
      get: () => store.get('k'),
      list: () => keysOf(store, 'k'),
    };
    const error = await thrownBy(work[operation]());
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ operation, key: 'k', code });
    expect((error as Error).message).toBe(
      `cannot ${operation} "k": in bucket ${bucket}, ${advice} (${code})`,
    );
  });

  it('names a bucket that is not there', async () => {
    const { store } = open({ bucket: 'elsewhere' });
    for (const work of [() => store.put('k', bytes('')), () => store.get('k'), () => keysOf(store, 'k')]) {
      const error = await thrownBy(work());
      expect(error).toMatchObject({ name: 'StoreError', code: 'NoSuchBucket' });
      expect((error as Error).message).toContain(
        'in bucket elsewhere, there is no such bucket; check its name',
      );
    }
  });
});
