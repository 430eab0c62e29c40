/** S3 below its client's `send`: whole objects or none, conditional writes, ranges, and answers that are lost. */
import type { S3Client } from '@aws-sdk/client-s3';
import { serviceError } from './calls.ts';
import type { Caller } from './calls.ts';
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Instance, Invocation } from './lambda.ts';
import type { Random } from './random.ts';

export interface StoredObject {
  readonly key: string;
  readonly body: Uint8Array;
  readonly etag: string;
  /** Who wrote it, the last time and the first. */
  readonly writer: Invocation;
  readonly firstWriter: Invocation;
  readonly writtenMs: number;
}

export interface StoreService {
  readonly client: (instance: Instance, call: Caller) => S3Client;
  /** Every object of a bucket. */
  readonly objects: (bucket: string) => StoredObject[];
}

interface Input {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body?: Uint8Array;
  readonly IfNoneMatch?: string;
  readonly IfMatch?: string;
  readonly Range?: string;
}

export interface StoreServiceOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
}

export function newStoreService({ clock, random, faults }: StoreServiceOptions): StoreService {
  const buckets = new Map<string, Map<string, StoredObject>>();
  let versions = 0;
  const bucketOf = (name: string): Map<string, StoredObject> => {
    const bucket = buckets.get(name) ?? new Map<string, StoredObject>();
    buckets.set(name, bucket);
    return bucket;
  };

  /** The bytes, which the connection may break off, at most once. */
  async function* bodyOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    const breaksAt = faults.strikes('body breaks off') ? random.int(0, bytes.length - 1) : undefined;
    yield bytes.subarray(0, breaksAt ?? bytes.length);
    if (breaksAt !== undefined)
      throw Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' });
  }

  const put = ({ Bucket, Key, Body, IfNoneMatch }: Input, writer: Invocation): void => {
    const bucket = bucketOf(Bucket);
    const before = bucket.get(Key);
    if (IfNoneMatch === '*' && before !== undefined) throw serviceError('PreconditionFailed', 412);
    if (IfNoneMatch === '*' && faults.strikes('store has a conflict')) {
      throw serviceError('ConditionalRequestConflict', 409);
    }
    bucket.set(Key, {
      key: Key,
      body: Uint8Array.from(Body ?? []),
      etag: `"${++versions}"`,
      writer,
      firstWriter: before?.firstWriter ?? writer,
      writtenMs: clock.now(),
    });
    // The client got no answer and sent the same again, which finds its own object there.
    if (IfNoneMatch === '*' && faults.strikes('client repeats a conditional write')) {
      throw serviceError('PreconditionFailed', 412);
    }
  };

  const get = ({ Bucket, Key, IfMatch, Range }: Input): unknown => {
    const object = bucketOf(Bucket).get(Key);
    if (object === undefined) throw serviceError('NoSuchKey', 404);
    if (IfMatch !== undefined && IfMatch !== object.etag) throw serviceError('PreconditionFailed', 412);
    const from = Number(/^bytes=(\d+)-$/.exec(Range ?? '')?.[1] ?? 0);
    const bytes = object.body.subarray(from);
    return { Body: bodyOf(bytes), ETag: object.etag, ContentLength: bytes.length };
  };

  return {
    objects: (name) => [...bucketOf(name).values()],
    client: (instance, call) => {
      const send = (command: {
        readonly constructor: { readonly name: string };
        readonly input: unknown;
      }) => {
        const input = command.input as Input; // as: every request of the product names a bucket and a key
        const isPut = command.constructor.name === 'PutObjectCommand';
        if (!isPut && command.constructor.name !== 'GetObjectCommand') {
          return Promise.reject(serviceError('NotImplemented', 501));
        }
        return call({
          name: `store ${isPut ? 'put' : 'get'} ${input.Bucket}/${input.Key}`,
          before: 'store fails before',
          behind: 'store fails behind',
          error: () => serviceError('SlowDown', 503),
          effect: () => {
            const { current } = instance;
            if (current === undefined) throw new Error('an idle instance calls the store');
            if (!isPut) return get(input);
            put(input, current);
            return {};
          },
        });
      };
      return { send } as unknown as S3Client; // as: the adapter calls send alone
    },
  };
}
