import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCloudWatchText } from '../../src/sources/cloudwatch-text.ts';

const HEAD = '[Microsoft-Windows-Sysmon/Operational] [INFORMATION] [5] [Microsoft-Windows-Sysmon] [host]';

describe('readCloudWatchText', () => {
  it('reads the parts in brackets', () => {
    const { provider, eventId, envelope, message } = readCloudWatchText(
      `${HEAD} [Process terminated:\r\nImage: x]`,
    )!;
    expect({ provider, eventId, envelope, message }).toEqual({
      provider: 'Microsoft-Windows-Sysmon',
      eventId: '5',
      envelope: {
        LogName: 'Microsoft-Windows-Sysmon/Operational',
        MachineName: 'host',
        LevelDisplayName: 'Informational',
      },
      message: 'Process terminated:\r\nImage: x',
    });
  });

  it('takes all brackets of the message for its own', () => {
    expect(readCloudWatchText(`${HEAD} [a] [b] ]]`)?.message).toBe('a] [b] ]');
  });

  it.each([
    ['WARNING', 'Warning'],
    ['ERROR', 'Error'],
    ['CRITICAL', 'Critical'],
    ['VERBOSE', 'Verbose'],
    ['UNKNOWN', 'UNKNOWN'],
    ['', undefined],
  ])('takes the level %j for %j', (level, caption) => {
    const text = `${HEAD.replace('INFORMATION', level)} [x]`;
    expect(readCloudWatchText(text)?.envelope.LevelDisplayName).toBe(caption);
  });

  it.each([
    '',
    '[]',
    HEAD,
    `${HEAD} [x`,
    `${HEAD} x]`,
    `${HEAD} [x] and more`,
    `x ${HEAD} [x]`,
    `${HEAD.replace('[5]', '[five]')} [x]`,
    `${HEAD.replace('] [', '][')} [x]`,
    '["a","b"]',
    '[1, 2, 3]',
  ])('takes %j for no such text', (text) => {
    expect(readCloudWatchText(text)).toBeUndefined();
  });

  it('keeps every message as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('[', ']', ' ', '\n', 'a') }), (message) => {
        expect(readCloudWatchText(`${HEAD} [${message}]`)?.message).toBe(message);
      }),
    );
  });
});
