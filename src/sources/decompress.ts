/** Compressed inputs: gzip and zstd are told by their first bytes and decompressed as they stream in. */
import {
  crc32,
  createInflateRaw,
  createZstdDecompress,
  type InflateRaw,
  type ZstdDecompress,
} from 'node:zlib';
import { byteInputOf, type ByteInput } from './byte-input.ts';

export type CompressionFormat = 'gzip' | 'zstd' | 'zip';

/** A compressed input that is damaged, cut short, or followed by something else. `cause`: the decoder's error, if any. */
export class DecompressError extends Error {
  readonly format: CompressionFormat;

  constructor(format: CompressionFormat, problem: string, cause?: unknown) {
    super(`the ${format} data ${problem}`, { cause });
    this.name = 'DecompressError';
    this.format = format;
  }
}

const MAGIC_BYTES = 4;

/** RFC 1952: gzip, method deflate. RFC 8878: a zstd frame, or one to be skipped (0x184D2A50 to 5F). */
const formatOf = (head: Uint8Array): 'gzip' | 'zstd' | undefined => {
  if (head[0] === 0x1f && head[1] === 0x8b && (head.length < 3 || head[2] === 0x08)) return 'gzip';
  if (head.length < MAGIC_BYTES) return undefined;
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  const isSkippable =
    ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
  return isSkippable ? 'zstd' : undefined;
};

/** Fed at a time: a failing decoder loses no more than what it made of such a piece, at most 16 KiB. */
export const PIECE_BYTES = 16 * 1024;

/** A decoder stops while so much of its output waits to be read. */
const WAITING_BYTES_MAX = 1024 * 1024;

export const [TOO_EARLY, DAMAGED] = ['end too early', 'are damaged'];

const problemOf = (format: CompressionFormat, cause: NodeJS.ErrnoException): DecompressError =>
  new DecompressError(format, cause.code === 'Z_BUF_ERROR' ? TOO_EARLY : DAMAGED, cause);

/** What zstd calls bytes that begin no frame. Its first frame is known to begin, so these come behind the last. */
const NO_FRAME = 'ZSTD_error_prefix_unknown';

/** Runs a decoder up to the end of what it takes for its own, and gives the rest of the last piece back. */
export async function* run(
  format: CompressionFormat,
  decoder: InflateRaw | ZstdDecompress,
  input: ByteInput,
): AsyncGenerator<Uint8Array> {
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let failure: NodeJS.ErrnoException | undefined;
  let hasEnded = false;
  const progress = (): { failure: typeof failure; hasEnded: boolean } => ({ failure, hasEnded });
  let isFeeding = false;
  let wake = (): void => undefined;
  decoder.on('data', (bytes: Buffer) => {
    waiting.push(bytes);
    waitingBytes += bytes.length;
    if (waitingBytes > WAITING_BYTES_MAX) decoder.pause();
    wake();
  });
  decoder.on('error', (error) => {
    failure = error;
    wake();
  });
  decoder.on('end', () => {
    hasEnded = true;
    wake();
  });

  let fedBytes = 0;
  try {
    for (;;) {
      for (let output = waiting.shift(); output !== undefined; output = waiting.shift()) {
        waitingBytes -= output.length;
        yield output;
      }
      const state = progress();
      if (state.hasEnded || state.failure?.code === NO_FRAME) break;
      if (state.failure !== undefined) throw problemOf(format, state.failure);
      const woken = new Promise<void>((resolve) => (wake = resolve));
      if (decoder.isPaused()) decoder.resume();
      if (!isFeeding) {
        isFeeding = true;
        // In one piece: the bytes by which zstd tells whether a frame begins.
        await input.peek(MAGIC_BYTES);
        const piece = await input.take(PIECE_BYTES);
        if (piece === undefined) decoder.end();
        else {
          fedBytes += piece.length;
          decoder.write(piece, () => {
            isFeeding = false;
            wake();
          });
        }
      }
      await woken;
    }
    input.giveBack(fedBytes - decoder.bytesWritten);
  } finally {
    decoder.destroy();
  }
}

/** RFC 1952: the flags of a member's header, and the sizes of what has one. */
const [HEADER_CRC, EXTRA, NAME, COMMENT, RESERVED] = [0x02, 0x04, 0x08, 0x10, 0xe0];
const [HEADER_BYTES, TRAILER_BYTES] = [10, 8];

