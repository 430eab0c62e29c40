import { describe, expect, it } from '@jest/globals';
import { isObservableReference } from '../../src/ocsf/observable-reference.ts';
import { ocsfSchema } from '../../src/ocsf/schemas.ts';

const schema = ocsfSchema('1.1.0')!;
const fileActivity = schema.classes.file_activity!;
const refers = (name: string, profiles: readonly string[] = []) =>
  isObservableReference(schema, fileActivity, name, profiles);

describe('isObservableReference', () => {
  it.each(['time', 'file.name', 'file', 'file.hashes.value', 'file.hashes[0].value', 'file.hashes[]'])(
    'takes %s',
    (name) => expect(refers(name)).toBe(true),
  );

  it.each([
    '',
    '.',
    'file.',
    'file.nothing',
    'file[0].name',
    'time.x',
    'unmapped.x',
    'constructor',
    'file..name',
  ])('refuses %j', (name) => expect(refers(name)).toBe(false));

  it('sees attributes of a profile only with that profile', () => {
    expect(refers('attacks[0].technique.uid')).toBe(false);
    expect(refers('attacks[0].technique.uid', ['security_control'])).toBe(true);
  });
});
