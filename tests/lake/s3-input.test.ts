import { Agent } from 'node:http';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ATTEMPTS_MAX } from '../../src/lake/s3-backoff.ts';
import { readObject, type S3Object } from '../../src/lake/s3-input.ts';
import { StoreError } from '../../src/lake/store-errors.ts';
import { startS3, type LocalS3, type S3Fault } from '../servers/s3.ts';

const BUCKET = 'logs';
let server: LocalS3;
const stops: (() => unknown)[] = [];
let waitsMs: number[] = [];
beforeAll(async () => {
  server = await startS3({ versioned: true });
});
afterAll(() => server.close());
beforeEach(() => {
  server.createBucket(BUCKET);
  waitsMs = [];
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const store = (body: Uint8Array) => server.bucket(BUCKET).put('in', Buffer.from(body), {});
const open = (versionId?: string) =>
  readObject({
    client: server.client(),
    bucket: BUCKET,
    key: 'in',
    ...(versionId !== undefined && { versionId }),
    random: () => 1,
    sleep: (waitMs) => Promise.resolve(waitsMs.push(waitMs)),
  });
const fail = (fault: S3Fault, times?: number) => {
  const injected = server.fail(() => fault, times);
  stops.push(() => injected.stop());
  return injected;
};

async function bytesOf({ body }: S3Object): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const large = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) >>> 5);

describe('readObject', () => {
  it('says what an object is, and gives its bytes piece by piece', async () => {
    const { etag, versionId } = store(large);
    const object = await open();
    expect(object).toMatchObject({ etag, versionId, sizeBytes: large.length });
    let pieces = 0;
    let sizeBytes = 0;
    for await (const piece of object.body) {
      pieces++;
      sizeBytes += piece.length;
    }
    expect(sizeBytes).toBe(large.length);
    expect(pieces).toBeGreaterThan(1);
  });

  it('gives an empty object', async () => {
    store(new Uint8Array());
    const object = await open();
    expect(object.sizeBytes).toBe(0);
    expect((await bytesOf(object)).length).toBe(0);
  });

  it('gives the version that was asked for', async () => {
    const { versionId } = store(Buffer.from('first'));
    store(Buffer.from('second'));
    expect((await bytesOf(await open(versionId))).toString()).toBe('first');
    expect((await bytesOf(await open())).toString()).toBe('second');
  });

  it('goes on at the byte where a connection broke', async () => {
    store(large);
    const faults = fail('drop-midway', 4);
    expect(Buffer.compare(await bytesOf(await open()), large)).toBe(0);
    expect(faults.count).toBe(4);
    // Every answer brought something, so every wait is a first one.
    expect(waitsMs).toEqual([100, 100, 100, 100]);
    expect(server.requests.slice(-5).map(({ headers }) => headers.range)).toEqual([
      undefined,
      'bytes=1500000-',
      'bytes=2250000-',
      'bytes=2625000-',
      'bytes=2812500-',
    ]);
  });

  it('never mixes two objects: it stops where the object was replaced meanwhile', async () => {
    // A bucket without versions: in one with them the old object would still be there.
    const plain = await startS3();
    stops.push(() => plain.close());
    plain.bucket('lake').put('in', Buffer.from(large), {});
    plain.fail(() => 'drop-midway', 1);
    const object = await readObject({
      client: plain.client(),
      bucket: 'lake',
      key: 'in',
      sleep: () => Promise.resolve(plain.bucket('lake').put('in', Buffer.from('other'), {})),
    });
    await expect(bytesOf(object)).rejects.toMatchObject({ name: 'StoreError', code: 'PreconditionFailed' });
  });

  it('reads the version that it began with to its end', async () => {
    store(large);
    fail('drop-midway', 1);
    const object = await open();
    store(Buffer.from('other'));
    expect(Buffer.compare(await bytesOf(object), large)).toBe(0);
  });

  it.each([10, 3_000_000])('never goes on after damaged bytes (%d)', async (length) => {
    const client = server.client();
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'in', Body: large.subarray(0, length) }));
    const faults = fail('corrupt', 1);
    await expect(open().then(bytesOf)).rejects.toMatchObject({ name: 'StoreError', code: 'BadDigest' });
    expect(faults.count).toBe(1);
  });

  it('gives up where nothing comes any more', async () => {
    store(large);
    fail('drop-midway', 1);
    const object = await open();
    const faults = fail({ status: 503, code: 'SlowDown' });
    await expect(bytesOf(object)).rejects.toMatchObject({ name: 'StoreError', code: 'SlowDown' });
    expect(faults.count).toBeGreaterThan(0);
  });

  it('gives up after so many answers without a byte', async () => {
    store(Buffer.from('x'));
    const faults = fail('drop-midway'); // half of one byte is none
    const error = await bytesOf(await open()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreError);
    expect(faults.count).toBe(ATTEMPTS_MAX);
    expect(waitsMs).toEqual([100, 200, 400, 800, 1600, 2000]);
  });

  it('says that there is no such object', async () => {
    const error = await open().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'StoreError', operation: 'get', code: 'NoSuchKey' });
    expect((error as Error).message).toBe(
      'cannot get "in": in bucket logs, there is no such object (NoSuchKey)',
    );
  });

  it('lets go of the connection when the reader stops, or never begins', async () => {
    store(large);
    // The client has one connection: while anybody holds it, nobody else is answered.
    const requestHandler = new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: 1 }) });
    const options = { client: server.client({ requestHandler }), bucket: BUCKET, key: 'in' };
    for await (const chunk of (await readObject(options)).body) if (chunk.length > 0) break;
    (await readObject(options)).close();
    expect((await bytesOf(await readObject(options))).length).toBe(large.length);
  });
});
