/**
 * Quarantine: what could not become a row, byte for byte, with the reason and where it came from, so that it can
 * be looked at and replayed. An object is gzip of NDJSON, one record a line.
 */
import { isUtf8 } from 'node:buffer';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { checkedName } from './layout.ts';

export interface QuarantinedRecord {
  /** Why: one word, such as `not_json`. */
  readonly reason: string;
  /** More about it, such as the path of a mapping; never the content of the event. */
  readonly detail?: string;
  /** Where it came from: an input file, an S3 object, a shard. */
  readonly input: string;
  /** Number of the record in its input, from 0. */
  readonly index: number;
  /** The record as it arrived. */
  readonly bytes: Uint8Array;
}

/** An object that {@link encodeQuarantine} did not write. `line` counts from 1; 0 is the object as a whole. */
export class QuarantineError extends Error {
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`not a quarantine object: ${line === 0 ? problem : `line ${line}: ${problem}`}`);
    this.name = 'QuarantineError';
    this.line = line;
  }
}

const origin = {
  reason: z.string(),
  detail: z.string().optional(),
  input: z.string(),
  index: z.int().nonnegative(),
};

const Row = z.discriminatedUnion('encoding', [
  z.object({ ...origin, encoding: z.literal('utf-8'), data: z.string() }),
  z.object({ ...origin, encoding: z.literal('base64'), data: z.base64() }),
]);

/** The key of a quarantine object. Throws LayoutError when the name cannot be part of a key. */
export const quarantineKey = (name: string): string => `quarantine/${checkedName(name)}.ndjson.gz`;

/**
 * One line for each record: `{reason, detail?, input, index, encoding, data}`. Valid UTF-8 is kept as text, so
 * that `zcat` shows it; anything else is base64. The same records give the same bytes.
 */
export function encodeQuarantine(records: readonly QuarantinedRecord[]): Uint8Array {
  const lines = records.map(({ reason, detail, input, index, bytes }) => {
    const encoding = isUtf8(bytes) ? 'utf-8' : 'base64';
    // Buffer keeps a byte order mark, which TextDecoder would take away.
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);
    return `${JSON.stringify({ reason, detail, input, index, encoding, data })}\n`;
  });
  const gzip = gzipSync(lines.join(''), { level: 6 });
  gzip[9] = 255; // RFC 1952: operating system unknown, instead of the one that this ran on
  return gzip;
}

/**
 * The records of a quarantine object, byte for byte as they were.
 * @throws QuarantineError with the line that is not such a record
 */
export function decodeQuarantine(bytes: Uint8Array): QuarantinedRecord[] {
  const lines = gunzipText(bytes).split('\n');
  if (lines.pop() !== '') throw new QuarantineError(lines.length + 1, 'it has no end');
  return lines.map((line, lineIndex) => {
    const row = Row.safeParse(parseJson(line, lineIndex + 1));
    if (!row.success) {
      const where = row.error.issues.map((issue) => issue.path.join('.')).join(', ');
      throw new QuarantineError(lineIndex + 1, `wrong or missing: ${where}`);
    }
    const { reason, detail, input, index, encoding, data } = row.data;
    return {
      reason,
      ...(detail === undefined ? {} : { detail }),
      input,
      index,
      bytes: new Uint8Array(Buffer.from(data, encoding)),
    };
  });
}

function gunzipText(bytes: Uint8Array): string {
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch {
    throw new QuarantineError(0, 'it is not gzip, or its end is missing');
  }
}

function parseJson(line: string, lineNumber: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new QuarantineError(lineNumber, 'not JSON'); // without the parser's message: it quotes the content
  }
}
