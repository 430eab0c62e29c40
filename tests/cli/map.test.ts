import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { map } from '../../src/cli/map.ts';
import { OutputError } from '../../src/cli/failure.ts';
import { STORY, inFolder, ROOT, filesBelow } from './command.ts';

const options = { mapping: path.join(ROOT, 'OCSFmapping.json'), format: 'auto' } as const;
/** What `map` writes of these inputs. */
async function mapped(inputs: readonly string[], format: 'auto' | 'winlogbeat' = 'auto') {
  let text = '';
  const write = (more: string): Promise<void> => {
    text += more;
    return Promise.resolve();
  };
  const result = await map(inputs, { ...options, format }, { write });
  const records = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>); // true: a line is a record
  return { ...result, text, records };
}

describe('map', () => {
  it('prints a record a line, in the order of the inputs and of their records', async () => {
    const { records, counts, failures } = await mapped(STORY);
    expect(failures).toEqual([]);
    expect(counts).toMatchObject({
      received: 73,
      written: 72,
      quarantined: 1,
      byReason: { not_json: 1 },
      objects: [],
    });
    const hosts = records.map(({ device }) => device!.hostname);
    expect(hosts).toEqual(
      ['07', '08', '09'].flatMap((n) => Array<string>(24).fill(`fin-ws${n}.corp.example`)),
    );
    const sequences = records.slice(48).map(({ metadata }) => Number(metadata!.sequence));
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  });

  it('joins what stands before its process, and is the same at every run', async () => {
    const { text, counts } = await mapped([STORY[0]!]);
    expect(counts.join).toEqual({ hit: 7, late: 0, miss: 2 });
    expect((await mapped([STORY[0]!])).text).toBe(text);
  });

  it('reads the records as the format that is named', async () => {
    const { counts } = await mapped([STORY[0]!, STORY[1]!], 'winlogbeat');
    expect(counts).toMatchObject({ received: 49, written: 24, quarantined: 25 });
  });

  it('names the same event the same, whatever carried it', async () => {
    const { records } = await mapped(STORY);
    const uids = records.map(({ metadata }) => metadata!.uid);
    expect(new Set(uids).size).toBe(72);
    const shapes = [0, 24, 48].map((from) =>
      records.slice(from, from + 24).map(({ time, type_uid: type }) => JSON.stringify([time, type])),
    );
    expect(shapes[1]!.toSorted()).toEqual(shapes[0]!.toSorted());
    expect(shapes[2]!.toSorted()).toEqual(shapes[0]!.toSorted());
  });

  it('writes nothing to the disk', () =>
    inFolder(async (folder) => {
      const before = process.env.TMPDIR;
      process.env.TMPDIR = folder;
      try {
        await mapped(STORY);
      } finally {
        if (before === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = before;
      }
      expect(filesBelow(folder)).toEqual([]);
    }));

  it('ends where nobody reads it any more', async () => {
    const closed = new OutputError(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await expect(map(STORY, options, { write: () => Promise.reject(closed) })).rejects.toBe(closed);
    expect(closed.isClosed).toBe(true);
  });
});
