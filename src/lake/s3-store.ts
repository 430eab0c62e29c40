/** An object store in a bucket of S3. */
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from './object-store.ts';
import { ATTEMPTS_MAX, backOff, type BackoffOptions } from './s3-backoff.ts';
import { checkS3Key, s3Error, s3Status } from './s3-errors.ts';
import { readObject } from './s3-input.ts';
import { StoreError } from './store-errors.ts';

export interface S3StoreOptions extends BackoffOptions {
  /** It sends a checksum with every body, which S3 verifies before it stores anything. */
  readonly client: S3Client;
  /** A general purpose bucket: only these are listed in the order of UTF-8 bytes. */
  readonly bucket: string;
  /** Objects are encrypted with this key of KMS. Default: as the bucket is set up. */
  readonly kmsKeyArn?: string;
}

/**
 * The store that keeps its objects in a bucket. S3 writes whole objects or none, and reads what was written last.
 * `put` and `get` throw ObjectKeyError for a key that no object can have, and all throw StoreError, with S3's code,
 * where S3 refuses.
 *
 * A conditional put whose answer is lost on the way is sent again by the client, and the answer is `exists` then,
 * although this writer wrote it.
 */
export function s3Store({ client, bucket, kmsKeyArn, ...backoff }: S3StoreOptions): ObjectStore {
  const encryption =
    kmsKeyArn === undefined
      ? {}
      : // The bucket key spares a call to KMS, and its price, for each object.
        { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: kmsKeyArn, BucketKeyEnabled: true };

  return {
    async put(key, body, options) {
      checkS3Key(key);
      const condition = options?.ifNoneMatch === '*' ? { IfNoneMatch: '*' } : {};
      for (let attempt = 1; ; attempt++) {
        try {
          await client.send(
            new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...condition, ...encryption }),
          );
          return 'written';
        } catch (error) {
          const status = s3Status(error);
          if (options?.ifNoneMatch === '*' && status === 412) return 'exists';
          // 409: another write or a delete of the same key was under way, and nobody has won yet.
          // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
          if (status !== 409 || attempt >= ATTEMPTS_MAX) throw s3Error('put', bucket, key, error);
        }
        await backOff(attempt, backoff);
      }
    },

    async get(key) {
      try {
        const { body } = await readObject({ client, bucket, key, ...backoff });
        const chunks: Uint8Array[] = [];
        for await (const chunk of body) chunks.push(chunk);
        return Buffer.concat(chunks);
      } catch (error) {
        if (error instanceof StoreError && error.code === 'NoSuchKey') return undefined;
        throw error;
      }
    },

    async *list(prefix) {
      let token: string | undefined;
      do {
        const page = await listPage(prefix, token);
        for (const { Key } of page.Contents ?? []) {
          if (Key !== undefined) yield page.EncodingType === 'url' ? decodeKey(Key) : Key;
        }
        token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },
  };

  async function listPage(prefix: string, token: string | undefined): Promise<ListObjectsV2CommandOutput> {
    try {
      return await client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          EncodingType: 'url', // a key may hold characters that XML cannot
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
    } catch (error) {
      throw s3Error('list', bucket, prefix, error);
    }
  }
}

/** A key of a listing as it was put: S3 encodes it as in a query, with + for a blank. */
const decodeKey = (key: string): string => decodeURIComponent(key.replaceAll('+', '%20'));
