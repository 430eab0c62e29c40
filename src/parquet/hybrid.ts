/**
 * Parquet's hybrid of run lengths and bit packing, for levels and for indexes into a dictionary.
 * https://github.com/apache/parquet-format/blob/master/Encodings.md#RLE
 */
import type { ByteWriter } from './byte-writer.ts';

/** Shorter runs are packed with what is beside them. */
const RUN_MIN = 8;

/** Bits that a number takes, 0 for 0. */
export const bitWidth = (max: number): number => 32 - Math.clz32(max);

/** One value, `count` times. */
export function writeRun(out: ByteWriter, value: number, count: number, width: number): void {
  out.varint(count * 2);
  for (let bits = 0; bits < width; bits += 8) out.byte((value >>> bits) & 0xff);
}

/** The values from `start` to before `end`, in `width` bits each (at most 24). */
export function writeHybrid(
  out: ByteWriter,
  values: Uint8Array | Int32Array,
  start: number,
  end: number,
  width: number,
): void {
  let packedFrom = start;
  let at = start;
  while (at < end) {
    const value = values[at];
    let runEnd = at + 1;
    while (runEnd < end && values[runEnd] === value) runEnd++;
    // Packed are whole groups of 8, so a run lends what the group before it lacks.
    const runFrom = at + ((8 - ((at - packedFrom) % 8)) % 8);
    if (runEnd - runFrom >= RUN_MIN) {
      if (runFrom > packedFrom) writePacked(out, values, packedFrom, runFrom, width);
      writeRun(out, value ?? 0, runEnd - runFrom, width);
      packedFrom = runEnd;
    }
    at = runEnd;
  }
  if (end > packedFrom) writePacked(out, values, packedFrom, end, width);
}

/** Groups of 8, the last one filled up with zeros. */
function writePacked(
  out: ByteWriter,
  values: Uint8Array | Int32Array,
  start: number,
  end: number,
  width: number,
): void {
  const groups = Math.ceil((end - start) / 8);
  out.varint(groups * 2 + 1);
  let buffer = 0;
  let bits = 0;
  for (let at = start; at < start + 8 * groups; at++) {
    buffer |= (at < end ? (values[at] ?? 0) : 0) << bits;
    for (bits += width; bits >= 8; bits -= 8) {
      out.byte(buffer & 0xff);
      buffer >>>= 8;
    }
  }
}

/** Bytes that so many values take at most. */
export const hybridBytesMax = (count: number, width: number): number =>
  width === 0 ? 0 : Math.ceil(count / 8) * (width + 1) + 5;
