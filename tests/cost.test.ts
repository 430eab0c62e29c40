/** The cost table: docs/cost.md shows what bench/cost.js prints, and the formula behaves as money does. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');

function run(...args: string[]): { stdout: string; stderr: string; status: number | null } {
  const script = join(root, 'bench', 'cost.js');
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
}

const results = z.array(
  z.object({
    hosts: z.number(),
    events: z.number(),
    services: z.record(z.string(), z.number()),
    total: z.number(),
    provisionedKinesis: z.number(),
    needs: z.record(z.string(), z.number()),
  }),
);

const costs = (...args: string[]) => results.parse(JSON.parse(run('--json', ...args).stdout));

describe('docs/cost.md', () => {
  it('shows what the script prints', () => {
    const page = readFileSync(join(root, 'docs', 'cost.md'), 'utf8');
    const shown = /<!-- node bench\/cost\.js -->\n\n([^]*?)\n\n<!-- end -->/.exec(page)?.[1];
    expect(shown).toBe(run().stdout.trimEnd());
  });

  it('counts the alarms and the dashboards of the template', () => {
    const template = readFileSync(join(root, 'template.yaml'), 'utf8');
    const alarms = template.match(
      /Type: AWS::CloudWatch::Alarm\n(?: {4}Condition: IsKinesisBacked\n| {4}Properties:)/g,
    );
    expect(run().stdout).toMatch(new RegExp(`\`alarms\` +\\| ${alarms?.length} +\\|`));
    expect(template.match(/Type: AWS::CloudWatch::Dashboard/g)).toHaveLength(1);
  });
});

describe('bench/cost.js', () => {
  it('sums the services', () => {
    for (const { services, total } of costs()) {
      expect(total).toBeCloseTo(
        Object.values(services).reduce((sum, dollars) => sum + dollars, 0),
        6,
      );
    }
  });

  it('never makes more hosts cheaper in all, or dearer by the host', () => {
    const all = costs('--hosts', '1,10,100,1000,10000,100000');
    for (const [i, { hosts, total }] of all.slice(1).entries()) {
      const fewer = all[i]!;
      expect(total).toBeGreaterThan(fewer.total);
      // A shard more for a few events too many is the only thing that does not come evenly.
      expect(total / hosts).toBeLessThan((fewer.total / fewer.hosts) * 1.05);
    }
  });

  it('counts the events of a month by hand', () => {
    const [result] = costs('--hosts', '7', '--set', 'eventsPerHostDay=1000');
    expect(result?.events).toBeCloseTo((7 * 1000 * 730) / 24, 6);
  });

  it('counts Kinesis by hand', () => {
    const set = ['eventBytes=1024', 'eventDataFactor=1', 'billedKib=1', 'eventsPerHostDay=1048576'];
    const [result] = costs('--hosts', '1', ...set.flatMap((each) => ['--set', each]));
    const gib = 730 / 24; // 2^20 events of 1 KiB a day
    expect(result?.services.Kinesis).toBeCloseTo(730 * 0.04 + gib * 0.08 + gib * 0.04, 6);
  });

  it('makes fewer objects with a longer batch window, where batches are not full', () => {
    const [short] = costs('--hosts', '100');
    const [long] = costs('--hosts', '100', '--set', 'batchWindowSeconds=300');
    expect(long!.needs.objectsPerDay!).toBeLessThan(short!.needs.objectsPerDay!);
    expect(long!.services['S3 requests']!).toBeLessThan(short!.services['S3 requests']!);
  });

  it('uses a number that is put in, and shows it', () => {
    expect(run('--set', 'eventsPerHostDay=12345').stdout).toMatch(/`eventsPerHostDay` +\| 12,345 +\|/);
  });

  it.each([
    { args: ['--set', 'eventsPerHost=1'] },
    { args: ['--set', 'eventBytes=many'] },
    { args: ['--hosts', '0'] },
    { args: ['--hosts', 'ten'] },
    { args: ['--unknown'] },
  ])('answers $args with one line and exit code 2', ({ args }) => {
    const { stdout, stderr, status } = run(...args);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^cost: /);
    expect(status).toBe(2);
  });
});
