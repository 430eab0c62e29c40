import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { collect } from './collect.ts';
import type { RawRecord } from '../../src/sources/source.ts';
import { splitRecords } from '../../src/sources/split.ts';
import { itWithRealData, realRecords } from './real-data.ts';

type Options = Parameters<typeof splitRecords>[1];

async function* stream(chunks: readonly Uint8Array[], failure?: Error): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
  if (failure !== undefined) throw failure;
}

const textsOf = (records: readonly RawRecord[]): string[] =>
  records.map(
    ({ bytes, reason }) => Buffer.from(bytes).toString() + (reason === undefined ? '' : ` !${reason}`),
  );

/** The records of a text as text, those with a reason marked. */
const split = async (input: string | Uint8Array, options?: Options): Promise<string[]> => {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const records = await collect(splitRecords(stream([bytes]), options));
  expect(records.map(({ index }) => index)).toEqual(records.map((_, at) => at));
  return textsOf(records);
};

const cutInto = (bytes: Buffer, sizes: readonly number[]): Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    // A copy, which is overwritten at once where a splitter would write over what it was given.
    chunks.push(Uint8Array.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return chunks;
};

const A = '{"EventId":1,"Description":"a } \\" { b"}';
const B = '{"EventId":3}';
const JOINT = '{"a":"} {","b":"}{"}';
const XML =
  '<Event xmlns="u"><System><EventID>1</EventID></System>\n<EventData><Data>x</Data></EventData></Event>';
const PRETTY = '{\r\n  "EventId": 1,\r\n  "a": [\r\n{\r\n},\r\n{ "b": "}\\"]" }\r\n  ]\r\n}';

