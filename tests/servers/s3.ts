/**
 * S3 for tests: a small server that keeps the rules of S3 that this program relies on, path style. What it does
 * not know it refuses with NotImplemented, so that no test passes by its ignorance.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { newClients } from './clients.ts';
import { newFaults, type Drop, type FaultRule, type Injected, type Refusal } from './faults.ts';
import { readBody, serve, type ListeningServer } from './http.ts';
import { answerTo, type Answer } from './s3-answer.ts';
import { newBucket, type Bucket } from './s3-bucket.ts';
import { S3Refusal } from './s3-refusal.ts';
import { requestOf, type S3Operation, type S3Request } from './s3-request.ts';
import { errorXml } from './s3-xml.ts';

export type { S3Operation, S3Request };

/**
 * `drop-midway` sends the head of an answer and half of its body, and then cuts the connection; `corrupt` changes
 * the last byte of the body of an answer.
 */
export type S3Fault = Refusal | Drop | 'drop-midway' | 'corrupt';

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
      answer = answerTo(request, raw, { bucketOf, pageKeysMax, versioned });
    } catch (error) {
      const { status, code } = error instanceof S3Refusal ? error : new S3Refusal(500, 'InternalError');
      const body = errorXml(code, request.key);
      answer = { status, headers: { 'content-type': 'application/xml' }, body };
    }
    if (fault === 'drop-after') message.socket.destroy();
    else send(response, answer, request.operation === 'HeadObject', fault);
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

function send(response: ServerResponse, answer: Answer, headOnly: boolean, fault: S3Fault | undefined): void {
  const body = Buffer.from(answer.body ?? '');
  if (fault === 'corrupt') body.writeUInt8(body.readUInt8(body.length - 1) ^ 1, body.length - 1);
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.status !== 204 && { 'content-length': body.length }),
    'x-amz-request-id': 'local',
  });
  if (headOnly) response.end();
  else if (fault === 'drop-midway') {
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  } else response.end(body);
}
