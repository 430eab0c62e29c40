/** What a person meets whose files, disk or mapping are not as they should be: one line, an exit code, nothing lost. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeQuarantine } from '../../src/lake/quarantine.ts';
import { metadataOf } from '../lake/parquet-readers.ts';
import {
  build,
  ended,
  eventLine,
  EVENTS,
  filesBelow,
  inFolder,
  ROOT,
  STORY,
  run,
  start,
  summaryOf,
} from './command.ts';
import type { Ended, Summary } from './command.ts';

beforeAll(build);

const XML = path.join(EVENTS, 'intrusion.event-xml.xml');

/** Nothing on standard error but these lines, and no stack anywhere. */
function expectLines({ stderr, stdout }: Ended, ...lines: readonly (string | RegExp)[]): void {
  const said = stderr.split('\n').slice(0, -1);
  expect(said).toEqual(
    lines.map((line) =>
      typeof line === 'string' ? `sysmon-lake: ${line}` : (expect.stringMatching(line) as unknown as string),
    ),
  );
  for (const text of [stderr, stdout]) expect(text).not.toMatch(/^\s+at .*[(:]/m);
}

interface Transformed extends Ended {
  readonly summary: Summary;
  readonly files: readonly string[];
  readonly out: string;
}

/** Transforms a file with this content; nothing may be lost on the way. */
async function transformed<T>(
  content: string | Uint8Array,
  inspect: (result: Transformed) => T | Promise<T>,
  { name = 'events.ndjson', args = [] as readonly string[] } = {},
): Promise<T> {
  return inFolder(async (folder) => {
    const out = path.join(folder, 'lake');
    writeFileSync(path.join(folder, name), content);
    const result = await run(['transform', name, '--out', 'lake', '--json', ...args], {
      cwd: folder,
      temporary: folder,
    });
    const summary = summaryOf(result);
    const files = filesBelow(out);
    expect(summary.written + summary.quarantined).toBe(summary.received);
    expect(rowsIn(out, files)).toBe(summary.written);
    expect(quarantineIn(out, files)).toHaveLength(summary.quarantined);
    expect(files.filter((file) => path.basename(file).startsWith('.'))).toEqual([]);
    return inspect({ ...result, summary, files, out });
  });
}

const rowsIn = (out: string, files: readonly string[]): number =>
  files
    .filter((file) => file.endsWith('.parquet'))
    .reduce((sum, file) => sum + Number(metadataOf(readFileSync(path.join(out, file))).num_rows), 0);

const quarantineIn = (out: string, files: readonly string[]): ReturnType<typeof decodeQuarantine> =>
  files
    .filter((file) => file.startsWith('quarantine/'))
    .flatMap((file) => decodeQuarantine(readFileSync(path.join(out, file))));

describe('an input', () => {
  it('that is empty is named, and no failure', () =>
    transformed('', (result) => {
      expectLines(result, 'events.ndjson: is empty');
      expect(result).toMatchObject({ code: 0, summary: { received: 0 }, files: ['process-table.sqlite'] });
    }));

  it('that holds nothing but line breaks holds no record', () =>
    transformed('\n\r\n \n', ({ code, summary }) => {
      expect([code, summary.received]).toEqual([0, 0]);
    }));

  it('that is a folder without event files is named, and so is what was passed over', () =>
    inFolder(async (folder) => {
      mkdirSync(path.join(folder, 'logs'));
      for (const name of ['picture.png', 'b.csv', 'c.txt.bak', 'd.exe', '.hidden', '.gz'])
        writeFileSync(path.join(folder, 'logs', name), 'x');
      const result = await run(['transform', 'logs', '--out', 'lake', '--json'], { cwd: folder });
      expectLines(
        result,
        'logs: no event files in this folder',
        'logs: 4 files passed over, not named like event files: b.csv, c.txt.bak, d.exe, …',
      );
      expect(result.code).toBe(0);
    }));

  it('that is a folder is read where files have no extension, or that of their compression', () =>
    inFolder(async (folder) => {
      mkdirSync(path.join(folder, 'logs'));
      const lines = [1, 2, 3, 4].map((Index) => eventLine({ Index }));
      const contents = { 'stream-1-2025-11-18-00-05': lines[0]!, 'two.gz': gzipSync(lines[1]!) };
      const others = { 'three.JSON.zst': zstdCompressSync(lines[2]!), 'x.2.zst': lines[3]!, 'x.2': 'x' };
      for (const [name, content] of Object.entries({ ...contents, ...others }))
        writeFileSync(path.join(folder, 'logs', name), content);
      const result = await run(['transform', 'logs', '--out', 'lake', '--json'], { cwd: folder });
      expectLines(result, 'logs: 1 file passed over, not named like event files: x.2');
      expect(summaryOf(result)).toMatchObject({ received: 4, written: 4 });
    }));

  it('that Firehose delivers, without line breaks, is written whole', () =>
    transformed([1, 2, 3].map((Index) => eventLine({ Index }).trimEnd()).join(''), ({ code, summary }) => {
      expect([code, summary.received, summary.written]).toEqual([0, 3, 3]);
    }));

  it('that is followed by something else behind its compression is written whole', () => {
    const lines = [1, 2, 3].map((Index) => eventLine({ Index }));
    return transformed(
      Buffer.concat([gzipSync(lines.join('')), Buffer.from('junk')]),
      (result) => {
        expectLines(result, 'events.gz: the gzip data are followed by something else');
        expect([result.code, result.summary.received, result.summary.written]).toEqual([1, 3, 3]);
      },
      { name: 'events.gz' },
    );
  });

  it.each(['transform', 'map', 'explain'])('that is missing stops %s', (command) =>
    inFolder(async (folder) => {
      const out = command === 'transform' ? ['--out', 'lake'] : [];
      const result = await run([command, 'nowhere.json', ...out], { cwd: folder });
      expectLines(result, 'nowhere.json: there is no such file or folder');
      expect(result).toMatchObject({ code: 1, stdout: '' });
    }),
  );

  it('that is cut short in its compression is written as far as it goes', () => {
    const lines = Array.from({ length: 200 }, (_, i) => eventLine({ Index: i }));
    const whole = gzipSync(lines.join(''));
    return transformed(
      whole.subarray(0, whole.length - 30),
      (result) => {
        const [damage, quarantine] = result.stderr.split('\n');
        expect(damage).toBe('sysmon-lake: events.ndjson.gz: the gzip data end too early');
        expect(quarantine).toMatch(
          /^$|1 of \d+ records is in quarantine: 1 truncated; see lake\/quarantine$/,
        );
        expect(result.code).toBe(1);
        expect(result.summary.written).toBeGreaterThan(100);
        expect(result.summary.written).toBeLessThanOrEqual(200);
        const { truncated = 0, not_json: notJson = 0 } = result.summary.by_reason;
        expect(truncated + notJson).toBe(result.summary.quarantined);
      },
      { name: 'events.ndjson.gz' },
    );
  });

  it('that is damaged does not keep the others from being read', () =>
    inFolder(async (folder) => {
      writeFileSync(path.join(folder, 'a.gz'), gzipSync('x'.repeat(1000)).subarray(0, 15));
      writeFileSync(path.join(folder, 'b.evtx'), 'ElfFile\0rest');
      writeFileSync(path.join(folder, 'c.json'), eventLine());
      const result = await run(['transform', 'a.gz', 'b.evtx', 'c.json', '--out', 'lake', '--json'], {
        cwd: folder,
      });
      expectLines(
        result,
        /a\.gz: the gzip data end too early/,
        /2 of 3 records are in quarantine: 2 truncated; see lake\/quarantine$/,
      );
      expect(result.code).toBe(1);
      expect(summaryOf(result).written).toBe(1);
    }));

  it('may come through a pipe, named or not, and is read once', () =>
    inFolder(async (folder) => {
      const stdin = eventLine({ Index: 1 }) + eventLine({ Index: 2 });
      const args = ['--out', 'lake', '--json'];
      const dash = await run(['transform', '-', ...args], { cwd: folder, temporary: folder, stdin });
      expect(summaryOf(dash)).toMatchObject({ received: 2, written: 2 });
      const twice = await run(['transform', '-', '-', ...args], { cwd: folder, temporary: folder, stdin });
      expect(summaryOf(twice)).toMatchObject({ received: 2, written: 2 });
      const named = spawn(
        'sh',
        [
          '-c',
          'cat "$1" | "$2" "$3" transform /dev/stdin --out lake --json',
          'sh',
          XML,
          process.execPath,
          path.join(ROOT, 'bin/sysmon-lake.js'),
        ],
        { cwd: folder },
      );
      expect(summaryOf(await ended(named))).toMatchObject({ received: 24, written: 24 });
      expect(filesBelow(folder).filter((file) => !file.startsWith('lake/'))).toEqual([]);
    }));

  it('that is named twice is read once', () =>
    inFolder(async (folder) => {
      const file = XML;
      const result = await run(['transform', file, ...STORY, file, '--out', folder, '--json']);
      expect(summaryOf(result).received).toBe(73);
    }));
});

describe('a record', () => {
  it('of 20 MB is read, or kept', () => {
    const long = 'x'.repeat(20 * 1024 * 1024);
    return transformed(
      eventLine({}, { CommandLine: long, Image: 'a' }) + `${long}\n` + eventLine({ Index: 2 }),
      (result) => {
        expectLines(
          result,
          /^sysmon-lake: 1 of 3 records is in quarantine: 1 not_json; see lake\/quarantine$/,
        );
        expect(result.summary).toMatchObject({ received: 3, written: 2, by_reason: { not_json: 1 } });
      },
    );
  });

  it.each([
    ['is JSON but no event', '{"hello":"world"}\n', { not_an_event: 1 }],
    ['is a list', '[1,2]\n', undefined],
    ['is a number', '7\n', { not_an_event: 1 }],
    ['breaks off', '{"EventId":1,"Desc\n', { not_json: 1 }],
    ['is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d, 0x0a]), { not_utf8: 1 }],
    [
      'is of another provider',
      eventLine({ ProviderName: 'Microsoft-Windows-Security-Auditing' }),
      { not_sysmon: 1 },
    ],
    ['has no message', eventLine({ Description: null }), { no_message: 1 }],
    [
      'has a message that cannot be read',
      eventLine({ Description: 'Cannot retrieve event message text.' }),
      { unreadable_text: 1 },
    ],
    ['has an unknown EventId', eventLine({ EventId: 99 }), { no_mapping: 1 }],
    ['has no time at all', eventLine({ TimeCreated: undefined }, { UtcTime: undefined }), { no_time: 1 }],
    [
      'has times that cannot be',
      eventLine({ TimeCreated: '0000-01-01T00:00:00Z' }, { UtcTime: '9999-12-31 23:59:59.999' }),
      { no_time: 1 },
    ],
    ['is nested deeply', `${'['.repeat(100_000)}\n`, undefined],
  ])('that %s is quarantined as it is, with the reason', (_, content, reasons) =>
    transformed(content, (result) => {
      expectLines(
        result,
        /^sysmon-lake: \d+ of \d+ records? (?:is|are) in quarantine: \d+ \w+.*; see lake\/quarantine$/,
      );
      expect(result.code).toBe(3);
      expect(result.summary.written).toBe(0);
      expect(result.summary.quarantined).toBeGreaterThan(0);
      if (reasons === undefined) return;
      expect(result.summary.by_reason).toEqual(reasons);
      const [record] = quarantineIn(result.out, result.files);
      expect(record).toMatchObject({ reason: Object.keys(reasons)[0], input: 'events.ndjson', index: 0 });
      expect(`${Buffer.from(record!.bytes).toString('latin1')}\n`).toBe(
        Buffer.from(content).toString('latin1'),
      );
    }),
  );

  it.each([
    ['no UtcTime', {}, { UtcTime: undefined }],
    ['a UtcTime in year 0', {}, { UtcTime: '0000-00-00 00:00:00.000' }],
    ['a UtcTime in year 9999', {}, { UtcTime: '9999-12-31 23:59:59.999' }],
    [
      'wrong types everywhere',
      { Index: [], MachineName: 7, UserName: { a: 1 }, EventId: '5' },
      { ProcessId: { a: [] }, Image: 7, User: false },
    ],
    [
      'names of JavaScript',
      { ['__proto__']: 'a', constructor: 'b', toString: 'c' },
      { ['__proto__']: 'd', hasOwnProperty: 'e' },
    ],
    ['control characters', {}, { Image: 'a\u0000\u001b[31m\u202e\ud800' }],
  ])('with %s is written', (_, parts, fields) =>
    transformed(eventLine(parts, fields), (result) => {
      expectLines(result);
      expect(result.summary).toMatchObject({ received: 1, written: 1 });
    }),
  );
});

describe('a mapping file', () => {
  const broken = (): Record<string, unknown> => {
    const bad = (schema: string, node: unknown): unknown => ({
      schema,
      schema_mapping: { metadata: { version: '1.1.0' }, ...(node as object) },
    });
    return {
      custom_source_events: {
        source_name: '',
        matched_field: 'EventId',
        timestamp: { field: '$.Description.UtcTime', format: '%Q' },
        template: {},
        ocsf_mapping: {
          1: bad('process_activty', {}),
          2: bad('Process Activity', {}),
          3: bad('network_activity', { a: { convert: { evaluate: '$.Description.Image', to: 'fil' } } }),
          5: bad('process_activity', { b: '$.Description[' }),
          7: bad('process_activity', { c: { enum: { values: {} } } }),
          8: bad('process_activity', { d: { template: 'nobody' } }),
          9: { schema: 'process_activity' },
          10: [],
        },
      },
    };
  };

  it('with many mistakes has all of them listed by check, each with its place', () =>
    inFolder(async (folder) => {
      writeFileSync(path.join(folder, 'bad.json'), JSON.stringify(broken()));
      const result = await run(['check', 'bad.json'], { cwd: folder });
      expect(result).toMatchObject({ code: 1, stderr: '' });
      const errors = [...result.stdout.matchAll(/^error (\S+)$/gm)].map(([, pointer]) => pointer);
      const at = '/custom_source_events';
      for (const pointer of [
        `${at}/source_name`,
        `${at}/matched_field`,
        `${at}/timestamp/format`,
        `${at}/template`,
        `${at}/ocsf_mapping/2/schema`,
        `${at}/ocsf_mapping/3/schema_mapping/a/convert/to`,
        `${at}/ocsf_mapping/5/schema_mapping/b`,
        `${at}/ocsf_mapping/7/schema_mapping/c/enum`,
        `${at}/ocsf_mapping/8/schema_mapping/d/template`,
        `${at}/ocsf_mapping/9/schema_mapping`,
        `${at}/ocsf_mapping/10`,
      ]) {
        expect(errors).toContain(pointer);
      }
      expect(result.stdout).toContain(`bad.json: ${errors.length} errors`);
      const json = await run(['check', 'bad.json', '--json'], { cwd: folder });
      expect(JSON.parse(json.stdout)).toHaveLength(errors.length);
    }));

  it.each(['transform', 'map', 'explain'])('with many mistakes stops %s with one line', (command) =>
    inFolder(async (folder) => {
      writeFileSync(path.join(folder, 'bad.json'), JSON.stringify(broken()));
      const out = command === 'transform' ? ['--out', path.join(folder, 'lake')] : [];
      const result = await run([command, EVENTS, '--mapping', 'bad.json', ...out], { cwd: folder });
      expectLines(result, /^sysmon-lake: bad\.json: \/custom_source_events.*and \d+ more.*check/);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(filesBelow(folder)).toEqual(['bad.json']);
    }),
  );

  it.each([
    ['missing', 'nowhere.json', 1, 'nowhere.json: there is no such file or folder'],
    ['a folder', '.', 1, '.: is a folder'],
  ])('that is %s stops the command', (_, mapping, code, line) =>
    inFolder(async (folder) => {
      const result = await run(['map', EVENTS, '--mapping', mapping], { cwd: folder });
      expectLines(result, line);
      expect(result.code).toBe(code);
    }),
  );
});

describe('the output', () => {
  it.each(['file', 'file/below'])('below a file, %s, is told before anything is read', (out) =>
    inFolder(async (folder) => {
      writeFileSync(path.join(folder, 'file'), '');
      const result = await run(['transform', EVENTS, '--out', out], { cwd: folder });
      expectLines(result, `${out}: a file stands where a folder is needed`);
      expect(result.code).toBe(1);
    }),
  );

  it.each([
    ['--region', 'x y'],
    ['--account-id', '..'],
    ['--source-name', '../..'],
    ['--source-name', 'two/folders'],
  ])('with %s %s is told before anything is read', (option, value) =>
    inFolder(async (folder) => {
      const result = await run(['transform', EVENTS, '--out', 'lake', option, value], { cwd: folder });
      expectLines(result, /cannot be part of a path in the lake/);
      expect(result.code).toBe(2);
      expect(filesBelow(folder)).toEqual([]);
    }),
  );

  it('that is written into may be a folder of the input', () =>
    inFolder(async (folder) => {
      writeFileSync(path.join(folder, 'a.json'), eventLine());
      const args = ['transform', '.', '--out', 'lake', '--json'];
      const first = await run(args, { cwd: folder });
      const before = filesBelow(folder);
      expect((await run(args, { cwd: folder })).stdout).toBe(first.stdout);
      expect(filesBelow(folder)).toEqual(before);
    }));

  it('beside a process table that is another file is told', () =>
    inFolder(async (folder) => {
      writeFileSync(
        path.join(folder, 'process-table.sqlite'),
        'no database at all, but long enough to be read as one',
      );
      const result = await run(['transform', EVENTS, '--out', '.'], { cwd: folder });
      expectLines(result, /process-table\.sqlite: it is another kind of file/);
      expect(result.code).toBe(1);
    }));

  it.each(['map', 'check', 'explain'])('of %s that goes to a full disk is told', async (command) => {
    const script = `"$0" "$1" ${command} ${command === 'check' ? '' : '"$2"'} ${command === 'explain' ? '--limit 1000' : ''} > /dev/full`;
    const child = spawn('sh', [
      '-c',
      script,
      process.execPath,
      path.join(ROOT, 'bin/sysmon-lake.js'),
      EVENTS,
    ]);
    const result = await ended(child);
    expectLines(result, 'standard output: no space is left on the disk');
    expect(result.code).toBe(1);
  });

  it.each([['map'], ['explain', '--limit', '1000']])('of %s may be closed early, as head does', (...args) =>
    inFolder(async (folder) => {
      const child = start([...args, XML], { temporary: folder });
      const exit = once(child, 'close') as Promise<[number | null]>;
      await once(child.stdout!, 'data');
      child.stdout!.destroy();
      let stderr = '';
      child.stderr!.on('data', (data) => (stderr += String(data)));
      expect((await exit)[0]).toBe(0);
      expect(stderr).toBe('');
      expect(filesBelow(folder)).toEqual([]);
    }),
  );
});

/** A file system of one's own, which takes no rights to make where the system has namespaces of users. */
const mounts = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

describe('a disk', () => {
  const inMount = async (options: string, folder: string): Promise<Ended & { files: string[] }> => {
    const script = `mount -t tmpfs -o ${options} none "$3" && "$0" "$1" transform "$2" --out "$3"/lake; code=$?
      cd "$3" && find . -type f; exit $code`;
    const args = [
      '-rm',
      'sh',
      '-c',
      script,
      process.execPath,
      path.join(ROOT, 'bin/sysmon-lake.js'),
      EVENTS,
      folder,
    ];
    const result = await ended(spawn('unshare', args));
    return { ...result, files: result.stdout.split('\n').filter(Boolean) };
  };

  (mounts ? it : it.skip)('that is full stops the transform, and leaves no half object', () =>
    inFolder(async (folder) => {
      const result = await inMount('size=100k', folder);
      expect(result.stderr.split('\n').filter((line) => line.startsWith('sysmon-lake: '))).toEqual([
        expect.stringMatching(
          /the disk is full; free some space and run again \(ENOSPC\)|process-table\.sqlite: the disk is full/,
        ),
      ]);
      expect(result.code).toBe(1);
      expect(result.files.filter((file) => path.basename(file).startsWith('.sysmon-lake-'))).toEqual([]);
    }),
  );

  (mounts ? it : it.skip)('that is read-only is told', () =>
    inFolder(async (folder) => {
      const result = await inMount('ro', folder);
      expectLines(result, `${folder}/lake: the file system is read-only`);
      expect(result.code).toBe(1);
    }),
  );
});

describe('^C', () => {
  it('in the middle of a transform leaves whole objects alone, and a second run completes them', () =>
    inFolder(async (folder) => {
      const input = path.join(folder, 'many.ndjson');
      const records = 45_000;
      writeFileSync(input, Array.from({ length: records }, (_, i) => eventLine({ Index: i })).join(''));
      const lake = path.join(folder, 'lake');
      const args = ['transform', input, '--out', lake, '--json'];
      const child = start(args, { temporary: folder });
      const exit = ended(child);
      while (!filesBelow(lake).some((file) => file.endsWith('.parquet'))) {
        if (child.exitCode !== null) throw new Error('it was too quick');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      child.kill('SIGINT');
      const stopped = await exit;
      expect(stopped).toMatchObject({ code: 130, stdout: '' });
      expectLines(stopped, /^sysmon-lake: interrupted; /);
      const files = filesBelow(lake);
      expect(files.filter((file) => path.basename(file).startsWith('.'))).toEqual([]);
      expect(rowsIn(lake, files)).toBeGreaterThan(0);
      expect(rowsIn(lake, files)).toBeLessThan(records);
      expect(filesBelow(folder).filter((file) => !/^(lake\/|many)/.test(file))).toEqual([]);

      const again = await run(args);
      expect(summaryOf(again)).toMatchObject({ received: records, written: records });
      expect(rowsIn(lake, filesBelow(lake))).toBe(records);
    }));

  it('while it reads standard input leaves no temporary file', () =>
    inFolder(async (folder) => {
      const child = start(['map', '-'], { temporary: folder });
      const exit = ended(child);
      child.stdin!.write(eventLine());
      while (filesBelow(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      child.kill('SIGINT');
      const stopped = await exit;
      expectLines(stopped, /^sysmon-lake: interrupted; /);
      expect(stopped).toMatchObject({ code: 130, stdout: '' });
      expect(filesBelow(folder)).toEqual([]);
    }));
});

describe('the quarantine', () => {
  const event = eventLine({ Index: 1 });
  const xml = readFileSync(XML, 'utf8');
  const garbage = 'hello\n';
  /** A mapping that knows the events of this test no more. */
  const partial = (): string => {
    const mapping = JSON.parse(readFileSync(path.join(ROOT, 'OCSFmapping.json'), 'utf8')) as {
      custom_source_events: { ocsf_mapping: Record<string, unknown> };
    };
    const { '255': entry } = mapping.custom_source_events.ocsf_mapping;
    mapping.custom_source_events.ocsf_mapping = { '255': entry };
    return JSON.stringify(mapping);
  };

  it.each(['quarantine', 'auto'])(
    'gives its events once the mapping is mended (--format %s); what fails again is not wrapped twice',
    (format) =>
      inFolder(async (folder) => {
        writeFileSync(path.join(folder, 'partial.json'), partial());
        writeFileSync(path.join(folder, 'in.log'), event + xml + garbage);
        const options = { cwd: folder };
        const first = await run(
          ['transform', 'in.log', '--mapping', 'partial.json', '--out', 'one', '--json'],
          options,
        );
        expect(summaryOf(first)).toMatchObject({
          received: 26,
          written: 0,
          by_reason: { no_mapping: 25, not_json: 1 },
        });

        const second = await run(
          ['transform', 'one/quarantine', '--format', format, '--out', 'two', '--json'],
          options,
        );
        expect(summaryOf(second)).toMatchObject({ received: 26, written: 25, by_reason: { not_json: 1 } });
        // The join works as it would have: the six processes are among the quarantined events.
        expect(summaryOf(second).join).toEqual({ hit: 7, late: 0, miss: 2 });
        const two = path.join(folder, 'two');
        const [left, ...others] = quarantineIn(two, filesBelow(two));
        expect(others).toEqual([]);
        expect(Buffer.from(left!.bytes).toString()).toBe(garbage.trimEnd());

        const third = await run(
          ['transform', 'two/quarantine', '--format', format, '--out', 'three', '--json'],
          options,
        );
        expect(summaryOf(third)).toMatchObject({ received: 1, written: 0, by_reason: { not_json: 1 } });
        const three = path.join(folder, 'three');
        expect(quarantineIn(three, filesBelow(three)).map(({ bytes }) => bytes)).toEqual([left!.bytes]);
      }),
  );

  it('can be replayed into the lake that it is in', () =>
    inFolder(async (folder) => {
      writeFileSync(path.join(folder, 'partial.json'), partial());
      writeFileSync(path.join(folder, 'in.log'), event + garbage);
      await run(['transform', 'in.log', '--mapping', 'partial.json', '--out', 'lake'], { cwd: folder });
      const args = ['transform', 'lake/quarantine', '--format', 'quarantine', '--out', 'lake', '--json'];
      expect(summaryOf(await run(args, { cwd: folder }))).toMatchObject({
        received: 2,
        written: 1,
        quarantined: 1,
      });
    }));

  it('leaves alone what only looks like a part of it', () => {
    const lookalike = `${JSON.stringify({ reason: 'x', input: 'y', index: 0, encoding: 'utf-8', data: event, more: 'kept' })}\n`;
    return transformed(lookalike, ({ summary, out, files }) => {
      expect(summary).toMatchObject({ written: 0, quarantined: 1 });
      expect(Buffer.from(quarantineIn(out, files)[0]!.bytes).toString()).toBe(lookalike.trimEnd());
    });
  });
});