/** The next bytes of an input, so many. @throws DecompressError where there are fewer */
export const takeExactly = async (
  input: ByteInput,
  count: number,
  format: CompressionFormat = 'gzip',
): Promise<Buffer> => {
  const bytes = (await input.peek(count)).subarray(0, count);
  if (bytes.length < count) throw new DecompressError(format, TOO_EARLY);
  await input.take(count);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
};

const skipText = async (input: ByteInput): Promise<void> => {
  for (;;) {
    const piece = await input.take(PIECE_BYTES);
    if (piece === undefined) throw new DecompressError('gzip', TOO_EARLY);
    const end = piece.indexOf(0);
    if (end < 0) continue;
    input.giveBack(piece.length - end - 1);
    return;
  }
};

/** Its checksum is passed over with it: nothing of a header is used. */
const skipHeader = async (input: ByteInput): Promise<void> => {
  const flags = (await takeExactly(input, HEADER_BYTES)).readUInt8(3);
  if ((flags & RESERVED) !== 0) throw new DecompressError('gzip', DAMAGED);
  if ((flags & EXTRA) !== 0) await takeExactly(input, (await takeExactly(input, 2)).readUInt16LE());
  if ((flags & NAME) !== 0) await skipText(input);
  if ((flags & COMMENT) !== 0) await skipText(input);
  if ((flags & HEADER_CRC) !== 0) await takeExactly(input, 2);
};

/**
 * One member of gzip. Not by Gunzip: that one tries whatever follows a member as the next one, and where it is
 * none, the member's last output is lost with the error.
 */
async function* gunzip(input: ByteInput): AsyncGenerator<Uint8Array> {
  await skipHeader(input);
  let crc = 0;
  let size = 0;
  for await (const output of run('gzip', createInflateRaw(), input)) {
    crc = crc32(output, crc);
    size = (size + output.length) % 2 ** 32;
    yield output;
  }
  const trailer = await takeExactly(input, TRAILER_BYTES);
  if (trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== size) {
    throw new DecompressError('gzip', DAMAGED);
  }
}

async function* decode(format: 'gzip' | 'zstd', input: ByteInput): AsyncGenerator<Uint8Array> {
  do {
    yield* format === 'gzip' ? gunzip(input) : run('zstd', createZstdDecompress(), input);
  } while (formatOf(await input.peek(MAGIC_BYTES)) === format);
  for (let rest = await input.take(PIECE_BYTES); rest !== undefined; rest = await input.take(PIECE_BYTES)) {
    // Zeros are how archives on tapes and disks are filled up.
    if (rest.some((byte) => byte !== 0)) throw new DecompressError(format, 'are followed by something else');
  }
}

/** Far beyond what logs come to (10 to 100 times), so that a bomb of some kilobytes ends after a gigabyte. */
export const EXPANSION_RATIO_MAX = 250;
export const EXPANSION_BYTES_FREE = 1024 * 1024 * 1024;

/** @throws DecompressError where the output of a decoder outgrows its input beyond all that logs come to */
async function* limited(
  format: CompressionFormat,
  output: AsyncIterable<Uint8Array>,
  takenBytes: () => number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of output) {
    bytes += piece.length;
    if (bytes > EXPANSION_BYTES_FREE + EXPANSION_RATIO_MAX * takenBytes()) {
      throw new DecompressError(format, `expand to more than ${EXPANSION_RATIO_MAX} times their size`);
    }
    yield piece;
  }
}

/**
 * The content of an input: decompressed where it begins like gzip or zstd (any number of members or frames one
 * after another), unchanged where it does not. Memory is bounded, whatever the ratio of the compression.
 *
 * @throws DecompressError behind all that could be decompressed, where the data are damaged, cut short, or expand to
 *   more than {@link EXPANSION_BYTES_FREE} and {@link EXPANSION_RATIO_MAX} times their size.
 */
export async function* decompress(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let takenBytes = 0;
  const iterator = (async function* () {
    for await (const chunk of chunks) {
      takenBytes += chunk.length;
      yield chunk;
    }
  })();
  try {
    const input = byteInputOf(iterator);
    const format = formatOf(await input.peek(MAGIC_BYTES));
    if (format !== undefined) {
      yield* limited(format, decode(format, input), () => takenBytes);
      return;
    }
    const head = await input.peek(0);
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return();
  }
}
