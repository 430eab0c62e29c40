import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cloudWatchLogs } from '../../src/sources/cloudwatch-logs.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import { damaged, lostFrom, wrappedBy } from './form-parts.ts';

const ENVELOPE = {
  messageType: 'DATA_MESSAGE',
  owner: '111122223333',
  logGroup: 'sysmon',
  logStream: 'i-1',
  subscriptionFilters: ['lake'],
};
const documentOf = (message: unknown, timestamp: unknown = 1609556645678) => ({
  ...ENVELOPE,
  logEvents: [{ id: '37', timestamp, message }],
});

describe('cloudWatchLogs', () => {
  it('unwraps the one log event, and keeps what is said of it', () => {
    const { inner, userDefined, loggedAt } = wrappedBy(cloudWatchLogs, documentOf('<Event/>'));
    expect([inner, loggedAt]).toEqual(['<Event/>', '2021-01-02T03:04:05.678Z']);
    expect({ ...userDefined }).toEqual({
      messageType: 'DATA_MESSAGE',
      owner: '111122223333',
      logGroup: 'sysmon',
      logStream: 'i-1',
      subscriptionFilters: '["lake"]',
      'logEvent.id': '37',
      'logEvent.timestamp': '1609556645678',
    });
  });

  it.each([undefined, null, '1609556645678', -1e20, 'now'])(
    'knows no time in the timestamp %j',
    (timestamp) => {
      expect(wrappedBy(cloudWatchLogs, documentOf('x', timestamp ?? null)).loggedAt).toBeUndefined();
    },
  );

  it.each([
    { ...ENVELOPE, logEvents: [] },
    { ...ENVELOPE, logEvents: [{ message: 'a' }, { message: 'b' }] },
    { ...ENVELOPE, logEvents: [{ message: 7 }] },
    { ...ENVELOPE, logEvents: ['a'] },
    { ...ENVELOPE, logEvents: { message: 'a' } },
  ])('takes %j, which is not one log event with a text, for no event', (document) => {
    expect(cloudWatchLogs.recognises(document)).toBe(true);
    expect(cloudWatchLogs.read(document)).toEqual({ reason: 'not_an_event' });
  });

  it.each([{}, { logEvents: [] }, { logGroup: 'x' }, { message: 'x', timestamp: 1 }])(
    'does not recognise %j',
    (document) => {
      expect(cloudWatchLogs.recognises(document)).toBe(false);
    },
  );

  it('gives the event the time of the log event where the text has none', () => {
    const text =
      '[Microsoft-Windows-Sysmon/Operational] [INFORMATION] [4] [Microsoft-Windows-Sysmon] [host] [Sysmon service state changed:\nUtcTime: 2021-01-02 03:04:05.600\nState: Started\nVersion: 15\nSchemaVersion: 4.9]';
    const { event } = decodeRecord(Buffer.from(JSON.stringify(documentOf(text))), 'auto');
    expect(event).toMatchObject({ EventId: 4, MachineName: 'host', TimeCreated: '2021-01-02T03:04:05.678Z' });
  });

  it('never throws, whatever stands in its places', () => {
    fc.assert(fc.property(damaged(documentOf('x')), (hostile) => void cloudWatchLogs.read(hostile)));
  });

  it('loses no value', () => {
    const document = documentOf('text');
    expect(lostFrom(document, wrappedBy(cloudWatchLogs, document))).toEqual([]);
  });
});
