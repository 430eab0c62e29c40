/**
 * The deferred object: the records of one batch that wait for the EventID 1 of their process.
 *
 * It holds the records as they arrived, so that late-join decodes them with the code that decoded them first. It is
 * gzip of one JSON object a line: `{"input":…,"index":…,"encoding":"utf-8","data":…}`, where data is the record's
 * text, or its base64 where the bytes are no UTF-8.
 */
import { isUtf8 } from 'node:buffer';
import { gunzipSync, gzipSync } from 'node:zlib';

export interface DeferredRecord {
  /** The record's bytes, as its carrier wrote them. */
  readonly bytes: Uint8Array;
  /** Where the record came from: a shard and its sequence numbers, an S3 object, a file. */
  readonly input: string;
  /** Number of the record in its input, from 0. */
  readonly index: number;
}

/** What this file needs of an object store; every ObjectStore has it. */
export interface DeferredStore {
  put(key: string, body: Uint8Array, options: { readonly ifNoneMatch: '*' }): Promise<'written' | 'exists'>;
  get(key: string): Promise<Uint8Array | undefined>;
}

export type DeferredObjectReason = 'not_gzip' | 'bad_line' | 'vanished';

/** A deferred object that cannot be read: what is wrong, and on which line (from 1). Never what it holds. */
export class DeferredObjectError extends Error {
  readonly reason: DeferredObjectReason;
  readonly line: number | undefined;
  readonly key: string | undefined;

  constructor(
    reason: DeferredObjectReason,
    where: { line?: number | undefined; key?: string | undefined } = {},
  ) {
    const { line, key } = where;
    super(
      `deferred object${key === undefined ? '' : ` ${key}`}${line === undefined ? '' : `, line ${line}`}: ${reason}`,
    );
    this.name = 'DeferredObjectError';
    this.reason = reason;
    this.line = line;
    this.key = key;
  }
}

/** The key of a batch's deferred object: a function of the batch's name, so that every try of the batch finds it. */
export const deferredKey = (batchName: string): string => `deferred/${batchName}.ndjson.gz`;

/** The bytes of the object: the same records give the same bytes on the same version of zlib. */
export function encodeDeferred(records: readonly DeferredRecord[]): Uint8Array {
  const lines = records.map(({ bytes, input, index }) => {
    const encoding = isUtf8(bytes) ? 'utf-8' : 'base64';
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);
    return Buffer.from(`${JSON.stringify({ input, index, encoding, data })}\n`);
  });
  return gzipSync(Buffer.concat(lines));
}

/** The records of an object, byte for byte and in order. Throws {@link DeferredObjectError}. */
export function decodeDeferred(body: Uint8Array): DeferredRecord[] {
  const text = gunzip(body);
  const records: DeferredRecord[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const line = records.length + 1;
    const record = end < 0 ? undefined : parseLine(text.toString('utf-8', start, end));
    if (record === undefined) throw new DeferredObjectError('bad_line', { line });
    records.push(record);
    start = end + 1;
  }
  return records;
}

/**
 * Which records of a batch are deferred. The try of the batch that gets here first writes its proposal down; every
 * other try, earlier or later, is given that one. An empty proposal is a decision too and is written as well: a
 * later try may know less than the first (contexts expire) and must not defer what the first has joined.
 *
 * Rejects with {@link DeferredObjectError} where the object that is there cannot be read, and with what the store
 * rejects with.
 */
export async function decideDeferred(
  store: DeferredStore,
  key: string,
  proposed: readonly DeferredRecord[],
): Promise<readonly DeferredRecord[]> {
  if ((await store.put(key, encodeDeferred(proposed), { ifNoneMatch: '*' })) === 'written') return proposed;
  const body = await store.get(key);
  if (body === undefined) throw new DeferredObjectError('vanished', { key });
  try {
    return decodeDeferred(body);
  } catch (error) {
    if (!(error instanceof DeferredObjectError)) throw error;
    throw new DeferredObjectError(error.reason, { line: error.line, key });
  }
}

function gunzip(body: Uint8Array): Buffer {
  try {
    return gunzipSync(body);
  } catch {
    throw new DeferredObjectError('not_gzip');
  }
}

function parseLine(line: string): DeferredRecord | undefined {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof row !== 'object' || row === null) return undefined;
  if (!('input' in row && 'index' in row && 'encoding' in row && 'data' in row)) return undefined;
  const { input, index, encoding, data } = row;
  if (typeof input !== 'string' || typeof data !== 'string') return undefined;
  if (typeof index !== 'number' || !Number.isSafeInteger(index)) return undefined;
  if (encoding !== 'utf-8' && encoding !== 'base64') return undefined;
  return { bytes: Buffer.from(data, encoding), input, index };
}
