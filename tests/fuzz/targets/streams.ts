/** Streams of bytes: decompressed, cut into records and batches. */
import fc from 'fast-check';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { batchesOf } from '../../../src/sources/batches.ts';
import { decompress, DecompressError } from '../../../src/sources/decompress.ts';
import { splitRecords } from '../../../src/sources/split.ts';
import type { RawRecord } from '../../../src/sources/source.ts';
import { collect } from '../../sources/collect.ts';
import { hold, promised, same } from '../promise.ts';
import type { Target } from '../promise.ts';
import { text } from '../texts.ts';

async function* streamOf(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = cuts[i % cuts.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const A = '{"EventId":1,"Description":"Image: \\u0061\\r\\n}{"}';
const piece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      A,
      `{\n  "a": "}",\r\n  "b": [1, {"c": "\\""}]\n}`,
      '<Event x=">"><a>\n</a></Event>',
      '<Event/>',
      `[${A},\n${A}]`,
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '\n',
      '\r\n',
      ' ',
      ',',
      '[',
      ']',
      '{',
      '}',
      '"',
      '\\',
      '<',
      '</Event>',
      '<Event ',
      '<Events>',
      '<?xml ?>',
      '{"a":',
      '\ufeff',
    ),
  },
  { weight: 1, arbitrary: text },
);
const input = fc
  .tuple(fc.array(piece, { maxLength: 30 }), fc.constantFrom('utf8', 'utf8', 'utf8', 'utf16le', 'utf16be'))
  .map(([pieces, encoding]) => {
    const written = pieces.join('');
    if (encoding === 'utf8') return Buffer.from(written);
    const bytes = Buffer.from(`\ufeff${written}`, 'utf16le');
    return encoding === 'utf16be' ? bytes.swap16() : bytes;
  });
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
const recordBytesMax = fc.constantFrom(9, 17, 64, 1_000_000);

const shown = (records: readonly RawRecord[]): unknown[] =>
  records.map(({ bytes, index, reason }) => [Buffer.from(bytes).toString('latin1'), index, reason]);

/** What a reader has of a stream until it ends or breaks. */
async function taken(stream: AsyncIterable<Uint8Array>): Promise<{ bytes: Buffer; error: unknown }> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of stream) parts.push(Uint8Array.from(part));
  } catch (error) {
    return { bytes: Buffer.concat(parts), error };
  }
  return { bytes: Buffer.concat(parts), error: undefined };
}

const packed = fc.tuple(input, fc.constantFrom('gzip', 'zstd')).map(([bytes, format]) => ({
  content: bytes,
  compressed: format === 'gzip' ? gzipSync(bytes) : zstdCompressSync(bytes),
}));

export const streams: Target = {
  name: 'streams',
  of: 'src/sources/decompress.ts, split.ts, batches.ts',
  promises: [
    promised(
      'are cut into the same records however they arrive; records are numbered, bounded, and lose no byte but syntax',
      fc.asyncProperty(input, cuts, recordBytesMax, async (bytes, sizes, max) => {
        const whole = await collect(
          splitRecords(streamOf(bytes, [bytes.length || 1]), { recordBytesMax: max }),
        );
        const pieces = await collect(splitRecords(streamOf(bytes, sizes), { recordBytesMax: max }));
        same(shown(pieces), shown(whole), 'records');
        whole.forEach((record, i) => {
          same(record.index, i, 'numbers');
          hold(record.bytes.length > 0 && record.bytes.length <= max, 'a record is too large or nothing');
        });
        if (bytes[0] === 0xff || bytes[0] === 0xfe) return;
        const letters = (any: Buffer): string => any.toString('latin1').replace(/[^a-z0-9}"\\]/gi, '');
        const kept = letters(Buffer.concat(whole.map((record) => record.bytes)));
        const lost = letters(bytes).length - kept.length;
        const syntax = (bytes.toString('latin1').match(/<\/?Events[^]*?>|<\?xml[^]*?>/g) ?? []).join('');
        hold(lost <= letters(Buffer.from(syntax)).length + 3, () => `${lost} bytes are lost`);
      }),
      { runs: 300 },
    ),
    promised(
      'are cut into batches by records alone, and a batch taken up again goes on where it was left',
      fc.asyncProperty(input, cuts, fc.nat(40), async (bytes, sizes, firstRecord) => {
        const options = { prefix: 'p', input: 'i', format: 'winlogbeat' } as const;
        const all = (await collect(batchesOf(streamOf(bytes, sizes), options))).flatMap(
          ({ records }) => records,
        );
        const rest = await collect(batchesOf(streamOf(bytes, sizes), { ...options, firstRecord }));
        same(
          shown(rest.flatMap(({ records }) => records)),
          shown(all.filter(({ index }) => index >= firstRecord)),
        );
        for (const { name, records } of rest) {
          const [first, last] = [records[0]?.index ?? -1, records.at(-1)?.index ?? -1];
          same(name, `p-${String(first).padStart(10, '0')}-${String(last).padStart(10, '0')}`, 'names');
        }
      }),
      { runs: 150 },
    ),
    promised(
      'are decompressed whatever their chunks; what is damaged gives no other bytes before it, and its own error',
      fc.asyncProperty(packed, cuts, fc.nat(), fc.nat(3), async ({ content, compressed }, sizes, at, how) => {
        const given = Buffer.from(compressed);
        const place = at % given.length;
        const damagedBytes =
          how === 0 ? given : how === 1 ? given.subarray(0, place) : Buffer.concat([given, Buffer.from('x')]);
        if (how === 3) given.writeUInt8((given.readUInt8(place) ^ (1 << (at % 8))) & 0xff, place);
        const { bytes, error } = await taken(decompress(streamOf(how === 3 ? given : damagedBytes, sizes)));
        if (how === 0) same([bytes.equals(content), error], [true, undefined], 'content');
        hold(error === undefined || error instanceof DecompressError, () => `throws ${String(error)}`);
        if (how === 1 && error !== undefined) {
          hold(content.subarray(0, bytes.length).equals(bytes), 'other bytes than there were');
        }
      }),
      { runs: 150 },
    ),
    promised(
      'of any bytes end, or break with the error of their format',
      fc.asyncProperty(
        fc.constantFrom([], [0x1f, 0x8b, 8], [0x28, 0xb5, 0x2f, 0xfd], [0x50, 0x2a, 0x4d, 0x18]),
        fc.uint8Array({ maxLength: 80 }),
        cuts,
        async (head, rest, sizes) => {
          const { error } = await taken(decompress(streamOf(Uint8Array.from([...head, ...rest]), sizes)));
          hold(error === undefined || error instanceof DecompressError, () => `throws ${String(error)}`);
        },
      ),
      { runs: 150 },
    ),
  ],
};
