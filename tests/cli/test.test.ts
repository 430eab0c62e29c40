import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { test } from '../../src/cli/test.ts';
import type { TestOptions } from '../../src/cli/test.ts';
import { build, inFolder, run as runCommand } from './command.ts';

const paint: TestOptions['paint'] = (_colour, text) => text;

const MAPPING = {
  custom_source_events: {
    source_name: 'windows-sysmon',
    matched_field: '$.EventId',
    timestamp: { field: '$.Description.UtcTime', format: '%Y-%m-%d %H:%M:%S.%f' },
    ocsf_mapping: {
      '5': {
        schema: 'process_activity',
        schema_mapping: {
          metadata: { version: '1.1.0', product: { name: 'Sysmon', vendor_name: 'Microsoft Sysinternals' } },
          severity_id: 1,
          activity_id: 2,
          device: { hostname: '$.MachineName', type_id: 0 },
          actor: { process: { pid: '$.Description.ProcessId' } },
          process: { pid: '$.Description.ProcessId' },
        },
      },
    },
  },
};

const event = (EventId: number, ProcessId = '4812'): string =>
  `${JSON.stringify({
    EventId,
    MachineName: 'ws-12.example.com',
    Description: { UtcTime: '2026-03-11 09:18:44.201', ProcessId },
  })}\n`;

