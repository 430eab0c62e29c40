import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dnsAnswers } from '../../../src/mapping/converters/dns-answers.ts';
import { conversion, converted } from './conversion.ts';

const answer = (type: string, rdata: string): object => ({ type, class: 'IN', rdata });

describe('DNS answers', () => {
  it.each([
    [
      'type:  5 arc.msn.com.nsatc.net;::ffff:52.179.129.229;',
      [answer('CNAME', 'arc.msn.com.nsatc.net'), answer('A', '52.179.129.229')],
    ],
    ['172.18.38.5;', [answer('A', '172.18.38.5')]],
    ['fe80::1;2001:DB8:0:0:0:0:0:1;', [answer('AAAA', 'fe80::1'), answer('AAAA', '2001:db8::1')]],
    ['type:  12 WORKSTATION5;', [answer('PTR', 'WORKSTATION5')]],
    ['type:  65 x;', [answer('HTTPS', 'x')]],
    ['type:  9999 x y;', [answer('TYPE9999', 'x y')]],
    ['type: 5 a.test;', [answer('CNAME', 'a.test')]],
    ['type:  5  a.test ; 172.18.38.5 ; ', [answer('CNAME', 'a.test'), answer('A', '172.18.38.5')]],
    ['-;', []],
    [';', []],
    ['-;172.18.38.5;', [answer('A', '172.18.38.5')]],
  ])('of %s', (text, list) => {
    expect(converted(dnsAnswers, text)).toEqual(list);
  });

  it.each(
    [
      '1 A, 2 NS, 5 CNAME, 6 SOA, 12 PTR, 15 MX, 16 TXT, 28 AAAA, 33 SRV, 35 NAPTR, 39 DNAME, 43 DS, 46 RRSIG',
      '47 NSEC, 48 DNSKEY, 52 TLSA, 64 SVCB, 65 HTTPS, 257 CAA, 0 TYPE0, 255 TYPE255',
    ].flatMap((line) => line.split(', ')),
  )('of a number are called as IANA and RFC 3597 have it: %s', (pair) => {
    const [number, type = ''] = pair.split(' ');
    expect(converted(dnsAnswers, `type:  ${number} x;`)).toEqual([answer(type, 'x')]);
  });

  it.each([
    ['type:  33 ;172.18.38.5;', [answer('A', '172.18.38.5')]],
    ['type:  6 ;', []],
    ['172.18.38.5;::ffff:207.24', [answer('A', '172.18.38.5')]],
    ['172.18.38.5;::ffff:207.24;', [answer('A', '172.18.38.5')]],
    ['172.18.38.5;type:  5 cut.off', [answer('A', '172.18.38.5')]],
    ['172.18.38.5;::1.2.3.4;', [answer('A', '172.18.38.5')]],
    ['172.18.38.5;1.2;', [answer('A', '172.18.38.5')]],
    ['172.18.38.5;of type:  5 a.test;', [answer('A', '172.18.38.5')]],
    ['172.18.38.5', []],
    ['name.test;', []],
  ])('of %s are those that can be read, and the rest is not passed over', (text, list) => {
    expect(conversion(dnsAnswers, text)).toEqual({ value: list, failed: true });
  });

  it('tell addresses and names back', () => {
    const name = fc.domain().map((domain) => ({ item: `type:  5 ${domain}`, type: 'CNAME', rdata: domain }));
    const v4 = fc.ipV4().map((ip) => ({ item: ip, type: 'A', rdata: ip }));
    const mapped = fc.ipV4().map((ip) => ({ item: `::ffff:${ip}`, type: 'A', rdata: ip }));
    fc.assert(
      fc.property(fc.array(fc.oneof(name, v4, mapped), { minLength: 1 }), (items) => {
        expect(converted(dnsAnswers, items.map(({ item }) => `${item};`).join(''))).toEqual(
          items.map(({ type, rdata }) => answer(type, rdata)),
        );
      }),
    );
  });

  it('take any text', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(';', 'type:', ' 5 ', '::', 'ffff:', '1.2.3.4'));
    fc.assert(fc.property(fc.array(piece), (pieces) => void conversion(dnsAnswers, pieces.join(''))));
  });
});
