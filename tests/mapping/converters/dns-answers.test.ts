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
    ['-;', []],
    [';', []],
    ['-;172.18.38.5;', [answer('A', '172.18.38.5')]],
  ])('of %s', (text, list) => {
    expect(converted(dnsAnswers, text)).toEqual(list);
  });

  it.each([
    ['type:  33 ;172.18.38.5;', [answer('A', '172.18.38.5')]],
    ['type:  6 ;', []],
    ['172.18.38.5;::ffff:207.24', [answer('A', '172.18.38.5')]],
    ['172.18.38.5;::ffff:207.24;', [answer('A', '172.18.38.5')]],
    ['172.18.38.5;type:  5 cut.off', [answer('A', '172.18.38.5')]],
    ['172.18.38.5;::1.2.3.4;', [answer('A', '172.18.38.5')]],
    ['172.18.38.5;1.2;', [answer('A', '172.18.38.5')]],
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
