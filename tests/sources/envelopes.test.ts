/** Envelopes of several events: one document per event, and no more memory than the events take. */
import { describe, expect, it } from '@jest/globals';
import { cutEnvelope } from '../../src/sources/envelopes.ts';

const bytesOf = (document: unknown): Buffer => Buffer.from(JSON.stringify(document));
const cut = (document: unknown): unknown[] =>
  [...cutEnvelope(bytesOf(document))].map(
    ({ bytes, reason }) => reason ?? (JSON.parse(Buffer.from(bytes).toString()) as unknown),
  );

const subscription = (logGroup: string, events: number) => ({
  messageType: 'DATA_MESSAGE',
  logGroup,
  logEvents: Array.from({ length: events }, (_, id) => ({ id, message: 'x' })),
});
const otlp = (a: string, events: number) => ({
  resourceLogs: [
    {
      resource: { a },
      scopeLogs: [{ scope: { b: 1 }, logRecords: Array.from({ length: events }, (_, body) => ({ body })) }],
    },
  ],
});

describe('cutEnvelope', () => {
  it('gives each event its surroundings', () => {
    expect(cut(subscription('g', 2))).toEqual([
      { messageType: 'DATA_MESSAGE', logGroup: 'g', logEvents: [{ id: 0, message: 'x' }] },
      { messageType: 'DATA_MESSAGE', logGroup: 'g', logEvents: [{ id: 1, message: 'x' }] },
    ]);
    expect(cut(otlp('r', 2))).toEqual(
      [0, 1].map((body) => ({
        resourceLogs: [{ resource: { a: 'r' }, scopeLogs: [{ scope: { b: 1 }, logRecords: [{ body }] }] }],
      })),
    );
    expect(cut({ messageType: 'CONTROL_MESSAGE', logEvents: [{ id: 1 }] })).toEqual([]);
  });

  it('makes an event when it is asked for', () => {
    const events = cutEnvelope(bytesOf(subscription('g', 3)));
    expect(events.next().value).toMatchObject({ bytes: bytesOf({ ...subscription('g', 1) }) });
  });

  it.each([
    ['a subscription', subscription],
    ['OTLP', otlp],
  ])('does not repeat the surroundings of %s without limit', (_, make) => {
    const long = 'g'.repeat(1_000_000);
    expect(cut(make(long, 60))).toHaveLength(60);
    const tooMany = bytesOf(make(long, 100));
    expect([...cutEnvelope(tooMany)]).toEqual([{ bytes: tooMany, reason: 'too_large' }]);
  });
});
