import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stripHeader } from '../../src/sources/text-header.ts';

const EVENT = '<Event></Event>';

describe('stripHeader', () => {
  it.each([
    'Oct 19 15:21:24 ubuntu sysmon:',
    '<13>Oct  9 15:21:24 host app[12]:',
    'Oct 9 15:21:24 host app:',
    '<13>2026-01-02T03:04:05+01:00 host app:',
    '<165>1 2026-01-02T03:04:05.678Z host app 12 ID7 [a@1 b="c"]',
    '<165>1 - host app - - -',
    '2026-01-02T03:04:05.678Z',
  ])('takes %j off', (header) => {
    expect(stripHeader(`${header} ${EVENT}`)).toEqual({ header, body: EVENT });
    expect(stripHeader(`${header} {"a":1}`)).toEqual({ header, body: '{"a":1}' });
  });

  it.each([
    '',
    EVENT,
    '{"a":1}',
    'user said: <Event></Event>',
    `Oct 19 15:21:24 h said <b> ${EVENT}`,
    'Oct 19 15:21:24 host plain text',
    `${'x'.repeat(1000)} ${EVENT}`,
  ])('takes nothing off %j', (text) => {
    expect(stripHeader(text)).toBeUndefined();
  });

  it('keeps every character of the body, and never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void stripHeader(text)));
    fc.assert(
      fc.property(fc.string(), (text) =>
        expect(stripHeader(`2026-01-02T03:04:05Z {${text}`)?.body).toBe(`{${text}`),
      ),
    );
  });
});
