import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { summaryTables } from '../../src/cli/summary.ts';
import { defaultWorkers, summaryJson, transform } from '../../src/cli/transform.ts';
import type { TransformOptions } from '../../src/cli/transform.ts';
import { LayoutError } from '../../src/lake/layout.ts';
import { EVENTS, STORY, eventLine, filesBelow, inFolder, ROOT } from './command.ts';

const XML = path.join(EVENTS, 'intrusion.event-xml.xml');

const optionsFor = (out: string, options: Partial<TransformOptions> = {}): TransformOptions => ({
  out,
  mapping: path.join(ROOT, 'OCSFmapping.json'),
  format: 'auto',
  region: 'local',
  accountId: 'external',
  progress: false,
  ...options,
});

describe('transform', () => {
  it('reads a copy of a file, under the same name in another folder, once: both name the same objects', () =>
    inFolder(async (folder) => {
      for (const name of ['a', 'b']) {
        mkdirSync(path.join(folder, name));
        writeFileSync(path.join(folder, name, 'events.xml'), readFileSync(XML));
      }
      const inputs = ['a', 'b'].map((name) => path.join(folder, name));
      const { counts, notes } = await transform(inputs, optionsFor(path.join(folder, 'lake')));
      expect(counts).toMatchObject({ received: 24, written: 24 });
      expect(notes).toEqual([
        `${inputs[1]}/events.xml: is a copy of ${inputs[0]}/events.xml, which is read once`,
      ]);
    }));

  it('writes one object for each class, day and batch of an input, and quarantines the rest', () =>
    inFolder(async (out) => {
      const { counts, notes, failures } = await transform(STORY, optionsFor(out));
      expect({ failures, notes }).toEqual({
        failures: [],
        notes: [],
      });
      expect(counts).toMatchObject({ received: 73, written: 72, quarantined: 1, byReason: { not_json: 1 } });
      const classes = ['dns_activity', 'file_activity', 'network_activity', 'process_activity'];
      const inputs = ['event-xml.xml', 'kinesis-agent.ndjson', 'winlogbeat.ndjson'];
      const files = filesBelow(out);
      expect(files.filter((file) => file.startsWith('ext/'))).toEqual(
        classes.flatMap((schema) =>
          inputs.map((input) =>
            // any digest
            expect.stringMatching(
              `^ext/windows-sysmon/${schema}/region=local/accountId=external/eventDay=20251118/intrusion\\.${input}-[0-9a-f]{16}-0000000000-000000002[34]\\.zstd\\.parquet$`,
            ),
          ),
        ),
      );
      expect(counts.objects.map((object) => object.path).toSorted()).toEqual(
        files.filter((file) => file.startsWith('ext/')),
      );
      expect(files.filter((file) => !file.startsWith('ext/'))).toEqual([
        'process-table.sqlite',
        expect.stringMatching(/^quarantine\/intrusion\.kinesis-agent\.ndjson-.*\.ndjson\.gz$/),
      ]);
      for (const { path: key, bytes } of counts.objects)
        expect(readFileSync(path.join(out, key)).length).toBe(bytes);
    }));

  it('has region, account and name of the source in the paths', () =>
    inFolder(async (out) => {
      const place = { region: 'eu-central-1', accountId: '123456789012', sourceName: 'my-sysmon' };
      const { counts } = await transform([XML], optionsFor(out, place));
      expect(counts.objects.length).toBeGreaterThan(0);
      for (const { path: key } of counts.objects) {
        expect(key).toMatch(/^ext\/my-sysmon\/\w+\/region=eu-central-1\/accountId=123456789012\//);
      }
    }));

  it('makes nothing where objects cannot have such a path', () =>
    inFolder(async (folder) => {
      const out = path.join(folder, 'lake');
      await expect(transform([XML], optionsFor(out, { region: 'Mars' }))).rejects.toThrow(LayoutError);
      expect(filesBelow(folder)).toEqual([]);
    }));

  it('remembers the processes of an earlier run', () =>
    inFolder(async (folder) => {
      const [events, rest] = ['first.xml', 'second.xml'].map((name) => path.join(folder, name));
      const all = readFileSync(XML, 'utf8').split(/(?=<Event )/);
      const isProcess = (text: string): boolean => text.includes('>1</EventID>');
      writeFileSync(events!, all.filter(isProcess).join(''));
      writeFileSync(rest!, all.filter((text) => !isProcess(text)).join(''));
      const alone = await transform([rest!], optionsFor(path.join(folder, 'alone')));
      expect(alone.counts.join.hit).toBe(0);
      const out = path.join(folder, 'lake');
      await transform([events!], optionsFor(out));
      const joined = await transform([rest!], optionsFor(out));
      expect(joined.counts.join).toEqual(
        (await transform([XML], optionsFor(path.join(folder, 'whole')))).counts.join,
      );
    }));

  it('names objects by what is in a file, not by where it is', () =>
    inFolder(async (folder) => {
      const copy = path.join(folder, path.basename(XML));
      writeFileSync(copy, readFileSync(XML));
      const [here, there] = await Promise.all([
        transform([XML], optionsFor(path.join(folder, 'a'))),
        transform([copy], optionsFor(path.join(folder, 'b'))),
      ]);
      expect(there.counts.objects).toEqual(here.counts.objects);
      writeFileSync(copy, readFileSync(XML, 'utf8').replace('fin-ws09', 'fin-ws10'));
      const other = await transform([copy], optionsFor(path.join(folder, 'c')));
      expect(other.counts.objects[0]!.path).not.toBe(here.counts.objects[0]!.path);
    }));
});

/** Every object of a lake by its path. */
const objectsIn = (out: string): Map<string, Buffer> =>
  new Map(
    filesBelow(out)
      .filter((file) => file !== 'process-table.sqlite')
      .map((file) => [file, readFileSync(path.join(out, file))]),
  );

/** Runs inputs with so many workers, each into a lake of its own; gives what is the same in all of them. */
async function withWorkers(folder: string, inputs: readonly string[], numbers: readonly number[]) {
  const [first, ...others] = await Promise.all(
    numbers.map(async (workers) => {
      const out = path.join(folder, `lake-${workers}`);
      const outcome = await transform(inputs, optionsFor(out, { workers }));
      return { ...outcome, json: JSON.stringify(summaryJson(outcome.counts)), objects: objectsIn(out) };
    }),
  );
  for (const other of others) expect(other).toEqual(first);
  return first!;
}

describe('workers', () => {
  it('make no difference over many small files, the damaged and the empty one included', () =>
    inFolder(async (folder) => {
      const inputs = path.join(folder, 'in');
      mkdirSync(inputs);
      for (let i = 0; i < 30; i++) {
        const lines = [1, 2, 3].map((n) => eventLine({ Index: i * 10 + n, EventId: n === 1 ? 5 : 11 }));
        writeFileSync(
          path.join(inputs, `host${i}.ndjson`),
          `${lines.join('')}${i % 7 === 0 ? 'hello\n' : ''}`,
        );
      }
      writeFileSync(path.join(inputs, 'empty.ndjson'), '');
      const whole = gzipSync(eventLine({ Index: 1 }).repeat(100));
      writeFileSync(path.join(inputs, 'cut.ndjson.gz'), whole.subarray(0, whole.length - 9));
      const all = await withWorkers(folder, [...STORY, inputs], [1, 2, 3]);
      expect(all.counts.received).toBeGreaterThan(73 + 90);
      expect(all.counts.join.hit).toBe(21);
      expect(all.counts.byReason.not_json).toBe(6);
      expect(all.failures).toHaveLength(1);
      expect(all.notes).toHaveLength(1);
      expect(all.objects.size).toBeGreaterThan(30);
    }));

  it('share the blocks of one large file', () =>
    inFolder(async (folder) => {
      const story = readFileSync(STORY[0]!, 'utf8');
      const input = path.join(folder, 'large.ndjson');
      const filler = Array.from({ length: 20_500 }, (_, i) => eventLine({ Index: i })).join('');
      writeFileSync(input, `${filler}${story}`);
      const all = await withWorkers(folder, [input], [1, 2]);
      expect(all.counts.received).toBe(20_500 + story.trimEnd().split('\n').length);
      expect(all.counts.join.hit).toBeGreaterThan(0);
      const blocks = new Set(all.counts.objects.map((object) => /-(\d{10})-\d{10}\./.exec(object.path)![1]));
      expect([...blocks]).toEqual(['0000000000', '0000020000']);
    }));

  it('that cannot write stop the run with the error of the store', () =>
    inFolder(async (folder) => {
      const out = path.join(folder, 'lake');
      mkdirSync(out);
      writeFileSync(path.join(out, 'ext'), '');
      await expect(transform(STORY, optionsFor(out, { workers: 2 }))).rejects.toMatchObject({
        kind: 'StoreError',
        message: expect.stringContaining('a file stands where a folder is needed'),
      });
    }));

  it('are those of the machine, eight at most; a small input stays in the main thread', () => {
    expect([0, 0.01, 3.9, 4, 1000].map((batches) => defaultWorkers(batches, 4))).toEqual([1, 1, 1, 4, 4]);
    expect([1, 2, 8, 96].map((cores) => defaultWorkers(20, cores))).toEqual([1, 2, 8, 8]);
  });
});

describe('the summary', () => {
  it('is one JSON object, or tables, with the same numbers', () =>
    inFolder(async (out) => {
      const { counts } = await transform(STORY, optionsFor(out));
      const json = JSON.parse(JSON.stringify(summaryJson(counts))) as Record<string, unknown>;
      expect(json).toMatchObject({
        received: 73,
        written: 72,
        quarantined: 1,
        by_event_id: { '1': 18, '3': 18, '5': 15, '11': 9, '22': 9, '23': 3 },
        by_class: { dns_activity: 9, file_activity: 12, network_activity: 18, process_activity: 33 },
        by_format: { 'event-xml': 24, 'kinesis-agent': 24, winlogbeat: 24 },
        by_reason: { not_json: 1 },
        by_appearance: { 'not_json JSON that is cut off or damaged': 1 },
        join: { hit: 21, late: 0, miss: 6 },
      });
      expect(json.objects).toHaveLength(12);
      const text = summaryTables(counts, 'my lake');
      for (const row of [
        /│ 11 +│ +9 │/,
        /│ network_activity +│ +18 │/,
        /│ hit +│ +21 │/,
        /│ form +│ records │\n│ event-xml +│ +24 │\n│ kinesis-agent +│ +24 │/,
        /│ not_json +│ +1 │/,
        /│ JSON that is cut off or damaged +│ +1 │/,
        /│ +73 │ +72 │ +1 │ +12 │/,
      ]) {
        expect(text).toMatch(row);
      }
      expect(text.indexOf('│ 5 ')).toBeLessThan(text.indexOf('│ 11 ')); // by number, not by text
      expect(text.endsWith('the lake: my lake\n')).toBe(true);
    }));
});
