/** What a request asks of the S3 server. Operations and parameters that it does not know are `Unknown`. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

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

/** Reads the request line by hand: a URL would take `..` and `//` out of a key. */
export function requestOf(message: IncomingMessage): S3Request {
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
