/** Accounts as Windows writes them: DOMAIN\name. */
import type { Converter } from '../converter.ts';

/** `type_id` of OCSF's user object: 3 System. */
const SYSTEM = { type_id: 3, type: 'System' };

/**
 * The accounts that Windows itself runs services as: LocalSystem, LocalService and NetworkService, as Windows
 * names them in the languages that SQL Server is installed in, and French Windows itself (`Système`). Sysmon gives no SID,
 * which would be the same in all.
 * https://learn.microsoft.com/sql/database-engine/configure-windows/configure-windows-service-accounts-and-permissions#localized-service-names
 */
const SERVICE_ACCOUNTS: ReadonlySet<string> = new Set(
  Object.entries({
    'nt authority': [
      ...['system', 'local service', 'network service'],
      ...['servizio locale', 'servizio di rete'],
      ...['servicio loc', 'servicio de red'],
      'система',
    ],
    'nt-autorität': ['system', 'lokaler dienst', 'netzwerkdienst'],
    'autorite nt': ['system', 'système', 'service local', 'service réseau'],
  }).flatMap(([domain, names]) => names.map((name) => `${domain}\\${name}`)),
);

/** OCSF counts machine accounts (`HOST$`) as System too. Windows compares names without their case. */
const isSystemAccount = (account: string): boolean =>
  account.endsWith('$') || SERVICE_ACCOUNTS.has(account.toLowerCase());

export const user: Converter = {
  name: 'user',
  summary: 'DOMAIN\\name ► user {name, domain}, with type_id 3 System for the accounts of Windows itself',
  output: {
    object: 'user',
    shape: { name: true, domain: true, type_id: true, type: true },
    required: ['name'],
  },
  lossless: true,
  convert: (text) => {
    const at = text.indexOf('\\');
    const domain = text.slice(0, Math.max(at, 0));
    const name = text.slice(at + 1);
    if (name === '' || at === 0) return undefined;
    return { name, ...(domain && { domain }), ...(isSystemAccount(text) && SYSTEM) };
  },
};
