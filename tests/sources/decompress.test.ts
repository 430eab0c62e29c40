import { setImmediate, setTimeout } from 'node:timers/promises';
import zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { collect } from './collect.ts';
import { decompress, DecompressError } from '../../src/sources/decompress.ts';

async function* stream(bytes: Uint8Array, size = 1_000, failure?: Error): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
  if (failure !== undefined) throw failure;
}

/** All that comes out, and the error behind it. */
const read = async (chunks: AsyncIterable<Uint8Array>): Promise<{ bytes: Buffer; error?: unknown }> => {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of decompress(chunks)) parts.push(part);
  } catch (error) {
    return { bytes: Buffer.concat(parts), error };
  }
  return { bytes: Buffer.concat(parts) };
};

/** Text that hardly repeats, so that its compressed form is long. */
const text = Buffer.from(
  Array.from({ length: 40_000 }, (_, at) => `${((at * 2_654_435_761) % 2 ** 32).toString(36)}\n`).join(''),
);
const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

const FORMATS = [
  ['gzip', (bytes: Uint8Array) => zlib.gzipSync(bytes)],
  ['zstd', (bytes: Uint8Array) => zlib.zstdCompressSync(bytes)],
] as const;

describe('decompress', () => {
  it.each(['', 'x', 'plain text', '\u001f', '('])('lets %j through as it is', async (plain) => {
    for (const size of [1, 2, 100])
      expect(await read(stream(Buffer.from(plain), size))).toEqual({ bytes: Buffer.from(plain) });
  });

  it('lets large plain inputs through without a copy', async () => {
    const parts = await collect(decompress(stream(text, 10_000)));
    expect(Buffer.concat(parts).equals(text)).toBe(true);
    expect(parts[1]!.buffer).toBe(text.buffer);
  });

  describe.each(FORMATS)('%s', (format, compress) => {
    it('is decompressed whatever its chunks', async () => {
      const compressed = compress(text);
      for (const size of [13, 1_000, 16_384, 1_000_000]) {
        expect((await read(stream(compressed, size))).bytes.equals(text)).toBe(true);
      }
    });

    it('may hold nothing', async () => {
      expect(await read(stream(compress(Buffer.alloc(0))))).toEqual({ bytes: Buffer.alloc(0) });
    });

    it('may come in parts, one after another', async () => {
      const bytes = fc.uint8Array({ maxLength: 200 });
      await fc.assert(
        fc.asyncProperty(
          fc.array(bytes, { minLength: 1, maxLength: 6 }),
          fc.integer({ min: 1, max: 300 }),
          async (parts, size) => {
            const compressed = Buffer.concat(parts.map((part) => compress(part)));
            const result = await read(stream(compressed, size));
            expect(result).toEqual({ bytes: Buffer.concat(parts) });
          },
        ),
        { numRuns: 50 },
      );
      const large = Buffer.concat([compress(text), compress(text), compress(text)]);
      expect((await read(stream(large, 65_536))).bytes.equals(Buffer.concat([text, text, text]))).toBe(true);
    });

    it('gives all that is there where it is cut short, then throws', async () => {
      const compressed = compress(text);
      const reference = zlib[format === 'gzip' ? 'gunzipSync' : 'zstdDecompressSync'];
      for (const share of [0.3, 0.9]) {
        const cut = compressed.subarray(0, Math.floor(compressed.length * share));
        const finishFlush = format === 'gzip' ? zlib.constants.Z_SYNC_FLUSH : zlib.constants.ZSTD_e_flush;
        const { bytes, error } = await read(stream(cut));
        expect(bytes.equals(reference(cut, { finishFlush }))).toBe(true);
        if (share > 0.5) expect(bytes.length).toBeGreaterThan(100_000);
        expect(error).toBeInstanceOf(DecompressError);
        expect(error).toMatchObject({ format, message: `the ${format} data end too early` });
        expect((error as Error).cause).toHaveProperty('code', 'Z_BUF_ERROR');
      }
    });

    it('gives what is before the damage, then throws', async () => {
      const damaged = Buffer.from(compress(text));
      damaged.fill(0xff, damaged.length - 2_000, damaged.length - 1_000);
      const { bytes, error } = await read(stream(damaged));
      expect(error).toMatchObject({
        name: 'DecompressError',
        format,
        message: `the ${format} data are damaged`,
      });
      const sane = bytes.subarray(0, Math.floor(text.length / 4));
      expect(sane.length).toBeGreaterThan(1_000);
      expect(sane.equals(text.subarray(0, sane.length))).toBe(true);
    });

    it('may be filled up with zeros, but not followed by anything else', async () => {
      const compressed = compress(text);
      const filled = await read(stream(Buffer.concat([compressed, Buffer.alloc(50_000)])));
      expect(filled.error).toBeUndefined();
      expect(filled.bytes.equals(text)).toBe(true);
      const followed = await read(stream(Buffer.concat([compressed, Buffer.alloc(8), Buffer.from('more')])));
      expect(followed.error).toMatchObject({ format });
      expect(followed.bytes.equals(text)).toBe(true);
    });

    it('gives all of what others follow, and says that they do', async () => {
      // Of 16 KiB, as much as a decoder gives at a time; of other sizes; of nothing.
      for (const size of [16_384, 65_536, 100, 20_000, 0]) {
        const content = text.subarray(0, size);
        const compressed = compress(content);
        for (const foreign of ['\n', 'junk', '{"EventId":1}\n'.repeat(2_000), '\0\0x']) {
          const input = Buffer.concat([compressed, compressed, Buffer.from(foreign)]);
          for (const chunk of [compressed.length, 16_384, 3, 1_000_000]) {
            if (chunk < 100 && size > 100) continue;
            const { bytes, error } = await read(stream(input, chunk));
            expect(bytes.equals(Buffer.concat([content, content]))).toBe(true);
            expect(error).toMatchObject({
              format,
              message: `the ${format} data are followed by something else`,
            });
          }
        }
      }
    });

    it('may be filled up with zeros from the end of a chunk on', async () => {
      const compressed = compress(text);
      for (const zeros of [1, 3, 4, 50_000]) {
        const input = Buffer.concat([compressed, Buffer.alloc(zeros)]);
        const { bytes, error } = await read(stream(input, compressed.length));
        expect([bytes.equals(text), error]).toEqual([true, undefined]);
      }
    });

    it('is not taken in by what begins like it, in chunks of its own', async () => {
      const first = compress(Buffer.from('x')).subarray(0, 1);
      async function* parts(): AsyncGenerator<Uint8Array> {
        yield* stream(compress(text), 1_000_000);
        yield first;
        yield Buffer.alloc(3);
      }
      const { bytes, error } = await read(parts());
      expect(bytes.equals(text)).toBe(true);
      expect(error).toMatchObject({ message: `the ${format} data are followed by something else` });
    });

    it('does not take an error of its source for its own', async () => {
      const failure = new Error('no connection');
      const { error } = await read(stream(compress(text).subarray(0, 5_000), 1_000, failure));
      expect(error).toBe(failure);
    });

    it('stops taking while nobody reads', async () => {
      const bomb = compress(Buffer.alloc(100_000_000));
      let taken = 0;
      async function* counted(): AsyncGenerator<Uint8Array> {
        for await (const chunk of stream(bomb, 100)) {
          taken += chunk.length;
          yield chunk;
        }
      }
      let bytes = 0;
      for await (const part of decompress(counted())) {
        if (bytes === 0) {
          const takenAtFirst = taken;
          for (let turn = 0; turn < 100; turn++) await setImmediate();
          expect(taken).toBe(takenAtFirst);
          expect(taken).toBeLessThan(bomb.length / 2);
        }
        bytes += part.length;
      }
      expect([bytes, taken]).toEqual([100_000_000, bomb.length]);
    });

    it('lets its source go when its reader stops', async () => {
      let closed = false;
      async function* source(): AsyncGenerator<Uint8Array> {
        try {
          yield* stream(compress(text));
        } finally {
          closed = true;
        }
      }
      for await (const part of decompress(source())) if (part.length > 0) break;
      expect(closed).toBe(true);
    });
  });

  it('does not run ahead of its reader, however much a few bytes hold', async () => {
    const zeros = Buffer.alloc(100_000_000);
    const bomb = zlib.zstdCompressSync(zeros);
    const before = process.memoryUsage().arrayBuffers;
    for await (const part of decompress(stream(bomb, bomb.length))) {
      expect(part.length).toBeGreaterThan(0);
      await setTimeout(200);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32_000_000);
      break;
    }
    // Held until here, so that no memory is given back between the two looks.
    expect(zeros).toHaveLength(100_000_000);
  });

  it('passes over all that a header of gzip may hold', async () => {
    const [extra, name, comment, crc] = [Buffer.alloc(70_000, 1), 'events.json\0', 'c\0', '\x01\x02'];
    extra.writeUInt16LE(65_000);
    const body = zlib.gzipSync(text).subarray(10);
    const head = (flags: number): Buffer => Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]);
    const fields = [extra.subarray(0, 65_002), Buffer.from(name + comment + crc, 'latin1')];
    const whole = Buffer.concat([head(0x1e), ...fields, body]);
    for (const size of [999, 65_536, 1_000_000]) {
      expect((await read(stream(Buffer.concat([whole, whole]), size))).bytes.length).toBe(2 * text.length);
    }
    for (const cut of [3, 11, 5_000, 65_016, 65_025, 65_027]) {
      const { bytes, error } = await read(stream(whole.subarray(0, cut)));
      expect(bytes).toHaveLength(0);
      expect(error).toMatchObject({ message: 'the gzip data end too early' });
    }
    const { error } = await read(stream(Buffer.concat([head(0x20), body])));
    expect(error).toMatchObject({ message: 'the gzip data are damaged' });
  });

  it('holds gzip to its checksum, its size and its end', async () => {
    const compressed = zlib.gzipSync(text);
    for (const place of [8, 1]) {
      const input = Buffer.from(compressed);
      input.writeUInt8(input.readUInt8(input.length - place) ^ 1, input.length - place);
      const { bytes, error } = await read(stream(input));
      expect(bytes.equals(text)).toBe(true);
      expect(error).toMatchObject({ message: 'the gzip data are damaged' });
    }
    const { bytes, error } = await read(stream(compressed.subarray(0, -1)));
    expect(bytes.equals(text)).toBe(true);
    expect(error).toMatchObject({ message: 'the gzip data end too early' });
  });

  it('skips frames of zstd that hold no data', async () => {
    const frames = Buffer.concat([
      skippable,
      zlib.zstdCompressSync(text),
      skippable,
      zlib.zstdCompressSync('x'),
    ]);
    for (const size of [1, 7, 10_000]) {
      expect((await read(stream(frames, size))).bytes.equals(Buffer.concat([text, Buffer.from('x')]))).toBe(
        true,
      );
    }
  });
});
