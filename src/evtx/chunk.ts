/** A chunk of a binary event log: 64 KiB with a header, records, and the names and templates that they share. */
import { crc32 } from 'node:zlib';
import { ChunkReader } from './binxml.ts';
import { Budget } from './budget.ts';
import { BinXmlError } from './cursor.ts';
import { renderEvent } from './render.ts';

export const CHUNK_BYTES = 65_536;
const HEADER_BYTES = 512;
const MAGIC = Buffer.from('ElfChnk\0');
const [FREE_SPACE_AT, RECORDS_CHECKSUM_AT, FLAGS_AT, CHECKSUM_AT] = [48, 52, 120, 124];

/** Of a chunk and of a log: its checksums are not maintained. */
export const HAS_NO_CHECKSUMS = 0x4;

const RECORD_MAGIC = 0x2a2a;
const RECORD_MAGIC_BYTES = Buffer.from([0x2a, 0x2a, 0, 0]);
const RECORD_HEADER_BYTES = 24;
const RECORD_BYTES_MIN = RECORD_HEADER_BYTES + 4;

/** An event as JSON, or bytes that none could be read from. */
export interface EvtxRecord {
  readonly bytes: Uint8Array;
  readonly reason?: 'damaged' | 'truncated';
}

const ZEROS = Buffer.alloc(CHUNK_BYTES);
const isZero = (bytes: Uint8Array): boolean => ZEROS.compare(bytes, 0, bytes.length, 0, bytes.length) === 0;

/** The size of the record at an offset; undefined if there is none, or one that contradicts itself. */
const recordSize = (chunk: Buffer, at: number): number | undefined => {
  if (at + RECORD_BYTES_MIN > chunk.length || chunk.readUInt32LE(at) !== RECORD_MAGIC) return undefined;
  const size = chunk.readUInt32LE(at + 4);
  if (size < RECORD_BYTES_MIN || at + size > chunk.length) return undefined;
  return chunk.readUInt32LE(at + size - 4) === size ? size : undefined;
};

/** Where the next record begins behind damage, or the end. */
const nextRecord = (chunk: Buffer, from: number, end: number): number => {
  for (
    let at = chunk.indexOf(RECORD_MAGIC_BYTES, from);
    at >= 0 && at < end;
    at = chunk.indexOf(RECORD_MAGIC_BYTES, at + 1)
  ) {
    if (recordSize(chunk, at) !== undefined) return at;
  }
  return end;
};

const isHeaderSound = (chunk: Buffer): boolean =>
  crc32(chunk.subarray(128, HEADER_BYTES), crc32(chunk.subarray(0, FLAGS_AT))) ===
  chunk.readUInt32LE(CHECKSUM_AT);

const areRecordsSound = (chunk: Buffer, end: number): boolean =>
  crc32(chunk.subarray(HEADER_BYTES, end)) === chunk.readUInt32LE(RECORDS_CHECKSUM_AT);

/** Added to the events of a chunk whose checksums are wrong, although its log was closed. */
const CHECKSUM_NOTE = ',"chunk_checksum":"wrong"}';

/**
 * The events of a chunk, in their order.
 *
 * Records are found by their own sizes, and read up to the end that the header states. Behind it, records of a log
 * that was not closed follow, and what is left of records that were overwritten: they are read as long as their
 * numbers continue. If the header states no record at all, the first one is read where the header cannot be relied
 * on. Bytes that are no record come as damaged, and so does a chunk without a header, unless it was never used.
 *
 * @param chunk 64 KiB, or fewer at the end of an input.
 * @param isChecked whether the log was closed and has checksums: then a wrong one means damage, and the events carry
 *   a note. They are given all the same: most of a chunk is right where one bit of it is not.
 */
export function* chunkRecords(chunk: Buffer, isChecked: boolean): Generator<EvtxRecord> {
  const isCut = chunk.length < CHUNK_BYTES;
  const broken = isCut ? 'truncated' : 'damaged';
  if (chunk.length < HEADER_BYTES || !chunk.subarray(0, MAGIC.length).equals(MAGIC)) {
    if (!isZero(chunk)) yield { bytes: chunk, reason: broken };
    return;
  }
  const stated = Math.min(Math.max(HEADER_BYTES, chunk.readUInt32LE(FREE_SPACE_AT)), CHUNK_BYTES);
  const hasChecksums = (chunk.readUInt32LE(FLAGS_AT) & HAS_NO_CHECKSUMS) === 0;
  const isReliable = isChecked && (!hasChecksums || isHeaderSound(chunk));
  const isWrong = isChecked && hasChecksums && !(isReliable && (isCut || areRecordsSound(chunk, stated)));
  const readEvent = eventReader(chunk, isWrong);
  let number: bigint | undefined;
  let at = HEADER_BYTES;
  while (at < chunk.length) {
    const size = recordSize(chunk, at);
    if (size !== undefined) {
      const own = chunk.readBigUInt64LE(at + 8);
      const continues = number === undefined ? !isReliable : own === number + 1n;
      if (at >= stated && !continues) return;
      number = own;
      yield readEvent(at, size);
      at += size;
      continue;
    }
    if (at >= stated) return;
    const next = nextRecord(chunk, at + 1, Math.min(stated, chunk.length));
    const bytes = chunk.subarray(at, next);
    if (!isZero(bytes)) yield { bytes, reason: next === chunk.length ? broken : 'damaged' };
    at = next;
  }
}

const eventReader = (chunk: Buffer, isWrong: boolean): ((at: number, size: number) => EvtxRecord) => {
  const budget = new Budget();
  const reader = new ChunkReader(chunk, budget);
  return (at, size) => {
    try {
      budget.begin();
      const json = renderEvent(reader.record(at + RECORD_HEADER_BYTES, at + size - 4), budget);
      return { bytes: Buffer.from(isWrong ? json.slice(0, -1) + CHECKSUM_NOTE : json) };
    } catch (error) {
      if (!(error instanceof BinXmlError)) throw error;
      return { bytes: chunk.subarray(at, at + size), reason: 'damaged' };
    }
  };
};
