/**
 * The S3 of tests/servers for a long run: of the lake's objects it keeps no more than their rows, so that neither
 * memory nor disk fills. What is in the work bucket is read again and stays.
 */
import { parquetMetadata } from 'hyparquet';
import { readBody, serve } from '../../tests/servers/http.ts';
import type { ListeningServer } from '../../tests/servers/http.ts';
import { answerTo } from '../../tests/servers/s3-answer.ts';
import type { Answer } from '../../tests/servers/s3-answer.ts';
import { newBucket } from '../../tests/servers/s3-bucket.ts';
import type { Bucket, StoredObject } from '../../tests/servers/s3-bucket.ts';
import { S3Refusal } from '../../tests/servers/s3-refusal.ts';
import { requestOf } from '../../tests/servers/s3-request.ts';
import { errorXml } from '../../tests/servers/s3-xml.ts';

export const LAKE_BUCKET = 'lake';
export const WORK_BUCKET = 'work';

/** What is in the lake. An object that was written twice counts once. */
export interface LakeContent {
  readonly objects: number;
  readonly rows: number;
  readonly bytes: number;
}

export interface LakeServer extends ListeningServer {
  readonly content: () => LakeContent;
}

interface Written {
  readonly rows: number;
  readonly bytes: number;
}

/** Rows as the footer of a Parquet file tells them. */
function rowsOf(body: Buffer): number {
  const file = body.buffer.slice(body.byteOffset, body.byteOffset + body.length) as ArrayBuffer; // true: a Buffer's own
  return Number(parquetMetadata(file).num_rows);
}

/** A bucket that drops the bodies it is given. */
function bucketWithoutBodies(written: Map<string, Written>): Bucket {
  const gone = (): StoredObject => {
    throw new S3Refusal(404, 'NoSuchKey');
  };
  return {
    put(key, body, headers) {
      written.set(key, { rows: rowsOf(body), bytes: body.length });
      return { body: Buffer.alloc(0), etag: '"dropped"', versionId: 'v1', modified: new Date(), headers };
    },
    get: gone,
    delete: (key) => void written.delete(key),
    keys: () => [...written.keys()],
  };
}

export async function startLake(): Promise<LakeServer> {
  const written = new Map<string, Written>();
  const buckets = new Map([
    [LAKE_BUCKET, bucketWithoutBodies(written)],
    [WORK_BUCKET, newBucket()],
  ]);
  const bucketOf = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw new S3Refusal(404, 'NoSuchBucket');
    return bucket;
  };

  const server = await serve((message, response) => {
    const request = requestOf(message);
    const answered = (raw: Buffer): Answer => {
      try {
        return answerTo(request, raw, { bucketOf, pageKeysMax: 1000, versioned: false });
      } catch (error) {
        const { status, code } = error instanceof S3Refusal ? error : new S3Refusal(500, 'InternalError');
        return { status, headers: { 'content-type': 'application/xml' }, body: errorXml(code, request.key) };
      }
    };
    readBody(message).then(
      (raw) => {
        const { status, headers, body } = answered(raw);
        const bytes = Buffer.from(body ?? '');
        response.writeHead(status, {
          ...headers,
          ...(status !== 204 && { 'content-length': bytes.length }),
        });
        response.end(request.operation === 'HeadObject' ? undefined : bytes);
      },
      () => message.socket.destroy(), // the client went away while it was sending
    );
  });

  return {
    ...server,
    content: () => {
      const all = [...written.values()];
      const sum = (of: (one: Written) => number): number => all.reduce((total, one) => total + of(one), 0);
      return { objects: all.length, rows: sum(({ rows }) => rows), bytes: sum(({ bytes }) => bytes) };
    },
  };
}
