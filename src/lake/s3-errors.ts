/** What S3 answers when it refuses, as the errors of an object store. */
import { ObjectKeyError, StoreError, type StoreOperation } from './store-errors.ts';

/** What to do, by S3's code: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const ADVICE: Readonly<Record<string, string>> = {
  AccessDenied: 'access is denied; allow this role the operation and the use of the KMS key',
  NoSuchBucket: 'there is no such bucket; check its name',
  NoSuchKey: 'there is no such object',
  NoSuchVersion: 'there is no such version of the object',
  PreconditionFailed: 'the object was replaced while it was read; read it again',
  ConditionalRequestConflict: 'others keep writing the same object; try again',
  PermanentRedirect: 'the bucket is in another region; set the region of the client',
  AuthorizationHeaderMalformed: 'the bucket is in another region; set the region of the client',
  BadDigest: 'the bytes were damaged on the way; try again',
  InvalidObjectState: 'the object is archived; restore it first',
  SlowDown: 'S3 has too many requests; try again',
  ExpiredToken: 'the credentials have expired; get new ones',
  InvalidAccessKeyId: 'the credentials are not known; set others',
  SignatureDoesNotMatch: 'the secret key is wrong; set the credentials',
};

/** A missing object looks like a forbidden one to a role that may not list. */
const ADVICE_ON_GET = 'access is denied, or the object is not there and s3:ListBucket is missing';

/** S3's limit of a key, in UTF-8. */
const KEY_BYTES_MAX = 1024;

/** Throws {@link ObjectKeyError} for a key that S3 cannot have. */
export function checkS3Key(key: string): void {
  if (key === '') throw new ObjectKeyError(key, 'it is empty');
  if (!key.isWellFormed()) throw new ObjectKeyError(key, 'it is not well-formed Unicode');
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) {
    throw new ObjectKeyError(key, `it is longer than ${KEY_BYTES_MAX} bytes`);
  }
}

/** What the client threw, in the name of bucket and key (of the prefix, where it was listing). */
export function s3Error(operation: StoreOperation, bucket: string, key: string, error: unknown): StoreError {
  const code = s3Code(error);
  const advice =
    operation === 'get' && code === 'AccessDenied' ? ADVICE_ON_GET : (ADVICE[code] ?? 'the request failed');
  return new StoreError(operation, key, code, `in bucket ${bucket}, ${advice}`, error);
}

/** S3's code of an error, or the system's (ECONNREFUSED) where S3 was not reached. */
export function s3Code(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown';
}

/** The HTTP status that an error came with; undefined where there was no answer. */
export function s3Status(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
