/** The command line itself: help, wrong use, exit codes, and the demonstration. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { build, eventLine, EVENTS, filesBelow, inFolder, ROOT, run, summaryOf } from './command.ts';

beforeAll(build);

const COMMANDS = ['transform', 'send', 'map', 'query', 'check', 'test', 'explain', 'demo'];

describe('sysmon-lake', () => {
  it('alone shows its commands, as wrong use', async () => {
    const { code, stdout, stderr } = await run([]);
    expect([code, stdout]).toEqual([2, '']);
    for (const command of COMMANDS) expect(stderr).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it.each([[], ...COMMANDS.map((command) => [command])])(
    '%s --help tells what it does, with an example',
    async (...command) => {
      const { code, stdout, stderr } = await run([...command, '--help']);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Usage: sysmon-lake/);
      expect(stdout).toMatch(/^Examples?:\n {2}/m);
    },
  );

  it.each([
    [['tranform'], "unknown command 'tranform' (Did you mean transform?)"],
    [['map', EVENTS, '--formt', 'auto'], "unknown option '--formt' (Did you mean --format?)"],
    [['map', EVENTS, '--format', 'evtx'], "option '--format <format>' argument 'evtx' is invalid."],
    [['map'], "missing required argument 'input'"],
    [['transform', EVENTS], "required option '--out <dir>' not specified"],
    [['send', EVENTS], "required option '--stream <name>' not specified"],
    [['send', EVENTS, '--stream', 'a', '--rate', '0.5'], "option '--rate <n>' argument '0.5' is invalid."],
    [['explain', EVENTS, '--limit', '0'], "option '--limit <n>' argument '0' is invalid."],
    [['explain', EVENTS, '--limit', '1e3'], "option '--limit <n>' argument '1e3' is invalid."],
    [['query', 'lake'], "missing required argument 'sql'"],
    [['check', 'a', 'b'], 'too many arguments'],
  ])('%j is told in one line, exit code 2', async (args, line) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^sysmon-lake: [^\n]+\n$/);
    expect(stderr).toContain(line);
  });

  it.each(['--version', '-V'])('%s prints the version of the package', async (option) => {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await run([option])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each(['transform', 'map', 'explain'])('%s --help lists its exit codes', async (command) => {
    const { stdout } = await run([command, '--help']);
    expect(stdout).toMatch(/3 the run finished and records are in\squarantine \(0 with --allow-quarantine\)/);
  });

  it('lets no name of a file act on the terminal', async () => {
    const { stderr } = await run(['map', 'a\nb\u001b[31m']);
    expect(stderr).toBe('sysmon-lake: a b\\u001b[31m: there is no such file or folder\n');
  });
});

describe('records in quarantine', () => {
  const SECURITY = eventLine({ ProviderName: 'Microsoft-Windows-Security-Auditing', LogName: 'Security' });
  const LOOKS = '2 not_sysmon (these look like Windows Security events)';

  const inFile = (content: string, work: (folder: string) => Promise<void>): Promise<void> =>
    inFolder(async (folder) => {
      writeFileSync(path.join(folder, 'a.ndjson'), content);
      await work(folder);
    });

  it.each([
    ['transform', ['--out', 'lake'], `2 of 3 records are in quarantine: ${LOOKS}; see lake/quarantine`],
    [
      'map',
      [],
      `2 of 3 records would go to quarantine: ${LOOKS}; \`sysmon-lake transform\` keeps them there`,
    ],
    [
      'explain',
      [],
      `2 of 3 records would go to quarantine: ${LOOKS}; \`sysmon-lake transform\` keeps them there`,
    ],
  ])('are told by %s in one line, exit code 3, or 0 where they are allowed', (command, options, line) =>
    inFile(`${eventLine()}${SECURITY}${SECURITY}`, async (cwd) => {
      const args = [command, 'a.ndjson', ...options];
      const refused = await run(args, { cwd });
      expect([refused.code, refused.stderr]).toEqual([3, `sysmon-lake: ${line}\n`]);
      const allowed = await run([...args, '--allow-quarantine'], { cwd });
      expect(allowed).toEqual({ ...refused, code: 0 });
    }),
  );

  it.each(['transform', 'map', 'explain'])(
    'are none where all was mapped: %s is quiet, exit code 0',
    (command) =>
      inFile(eventLine(), async (cwd) => {
        const { code, stderr } = await run(
          [command, 'a.ndjson', ...(command === 'transform' ? ['--out', 'lake'] : [])],
          { cwd },
        );
        expect([code, stderr]).toEqual([0, '']);
      }),
  );

  it('beside an input that cannot be read to its end: exit code 1, whatever is allowed', () =>
    inFile(SECURITY, async (cwd) => {
      writeFileSync(path.join(cwd, 'b.gz'), Buffer.from('1f8b0800000000000003', 'hex'));
      for (const more of [[], ['--allow-quarantine']]) {
        const { code, stderr } = await run(['map', 'a.ndjson', 'b.gz', ...more], { cwd });
        expect(code).toBe(1);
        expect(stderr).toMatch(/b\.gz: [^\n]+\n[^\n]*1 of 1 record would go to quarantine: 1 not_sysmon/);
      }
    }));

  it('of an export of Event Viewer, which are many lines, are told as one thing', () =>
    inFile(
      'Level,Date and Time,Source,Event ID,Task Category\n' +
        'Information,1/2/2026 3:04:05 AM,Microsoft-Windows-Sysmon,5,Process terminated,"Process terminated:\n' +
        'RuleName: -\nUtcTime: 2026-01-02 03:04:05.000\nImage: C:\\a.exe"\n',
      async (cwd) => {
        const { code, stderr } = await run(['transform', 'a.ndjson', '--out', 'lake', '--json'], { cwd });
        expect(code).toBe(3);
        expect(stderr).toBe(
          'sysmon-lake: 5 of 5 records are in quarantine: 5 not_json (these look like a CSV export of Event Viewer; export as XML instead); see lake/quarantine\n',
        );
      },
    ));

  it('that were forced into a form are told so', () =>
    inFile(eventLine(), async (cwd) => {
      const { code, stderr } = await run(['map', 'a.ndjson', '--format', 'vector'], { cwd });
      expect(code).toBe(3);
      expect(stderr).toContain('; all records were read as vector, as --format says; ');
    }));

  it('are counted by what they look like, and what was written by its form', () =>
    inFile(`${eventLine()}${SECURITY}${SECURITY}`, async (cwd) => {
      const summary = summaryOf(await run(['transform', 'a.ndjson', '--out', 'lake', '--json'], { cwd }));
      expect(summary).toMatchObject({
        by_format: { 'kinesis-agent': 1 },
        by_reason: { not_sysmon: 2 },
        by_appearance: { 'not_sysmon Windows Security events': 2 },
      });
    }));
});

describe('demo', () => {
  it('shows what became of the examples, and the answers to its questions; again, the same', () =>
    inFolder(async (folder) => {
      const first = await run(['demo'], { cwd: folder, temporary: folder });
      expect([first.code, first.stderr]).toEqual([0, '']);
      expect(first.stdout).toMatch(/│ +73 │ +72 │ +1 │ +12 │/);
      // The chain of the story: Word, PowerShell, and the program that calls home.
      expect(first.stdout).toMatch(/WINWORD\.EXE +│ powershell\.exe +│ T1059\.001/);
      expect(first.stdout).toMatch(/powershell\.exe +│ svc-update\.exe/);
      expect(first.stdout).toMatch(/203\.0\.113\.50/);
      expect(first.stdout).toMatch(/hit +│ +12\nmiss +│ +6\n/);
      const files = filesBelow(folder);
      expect(files.every((file) => file.startsWith('lake/'))).toBe(true);
      expect(await run(['demo'], { cwd: folder, temporary: folder })).toEqual(first);
      expect(filesBelow(folder)).toEqual(files);
    }));

  it('writes where it is told to', () =>
    inFolder(async (folder) => {
      const { code, stdout } = await run(['demo', '--out', 'deep/down'], { cwd: folder });
      expect(code).toBe(0);
      expect(stdout).toContain(`the lake: ${path.posix.join('deep', 'down')}\n`);
    }));
});
