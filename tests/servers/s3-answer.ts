/** What the S3 server answers when nothing is made to fail. */
import type { IncomingHttpHeaders } from 'node:http';
import { compareKeys, type Bucket, type Conditions, type StoredObject } from './s3-bucket.ts';
import { readPayload } from './s3-payload.ts';
import { rangeOf } from './s3-range.ts';
import { S3Refusal } from './s3-refusal.ts';
import type { S3Request } from './s3-request.ts';
import { listingXml } from './s3-xml.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
}

export interface AnswerOptions {
  /** The bucket of this name. Throws {@link S3Refusal} NoSuchBucket. */
  readonly bucketOf: (name: string) => Bucket;
  readonly pageKeysMax: number;
  readonly versioned: boolean;
}

/** Does what a request asks. Throws {@link S3Refusal}. */
export function answerTo(request: S3Request, raw: Buffer, options: AnswerOptions): Answer {
  const { bucketOf, pageKeysMax, versioned } = options;
  const { operation, key, query, headers } = request;
  if (headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') !== true)
    throw new S3Refusal(403, 'AccessDenied');
  const bucket = bucketOf(request.bucket);
  switch (operation) {
    case 'PutObject': {
      const { body, checksums } = readPayload(headers, raw);
      const stored = bucket.put(key, body, { ...keptHeaders(headers), ...checksums }, conditionsOf(headers));
      return { status: 200, headers: objectHeaders(stored, versioned, true) };
    }
    case 'GetObject':
    case 'HeadObject': {
      const stored = bucket.get(key, query.get('versionId') ?? undefined, conditionsOf(headers));
      const range = rangeOf(headers.range, stored.body.length);
      const described = {
        ...objectHeaders(stored, versioned, range === undefined && wantsChecksum(headers)),
        'accept-ranges': 'bytes',
        'last-modified': stored.modified.toUTCString(),
      };
      if (range === undefined) return { status: 200, headers: described, body: stored.body };
      const { start, end } = range;
      const contentRange = `bytes ${start}-${end - 1}/${stored.body.length}`;
      return {
        status: 206,
        headers: { ...described, 'content-range': contentRange },
        body: stored.body.subarray(start, end),
      };
    }
    case 'DeleteObject':
      bucket.delete(key);
      return { status: 204 };
    case 'ListObjectsV2':
      return {
        status: 200,
        headers: { 'content-type': 'application/xml' },
        body: list(request, bucket, pageKeysMax),
      };
    case 'Unknown':
      throw new S3Refusal(501, 'NotImplemented');
  }
}

const conditionsOf = (headers: IncomingHttpHeaders): Conditions => ({
  ifMatch: headers['if-match'],
  ifNoneMatch: headers['if-none-match'],
});

const wantsChecksum = (headers: IncomingHttpHeaders): boolean => headers['x-amz-checksum-mode'] === 'ENABLED';

/** What of a request is kept with an object. */
const keptHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name === 'content-type' || name.startsWith('x-amz-server-side-encryption'))
      .map(([name, value]) => [name, String(value)]),
  );

function objectHeaders(stored: StoredObject, versioned: boolean, checksums: boolean): Record<string, string> {
  const kept = Object.entries(stored.headers).filter(
    ([name]) => checksums || !name.startsWith('x-amz-checksum-'),
  );
  return {
    ...Object.fromEntries(kept),
    etag: stored.etag,
    ...(versioned && { 'x-amz-version-id': stored.versionId }),
  };
}

function list({ bucket: name, query }: S3Request, bucket: Bucket, pageKeysMax: number): string {
  const prefix = query.get('prefix') ?? '';
  const continuationToken = query.get('continuation-token') ?? undefined;
  const after =
    continuationToken === undefined
      ? (query.get('start-after') ?? '')
      : Buffer.from(continuationToken, 'base64').toString();
  const maxKeys = Math.min(Number(query.get('max-keys') ?? pageKeysMax), pageKeysMax);
  if (!Number.isInteger(maxKeys) || maxKeys < 0) throw new S3Refusal(400, 'InvalidArgument');
  const matching = bucket.keys().filter((key) => key.startsWith(prefix) && compareKeys(key, after) > 0);
  const page = matching.slice(0, maxKeys);
  const last = page.at(-1);
  return listingXml({
    bucket: name,
    prefix,
    maxKeys,
    objects: page.map((key) => [key, bucket.get(key)] as const),
    continuationToken,
    nextContinuationToken:
      last !== undefined && page.length < matching.length ? Buffer.from(last).toString('base64') : undefined,
    urlEncoded: query.get('encoding-type') === 'url',
  });
}
