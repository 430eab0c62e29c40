import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { check } from '../../src/cli/check.ts';
import { InputError } from '../../src/cli/failure.ts';
import { inFolder, ROOT } from './command.ts';

const fileOf = (entry: unknown): string =>
  JSON.stringify({
    custom_source_events: {
      source_name: 'windows-sysmon',
      matched_field: '$.EventId',
      timestamp: { field: '$.Description.UtcTime', format: '%Y-%m-%d %H:%M:%S.%f' },
      ocsf_mapping: { '1': entry },
    },
  });

const checked = (text: string, json = false): ReturnType<typeof check> =>
  inFolder((folder) => {
    const file = path.join(folder, 'mapping.json');
    writeFileSync(file, text);
    return check(file, json);
  });

const entry = (more: object): unknown => ({
  schema: 'process_activity',
  schema_mapping: { metadata: { version: '1.1.0' }, activity_id: 1, ...more },
});

describe('check', () => {
  it.each(['OCSFmapping.json', 'OCSFmapping.native.json'])('has no error in %s', async (name) => {
    const { errors, text } = await check(path.join(ROOT, name), false);
    expect([errors, text.split('\n').filter((line) => line.startsWith('error'))]).toEqual([0, []]);
  });

  it('tells each problem with its severity, its place and the nearest name, and then how many there are', async () => {
    const { text, errors, warnings } = await checked(
      fileOf(entry({ process: { template: 'proces' }, actr: 'x' })),
    );
    expect(errors).toBe(1);
    expect(text).toMatch(
      /^error \/custom_source_events\/ocsf_mapping\/1\/schema_mapping\/process\/template\n {2}no template "proces"/,
    );
    expect(text).toMatch(new RegExp(`mapping\\.json: 1 error, ${warnings} warnings?\\n$`));
  });

  it('warns of what OCSF and Sysmon do not know', async () => {
    const { text, errors } = await checked(
      fileOf(entry({ actr: 'x', process: { pid: '$.Description.ProcesId' } })),
    );
    expect(errors).toBe(0);
    expect(text).toMatch(/^warning \/custom_source_events\/ocsf_mapping\/1\/schema_mapping\/actr$/m);
    expect(text).toContain('event 1 has no field ProcesId; did you mean "ProcessId"?');
  });

  it('gives the same problems as JSON', async () => {
    const mapping = fileOf(entry({ actr: 'x', process: { template: 'a' } }));
    const { text, errors, warnings } = await checked(mapping, true);
    const problems = JSON.parse(text) as Record<string, unknown>[];
    expect(problems).toHaveLength(errors + warnings);
    for (const problem of problems)
      expect(Object.keys(problem).toSorted()).toEqual(['message', 'pointer', 'severity']);
  });

  it('has one problem with what is no JSON', async () => {
    expect(await checked('{')).toMatchObject({
      errors: 1,
      warnings: 0,
      text: expect.stringMatching(/^error \/\n {2}is not JSON/),
    });
  });

  it('names a file that cannot be read', async () => {
    await expect(check(path.join(ROOT, 'nowhere.json'), false)).rejects.toThrow(InputError);
  });
});
