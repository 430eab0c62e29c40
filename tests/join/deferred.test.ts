import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decideDeferred,
  decodeDeferred,
  deferredKey,
  DeferredObjectError,
  encodeDeferred,
} from '../../src/join/deferred.ts';
import type { DeferredRecord, DeferredStore } from '../../src/join/deferred.ts';
import type { ObjectStore } from '../../src/lake/object-store.ts';

const record = (index: number, text = `{"EventId":${index}}`): DeferredRecord => ({
  bytes: new TextEncoder().encode(text),
  input: 'shardId-000000000000',
  index,
});

/** Bytes as plain arrays, so that a Buffer and a Uint8Array of the same bytes are equal. */
const plain = (records: readonly DeferredRecord[]) =>
  records.map(({ bytes, input, index }) => ({ bytes: [...bytes], input, index }));

const lines = (body: Uint8Array) => gunzipSync(body).toString('utf-8');
const gzipText = (text: string) => gzipSync(Buffer.from(text));

describe('encodeDeferred and decodeDeferred', () => {
  it('keep any records, byte for byte and in order (property)', () => {
    const anyRecord = fc.record({
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 50 }),
        fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
      ),
      input: fc.string({ unit: 'binary' }),
      index: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(anyRecord), (records) => {
        expect(plain(decodeDeferred(encodeDeferred(records)))).toEqual(plain(records));
      }),
    );
  });

  it.each([
    ['no bytes', []],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
    ['half a character', [0x61, 0xc3]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['line ends and NUL', [0x0a, 0x0d, 0x0a, 0x00]],
    ['a replacement character', [0xef, 0xbf, 0xbd]],
  ])('keep %s', (_, bytes) => {
    const records = [{ bytes: Uint8Array.from(bytes), input: 'a', index: 0 }];
    expect(plain(decodeDeferred(encodeDeferred(records)))).toEqual(plain(records));
  });

  it('keep a record that is a view into a larger buffer', () => {
    const bytes = new Uint8Array([1, 0x61, 0x62, 0xff, 2]).subarray(1, 4);
    expect(plain(decodeDeferred(encodeDeferred([{ bytes, input: 'a', index: 3 }])))).toEqual([
      { bytes: [0x61, 0x62, 0xff], input: 'a', index: 3 },
    ]);
  });

  it('keep that there are none', () => {
    expect(decodeDeferred(encodeDeferred([]))).toEqual([]);
  });

  it('give the same bytes for the same records', () => {
    const records = [record(1), record(2)];
    expect(Buffer.from(encodeDeferred(records)).equals(encodeDeferred([record(1), record(2)]))).toBe(true);
  });

  it('write one readable line a record', () => {
    const body = encodeDeferred([
      record(4, '{"EventId":3}'),
      { bytes: Uint8Array.of(0xff), input: 'b', index: 5 },
    ]);
    expect(lines(body)).toBe(
      '{"input":"shardId-000000000000","index":4,"encoding":"utf-8","data":"{\\"EventId\\":3}"}\n' +
        '{"input":"b","index":5,"encoding":"base64","data":"/w=="}\n',
    );
  });
});

describe('decodeDeferred refuses', () => {
  const failure = (body: Uint8Array): DeferredObjectError => {
    try {
      decodeDeferred(body);
    } catch (error) {
      if (error instanceof DeferredObjectError) return error;
      throw error;
    }
    throw new Error('it was read');
  };
  const good = '{"input":"a","index":0,"encoding":"utf-8","data":"secret"}\n';

  it('what is no gzip', () => {
    expect(failure(Buffer.from(good)).reason).toBe('not_gzip');
  });

  it('gzip that ends too early', () => {
    expect(failure(encodeDeferred([record(1)]).subarray(0, 20)).reason).toBe('not_gzip');
  });

  it.each([
    ['text', 'secret\n'],
    ['null', 'null\n'],
    ['an object without data', '{"input":"a","index":0,"encoding":"utf-8"}\n'],
    ['an input that is no text', good.replace('"a"', '1')],
    ['an index that is text', good.replace('0', '"0"')],
    ['an index that is no whole number', good.replace('0', '0.5')],
    ['another encoding', good.replace('utf-8', 'utf-16')],
    ['data that is no text', good.replace('"secret"', '{}')],
    ['a line without an end', good.trimEnd()],
    ['an empty line', '\n'],
  ])('%s, and names the line but not what it holds', (_, line) => {
    const error = failure(gzipText(good + line));
    expect(error).toMatchObject({ reason: 'bad_line', line: 2 });
    expect(error.message).toBe('deferred object, line 2: bad_line');
  });
});

