/** The least and the greatest value of a column, by which readers leave out row groups. */
import type { LeafKind } from './leaf.ts';

export interface Bounds {
  /** In Parquet's plain encoding, without the length of a text. */
  readonly min: Uint8Array;
  readonly max: Uint8Array;
  /** Whether the bounds are values of the column, not what is left of a longer text. */
  readonly isExact: boolean;
}

/** Bytes of a text that are kept: enough for a path or a hash to be told by. */
const TEXT_BYTES_MAX = 64;

/** Bounds of the distinct values; undefined where there are none. Texts are ordered by their UTF-8. */
export function boundsOf(
  kind: LeafKind,
  distinct: readonly (string | number | boolean)[],
  isAscii: boolean,
): Bounds | undefined {
  const [first] = distinct;
  if (first === undefined) return undefined;
  let [min, max] = [first, first];
  if (isAscii || typeof first !== 'string') {
    for (const value of distinct) {
      if (value < min) min = value;
      else if (value > max) max = value;
    }
    return encoded(kind, min, max);
  }
  let [least, greatest] = [Buffer.from(first), Buffer.from(first)];
  for (const value of distinct) {
    const bytes = Buffer.from(String(value));
    if (Buffer.compare(bytes, least) < 0) least = bytes;
    if (Buffer.compare(bytes, greatest) > 0) greatest = bytes;
  }
  return cut(least, greatest);
}

function encoded(
  kind: LeafKind,
  min: string | number | boolean,
  max: string | number | boolean,
): Bounds | undefined {
  if (typeof min === 'string') return cut(Buffer.from(min), Buffer.from(String(max)));
  const [low, high] = [Number(min), Number(max)];
  if (kind === 'boolean') return { min: Uint8Array.of(low), max: Uint8Array.of(high), isExact: true };
  const bytes = new DataView(new ArrayBuffer(16));
  if (kind === 'double') {
    // Parquet: a zero is -0 as the least and +0 as the greatest value.
    bytes.setFloat64(0, low === 0 ? -0 : low, true);
    bytes.setFloat64(8, high === 0 ? 0 : high, true);
  } else {
    bytes.setBigInt64(0, BigInt(low), true);
    bytes.setBigInt64(8, BigInt(high), true);
  }
  return { min: new Uint8Array(bytes.buffer, 0, 8), max: new Uint8Array(bytes.buffer, 8, 8), isExact: true };
}

/** Long texts are cut: a beginning is never greater, and with its last byte raised never less. */
function cut(min: Buffer, max: Buffer): Bounds | undefined {
  const isExact = min.length <= TEXT_BYTES_MAX && max.length <= TEXT_BYTES_MAX;
  if (isExact) return { min, max, isExact };
  const least = wholeCharacters(min);
  let greatest = max;
  if (max.length > TEXT_BYTES_MAX) {
    greatest = Buffer.from(wholeCharacters(max));
    // The last character that is ASCII is raised, as that stays UTF-8; what is behind it goes.
    let last = greatest.length - 1;
    while (last >= 0 && (greatest[last] ?? 0) >= 0x7f) last--;
    if (last < 0) return undefined;
    greatest[last] = (greatest[last] ?? 0) + 1;
    greatest = greatest.subarray(0, last + 1);
  }
  return { min: least, max: greatest, isExact };
}

function wholeCharacters(text: Buffer): Buffer {
  if (text.length <= TEXT_BYTES_MAX) return text;
  let end = TEXT_BYTES_MAX;
  while (((text[end] ?? 0) & 0xc0) === 0x80) end--;
  return text.subarray(0, end);
}
