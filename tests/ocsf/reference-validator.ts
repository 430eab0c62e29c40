/**
 * The independent validator that stands beside the checkout on some machines: a Python script.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Findings } from '../../src/ocsf/finding.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'ocsf');
const SCRIPT = join(FOLDER, 'ocsf_validate.py');

export const referenceAvailable =
  existsSync(SCRIPT) && spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;

/** For each record its findings, as `E code path` and `W code path`, sorted. Recommended attributes are checked. */
export function referenceFindings(version: string, records: readonly unknown[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'ocsf-records-'));
  try {
    const input = join(folder, 'records.json');
    writeFileSync(input, JSON.stringify(records));
    const schema = join(FOLDER, `ocsf-${version}.json`);
    const { stdout, stderr, error } = spawnSync('python3', [SCRIPT, schema, input, '-r'], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONUTF8: '1' },
      maxBuffer: 2 ** 30,
    });
    if (error) throw error;
    if (stderr !== '') throw new Error(stderr);
    return readReport(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A record's line is `[0] class_uid=…`, a finding's `   E code path message`, a message may run over lines. */
function readReport(report: string): string[][] {
  const records: string[][] = [];
  for (const line of report.split('\n')) {
    if (/^\[\d+\] class_uid=/.test(line)) records.push([]);
    const [, level, code, path] = /^ {3}([EW]) ([a-z_]+) ([^ ]*)/.exec(line) ?? [];
    if (level !== undefined) records.at(-1)!.push(`${level} ${code!} ${path!}`);
  }
  return records.map((findings) => findings.toSorted());
}

/** Our findings in the same form. */
export function asReferenceFindings({ errors, warnings }: Findings): string[] {
  return [
    ...errors.map(({ code, path }) => `E ${code} ${path}`),
    ...warnings.map(({ code, path }) => `W ${code} ${path}`),
  ].toSorted();
}
