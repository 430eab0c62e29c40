/** Pages as zstd frames (RFC 8878). */
import { constants, zstdCompressSync } from 'node:zlib';

/**
 * Smaller pages are put into a frame as they are. A call of zstd costs some 20 µs whatever the size, more than all
 * else that is done for the column of a small object.
 */
const COMPRESSED_MIN_BYTES = 512;

/** One frame with the size of its content in front, so that zstd sizes its tables to the page. */
export function zstdFrame(content: Uint8Array, level: number): Uint8Array {
  if (content.length < COMPRESSED_MIN_BYTES) return rawFrame(content);
  return zstdCompressSync(content, {
    params: { [constants.ZSTD_c_compressionLevel]: level },
    pledgedSrcSize: content.length,
  });
}

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd] as const;
/** Frame descriptors: one segment, the size of the content in one byte, or in two after 256 are taken off. */
const [SIZE_IN_1, SIZE_IN_2] = [0x20, 0x60];

/** A frame of one raw block, of less than 64 kB. */
function rawFrame(content: Uint8Array): Uint8Array {
  const size = content.length;
  const sizeBytes = size < 256 ? [SIZE_IN_1, size] : [SIZE_IN_2, (size - 256) & 0xff, (size - 256) >>> 8];
  const block = (size << 3) | 1; // the last block, raw
  const header = [...MAGIC, ...sizeBytes, block & 0xff, (block >>> 8) & 0xff, block >>> 16];
  const frame = Buffer.allocUnsafe(header.length + size);
  frame.set(header);
  frame.set(content, header.length);
  return frame;
}
