/**
 * From the bytes of an input to its records, as they stream in.
 *
 * NDJSON is cut at line breaks, with no more than a search for `}` between them. A line that begins an object but
 * does not end like one is joined with the lines that follow, up to the object's end (indented JSON). Objects may
 * also stand one behind another on a line, up to five blanks apart, as Firehose delivers them to S3. Event XML is cut at
 * its tags, one event after another or within `<Events>`, whatever the lines. Elements of a JSON array are records.
 * All of these may be mixed.
 */
import { Splitter } from './splitter.ts';
import type { RawRecord } from './source.ts';
import { toUtf8 } from './utf8.ts';

/** Records longer than this are not read whole. */
export const RECORD_BYTES_MAX = 32 * 1024 * 1024;

/**
 * The records of an input, in their order, numbered from 0, however it is cut into chunks.
 *
 * Every byte becomes part of a record, but for these between records: blanks and line breaks, record separators
 * (RFC 7464), a byte order mark, XML declarations, `<Events>` tags, and the brackets and commas of an array. UTF-16 with a byte order mark is
 * transcoded to UTF-8. The bytes of a record are a view of the input's where they can be: leave those alone.
 *
 * A record longer than `recordBytesMax` comes in slices of at most that size, each `too_large`. One that the input
 * ends inside is `truncated`: an XML event, an object over several lines, and, where `chunks` throws, the last
 * record of any kind; what was thrown is thrown again behind it. No more memory is held than a few times
 * `recordBytesMax` and the size of a chunk. Throws RangeError for a `recordBytesMax` of 8 or less.
 */
export async function* splitRecords(
  chunks: AsyncIterable<Uint8Array>,
  { recordBytesMax = RECORD_BYTES_MAX }: { readonly recordBytesMax?: number } = {},
): AsyncGenerator<RawRecord> {
  const splitter = new Splitter(recordBytesMax);
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const chunk of toUtf8(chunks)) yield* splitter.push(chunk);
  } catch (error) {
    failure = { error };
  }
  yield* splitter.end(failure !== undefined);
  if (failure !== undefined) throw failure.error;
}
