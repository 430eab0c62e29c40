import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { user } from '../../../src/mapping/converters/user.ts';
import { conversion, converted, partsOf } from './conversion.ts';

const system = { type_id: 3, type: 'System' };

describe('user', () => {
  it.each([
    ['THESHIRE\\pgustavo', { name: 'pgustavo', domain: 'THESHIRE' }],
    ['NT AUTHORITY\\SYSTEM', { name: 'SYSTEM', domain: 'NT AUTHORITY', ...system }],
    ['NT AUTHORITY\\NETWORK SERVICE', { name: 'NETWORK SERVICE', domain: 'NT AUTHORITY', ...system }],
    ['NT AUTHORITY\\LOCAL SERVICE', { name: 'LOCAL SERVICE', domain: 'NT AUTHORITY', ...system }],
    ['nt authority\\system', { name: 'system', domain: 'nt authority', ...system }],
    ['NT-AUTORITÄT\\SYSTEM', { name: 'SYSTEM', domain: 'NT-AUTORITÄT', ...system }],
    ['NT-AUTORITÄT\\Netzwerkdienst', { name: 'Netzwerkdienst', domain: 'NT-AUTORITÄT', ...system }],
    ['AUTORITE NT\\Système', { name: 'Système', domain: 'AUTORITE NT', ...system }],
    ['CORP\\SYSTEM', { name: 'SYSTEM', domain: 'CORP' }],
    ['SYSTEM', { name: 'SYSTEM' }],
    ['Window Manager\\DWM-1', { name: 'DWM-1', domain: 'Window Manager' }],
    ['NT AUTHORITY\\ANONYMOUS LOGON', { name: 'ANONYMOUS LOGON', domain: 'NT AUTHORITY' }],
    ['SHIRE\\HFDC01$', { name: 'HFDC01$', domain: 'SHIRE', ...system }],
    ['AzureAD\\Ängström ', { name: 'Ängström ', domain: 'AzureAD' }],
    ['pgustavo', { name: 'pgustavo' }],
    ['a\\b\\c', { name: 'b\\c', domain: 'a' }],
    ['user@domain.test', { name: 'user@domain.test' }],
  ])('of %s', (text, value) => {
    expect(converted(user, text)).toEqual(value);
  });

  it.each([
    ...['NT AUTHORITY\\SERVIZIO LOCALE', 'NT AUTHORITY\\SERVIZIO DI RETE'],
    ...['NT AUTHORITY\\SERVICIO LOC', 'NT AUTHORITY\\SERVICIO DE RED', 'NT AUTHORITY\\СИСТЕМА'],
    ...['NT-AUTORITÄT\\SYSTEM', 'NT-AUTORITÄT\\Lokaler Dienst', 'NT-AUTORITÄT\\Netzwerkdienst'],
    ...['AUTORITE NT\\SYSTEM', 'AUTORITE NT\\Système'],
    ...['AUTORITE NT\\SERVICE LOCAL', 'AUTORITE NT\\SERVICE RÉSEAU'],
  ])('of %s is of Windows itself, in its own language', (text) => {
    expect(converted(user, text)).toMatchObject(system);
  });

  it('of one language is no account of Windows in the domain of another', () => {
    expect(converted(user, 'AUTORITE NT\\Netzwerkdienst')).not.toHaveProperty('type_id');
  });

  it.each(['DOMAIN\\', '\\name', '\\', ''])('is none of %j', (text) => {
    expect(conversion(user, text)).toEqual({ value: undefined, failed: true });
  });

  it('tells its text back', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.string(), fc.string()).map((two) => two.join('\\')),
        ),
        (text) => {
          const value = partsOf(user, text);
          if (value === undefined) return;
          expect(value.domain === undefined ? value.name : `${value.domain}\\${value.name}`).toBe(text);
        },
      ),
    );
  });
});