describe('sysmon-lake test', () => {
  let folder = '';
  let mapping = '';
  let pairs = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sysmon-lake-test-'));
    mapping = join(folder, 'my.json');
    pairs = join(folder, 'tests', 'golden', 'my');
    await mkdir(pairs, { recursive: true });
    await writeFile(mapping, JSON.stringify(MAPPING));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const run = (options: Omit<TestOptions, 'paint'> = {}) => test(mapping, { ...options, paint });
  const put = (name: string, text: string, into = pairs) => writeFile(join(into, name), text);

  it('writes the records with --update, says which, and holds then', async () => {
    await put('end.events.ndjson', event(5));
    const written = await run({ update: true });
    const path = join(pairs, 'end.records.json');
    expect(written).toEqual({ text: `end: ${path} written\n1 pair, 1 written\n`, exitCode: 0 });
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject([
      { type_uid: 100702, process: { pid: 4812 } },
    ]);
    expect(await run()).toEqual({ text: '1 pair, 0 differ\n', exitCode: 0 });
    expect(await run({ update: true })).toEqual({ text: '1 pair, 0 written\n', exitCode: 0 });
  });

  it('shows attribute, expected and actual value of a record that differs, and exits with 1', async () => {
    await put('end.events.ndjson', event(5, '1') + event(5, '2'));
    await run({ update: true });
    await put('end.events.ndjson', event(5, '1') + event(5, '3'));
    const { text, exitCode } = await run();
    expect(text).toContain('end, record 1\n  metadata.uid\n');
    expect(text).toContain('  process.pid\n    - 2\n    + 3\n');
    expect(text).toMatch(/\n1 pair, 1 differ\n$/);
    expect(text).not.toContain('record 0');
    expect(exitCode).toBe(1);
  });

  it('shows a record too many, and one too few', async () => {
    await put('end.events.ndjson', event(5, '1') + event(5, '2'));
    await run({ update: true });
    await put('end.events.ndjson', event(5, '1'));
    expect((await run()).text).toMatch(
      /end, record 1\n {2}the record\n {4}- \{"time".*\}\n1 pair, 1 differ\n$/,
    );
    await put('end.records.json', '[]');
    expect((await run()).text).toMatch(
      /end, record 0\n {2}the record\n {4}\+ \{"time".*\}\n1 pair, 1 differ\n$/,
    );
  });

  it('colours what is expected red and what is there green', async () => {
    await put('end.events.ndjson', event(5));
    await put('end.records.json', '[{}]');
    const { text } = await test(mapping, { paint: (colour, one) => `<${colour}>${one}</>` });
    expect(text).toContain('<green>    + 4812</>'.replace('4812', '{"pid":4812}'));
    expect(text).toContain('<red>1 pair, 1 differ</>');
  });

  it('says that there are no pairs, and exits with 1', async () => {
    const none = {
      text: `${pairs}: no pairs (*.events.ndjson with *.records.json)\n0 pairs, 0 differ\n`,
      exitCode: 1,
    };
    expect(await run()).toEqual(none);
    await rm(pairs, { recursive: true });
    expect(await run()).toEqual(none);
  });

  it('names a pair of which one half is missing', async () => {
    await put('a.events.ndjson', event(5));
    await put('b.records.json', '[]');
    const { text, exitCode } = await run();
    expect(text).toContain(
      `a: ${join(pairs, 'a.records.json')}: there are no records; --update writes them\n`,
    );
    expect(text).toContain(`b: ${join(pairs, 'b.records.json')}: there are no events for these records\n`);
    expect(text).toMatch(/2 pairs, 0 differ, 2 broken\n$/);
    expect(exitCode).toBe(1);
    expect((await run({ update: true })).exitCode).toBe(1);
  });

  it.each([
    ['end.records.json', '[{', 'is no JSON'],
    ['end.records.json', '{}', 'is no JSON array'],
    ['end.events.ndjson', `${event(5)}{"EventId":`, 'record 1: not_json'],
    ['end.events.ndjson', '{"EventId":5,"Description":null}\n', 'record 0: no_message'],
    ['end.events.ndjson', '', 'holds no event'],
  ])('names a pair whose %s is %j', async (file, content, problem) => {
    await put('end.events.ndjson', event(5));
    await run({ update: true });
    await put(file, content);
    const { text, exitCode } = await run();
    expect(text).toBe(`end: ${join(pairs, file)}: ${problem}\n1 pair, 0 differ, 1 broken\n`);
    expect(exitCode).toBe(1);
  });

  it('expects an event that is not mapped by the reason why', async () => {
    await put('other.events.ndjson', event(6) + event(5));
    await run({ update: true });
    const records: unknown = JSON.parse(await readFile(join(pairs, 'other.records.json'), 'utf8'));
    expect(records).toMatchObject([{ quarantined: 'no_mapping' }, { class_uid: 1007 }]);
    expect((await run()).exitCode).toBe(0);
  });

  it('tells records that are no valid OCSF, which a mapping may want', async () => {
    await put('end.events.ndjson', event(5, 'four'));
    await run({ update: true });
    const { text, exitCode } = await run();
    expect(text).toContain(
      'end, record 0: not valid OCSF: attribute_required_missing at process: required\n',
    );
    expect(text).toMatch(/1 pair, 0 differ, 1 not valid OCSF\n$/);
    expect(exitCode).toBe(0);
  });

  it('takes events that mappings share from the folder events/ beside, and its own before them', async () => {
    const shared = join(folder, 'tests', 'golden', 'events');
    await mkdir(shared);
    await put('end.events.ndjson', event(5, '7'), shared);
    await put('both.events.ndjson', event(5, '8'), shared);
    await put('both.events.ndjson', event(5, '9'));
    expect((await run({ update: true })).text).toMatch(/2 pairs, 2 written\n$/);
    const pid = async (name: string): Promise<unknown> =>
      JSON.parse(await readFile(join(pairs, `${name}.records.json`), 'utf8'));
    expect(await pid('end')).toMatchObject([{ process: { pid: 7 } }]);
    expect(await pid('both')).toMatchObject([{ process: { pid: 9 } }]);
  });

  it('looks where --pairs says', async () => {
    const elsewhere = join(folder, 'elsewhere', 'pairs');
    await mkdir(elsewhere, { recursive: true });
    await put('end.events.ndjson', event(5), elsewhere);
    await run({ update: true, pairs: elsewhere });
    expect(await run({ pairs: elsewhere })).toEqual({ text: '1 pair, 0 differ\n', exitCode: 0 });
  });

  it('prints the result as JSON with --json', async () => {
    await put('end.events.ndjson', event(5));
    await put('end.records.json', '[{"time":1}]');
    const { text, exitCode } = await run({ json: true });
    const summary = JSON.parse(text) as { results: { differences: unknown[] }[] }; // true: that is what --json prints
    expect(summary).toMatchObject({
      pairs: 1,
      differ: 1,
      broken: 0,
      results: [{ name: 'end', invalid: [] }],
    });
    expect(summary.results[0]!.differences).toContainEqual({
      record: 0,
      path: 'time',
      expected: 1,
      actual: Date.UTC(2026, 2, 11, 9, 18, 44, 201),
    });
    expect(exitCode).toBe(1);
  });

  it('refuses a mapping that cannot be used', async () => {
    await writeFile(mapping, '{}');
    await expect(run()).rejects.toMatchObject({ name: 'UsageError' });
    await expect(test(join(folder, 'none.json'), { paint })).rejects.toMatchObject({ name: 'InputError' });
  });

  it('shows nothing of a value that could act on a terminal', async () => {
    await put('end.events.ndjson', event(5));
    await put('end.records.json', '[{"message":"\\u001b[2J"}]');
    const { text } = await run();
    expect(text).toContain('    - "\\u001b[2J"\n');
  });
});

describe('the command sysmon-lake test', () => {
  beforeAll(build);

  it('runs the pairs of the mapping that comes along, and exits with 0', async () => {
    const { code, stdout, stderr } = await runCommand(['test'], { cwd: tmpdir() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // Without colour, for it is no terminal.
    expect(stdout).toMatch(/^\d+ pairs, 0 differ\n$/);
  });

  it('exits with 1 where a pair differs or none is found, and with 2 where the mapping cannot be used', async () => {
    await inFolder(async (folder) => {
      const mapping = join(folder, 'my.json');
      const pairs = join(folder, 'pairs');
      const command = async (...args: string[]) =>
        (await runCommand(['test', mapping, '--pairs', pairs, ...args])).code;
      await mkdir(pairs);
      await writeFile(mapping, JSON.stringify(MAPPING));
      expect(await command()).toBe(1);
      await writeFile(join(pairs, 'end.events.ndjson'), event(5));
      expect(await command('--update')).toBe(0);
      expect(await command('--json')).toBe(0);
      await writeFile(join(pairs, 'end.records.json'), '[]');
      expect(await command()).toBe(1);
      await writeFile(mapping, '{}');
      expect(await command()).toBe(2);
    });
  });
});
