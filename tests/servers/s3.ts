/**
 * S3 for tests: a small server that keeps the rules of S3 that this program relies on, path style. What it does
 * not know it refuses with NotImplemented, so that no test passes by its ignorance.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { newClients } from './clients.ts';
import { newFaults, type Drop, type FaultRule, type Injected, type Refusal } from './faults.ts';
import { readBody, serve, type ListeningServer } from './http.ts';
import { compareKeys, newBucket, type Bucket, type Conditions, type StoredObject } from './s3-bucket.ts';
import { readPayload } from './s3-payload.ts';
import { rangeOf } from './s3-range.ts';
import { S3Refusal } from './s3-refusal.ts';
import { errorXml, listingXml } from './s3-xml.ts';

export type S3Operation =
  'PutObject' | 'GetObject' | 'HeadObject' | 'DeleteObject' | 'ListObjectsV2' | 'Unknown';

export interface S3Request {
  readonly operation: S3Operation;
  readonly bucket: string;
  /** The key, or the prefix of a listing. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** `drop-midway` sends the head of an answer and half of its body, and then cuts the connection. */
export type S3Fault = Refusal | Drop | 'drop-midway';

export interface S3Options {
  /** Buckets that exist. Default: `lake`. */
  readonly buckets?: readonly string[];
  /** Keys of a page of a listing at most, as max-keys. Default: S3's 1000. */
  readonly pageKeysMax?: number;
  /** Whether answers tell the version. Default: false. */
  readonly versioned?: boolean;
}

export interface LocalS3 extends ListeningServer {
  /** A client of its own configuration; `close` destroys it. */
  readonly client: (config?: Partial<S3ClientConfig>) => S3Client;
  /** Makes an empty bucket, in place of one of this name. */
  readonly createBucket: (name: string) => string;
  /** The bucket behind the wire, for a test to look into or to change. */
  readonly bucket: (name: string) => Bucket;
  /** Adds a fault rule, for at most `times` faults. */
  readonly fail: (rule: FaultRule<S3Request, S3Fault>, times?: number) => Injected;
  /** All requests, in the order in which they came. */
  readonly requests: readonly S3Request[];
  readonly countOf: (operation: S3Operation) => number;
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
}

const PAGE_KEYS_MAX = 1000;

export async function startS3(options: S3Options = {}): Promise<LocalS3> {
  const { buckets: names = ['lake'], pageKeysMax = PAGE_KEYS_MAX, versioned = false } = options;
  const buckets = new Map(names.map((name) => [name, newBucket()]));
  const faults = newFaults<S3Request, S3Fault>();
  const requests: S3Request[] = [];
  const bucketOf = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw new S3Refusal(404, 'NoSuchBucket');
    return bucket;
  };

  const answerTo = (request: S3Request, raw: Buffer): Answer => {
    const { operation, key, query, headers } = request;
    if (!/^AWS4-HMAC-SHA256 /.test(headers.authorization ?? '')) throw new S3Refusal(403, 'AccessDenied');
    const bucket = bucketOf(request.bucket);
    switch (operation) {
      case 'PutObject': {
        const { body, checksums } = readPayload(headers, raw);
        const stored = bucket.put(
          key,
          body,
          { ...keptHeaders(headers), ...checksums },
          conditionsOf(headers),
        );
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
  };

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw = await readBody(message);
    const request = requestOf(message);
    requests.push(request);
    const fault = await faults.meet(request);
    if (fault === 'drop-before') {
      message.socket.destroy();
      return;
    }
    let answer: Answer;
    try {
      if (typeof fault === 'object') throw new S3Refusal(fault.status, fault.code);
      answer = answerTo(request, raw);
    } catch (error) {
      const { status, code } = error instanceof S3Refusal ? error : new S3Refusal(500, 'InternalError');
      const body = errorXml(code, request.key);
      answer = { status, headers: { 'content-type': 'application/xml' }, body };
    }
    if (fault === 'drop-after') message.socket.destroy();
    else send(response, answer, request.operation === 'HeadObject', fault === 'drop-midway');
  };

  const server = await serve((message, response) => {
    handle(message, response).catch(() => message.socket.destroy()); // the client went away while it was sending
  });
  const { client, destroyAll } = newClients<S3Client, S3ClientConfig>(
    server.endpoint,
    (config) => new S3Client({ forcePathStyle: true, ...config }),
  );

  return {
    endpoint: server.endpoint,
    client,
    createBucket(name) {
      buckets.set(name, newBucket());
      return name;
    },
    bucket: bucketOf,
    fail: (rule, times) => faults.inject(rule, times),
    requests,
    countOf: (operation) => requests.filter((request) => request.operation === operation).length,
    async close() {
      destroyAll();
      await server.close();
    },
  };
}

/** Reads the request line by hand: a URL would take `..` and `//` out of a key. */
function requestOf(message: IncomingMessage): S3Request {
  const [path = '', search = ''] = (message.url ?? '').split('?', 2);
  const query = new URLSearchParams(search);
  const [, bucket = '', encodedKey = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const operation = operationOf(message.method ?? '', encodedKey, query);
  const key = operation === 'ListObjectsV2' ? (query.get('prefix') ?? '') : decodeURIComponent(encodedKey);
  return { operation, bucket, key, query, headers: message.headers };
}

/** The parameters of each operation that this server knows. */
const PARAMETERS: Readonly<Record<Exclude<S3Operation, 'Unknown'>, readonly string[]>> = {
  PutObject: ['x-id'],
  GetObject: ['x-id', 'versionId'],
  HeadObject: ['x-id', 'versionId'],
  DeleteObject: ['x-id'],
  ListObjectsV2: ['list-type', 'prefix', 'continuation-token', 'start-after', 'max-keys', 'encoding-type'],
};

function operationOf(method: string, key: string, query: URLSearchParams): S3Operation {
  const named: Readonly<Record<string, Exclude<S3Operation, 'Unknown'>>> =
    key === ''
      ? { GET: 'ListObjectsV2' }
      : { PUT: 'PutObject', GET: 'GetObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' };
  const operation = named[method];
  if (operation === undefined) return 'Unknown';
  if (operation === 'ListObjectsV2' && query.get('list-type') !== '2') return 'Unknown';
  return query.keys().every((name) => PARAMETERS[operation].includes(name)) ? operation : 'Unknown';
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
  const maxKeys = Math.min(Number(query.get('max-keys') ?? PAGE_KEYS_MAX), pageKeysMax);
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

function send(response: ServerResponse, answer: Answer, headOnly: boolean, midway: boolean): void {
  const body = Buffer.from(answer.body ?? '');
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.status !== 204 && { 'content-length': body.length }),
    'x-amz-request-id': 'local',
  });
  if (headOnly) response.end();
  else if (midway) {
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  } else response.end(body);
}
