/** `sysmon-lake check`: what is wrong with a mapping file. */
import { checkMapping } from '../mapping/check.ts';
import { plural, printable } from './printable.ts';
import { defaultMappingPath, readMappingText } from './run.ts';

/** The problems as text or JSON, and how many of them are errors. @throws InputError */
export async function check(
  file: string | undefined,
  json: boolean,
): Promise<{ text: string; errors: number; warnings: number }> {
  const path = file ?? defaultMappingPath();
  const problems = checkMapping(await readMappingText(path));
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const lines = problems.map(
    ({ severity, pointer, message }) => `${severity} ${printable(pointer || '/')}\n  ${printable(message)}`,
  );
  const total = `${printable(file ?? 'OCSFmapping.json')}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
  const jsonLines = JSON.stringify(problems, null, 2).split('\n');
  const text = (json ? jsonLines.map((line) => printable(line)) : [...lines, total]).join('\n');
  return { text: `${text}\n`, errors, warnings };
}
