/**
 * Files in a zip, as they stream in: read from one local header to the next (PKWARE's APPNOTE, 4.3), without the
 * directory at its end, because an object of S3 is a stream. Names are labels, and nothing is written anywhere.
 */
import { crc32, createInflateRaw } from 'node:zlib';
import { byteInputOf, drain, type ByteInput } from './byte-input.ts';
import { DAMAGED, DecompressError, PIECE_BYTES, run, takeExactly } from './decompress.ts';

const LOCAL_HEADER = 0x04034b50;
const DATA_DESCRIPTOR = 0x08074b50;
/** What follows the last file: the directory, or an archive's extra data or end. */
const DIRECTORY: readonly number[] = [0x02014b50, 0x06054b50, 0x06064b50, 0x08064b50];
const HEADER_BYTES = 30;
const ENCRYPTED = 0x1;
const HAS_DESCRIPTOR = 0x8;
const [STORED, DEFLATED] = [0, 8];
const ZIP64_FIELD = 0x0001;
const UNKNOWN_32 = 0xffffffff;

/** Whether bytes begin like a zip with a file in it, or like an empty one. */
export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 &&
  head[1] === 0x4b &&
  ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));

export interface ZipMember {
  /** As it stands in the archive: a label, never a path to write to. */
  readonly name: string;
  /** Once, to its end. @throws DecompressError */
  readonly bytes: AsyncIterable<Uint8Array>;
}

interface LocalHeader {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly isZip64: boolean;
}

const CONTROL = /[\p{Cc}\p{Cf}]/gu;

const readHeader = async (input: ByteInput): Promise<LocalHeader> => {
  const head = await takeExactly(input, HEADER_BYTES, 'zip');
  const name = (await takeExactly(input, head.readUInt16LE(26), 'zip'))
    .toString('utf8')
    .replace(CONTROL, '?');
  const extra = await takeExactly(input, head.readUInt16LE(28), 'zip');
  let compressedBytes = head.readUInt32LE(18);
  let isZip64 = false;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== ZIP64_FIELD) continue;
    isZip64 = true;
    const hasSizes = extra.readUInt16LE(at + 2) >= 16 && at + 20 <= extra.length;
    if (hasSizes && compressedBytes === UNKNOWN_32) compressedBytes = Number(extra.readBigUInt64LE(at + 12));
  }
  const [flags, method, crc] = [head.readUInt16LE(6), head.readUInt16LE(8), head.readUInt32LE(14)];
  return { name, flags, method, crc, compressedBytes, isZip64 };
};

async function* takeBytes(input: ByteInput, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  while (left > 0) {
    const piece = await input.take(Math.min(left, PIECE_BYTES));
    if (piece === undefined) throw new DecompressError('zip', 'end too early');
    left -= piece.length;
    yield piece;
  }
}

/** Behind the data of a file whose sizes were not known when it began. With or without a signature, of 32 or 64 bits. */
const takeDescriptor = async (input: ByteInput, isZip64: boolean): Promise<number> => {
  const head = Buffer.from((await input.peek(4)).subarray(0, 4));
  if (head.length === 4 && head.readUInt32LE(0) === DATA_DESCRIPTOR) await takeExactly(input, 4, 'zip');
  const descriptor = await takeExactly(input, isZip64 ? 20 : 12, 'zip');
  return descriptor.readUInt32LE(0);
};

async function* contentOf(input: ByteInput, header: LocalHeader): AsyncGenerator<Uint8Array> {
  const { method, flags, compressedBytes, isZip64 } = header;
  let crc = 0;
  const data =
    method === DEFLATED ? run('zip', createInflateRaw(), input) : takeBytes(input, compressedBytes);
  for await (const piece of data) {
    crc = crc32(piece, crc);
    yield piece;
  }
  const expected = (flags & HAS_DESCRIPTOR) === 0 ? header.crc : await takeDescriptor(input, isZip64);
  if (crc !== expected) throw new DecompressError('zip', DAMAGED);
}

const quoted = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);

const problemOf = ({ name, flags, method }: LocalHeader): string | undefined => {
  if ((flags & ENCRYPTED) !== 0) return `hold ${quoted(name)}, which has a password: unpack it first`;
  if (method !== STORED && method !== DEFLATED) {
    return `hold ${quoted(name)}, packed by a method that is not read (${method}): pack it as deflate`;
  }
  const isEndless = method === STORED && (flags & HAS_DESCRIPTOR) !== 0;
  return isEndless ? `hold ${quoted(name)}, whose size is not stated: pack it as deflate` : undefined;
};

/** Folders, and what macOS adds beside each file. */
const isPassedOver = (name: string): boolean => /(?:^|\/)__MACOSX\/|\/$/.test(name);

/**
 * The files of a zip, in its order. The bytes of each have to be read to their end before the next is asked for.
 *
 * @throws DecompressError behind the last file, where one could not be read (it has a password, or a method other than
 *   deflate); at once, where the archive is damaged or cut short.
 */
export async function* zipMembers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ZipMember> {
  const iterator = chunks[Symbol.asyncIterator]();
  let failure: DecompressError | undefined;
  try {
    const input = byteInputOf(iterator);
    for (;;) {
      const head = Buffer.from((await input.peek(4)).subarray(0, 4));
      const signature = head.length < 4 ? 0 : head.readUInt32LE(0);
      if (DIRECTORY.includes(signature)) break;
      if (signature !== LOCAL_HEADER) {
        throw new DecompressError('zip', head.length < 4 ? 'end too early' : DAMAGED);
      }
      const header = await readHeader(input);
      const problem = problemOf(header);
      if (problem !== undefined) {
        failure ??= new DecompressError('zip', problem);
        // Without its size, nobody knows where the next file begins.
        if ((header.flags & HAS_DESCRIPTOR) !== 0) throw failure;
        await drain(takeBytes(input, header.compressedBytes));
        continue;
      }
      const bytes = contentOf(input, header);
      if (!isPassedOver(header.name)) yield { name: header.name, bytes };
      await drain(bytes);
    }
    if (failure !== undefined) throw failure;
  } finally {
    await iterator.return?.();
  }
}
