import { deflateRawSync, gzipSync, zstdCompressSync, crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DecompressError } from '../../src/sources/decompress.ts';
import { messageRecords, recordsOf } from '../../src/sources/records.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import { writeEvtx } from '../evtx/write-evtx.ts';

interface Read {
  readonly texts: string[];
  readonly reasons: (string | undefined)[];
  readonly error?: unknown;
}

const read = async (bytes: Uint8Array, pieceBytes = 100_000): Promise<Read> => {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes)
      yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
  };
  const texts: string[] = [];
  const reasons: (string | undefined)[] = [];
  try {
    for await (const { bytes: own, index, reason } of recordsOf(chunks())) {
      expect(index).toBe(texts.length);
      texts.push(Buffer.from(own).toString());
      reasons.push(reason);
    }
  } catch (error) {
    return { texts, reasons, error };
  }
  return { texts, reasons };
};
const textsOf = async (text: string | Uint8Array): Promise<string[]> => (await read(Buffer.from(text))).texts;

interface ZipFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly flags?: number;
  readonly method?: number;
}

/** A zip as archivers write it; `streams`: with sizes behind the data, as those write it that stream. */
const zip = (files: readonly ZipFile[], streams = false): Buffer => {
  const locals = files.map(({ name, content, flags = 0, method = 8 }) => {
    const data = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(flags | (streams ? 8 : 0), 6);
    head.writeUInt16LE(method, 8);
    if (!streams) {
      head.writeUInt32LE(crc32(content), 14);
      head.writeUInt32LE(data.length, 18);
      head.writeUInt32LE(content.length, 22);
    }
    head.writeUInt16LE(Buffer.byteLength(name), 26);
    const tail = Buffer.alloc(streams ? 16 : 0);
    if (streams) {
      tail.writeUInt32LE(0x08074b50, 0);
      tail.writeUInt32LE(crc32(content), 4);
      tail.writeUInt32LE(data.length, 8);
      tail.writeUInt32LE(content.length, 12);
    }
    return Buffer.concat([head, Buffer.from(name), data, tail]);
  });
  return Buffer.concat([...locals, Buffer.from('PK\x01\x02 the directory, which is not read')]);
};
const file = (name: string, content: string | Uint8Array, more: Partial<ZipFile> = {}): ZipFile => ({
  name,
  content: Buffer.from(content),
  ...more,
});

