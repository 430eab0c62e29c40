/** `sysmon-lake check`: what is wrong with a mapping file. */
import { checkMapping } from '../mapping/check.ts';
import { plural } from './printable.ts';
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
    ({ severity, pointer, message }) => `${severity} ${pointer || '/'}\n  ${message}`,
  );
  const total = `${file ?? 'OCSFmapping.json'}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
  const text = json ? JSON.stringify(problems, null, 2) : [...lines, total].join('\n');
  return { text: `${text}\n`, errors, warnings };
}
