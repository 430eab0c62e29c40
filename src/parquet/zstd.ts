/** Pages as zstd frames (RFC 8878). */
import { constants, zstdCompressSync } from 'node:zlib';

/**
 * Smaller pages are put into a frame as they are. A call of zstd costs some 20 µs whatever the size, as much as
 * encoding the whole column of a small object; of so few bytes it saves at most half.
 */
const COMPRESSED_MIN_BYTES = 256;

/** One frame with the size of its content in front, so that zstd sizes its tables to the page. */
export function zstdFrame(content: Uint8Array, level: number): Uint8Array {
  if (content.length < COMPRESSED_MIN_BYTES) return rawFrame(content);
  return zstdCompressSync(content, {
    params: { [constants.ZSTD_c_compressionLevel]: level },
    pledgedSrcSize: content.length,
  });
}

/** A frame of one raw block: magic number, descriptor (single segment, size in one byte), size, block header. */
function rawFrame(content: Uint8Array): Uint8Array {
  const size = content.length; // below 256, see above
  const header = (size << 3) | 1; // the last block, raw
  const frame = Buffer.allocUnsafe(9 + size);
  frame.set([0x28, 0xb5, 0x2f, 0xfd, 0x20, size, header & 0xff, header >>> 8, 0]);
  frame.set(content, 9);
  return frame;
}