describe('deferredKey', () => {
  it('is a function of the name of the batch', () => {
    expect(deferredKey('shardId-0-1-2')).toBe('deferred/shardId-0-1-2.ndjson.gz');
  });
});

describe('decideDeferred', () => {
  const key = deferredKey('batch');

  function memoryStore() {
    const objects = new Map<string, Uint8Array>();
    const store: DeferredStore = {
      put(name, body) {
        if (objects.has(name)) return Promise.resolve('exists');
        objects.set(name, body);
        return Promise.resolve('written');
      },
      get: (name) => Promise.resolve(objects.get(name)),
    };
    return { store, objects };
  }

  it('takes the proposal of the first try and writes it down', async () => {
    const { store, objects } = memoryStore();
    expect(await decideDeferred(store, key, [record(1), record(2)])).toEqual([record(1), record(2)]);
    expect(plain(decodeDeferred(objects.get(key)!))).toEqual(plain([record(1), record(2)]));
  });

  it('gives every later try what the first one decided, whatever it proposes (property)', async () => {
    const anyProposal = fc.uniqueArray(fc.nat(20)).map((indexes) => indexes.map((index) => record(index)));
    await fc.assert(
      fc.asyncProperty(fc.array(anyProposal, { minLength: 1 }), async (proposals) => {
        const { store } = memoryStore();
        const decided = await Promise.all(proposals.map((proposed) => decideDeferred(store, key, proposed)));
        for (const records of decided) expect(plain(records)).toEqual(plain(proposals[0]!));
      }),
    );
  });

  it('keeps the decision that nothing is deferred', async () => {
    const { store } = memoryStore();
    expect(await decideDeferred(store, key, [])).toEqual([]);
    expect(await decideDeferred(store, key, [record(1)])).toEqual([]);
  });

  it('decides for each batch alone', async () => {
    const { store } = memoryStore();
    await decideDeferred(store, deferredKey('other'), [record(9)]);
    expect(await decideDeferred(store, key, [record(1)])).toEqual([record(1)]);
  });

  it('fails with the key where the object that is there cannot be read', async () => {
    const { store, objects } = memoryStore();
    objects.set(key, Buffer.from('secret'));
    const failed = decideDeferred(store, key, []);
    await expect(failed).rejects.toBeInstanceOf(DeferredObjectError);
    await expect(failed).rejects.toMatchObject({ key, reason: 'not_gzip' });
    await expect(failed).rejects.toThrow('deferred object deferred/batch.ndjson.gz: not_gzip');
  });

  it('fails where the object is gone before it is read', async () => {
    const store: DeferredStore = {
      put: () => Promise.resolve('exists'),
      get: () => Promise.resolve(undefined),
    };
    await expect(decideDeferred(store, key, [])).rejects.toMatchObject({ key, reason: 'vanished' });
  });

  it('fails with what the store fails with', async () => {
    const { store } = memoryStore();
    const failing: DeferredStore = { ...store, put: () => Promise.reject(new Error('no store')) };
    await expect(decideDeferred(failing, key, [])).rejects.toThrow('no store');
  });

  it('takes every object store', () => {
    const takes = (store: ObjectStore): DeferredStore => store; // the type is the test
    expect(takes).toBeDefined();
  });
});

describe('the first decision', () => {
  it('is protected by the store: an object that is there is never written over', async () => {
    const asked: unknown[] = [];
    const store: DeferredStore = {
      put(_key, _body, options) {
        asked.push(options);
        return Promise.resolve('written');
      },
      get: () => Promise.resolve(undefined),
    };
    await decideDeferred(store, 'key', [record(1)]);
    expect(asked).toEqual([{ ifNoneMatch: '*' }]);
  });
});

describe('a line of a deferred object', () => {
  it.each(['7', '"input"', 'true', '[]'])('that is JSON and no record is refused: %s', (line) => {
    expect(() => decodeDeferred(gzipText(`${line}\n`))).toThrow(
      new DeferredObjectError('bad_line', { line: 1 }),
    );
  });
});

describe('DeferredObjectError', () => {
  it('is known by its name, and says where', () => {
    const error = new DeferredObjectError('bad_line', { line: 3, key: 'k' });
    expect(error).toMatchObject({ name: 'DeferredObjectError', line: 3, key: 'k' });
    expect(error.message).toBe('deferred object k, line 3: bad_line');
  });
});
