/**
 * The body of a PutObject as S3 takes it in: decoded where it is aws-chunked, and refused where a length, a hash
 * or a checksum that the client sent is not that of the bytes.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { S3Refusal } from './s3-refusal.ts';

const STREAMING = 'STREAMING-';
const CHECKSUM_HEADER = /^x-amz-checksum-(.+)$/;
/** Headers that are no checksum, though they are named so. */
const NO_CHECKSUM = ['type', 'mode'];

const hash = (algorithm: string, body: Buffer): string => createHash(algorithm).update(body).digest('base64');

const CHECKSUMS: Readonly<Record<string, (body: Buffer) => string>> = {
  crc32(body) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  },
  sha1: (body) => hash('sha1', body),
  sha256: (body) => hash('sha256', body),
};

export interface Payload {
  readonly body: Buffer;
  /** The checksums that the client sent and that are right, by the names of their headers. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** The payload of a request. Throws {@link S3Refusal} for one that S3 would not store. */
export function readPayload(headers: IncomingHttpHeaders, raw: Buffer): Payload {
  const contentSha256 = headers['x-amz-content-sha256'];
  if (typeof contentSha256 !== 'string') throw new S3Refusal(400, 'MissingSecurityHeader');
  const streaming = contentSha256.startsWith(STREAMING);
  if (streaming !== (headers['content-encoding'] ?? '').includes('aws-chunked')) {
    throw new S3Refusal(400, 'InvalidRequest');
  }
  const { body, trailers } = streaming ? decodeChunks(raw) : { body: raw, trailers: {} };
  if (streaming) checkStreamed(headers, body, trailers);
  else if (contentSha256 !== 'UNSIGNED-PAYLOAD' && contentSha256 !== sha256Hex(body)) {
    throw new S3Refusal(400, 'XAmzContentSHA256Mismatch');
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && md5 !== hash('md5', body)) throw new S3Refusal(400, 'BadDigest');
  return { body, checksums: verified({ ...headers, ...trailers }, body) };
}

const sha256Hex = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

function checkStreamed(headers: IncomingHttpHeaders, body: Buffer, trailers: Record<string, string>): void {
  const length = headers['x-amz-decoded-content-length'];
  if (length === undefined) throw new S3Refusal(411, 'MissingContentLength');
  if (Number(length) !== body.length) throw new S3Refusal(400, 'IncompleteBody');
  const announced = String(headers['x-amz-trailer'] ?? '');
  const sent = Object.keys(trailers).filter((name) => name !== 'x-amz-trailer-signature');
  if (sent.join(',') !== announced.toLowerCase()) throw new S3Refusal(400, 'MalformedTrailerError');
}

/** The checksums among these headers. Those that this server does not know are refused, not believed. */
function verified(headers: IncomingHttpHeaders, body: Buffer): Record<string, string> {
  const checksums: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const algorithm = CHECKSUM_HEADER.exec(name)?.[1];
    if (algorithm === undefined || NO_CHECKSUM.includes(algorithm)) continue;
    const checksum = CHECKSUMS[algorithm];
    if (checksum === undefined) throw new S3Refusal(501, 'NotImplemented');
    if (checksum(body) !== value) throw new S3Refusal(400, 'BadDigest');
    checksums[name] = value;
  }
  return checksums;
}

/** `<size in hex>[;chunk-signature=…]CRLF <bytes> CRLF` …, a chunk of size 0, trailers, and an empty line. */
function decodeChunks(raw: Buffer): { body: Buffer; trailers: Record<string, string> } {
  let at = 0;
  const line = (): string => {
    const end = raw.indexOf('\r\n', at);
    if (end < 0) throw new S3Refusal(400, 'IncompleteBody');
    const text = raw.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  const chunks: Buffer[] = [];
  for (;;) {
    const size = /^([0-9a-f]+)(;|$)/i.exec(line())?.[1];
    if (size === undefined) throw new S3Refusal(400, 'InvalidRequest');
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    chunks.push(raw.subarray(at, at + length));
    at += length;
    if (line() !== '') throw new S3Refusal(400, 'IncompleteBody');
  }
  const trailers: Record<string, string> = {};
  for (let text = line(); text !== ''; text = line()) {
    const colon = text.indexOf(':');
    trailers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
  }
  return { body: Buffer.concat(chunks), trailers };
}
