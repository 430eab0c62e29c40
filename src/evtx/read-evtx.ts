/** Binary event logs (`.evtx`): each event as JSON in the shape of evtx_dump, as the log streams in. */
import { CHUNK_BYTES, chunkRecords, HAS_NO_CHECKSUMS, type EvtxRecord } from './chunk.ts';

const MAGIC = Buffer.from('ElfFile\0');
const FILE_HEADER_BYTES = 4_096;
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
 * The events of a log, in its order. The counts of its header are not relied on: a log that was not closed states too
 * few chunks, or none. Memory is bounded by one chunk, and by limits on what one event can come to.
 *
 * What is no event comes as it is, with a reason: the bytes of a record, or of a chunk, that is damaged, and those of
 * a record that the input ends inside. Throws only what `chunks` throws.
 */
export async function* evtxRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<EvtxRecord> {
  let isChecked: boolean | undefined;
  for await (const piece of pieces(chunks)) {
    if (isChecked !== undefined) yield* chunkRecords(piece, isChecked);
    else if (piece.length < FILE_HEADER_BYTES) yield { bytes: piece, reason: 'truncated' };
    else isChecked = (piece.readUInt32LE(FLAGS_AT) & (IS_DIRTY | HAS_NO_CHECKSUMS)) === 0;
  }
}
