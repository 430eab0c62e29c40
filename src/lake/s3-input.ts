/**
 * An object of S3 as a stream: an input may be larger than the memory of a function. A connection that breaks on
 * the way is taken up again at the byte where it broke.
 */
import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { ATTEMPTS_MAX, backOff, type BackoffOptions } from './s3-backoff.ts';
import { checkS3Key, s3Error, s3Status } from './s3-errors.ts';

export interface S3ObjectAddress {
  readonly bucket: string;
  readonly key: string;
  /** Default: the current version. */
  readonly versionId?: string;
}

export interface S3Object {
  /**
   * The bytes, once. Reading rejects with StoreError where the object cannot be read to its end; its code is
   * `PreconditionFailed` where the object was replaced meanwhile, so that two bodies are never mixed.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** In quotes, as S3 writes it. Names these bytes, though it is not always their MD5. */
  readonly etag: string;
  /** Set where the bucket keeps versions. */
  readonly versionId?: string;
  readonly sizeBytes: number;
  /** Lets go of the connection. For a body that is not read, or not to its end. */
  close(): void;
}

export interface ReadObjectOptions extends S3ObjectAddress, BackoffOptions {
  /** Its retries come first, up to the first byte of an answer. */
  readonly client: S3Client;
}

/**
 * Opens an object. Rejects with StoreError, whose code is `NoSuchKey` where there is none, and with ObjectKeyError
 * for a key that no object can have.
 */
export async function readObject(options: ReadObjectOptions): Promise<S3Object> {
  checkS3Key(options.key);
  const opened = await openAt(options, 0, undefined);
  const { ETag: etag, VersionId: versionId, ContentLength: sizeBytes } = opened;
  if (etag === undefined || sizeBytes === undefined) {
    throw readError(options, new Error('S3 answered without ETag or Content-Length'));
  }
  const sameObject = { ...options, ...(versionId !== undefined && { versionId }) };
  const chunks = resumed(opened, etag, sizeBytes, sameObject);
  return {
    body: { [Symbol.asyncIterator]: () => chunks },
    etag,
    ...(versionId !== undefined && { versionId }),
    sizeBytes,
    close: () => destroy(opened),
  };
}

/** The bytes of the object, whose first answer is open already. */
async function* resumed(
  opened: GetObjectCommandOutput,
  etag: string,
  sizeBytes: number,
  options: ReadObjectOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let answer = opened;
  let offset = 0;
  let attempt = 0;
  for (;;) {
    let broken: unknown;
    try {
      for await (const chunk of chunksOf(answer)) {
        offset += chunk.length;
        attempt = 0;
        yield chunk;
      }
    } catch (error) {
      broken = error;
    } finally {
      destroy(answer);
    }
    if (broken !== undefined && !isConnectionError(broken)) throw readError(options, damaged(broken));
    if (offset >= sizeBytes) return;
    if (++attempt >= ATTEMPTS_MAX) throw readError(options, broken ?? new Error('the answer was cut short'));
    await backOff(attempt, options);
    answer = await openAt(options, offset, etag);
  }
}

/** Asks for the object from a byte on: with `etag`, only where it is still the same object. */
async function openAt(
  options: ReadObjectOptions,
  offset: number,
  etag: string | undefined,
): Promise<GetObjectCommandOutput> {
  const { client, bucket, key, versionId } = options;
  try {
    return await client.send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(versionId !== undefined && { VersionId: versionId }),
        ...(offset > 0 && { Range: `bytes=${offset}-` }),
        ...(etag !== undefined && { IfMatch: etag }),
      }),
    );
  } catch (error) {
    // A client that knows no name for 412 says so in its own words.
    if (s3Status(error) === 412) throw readError(options, preconditionFailed(error));
    throw readError(options, error);
  }
}

/**
 * Whether a connection broke: what came before is right then, and the rest can still be had. All else that a body
 * fails with is the client's, whose check of the checksum is in the stream.
 */
const isConnectionError = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  (('code' in error && typeof error.code === 'string') || ('name' in error && error.name === 'TimeoutError'));

/** In S3's word for a body that is not what its checksum says. */
const damaged = (cause: unknown): Error =>
  Object.assign(new Error('the body is damaged', { cause }), { code: 'BadDigest' });

const preconditionFailed = (cause: unknown): Error =>
  Object.assign(new Error('the object was replaced', { cause }), { code: 'PreconditionFailed' });

const readError = ({ bucket, key }: ReadObjectOptions, error: unknown): unknown =>
  s3Error('get', bucket, key, error);

// In Node the body of an answer is a Readable; the type also covers browsers.
const chunksOf = (answer: GetObjectCommandOutput): AsyncIterable<Uint8Array> =>
  answer.Body as unknown as AsyncIterable<Uint8Array>;

function destroy(answer: GetObjectCommandOutput): void {
  const body: unknown = answer.Body;
  if (body instanceof Readable) body.destroy();
}
