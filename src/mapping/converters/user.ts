/** Accounts as Windows writes them: DOMAIN\name. */
import type { Converter } from '../converter.ts';

/** `type_id` of OCSF's user object: 3 System. */
const SYSTEM = { type_id: 3, type: 'System' };

/** The accounts that Windows itself runs services as; OCSF counts machine accounts (`HOST$`) as System too. */
const isSystemAccount = (domain: string, name: string): boolean =>
  name.endsWith('$') || (domain === 'NT AUTHORITY' && /^(SYSTEM|LOCAL SERVICE|NETWORK SERVICE)$/.test(name));

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
    return { name, ...(domain && { domain }), ...(isSystemAccount(domain, name) && SYSTEM) };
  },
};