describe('splitRecords', () => {
  it.each([
    ['nothing', '', []],
    ['blank lines', '\n \r\n\t\n', []],
    ['lines', `${A}\n${B}\n`, [A, B]],
    ['CRLF, blank lines, no last line break', `\r\n${A}\r\n\r\n  ${B}`, [A, B]],
    ['text that is no JSON', `x y\n${A}\nz`, ['x y', A, 'z']],
    [
      'damaged lines',
      `{"EventId":1,"Descr\n${A}\n{"a":\n${B}\n${A}\n`,
      ['{"EventId":1,"Descr', A, '{"a":', B, A],
    ],
    ['a damaged line at the end', `${A}\n{"EventId":1,"Des`, [A, '{"EventId":1,"Des']],
    ['a line cut behind a comma', `{"EventId":1,\n${A}\n${B}`, ['{"EventId":1,', A, B]],
    ['a line that closes too much', `{"a":1]\n${A}`, ['{"a":1]', A]],
    ['a bracket that stays open', `{"a":[\n${A}\n${B}`, ['{"a":[', A, B]],
    ['an object and more on its line', `${A},\n${B}`, [A, ',', B]],
  ])('cuts %s at line breaks', async (_, input, records) => {
    expect(await split(input)).toEqual(records);
  });

  it.each([
    ['one right behind another', `${A}${B}${A}`, [A, B, A]],
    ['with a line break behind the last', `${A}${B}\n${B}${A}\r\n`, [A, B, B, A]],
    ['with blanks between', `${A} ${B}\t${A}  \r ${B}\n`, [A, B, A, B]],
    ['that are indented', `${PRETTY}${PRETTY}${A}${PRETTY} ${B}\n${A}`, [PRETTY, PRETTY, A, PRETTY, B, A]],
    ['with what only looks like another in a string', `${JOINT}\n${JOINT}${JOINT}\n`, [JOINT, JOINT, JOINT]],
    ['that are empty', `${A}{}{ }\n${B}{}`, [A, '{}', '{ }', B, '{}']],
    ['in an array', `[${A}${B},${A}]\n${A}${B}`, [A, B, A, A, B]],
    ['of a text sequence', `\x1e${A}\n\x1e${B}\n\x1e${A}\x1e${B}\x1e\n${A}`, [A, B, A, B, A]],
    ['and a damaged one', `${A}{"a":#}${B}${A}\n${B}`, [A, '{"a":#}', B, A, B]],
    ['and one that lost its end', `${A}${B}{"a":"b${A}${B}${A}\n${B}`, [A, B, `{"a":"b${A}`, B, A, B]],
    ['and one that lost its beginning', `${A}"a":1}${B}${A}\n`, [A, '"a":1}', B, A]],
    [
      'of text, where there are none',
      `cmd }${A}${B} x\n  y ${A}${B}\n${A}`,
      [`cmd }${A}${B} x`, `y ${A}${B}`, A],
    ],
    ['and a separator at the end', `${A}${B}\x1e`, [A, B]],
    ['and one that is cut short', `${A}${B}{"a":\n${B}${A}{"a":`, [A, B, '{"a":', B, A, '{"a":']],
  ])('finds the objects of a line %s', async (_, input, records) => {
    expect(await split(input)).toEqual(records);
  });

  it('leaves a line alone that has the braces of GUID lists, and what is around its object', async () => {
    const lines = ['{"a":"{1}{2} {3}"} ', '{1}{2} {3}', '{"a":"{1}{2}",}'];
    expect(await split(lines.join('\n'))).toEqual(lines);
  });

  it('finds the objects behind one that is too large', async () => {
    const large = JSON.stringify({ a: 'x'.repeat(50) });
    for (const between of ['', ' ', '\n']) {
      for (let max = 12; max < large.length; max++) {
        const records = await split(`${large}${between}{"b":2}{"c":3}\n`, { recordBytesMax: max });
        expect(records.slice(-2)).toEqual(['{"b":2}', '{"c":3}']);
        const slices = records.slice(0, -2).map((slice) => slice.replace(/ !too_large$/, ''));
        expect(slices.join('')).toBe(large);
      }
    }
  });

  it('looks at each byte of a long line a few times at most', async () => {
    // A look at the whole line for each of its 100,000 objects would be a hundred billion bytes.
    for (const [object, count] of [
      ['{"EventId":12345}', 100_000],
      ['{"a":1}{"b":"c}', 200_000],
    ] as const) {
      const line = Buffer.from(`${object.repeat(100_000)}\n`);
      expect(await collect(splitRecords(stream([line])))).toHaveLength(count);
      expect(await collect(splitRecords(stream(cutInto(line, [65_536]))))).toHaveLength(count);
    }
  });

  it.each([
    ['alone', PRETTY, [PRETTY]],
    ['among lines', `${A}\n${PRETTY}\n${B}\n${PRETTY}\n`, [A, PRETTY, B, PRETTY]],
    ['that begins on a line with more', `{ "a": 1,\n"b": {} }\n${A}`, ['{ "a": 1,\n"b": {} }', A]],
    ['cut short', `${A}\n{\n"a": 1,\n`, [A, '{\n"a": 1,\n !truncated']],
    ['that breaks off for another', `{\n"a": 1,\n${A}\n${B}`, ['{', '"a": 1,', A, B]],
  ])('joins the lines of an object %s', async (_, input, records) => {
    expect(await split(input)).toEqual(records);
  });

  it.each([
    ['on one line', `[${A},${B}]`, [A, B]],
    ['over lines', `[\n  ${A},\n  ${B}\n]\n${A}\n`, [A, B, A]],
    ['with indented elements', `[\n${PRETTY}, ${PRETTY}\n]`, [PRETTY, PRETTY]],
    ['that is empty', `[]\n[ ]\n${A}`, [A]],
    ['that is cut short', `[${A},{"a":`, [A, '{"a": !truncated']],
    ['with a damaged element', `[\n${A},\n{"a\n,\n${B}\n]\n${A}`, [A, '{"a', B, A]],
  ])('gives the elements of a JSON array %s', async (_, input, records) => {
    expect(await split(input)).toEqual(records);
  });

  it.each(['[2021-01-02] text', '["a", {}]', '[1]'])('takes %j for a line of text', async (line) => {
    expect(await split(`${line}\n${A}`)).toEqual([line, A]);
  });

  it.each([
    ['one after another', `${XML}\n${XML}${XML}\r\n`, [XML, XML, XML]],
    ['within Events', `<?xml version="1.0"?>\r\n<Events a="b">\n${XML}${XML}</Events>\n`, [XML, XML]],
    ['each with a declaration', `<?xml version='1.0'?>${XML}\n<?xml version='1.0'?>${XML}`, [XML, XML]],
    ['among JSON lines', `${A}\n${XML}${XML}${B}\n${XML}`, [A, XML, XML, B, XML]],
    ['with text between', `${XML} x y ${XML}z`, [XML, 'x y ', XML, 'z']],
    ['that close themselves', `<Event/><Event a="b"/>${XML}`, ['<Event/>', '<Event a="b"/>', XML]],
    ['that the input ends inside', `${XML}<Event><System>`, [XML, '<Event><System> !truncated']],
    ['that the next begins inside', `<Event><System>\n${XML}`, ['<Event><System> !truncated', XML]],
    ['next to other elements', `<EventX/>\n</Event>\n${XML}`, ['<EventX/>', '</Event>', XML]],
    ['behind a document type', `<!DOCTYPE x []>\n${XML}`, ['<!DOCTYPE x []>', XML]],
    [
      'whose prolog does not end',
      `<?xml version\n${XML.slice(0, 7)}`,
      ['<?xml version', '<Event  !truncated'],
    ],
  ])('cuts events %s at their tags', async (_, input, records) => {
    expect(await split(input)).toEqual(records);
  });

  it.each([
    ['UTF-8', [0xef, 0xbb, 0xbf], 'utf8', false],
    ['UTF-16LE', [0xff, 0xfe], 'utf16le', false],
    ['UTF-16BE', [0xfe, 0xff], 'utf16le', true],
  ] as const)('reads %s with a byte order mark, in any chunks', async (_, mark, encoding, swap) => {
    const body = Buffer.from(`{"a":"é😀"}\r\n${XML}\r\n`, encoding);
    const input = Buffer.concat([Buffer.from(mark), swap ? body.swap16() : body]);
    for (const sizes of [[1], [2], [3], [7], [1_000]]) {
      const records = await collect(splitRecords(stream(cutInto(input, sizes))));
      expect(textsOf(records)).toEqual(['{"a":"é😀"}', XML]);
    }
  });

  it('reads inputs shorter than a byte order mark', async () => {
    expect(await split('x')).toEqual(['x']);
    expect(await split(Buffer.from([0xff, 0xfe]))).toEqual([]);
    expect(await split(Buffer.from([0xef, 0xbb, 0xbf]))).toEqual([]);
  });

  it('gives the same records however the input is cut', async () => {
    const piece = fc.constantFrom(
      ...[A, B, JOINT, PRETTY, XML, '\n', '\r\n', ' ', ',', '[', ']', '{', '}', '"', '\\', 'text', '<'],
      ...['</Event>', `${A}${B}`, `${B} ${JOINT}`, '}{', '}{"', '{"a":#}', '{}', '\t', '\x1e'],
      ...[
        '<Event ',
        '<Event',
        '<Events>',
        '</Events>',
        '<?xml ?>',
        '{"a":',
        '{"a',
        'é',
        `[${A},\n${PRETTY}]`,
      ],
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });
    const max = fc.constantFrom(9, 16, 40, 100, 10_000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 25 }),
        sizes,
        max,
        async (pieces, cuts, recordBytesMax) => {
          const bytes = Buffer.from(pieces.join(''));
          const whole = await split(bytes, { recordBytesMax });
          const chunked = await collect(splitRecords(stream(cutInto(bytes, cuts)), { recordBytesMax }));
          expect(textsOf(chunked)).toEqual(whole);
          expect(chunked.every((record) => record.bytes.length <= recordBytesMax)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('loses no byte but blanks and the syntax between records', async () => {
    const piece = fc.constantFrom(
      A,
      B,
      JOINT,
      `${A}${B}`,
      PRETTY,
      XML,
      '\n',
      ' ',
      '\x1e',
      'text',
      '<Events>',
      '<?xml ?>',
      '"',
      '{"a',
      '<x',
      '}',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece),
        fc.constantFrom('\n', ''),
        fc.constantFrom(16, 10_000),
        async (pieces, joinedBy, recordBytesMax) => {
          const input = pieces.join(joinedBy);
          const records = await collect(splitRecords(stream([Buffer.from(input)]), { recordBytesMax }));
          const kept = Buffer.concat(records.map(({ bytes }) => bytes)).toString();
          const bare = (text: string): string =>
            text.replaceAll(/<\?xml \?>|<Events>|\s/g, '').replaceAll('\x1e', '');
          expect(bare(kept)).toBe(bare(input));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('finds any objects, whatever stands between them and in their strings', async () => {
    const text = fc
      .array(fc.constantFrom('{', '}', '}{', '} {', '"', '\\', 'a', ' '))
      .map((all) => all.join(''));
    const object = fc.dictionary(text, fc.oneof(text, fc.dictionary(text, text)));
    const between = fc.constantFrom('', ' ', '\n', '\r\n', '\x1e', '\t ');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(object, between)),
        fc.integer({ min: 1, max: 40 }),
        async (all, size) => {
          const input = Buffer.from(all.map(([one, behind]) => JSON.stringify(one) + behind).join(''));
          const records = await collect(splitRecords(stream(cutInto(input, [size]))));
          expect(textsOf(records).map((one) => one.trimEnd())).toEqual(
            all.map(([one]) => JSON.stringify(one)),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('leaves the bytes that it has given out alone', async () => {
    const lines = Array.from({ length: 500 }, (_, at) => `{"EventId":${at}}`);
    const records: RawRecord[] = [];
    for await (const record of splitRecords(stream(cutInto(Buffer.from(lines.join('\n')), [7, 30, 1])))) {
      records.push(record);
    }
    expect(textsOf(records)).toEqual(lines);
  });

  it('gives a record that is too large in slices', async () => {
    const long = 'x'.repeat(25);
    expect(await split(`${A}\n${long}\r\n${B}`, { recordBytesMax: 40 })).toEqual([A, long, B]);
    expect(await split(`${long}\r\n${B}`, { recordBytesMax: 13 })).toEqual([
      `${'x'.repeat(13)} !too_large`,
      `${'x'.repeat(12)} !too_large`,
      B,
    ]);
    expect(await split(`${'y'.repeat(13)}\r\n${B}\r\n`, { recordBytesMax: 13 })).toEqual(['y'.repeat(13), B]);
  });

  it('finds the end of an event that is too large, also where a slice would cut through it', async () => {
    for (let size = 0; size < 40; size++) {
      const event = `<Event>${'x'.repeat(size)}</Event>`;
      const records = await collect(
        splitRecords(stream([Buffer.from(`${event}${B}\n`)]), { recordBytesMax: 20 }),
      );
      expect(Buffer.concat(records.slice(0, -1).map(({ bytes }) => bytes)).toString()).toBe(event);
      expect(textsOf(records.slice(-1))).toEqual([B]);
      const isTooLarge = event.length > 20;
      expect(records.slice(0, -1).every(({ reason }) => (reason === 'too_large') === isTooLarge)).toBe(true);
    }
  });

  it('takes an object that is too large to be joined by its lines', async () => {
    const lines = ['{', '"EventId": 1,', '"a": "0123456789",', '"b": 2', '}'];
    expect(await split(`${lines.join('\n')}\n${B}`, { recordBytesMax: 30 })).toEqual([...lines, B]);
    expect(await split(`${lines.join('\n')}\n${B}`, { recordBytesMax: 60 })).toEqual([lines.join('\n'), B]);
  });

  it('refuses a size that no end of a record fits in', async () => {
    await expect(split('', { recordBytesMax: 8 })).rejects.toThrow(RangeError);
  });

  it('holds one line of 20 MB together, and slices it where that is too much', async () => {
    const line = Buffer.alloc(20_000_000, 0x61);
    const chunks = cutInto(Buffer.concat([line, Buffer.from(`\n${B}\n`)]), [65_536]);
    const whole = await collect(splitRecords(stream(chunks)));
    expect(whole.map(({ bytes }) => bytes.length)).toEqual([20_000_000, B.length]);
    const sliced = await collect(splitRecords(stream(chunks), { recordBytesMax: 8_000_000 }));
    expect(sliced.map(({ bytes, reason }) => [bytes.length, reason])).toEqual([
      [8_000_000, 'too_large'],
      [8_000_000, 'too_large'],
      [4_000_000, 'too_large'],
      [B.length, undefined],
    ]);
  });

  it('is not brought down by brackets', async () => {
    const nest = '{"a":\n'.repeat(200_000);
    const records = await split(`${nest}${B}\n`);
    expect(records).toHaveLength(200_001);
    expect(await split(`${'['.repeat(100_000)}\n${B}`)).toEqual(['['.repeat(100_000), B]);
  });

  it('gives what is left as truncated where the source fails, then throws its error', async () => {
    const failure = new Error('broken off');
    for (const [input, expected] of [
      [`${A}\n{"EventId":3}`, [A, '{"EventId":3} !truncated']],
      [`${A}\n`, [A]],
      [`${XML}<Event>`, [XML, '<Event> !truncated']],
      ['{\n"a":1,', ['{\n"a":1, !truncated']],
      ['x', ['x !truncated']],
      ['', []],
    ] as const) {
      const records: RawRecord[] = [];
      const read = async (): Promise<void> => {
        for await (const record of splitRecords(stream([Buffer.from(input)], failure))) records.push(record);
      };
      await expect(read()).rejects.toBe(failure);
      expect(textsOf(records)).toEqual(expected);
    }
  });

  it('lets its source go when its reader stops', async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield await Promise.resolve(Buffer.from(`${A}\n`));
      } finally {
        closed = true;
      }
    }
    for await (const record of splitRecords(endless())) if (record.index === 10) break;
    expect(closed).toBe(true);
  });

  itWithRealData('finds every real record', async () => {
    expect(await realRecords('sysmon-kinesis-agent.ndjson.gz')).toHaveLength(37_959);
    expect(await realRecords('winlogbeat.ndjson.gz')).toHaveLength(256);
    const events = await realRecords('windows-event.xml.gz');
    expect(events).toHaveLength(61);
    for (const [text] of events.map((record) => textsOf([record]))) {
      expect(text).toMatch(/^<Event xmlns=[^]*<\/Event>$/);
    }
  });
});