describe('a zip', () => {
  it.each([false, true])(
    'gives the records of each file inside, whatever it is; sizes behind the data: %s',
    async (streams) => {
      const log = writeEvtx([[{ recordId: 1, eventId: 5, computer: 'h', fields: { Image: 'x' } }]]);
      const bytes = zip(
        [
          file('a.ndjson', '{"a":1}\n{"a":2}\n'),
          file('deep/b.json.gz', gzipSync('{"b":1}')),
          file('c.evtx', log),
          file('empty', ''),
        ],
        streams,
      );
      for (const pieceBytes of [1, 7, 100_000]) {
        const { texts, error } = await read(bytes, pieceBytes);
        expect(error).toBeUndefined();
        expect(texts.slice(0, 3)).toEqual(['{"a":1}', '{"a":2}', '{"b":1}']);
        expect(JSON.parse(texts[3]!)).toMatchObject({ Event: { EventData: { Image: 'x' } } });
        expect(texts).toHaveLength(4);
      }
    },
  );

  it('reads names as labels, and passes over folders and what macOS adds', async () => {
    const names = ['../../etc/passwd', '/abs', 'C:\\x', 'a\u0000b', '__MACOSX/._a', 'folder/'];
    const { texts } = await read(
      zip(names.map((name, at) => file(name, name.endsWith('/') ? '' : `{"n":${at}}`))),
    );
    expect(texts).toEqual(['{"n":0}', '{"n":1}', '{"n":2}', '{"n":3}']);
  });

  it.each([
    ['a password', { flags: 1 }, 'has a password'],
    ['another method', { method: 14 }, 'a method that is not read (14)'],
  ])('with %s is named as a problem, behind the files that can be read', async (_, more, problem) => {
    const { texts, error } = await read(
      zip([file('a', '{"a":1}'), file('secret.json', '{"s":1}', more), file('b', '{"b":1}')]),
    );
    expect(texts).toEqual(['{"a":1}', '{"b":1}']);
    expect(error).toBeInstanceOf(DecompressError);
    expect((error as Error).message).toContain(`"secret.json"`);
    expect((error as Error).message).toContain(problem);
  });

  it('within a zip is not read, and said so; the files beside it are', async () => {
    const { texts, error } = await read(
      zip([file('in.zip', zip([file('x', '{"x":1}')])), file('b', '{"b":1}')]),
    );
    expect(texts).toEqual(['{"b":1}']);
    expect((error as Error).message).toContain('contain another zip ("in.zip")');
  });

  it('that is cut short gives what can be read, and the damage', async () => {
    const bytes = zip([file('a', '{"a":1}\n'), file('b', '{"b":1}\n'.repeat(1000))]);
    const { texts, error } = await read(bytes.subarray(0, bytes.length - 60));
    expect(texts[0]).toBe('{"a":1}');
    expect((error as Error).message).toMatch(/the zip data (end too early|are damaged)/);
  });

  it('without a file is nothing', async () => {
    expect(await read(Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]))).toEqual({
      texts: [],
      reasons: [],
    });
  });

  it('never hangs or throws anything else, whatever its bytes', async () => {
    const whole = zip([file('a', '{"a":1}\n'), file('b', 'x'.repeat(500))]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 5 }),
        fc.nat(whole.length),
        async (flips, cut) => {
          const bytes = Buffer.from(whole);
          for (const [at, byte] of flips) bytes[at] = byte;
          const { error } = await read(bytes.subarray(0, cut), 50);
          expect(error === undefined || error instanceof DecompressError).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('an envelope with several events', () => {
  const subscription = (messages: readonly string[], messageType = 'DATA_MESSAGE'): string =>
    JSON.stringify({
      messageType,
      owner: '1',
      logGroup: 'g',
      logStream: 's',
      subscriptionFilters: ['f'],
      logEvents: messages.map((message, id) => ({ id: String(id), timestamp: 1, message })),
    });

  it('of CloudWatch Logs is cut into one per log event, with all that stands around them', async () => {
    const texts = await textsOf(subscription(['a', 'b']));
    expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(
      ['a', 'b'].map((message, id) => ({
        ...(JSON.parse(subscription([])) as object),
        logEvents: [{ id: String(id), timestamp: 1, message }],
      })),
    );
    expect(await textsOf(subscription(['a']))).toEqual([subscription(['a'])]);
  });

  it('of a probe, or of nothing, has no record', async () => {
    expect(await textsOf(subscription(['CWL CONTROL MESSAGE'], 'CONTROL_MESSAGE'))).toEqual([]);
    expect(await textsOf(subscription([]))).toEqual([]);
  });

  it('with 10,000 log events, one of them broken, loses that one alone', async () => {
    const event = JSON.stringify({ EventId: 5, Description: { Image: 'x' } });
    const texts = await textsOf(
      subscription(Array.from({ length: 10_000 }, (_, at) => (at === 5_000 ? event.slice(0, -9) : event))),
    );
    const reasons = texts.map((text) => decodeRecord(Buffer.from(text), 'auto').reason);
    expect([
      reasons.length,
      reasons.filter((reason) => reason !== undefined),
      reasons.indexOf('not_json'),
    ]).toEqual([10_000, ['not_json'], 5_000]);
  });

  it('of OTLP keeps the resource and the scope of each record', async () => {
    const resource = (name: string, bodies: readonly string[]) => ({
      resource: { attributes: [name] },
      scopeLogs: [{ scope: { name }, logRecords: bodies.map((body) => ({ body: { stringValue: body } })) }],
    });
    const texts = await textsOf(
      JSON.stringify({ resourceLogs: [resource('r1', ['a', 'b']), resource('r2', ['c'])] }),
    );
    expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(
      [resource('r1', ['a']), resource('r1', ['b']), resource('r2', ['c'])].map((one) => ({
        resourceLogs: [one],
      })),
    );
  });

  it('of Azure gives its records', async () => {
    expect(await textsOf('{"records":[{"a":1},{"b":2}]}')).toEqual(['{"a":1}', '{"b":2}']);
  });

  it.each([
    '{"messageType":"x","logEvents":"y"}',
    '{"resourceLogs":7}',
    '{"records":[1,2]}',
    '{"records":[{"a":1}],"more":1}',
    '{"messageType":',
  ])('that is none stays one record: %s', async (text) => {
    expect(await textsOf(text)).toEqual([text]);
  });
});

describe('text', () => {
  const EVENT = '<Event><System/></Event>';

  it.each([
    'Oct 19 15:21:24 ubuntu sysmon: ',
    '<13>Oct  9 15:21:24 host app[12]: ',
    '<165>1 2026-01-02T03:04:05.678Z host app 12 - - ',
    '2026-01-02T03:04:05.678Z ',
  ])('keeps the header %j and its event together', async (header) => {
    expect(await textsOf(`${header}${EVENT}\n${header}{"a":"<Event>"}\n`)).toEqual([
      `${header}${EVENT}`,
      `${header}{"a":"<Event>"}`,
    ]);
    const lines = `${header}<Event>\n<System/>\n</Event>`;
    expect(await textsOf(`${lines}\n${lines}\n`)).toEqual([lines, lines]);
  });

  it('takes no other text for a header: who writes into a log makes no events there', async () => {
    const line = `user said: ${EVENT}`;
    const { texts } = await read(Buffer.from(`${line}\n`));
    for (const text of texts)
      if (text.startsWith('user')) expect(decodeRecord(Buffer.from(text), 'auto').event).toBeUndefined();
  });

  it("reads the CloudWatch agent's text over several lines, as it is exported to S3", async () => {
    const record = (id: number): string =>
      `2026-01-02T03:04:05.678Z [Microsoft-Windows-Sysmon/Operational] [INFORMATION] [${id}] [Microsoft-Windows-Sysmon] [HOST] [Process terminated:\r\nImage: C:\\[a]\r\nUser: x]`;
    for (const pieceBytes of [1, 13, 100_000]) {
      expect((await read(Buffer.from(`${record(5)}\n${record(6)}\n`), pieceBytes)).texts).toEqual([
        record(5),
        record(6),
      ]);
    }
  });

  it('passes over the numbers that evtx_dump prints', async () => {
    expect(await textsOf('Record 1\n{\n "a": 1\n}\nRecord 2\n{\n "a": 2\n}\nRecord 3x\n')).toEqual([
      '{\n "a": 1\n}',
      '{\n "a": 2\n}',
      'Record 3x',
    ]);
  });

  it.each(['日本語', 'العربية', 'Grüße'])('in UTF-16 without a byte order mark is read: %s', async (word) => {
    const text = `{"a":"${word}"}\n{"b":"${word}"}\n`;
    const little = Buffer.from(text, 'utf16le');
    for (const bytes of [little, Buffer.from(little).swap16()])
      expect((await read(bytes)).texts).toEqual(text.trimEnd().split('\n'));
  });

  it('reads an object whose strings run over lines, and no line behind a damaged one', async () => {
    const printed = '{"EventId":"1",\n   "Description":"File created:\n   RuleName: -\n   Image: C:\\x"}';
    expect(await textsOf(`${printed}\n{"b":1}\n`)).toEqual([printed, '{"b":1}']);
    expect(await textsOf('{"a":"cut\n{"b":1}\n{"c":1}\n')).toEqual(['{"a":"cut', '{"b":1}', '{"c":1}']);
    expect(await textsOf(`{"a":"cut\n${EVENT}\n{"c":1}\n`)).toEqual(['{"a":"cut', EVENT, '{"c":1}']);
    expect(await textsOf('{"a":"cut\nplain\n')).toEqual(['{"a":"cut', 'plain']);
    const far = `{"a":"cut\n${'plain\n'.repeat(20_000)}","b":1}`;
    expect((await textsOf(far))[0]).toBe('{"a":"cut');
  });

  it('reads forms that are mixed in one input', async () => {
    expect(
      await textsOf(`{"a":1}\n${EVENT}\n[{"b":1},{"c":1}]\n<14>Jan  2 03:04:05 h a: ${EVENT}\nx\n`),
    ).toEqual(['{"a":1}', EVENT, '{"b":1}', '{"c":1}', `<14>Jan  2 03:04:05 h a: ${EVENT}`, 'x']);
  });

  it('reads a list of 100,000 events on one line', async () => {
    expect(
      await textsOf(`[${Array.from({ length: 100_000 }, (_, at) => `{"a":${at}}`).join(',')}]`),
    ).toHaveLength(100_000);
  });
});

describe('messageRecords', () => {
  it('reads a compressed message', async () => {
    for (const pack of [gzipSync, zstdCompressSync]) {
      expect(
        (await messageRecords(pack('{"a":1}\n{"b":2}'))).map(({ bytes }) => Buffer.from(bytes).toString()),
      ).toEqual(['{"a":1}', '{"b":2}']);
    }
  });

  it('gives a message that is damaged, or too large, as it is, with a reason', async () => {
    const damaged = gzipSync('{"a":1}\n'.repeat(100)).subarray(0, 30);
    expect(await messageRecords(damaged)).toEqual([{ bytes: damaged, reason: 'damaged' }]);
    for (const line of ['{}\n', `{"a":"${'x'.repeat(100_000)}"}\n`]) {
      const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, line));
      expect(await messageRecords(bomb)).toEqual([{ bytes: bomb, reason: 'too_large' }]);
    }
  });
});
