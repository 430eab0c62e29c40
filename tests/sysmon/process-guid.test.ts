import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isGuid,
  isNullGuid,
  normaliseGuid,
  NULL_GUID,
  processStartSeconds,
} from '../../src/sysmon/process-guid.ts';

const GUID = '6a910b9d-498a-5ee0-c903-000000000400';

describe('normaliseGuid', () => {
  it('gives one form for every way to write a GUID', () => {
    for (const text of [GUID, `{${GUID}}`, GUID.toUpperCase(), `{${GUID.toUpperCase()}}`]) {
      expect(normaliseGuid(text)).toBe(GUID);
    }
  });

  it.each([
    '',
    '-',
    `{${GUID}`,
    `${GUID}}`,
    ` ${GUID}`,
    `${GUID}\n`,
    GUID.slice(1),
    GUID.replace('a', 'g'),
    GUID.replaceAll('-', ''),
  ])('does not take %j for a GUID', (text) => {
    expect(normaliseGuid(text)).toBeUndefined();
  });

  it('reads back every UUID in braces and upper case', () => {
    fc.assert(fc.property(fc.uuid(), (uuid) => normaliseGuid(`{${uuid.toUpperCase()}}`) === uuid));
  });
});

describe('isNullGuid', () => {
  it('knows the null GUID in both forms, and no other', () => {
    expect(isNullGuid(NULL_GUID)).toBe(true);
    expect(isNullGuid(`{${NULL_GUID}}`)).toBe(true);
    expect(isNullGuid(GUID)).toBe(false);
    expect(isNullGuid('-')).toBe(false);
  });
});

describe('processStartSeconds', () => {
  it('reads the second at which the process started', () => {
    expect(processStartSeconds(`{${GUID}}`)).toBe(0x5ee0498a);
    expect(processStartSeconds('905CC552-2045-5CC5-0000-00105B2A0100')).toBe(0x5cc52045);
  });

  it('is unsigned', () => {
    expect(processStartSeconds('6a910b9d-ffff-ffff-c903-000000000400')).toBe(4_294_967_295);
  });

  it('has no start for the null GUID and for what is no GUID', () => {
    expect(processStartSeconds(NULL_GUID)).toBeUndefined();
    expect(processStartSeconds('{6a910b9d}')).toBeUndefined();
  });
});

describe('isGuid', () => {
  it('holds for what normaliseGuid reads, and nothing else', () => {
    const near = fc
      .tuple(fc.uuid(), fc.nat(37), fc.string({ maxLength: 1 }), fc.boolean())
      .map(([uuid, at, other, braces]) => {
        const text = braces ? `{${uuid.toUpperCase()}}` : uuid;
        return text.slice(0, at) + other + text.slice(at + 1);
      });
    fc.assert(
      fc.property(fc.oneof(near, fc.uuid(), fc.string()), (text) =>
        expect(isGuid(text)).toBe(normaliseGuid(text) !== undefined),
      ),
    );
    for (const text of [GUID, `{${GUID}}`, `{${GUID}`, `${GUID}}`, `[${GUID}]`])
      expect(isGuid(text)).toBe(normaliseGuid(text) !== undefined);
  });
});
