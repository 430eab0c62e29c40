/** The command line itself: help, wrong use, exit codes, and the demonstration. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { build, EVENTS, filesBelow, inFolder, run } from './command.ts';

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

  it('lets no name of a file act on the terminal', async () => {
    const { stderr } = await run(['map', 'a\nb\u001b[31m']);
    expect(stderr).toBe('sysmon-lake: a b\\u001b[31m: there is no such file or folder\n');
  });
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
