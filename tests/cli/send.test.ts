/** `sysmon-lake send` as a person runs it, into a local stream. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sentLine } from '../../src/cli/send.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import { splitRecords } from '../../src/sources/split.ts';
import { startKinesis, type LocalKinesis } from '../servers/kinesis.ts';
import { collect } from '../sources/collect.ts';
import { AWS, NO_AWS } from './aws-environment.ts';
import { build, ended, eventLine, filesBelow, inFolder, ROOT, run, start, STORY } from './command.ts';
import type { Ended } from './command.ts';
import { arrivedIn, recordsOf, rejecting } from './local-stream.ts';

beforeAll(build);

let server: LocalKinesis;
beforeEach(async () => {
  server = await startKinesis({ shards: 4 });
});
afterEach(() => server.close());

const REAL = path.resolve(ROOT, '../shared/data/sysmon-kinesis-agent.ndjson.gz');

const environment = (): Readonly<Record<string, string>> => ({
  ...AWS,
  AWS_ENDPOINT_URL_KINESIS: server.endpoint,
});

const send = (args: readonly string[], options: Parameters<typeof run>[1] = {}): Promise<Ended> =>
  run(['send', ...args, '--stream', server.streamName], { env: environment(), ...options });

const textsIn = async (): Promise<string[]> => (await arrivedIn(server)).map(({ text }) => text);

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

describe('send', () => {
  it('puts the events of every carrier into the stream as they are, one a record, each once', async () => {
    const { code, stdout, stderr } = await send(STORY);
    expect([code, stdout]).toEqual([0, 'sent 73 events to sysmon in 1 batch; 0 sent again\n']);
    expect(stderr).toBe('');
    const texts = await textsIn();
    const sources = STORY.map((file) => readFileSync(file));
    const records = (await Promise.all(sources.map((bytes) => collect(splitRecords(once(bytes)))))).flat();
    const expected = records.map(({ bytes }) => `${Buffer.from(bytes).toString()}\n`);
    expect(texts.toSorted()).toEqual(expected.toSorted());
    const decoded = texts.map((text) => decodeRecord(Buffer.from(text), 'auto'));
    expect(decoded.filter(({ event }) => event === undefined)).toHaveLength(1); // the one that breaks off
  });

  it('spreads events over the shards by random keys', async () => {
    await send(STORY);
    const arrived = await arrivedIn(server);
    expect(new Set(arrived.map(({ shardId }) => shardId)).size).toBe(4);
    expect(new Set(arrived.map(({ partitionKey }) => partitionKey)).size).toBe(73);
  });

  it('sends again what the stream rejects, so that every event arrives once', async () => {
    const seen = new Set<unknown>();
    const faults = server.fail((request) => {
      if (request.operation !== 'PutRecords') return undefined;
      const isNew = recordsOf(request).map((record) => !seen.has(JSON.stringify(record)));
      recordsOf(request).forEach((record) => seen.add(JSON.stringify(record)));
      return rejecting(request, (i) => i % 3 === 0 && isNew[i]!);
    });
    const { code, stdout } = await send(STORY);
    expect(faults.count).toBeGreaterThan(0);
    expect([code, stdout]).toEqual([0, 'sent 73 events to sysmon in 1 batch; 25 sent again\n']);
    const texts = await textsIn();
    expect(texts).toHaveLength(73);
    expect(new Set(texts).size).toBe(73);
  });

  it('reads standard input and compressed files, and removes what it spooled', () =>
    inFolder(async (folder) => {
      writeFileSync(path.join(folder, 'a.gz'), gzipSync(eventLine({ Index: 1 })));
      const options = { cwd: folder, temporary: folder, stdin: eventLine({ Index: 2 }).repeat(2) };
      const { code, stdout } = await send(['-', 'a.gz', '--rate', '1000'], {
        env: environment(),
        ...options,
      });
      expect([code, stdout]).toEqual([0, 'sent 3 events to sysmon in 1 batch; 0 sent again\n']);
      expect((await textsIn()).toSorted()).toEqual(
        [eventLine({ Index: 1 }), eventLine({ Index: 2 }), eventLine({ Index: 2 })].toSorted(),
      );
      expect(filesBelow(folder)).toEqual(['a.gz']);
    }));

  it('leaves out a record above 1 MiB, tells which, and sends the others', () =>
    inFolder(async (folder) => {
      const long = (sizeBytes: number): string => {
        const line = eventLine({}, { CommandLine: '' });
        return eventLine({}, { CommandLine: 'x'.repeat(sizeBytes - line.length) });
      };
      const slices = `"${'y'.repeat(33 * 1024 * 1024)}"\n`; // more than is read whole
      const fits = long(1024 * 1024 - 10); // a key has ten digits at most
      writeFileSync(
        path.join(folder, 'a.json'),
        eventLine() + long(1024 * 1024 + 1) + fits + slices + eventLine({ Index: 2 }),
      );
      const { code, stdout, stderr } = await send(['a.json'], { env: environment(), cwd: folder });
      expect([code, stdout]).toEqual([1, 'sent 3 events to sysmon in 1 batch; 0 sent again\n']);
      expect(stderr).toBe(
        'sysmon-lake: a.json: 2 records above 1 MiB left out, which the stream does not take; the first is record 1\n',
      );
      expect((await textsIn()).toSorted()).toEqual([eventLine(), fits, eventLine({ Index: 2 })].toSorted());
    }));

  it('sends what can be read of damaged inputs, and tells of them', () =>
    inFolder(async (folder) => {
      const lines = Array.from({ length: 200 }, (_, Index) => eventLine({ Index })).join('');
      const whole = gzipSync(lines);
      writeFileSync(path.join(folder, 'a.gz'), whole.subarray(0, whole.length - 30));
      writeFileSync(path.join(folder, 'b.evtx'), 'ElfFile\0rest');
      writeFileSync(path.join(folder, 'c.json'), eventLine({ Index: 999 }));
      writeFileSync(path.join(folder, 'd.json'), '');
      const inputs = ['a.gz', 'b.evtx', 'c.json', 'd.json'];
      const { code, stderr } = await send(inputs, { env: environment(), cwd: folder });
      expect(code).toBe(1);
      expect(stderr.split('\n')).toEqual([
        'sysmon-lake: d.json: is empty',
        'sysmon-lake: a.gz: the gzip data end too early',
        '',
      ]);
      const texts = await textsIn();
      expect(texts.length).toBeGreaterThan(100);
      expect(texts).toContain(eventLine({ Index: 999 }));
    }));

  it('stops at ^C with an exact count of what is in the stream', () =>
    inFolder(async (folder) => {
      const lines = Array.from({ length: 1000 }, (_, Index) => eventLine({ Index })).join('');
      writeFileSync(path.join(folder, 'a.json'), lines);
      const child = start(['send', 'a.json', '--stream', 'sysmon', '--rate', '20'], {
        cwd: folder,
        env: environment(),
      });
      server.fail(({ operation }) => {
        if (operation === 'PutRecords') child.kill('SIGINT');
        return undefined;
      });
      const { code, stdout, stderr } = await ended(child);
      expect([code, stdout]).toEqual([130, '']);
      expect(stderr).toMatch(/^sysmon-lake: interrupted; 20 events went into the stream, [^\n]+\n$/);
      expect(await textsIn()).toHaveLength(20);
    }));

  it.each([
    ['an input', ['nowhere.json'], AWS, 'nowhere.json: there is no such file or folder'],
    ['a stream', [STORY[0]!, '--stream', 'nowhere'], AWS, /^Kinesis stream nowhere: there is no such stream/],
    ['a region', [STORY[0]!], NO_AWS, /^no AWS region is set; set AWS_REGION/],
    [
      'credentials',
      [STORY[0]!, '--region', 'eu-west-1'],
      NO_AWS,
      /^no AWS credentials were found; set AWS_PROFILE/,
    ],
  ])('without %s fails in one line, exit code 1', async (_, args, variables, line) => {
    const env = { ...variables, AWS_ENDPOINT_URL_KINESIS: server.endpoint };
    const { code, stdout, stderr } = await run(['send', '--stream', 'sysmon', ...args], { env });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^sysmon-lake: [^\n]+\n$/);
    expect(stderr.slice('sysmon-lake: '.length)).toMatch(line);
  });

  it('tells what went in before the stream took no more', () =>
    inFolder(async (folder) => {
      writeFileSync(path.join(folder, 'a.json'), Array.from({ length: 40 }, () => eventLine()).join(''));
      server.fail(({ operation }) =>
        operation === 'PutRecords' && server.countOf('PutRecords') > 1
          ? { status: 400, code: 'ExpiredTokenException' }
          : undefined,
      );
      const args = ['a.json', '--rate', '20'];
      const { code, stdout, stderr } = await send(args, { env: environment(), cwd: folder });
      expect([code, stdout]).toEqual([1, 'sent 20 events to sysmon in 1 batch; 0 sent again\n']);
      expect(stderr).toMatch(/^sysmon-lake: Kinesis stream sysmon: the credentials have expired[^\n]+\n$/);
    }));

  (existsSync(REAL) ? it : it.skip)(
    'sends all of the real events, with a part of them rejected',
    async () => {
      const faults = server.fail(
        (request) => rejecting(request, (i) => i % 7 === server.requests.length % 7),
        20,
      );
      const { code, stdout } = await send([REAL]);
      const lines = gunzipSync(readFileSync(REAL))
        .toString()
        .split(/(?<=\n)/);
      expect(faults.count).toBe(20);
      expect(code).toBe(0);
      expect(stdout).toMatch(
        new RegExp(`^sent ${lines.length} events to sysmon in 76 batches; [1-9]\\d* sent again`),
      );
      const texts = await textsIn();
      expect(texts.length).toBe(lines.length);
      expect(new Set(texts)).toEqual(new Set(lines));
    },
  );
});

describe('sentLine', () => {
  it('is one line with the counts', () => {
    expect(sentLine({ events: 1, batches: 2, sentAgain: 3 }, 'logs')).toBe(
      'sent 1 event to logs in 2 batches; 3 sent again\n',
    );
  });
});
