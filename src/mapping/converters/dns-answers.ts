/** The answers of a DNS query, as EventID 22 lists them in QueryResults. */
import ipaddr from 'ipaddr.js';
import type { OcsfValue } from '../../ocsf/column.ts';
import { canonicalIp } from '../coerce.ts';
import type { Converter } from '../converter.ts';

/** Resource record types by number (IANA, DNS Parameters); others are written TYPE65 as RFC 3597 has it. */
const RECORD_TYPES: Readonly<Record<string, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  35: 'NAPTR',
  39: 'DNAME',
  43: 'DS',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  52: 'TLSA',
  64: 'SVCB',
  65: 'HTTPS',
  257: 'CAA',
};

/** Sysmon writes `type:  5 name;` for what is no address, and addresses as IPv6 with IPv4 ones mapped into it. */
function answer(item: string): { type: string; rdata: string } | undefined {
  const typed = /^type:\s*(\d+)\s+(\S.*)$/s.exec(item);
  if (typed) {
    const [, number = '', rdata = ''] = typed;
    return { type: RECORD_TYPES[number] ?? `TYPE${number}`, rdata };
  }
  if (canonicalIp(item) === undefined) return undefined;
  const address = ipaddr.process(item);
  return address.kind() === 'ipv4'
    ? { type: 'A', rdata: address.toString() }
    : { type: 'AAAA', rdata: (address as ipaddr.IPv6).toRFC5952String() }; // true: kind() says which class it is
}

export const dnsAnswers: Converter = {
  name: 'dns_answers',
  summary: 'QueryResults ► dns_answer {type, class, rdata} each; IPv4-mapped addresses as IPv4',
  output: {
    object: 'dns_answer',
    shape: { type: true, class: true, rdata: true },
    required: ['rdata'],
    list: true,
  },
  lossless: true,
  convert: (text, fail) => {
    const items = text.split(';');
    // Each answer ends with `;`: text after the last one was cut off.
    if (items.pop()?.trim()) fail();
    const list: OcsfValue[] = [];
    for (const item of items) {
      const trimmed = item.trim();
      if (trimmed === '' || trimmed === '-') continue;
      const found = answer(trimmed);
      if (found === undefined) fail();
      else list.push({ type: found.type, class: 'IN', rdata: found.rdata });
    }
    return list;
  },
};
