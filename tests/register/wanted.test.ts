/** What a mapping and options become before any call is made. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  checkedProvider,
  checkSourceVersion,
  checkTablePrefix,
  wantedSources,
} from '../../src/register/wanted.ts';
import { GLUE_ROLE } from './world.ts';

const classes = (...schemas: string[]): { schema: string; columns: [] }[] =>
  schemas.map((schema) => ({ schema, columns: [] }));

describe('wanted sources', () => {
  it('name the classes as Security Lake does, and tell those that it has no name for', () => {
    const wanted = wantedSources({
      sourceName: 'windows-sysmon',
      classes: classes('file_activity', 'script_activity', 'kernel_extension', 'entity_management'),
      layout: 'per-schema',
    });
    expect(wanted.sources.map(({ eventClasses }) => eventClasses)).toEqual([
      ['FILE_ACTIVITY', 'KERNEL_EXTENSION', 'ENTITY_MANAGEMENT'],
    ]);
    expect(wanted.unlisted).toEqual(['script_activity']);
  });

  it('are one for each class in the layout per-source, with its own event class', () => {
    const { sources } = wantedSources({
      sourceName: 'windows-sysmon',
      classes: classes('dns_activity', 'device_config_state_change'),
      layout: 'per-source',
    });
    expect(sources.map(({ eventClasses }) => eventClasses)).toEqual([
      ['DNS_ACTIVITY'],
      ['DEVICE_CONFIG_STATE_CHANGE'],
    ]);
  });

  it('never have a name that Security Lake would refuse', () => {
    const name = fc.stringMatching(/^[\w\-:.]{1,70}$/);
    const schema = fc.stringMatching(/^[a-z][a-z0-9_]{0,40}$/);
    fc.assert(
      fc.property(name, schema, fc.constantFrom('per-schema', 'per-source'), (sourceName, one, layout) => {
        try {
          const { sources } = wantedSources({ sourceName, classes: classes(one), layout });
          expect(sources[0]!.sourceName).toMatch(/^[\w\-:.]{1,20}$/);
        } catch (error) {
          expect(String(error)).toMatch(/^RegistrationOptionError: --source-name /);
        }
      }),
    );
  });

  it('are refused for a name with other characters', () => {
    const wanted = (): unknown =>
      wantedSources({ sourceName: 'windows sysmon', classes: classes('dns_activity'), layout: 'per-schema' });
    expect(wanted).toThrow('--source-name "windows sysmon": use letters, digits, _ - : and .');
  });
});

describe('options', () => {
  const provider = { glueRoleArn: GLUE_ROLE, externalId: 'id', principal: '123456789012' };

  it('that AWS takes are taken', () => {
    expect(checkedProvider(provider)).toBe(provider);
    expect(checkedProvider({ ...provider, principal: 'logs.amazonaws.com' })).toBeDefined();
    expect(() => checkSourceVersion('1.0')).not.toThrow();
    expect(() => checkSourceVersion(undefined)).not.toThrow();
    expect(() => checkTablePrefix('sysmon_')).not.toThrow();
  });

  it.each([
    ['--glue-role', { glueRoleArn: 'windows-sysmon-glue' }],
    ['--provider-principal', { principal: '1234' }],
    ['--external-id', { externalId: 'x' }],
    ['--external-id', { externalId: 'two words' }],
  ])('%s is refused where AWS would: %j', (option, change) => {
    expect(() => checkedProvider({ ...provider, ...change })).toThrow(new RegExp(`^${option} ".*": use `));
  });

  it('of version and prefix are refused where AWS would', () => {
    expect(() => checkSourceVersion('1 0')).toThrow('--source-version');
    expect(() => checkTablePrefix('Sysmon-')).toThrow('--table-prefix');
  });
});
