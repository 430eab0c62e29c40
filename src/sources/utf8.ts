/** Input as UTF-8 without a byte order mark. PowerShell's redirection writes UTF-16 with one, other tools without. */
import { TextDecoder } from 'node:util';

type Chunks = AsyncIterable<Uint8Array>;

const HEAD_BYTES = 4;

const isAscii = (byte: number | undefined): boolean => byte !== undefined && byte > 0 && byte < 0x80;

const encodingOf = (
  head: Uint8Array,
): { encoding: 'utf-16le' | 'utf-16be' | undefined; markBytes: number } => {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  // All forms begin with an ASCII character, or with blanks in front of one.
  if (head.length >= HEAD_BYTES) {
    if (isAscii(head[0]) && head[1] === 0 && head[3] === 0) return { encoding: 'utf-16le', markBytes: 0 };
    if (head[0] === 0 && isAscii(head[1]) && head[2] === 0) return { encoding: 'utf-16be', markBytes: 0 };
  }
  const isUtf8Mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  return { encoding: undefined, markBytes: isUtf8Mark ? 3 : 0 };
};

/**
 * The same text in UTF-8: UTF-16 is transcoded where a byte order mark or the first characters say so, any other
 * input passes through.
 * Halves of surrogate pairs become U+FFFD. Throws what `chunks` throws.
 */
export async function* toUtf8(chunks: Chunks): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  let decoder: TextDecoder | undefined;
  const transcode = (bytes: Uint8Array, stream: boolean): Uint8Array =>
    decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream }), 'utf8');
  const open = (bytes: Uint8Array): Uint8Array => {
    const { encoding, markBytes } = encodingOf(bytes);
    if (encoding !== undefined) decoder = new TextDecoder(encoding, { ignoreBOM: true });
    return transcode(bytes.subarray(markBytes), true);
  };

  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const chunk of chunks) {
      if (head === undefined) {
        yield transcode(chunk, true);
        continue;
      }
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      if (head.length < HEAD_BYTES) continue;
      const first = open(head);
      head = undefined;
      yield first;
    }
  } catch (error) {
    failure = { error };
  }
  // Also where the source has failed: all that it gave is given on.
  if (head !== undefined && head.length > 0) yield open(head);
  if (decoder !== undefined) yield transcode(new Uint8Array(0), false);
  if (failure !== undefined) throw failure.error;
}
