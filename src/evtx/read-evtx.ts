/** Binary event logs (`.evtx`): each event as JSON in the shape of evtx_dump, as the log streams in. */
import { CHUNK_BYTES, chunkRecords, HAS_NO_CHECKSUMS, type EvtxRecord } from './chunk.ts';

const MAGIC = Buffer.from('ElfFile\0');
const FILE_HEADER_BYTES = 4_096;
const CHUNK_COUNT_AT = 42;
const FLAGS_AT = 120;
/** Set while a log is open, and left so where it was copied or the machine stopped. */
const IS_DIRTY = 0x1;

/** Whether an input begins like a binary event log. */
export const isEvtx = (head: Uint8Array): boolean => MAGIC.every((byte, at) => head[at] === byte);

/** A stream of bytes in pieces of one size, but for the first and the last. */
async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let wanted = FILE_HEADER_BYTES;
  for await (const chunk of chunks) {
    let rest = chunk;
    while (heldBytes + rest.length >= wanted) {
      const own = rest.subarray(0, wanted - heldBytes);
      yield Buffer.concat([...held, own], wanted);
      rest = rest.subarray(own.length);
      held = [];
      heldBytes = 0;
      wanted = CHUNK_BYTES;
    }
    if (rest.length > 0) held.push(rest);
    heldBytes += rest.length;
  }
  if (heldBytes > 0) yield Buffer.concat(held, heldBytes);
}

/**
 * The events of a log, in its order. A log that was not closed states too few chunks, or none, so chunks are read while
 * there are any. Memory is bounded by one chunk, and by limits on what one event can come to.
 *
 * What is no event comes as it is, with a reason: the bytes of a record, or of a chunk, that is damaged, and those of
 * a record that the input ends inside. Where a closed log states more chunks than there are, its header comes as
 * `truncated`. Throws only what `chunks` throws.
 */
export async function* evtxRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<EvtxRecord> {
  let header: Buffer | undefined;
  let flags = 0;
  let chunkCount = 0;
  for await (const piece of pieces(chunks)) {
    if (header === undefined) {
      header = piece;
      if (piece.length < FILE_HEADER_BYTES) break;
      flags = piece.readUInt32LE(FLAGS_AT);
      continue;
    }
    chunkCount++;
    yield* chunkRecords(piece, (flags & (IS_DIRTY | HAS_NO_CHECKSUMS)) === 0);
  }
  if (header === undefined) return;
  const isCut = header.length < FILE_HEADER_BYTES || header.readUInt16LE(CHUNK_COUNT_AT) > chunkCount;
  if (isCut && (flags & IS_DIRTY) === 0) yield { bytes: header, reason: 'truncated' };
}
