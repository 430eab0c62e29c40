/** The Range of a GetObject: one range of bytes. */
import { S3Refusal } from './s3-refusal.ts';

export interface ByteRange {
  readonly start: number;
  /** Without this one. */
  readonly end: number;
}

/**
 * The bytes that a Range header asks for; undefined for the whole object. Like S3, ignores a header that it cannot
 * read, and throws {@link S3Refusal} InvalidRange for one that begins after the end.
 */
export function rangeOf(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    if (length === 0) throw new S3Refusal(416, 'InvalidRange');
    return { start: sizeBytes - length, end: sizeBytes };
  }
  const start = Number(first);
  if (start >= sizeBytes) throw new S3Refusal(416, 'InvalidRange');
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  return end <= start ? undefined : { start, end };
}
