import { describe, expect, it } from '@jest/globals';
import { eventTimeOf } from '../../src/sysmon/event-time.ts';
import type { SysmonEvent } from '../../src/sysmon/event.ts';
import { eventProcessGuid } from '../../src/sysmon/identity.ts';
import { parseUtcTime } from '../../src/sysmon/time.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import { itWithRealData, realRecords } from '../sources/real-data.ts';

const event = (
  EventId: number,
  UtcTime: string | undefined,
  TimeCreated: string | undefined,
): SysmonEvent => ({
  EventId,
  Description: { ...(UtcTime !== undefined && { UtcTime }) },
  ...(TimeCreated !== undefined && { TimeCreated }),
  UserDefined: {},
});
const CREATED = '2026-01-02T03:04:05.678Z';
const source = (...parts: Parameters<typeof event>) => eventTimeOf(event(...parts))?.source;

describe('eventTimeOf', () => {
  it.each([3, 22])('takes the time of the log for EventID %d where UtcTime is more than 60 s off', (id) => {
    expect(source(id, '2026-01-02 03:04:05.600', CREATED)).toBe('UtcTime');
    expect(source(id, '2026-01-02 03:03:05.678', CREATED)).toBe('UtcTime');
    expect(source(id, '2026-01-02 03:03:05.677', CREATED)).toBe('TimeCreated');
    expect(source(id, '2026-01-02 03:05:05.679', CREATED)).toBe('TimeCreated');
    expect(eventTimeOf(event(id, '2025-12-22 03:04:05.600', CREATED))?.text).toBe(CREATED);
  });

  it.each([1, 5, 10, 11, 255])('takes UtcTime for EventID %d, however far off', (id) => {
    expect(source(id, '2025-12-22 03:04:05.600', CREATED)).toBe('UtcTime');
  });

  it.each([1, 3, 22])(
    'takes the time of the log for EventID %d where UtcTime is missing or no time',
    (id) => {
      for (const utc of [undefined, '', '-', 'yesterday', '9999-12-31 23:59:59.999']) {
        expect(source(id, utc, CREATED)).toBe('TimeCreated');
      }
    },
  );

  it.each(['2026-01-02 03:04:05.600 UTC', '2026-01-02T04:04:05.600+01:00'])(
    'reads a UtcTime that names its zone, %s',
    (utc) => {
      expect(eventTimeOf(event(1, utc, CREATED))).toEqual({
        text: utc,
        timeMs: Date.UTC(2026, 0, 2, 3, 4, 5, 600),
        source: 'UtcTime',
      });
      expect(source(3, utc, '2026-01-02 03:05:05.601 UTC')).toBe('TimeCreated');
    },
  );

  it('takes UtcTime where the log gives no time', () => {
    for (const created of [undefined, 'soon', '1601-01-01T00:00:00Z']) {
      expect(source(3, '2025-12-22 03:04:05.600', created)).toBe('UtcTime');
    }
    expect(eventTimeOf(event(3, undefined, undefined))).toBeUndefined();
    expect(eventTimeOf(event(1, '-', 'soon'))).toBeUndefined();
  });

  itWithRealData('puts no real connection or query before the process that made it', async () => {
    const events: SysmonEvent[] = [];
    for (const file of ['sysmon-kinesis-agent.ndjson.gz', 'winlogbeat.ndjson.gz', 'windows-event.xml.gz']) {
      for (const { bytes } of await realRecords(file)) events.push(decodeRecord(bytes, 'auto').event!);
    }
    const keyOf = (one: SysmonEvent): string => `${one.MachineName ?? ''} ${eventProcessGuid(one) ?? ''}`;
    const started = new Map<string, number>();
    for (const one of events) {
      if (one.EventId === 1) started.set(keyOf(one), parseUtcTime(one.Description.UtcTime ?? '')!);
    }
    let joined = 0;
    const early = { byUtcTime: 0, byEventTime: 0 };
    for (const one of events) {
      const start = started.get(keyOf(one));
      if ((one.EventId !== 3 && one.EventId !== 22) || start === undefined) continue;
      joined++;
      const isEarly = (text: string | undefined): boolean => parseUtcTime(text ?? '')! < start - 60_000;
      if (isEarly(one.Description.UtcTime)) early.byUtcTime++;
      if (isEarly(eventTimeOf(one)?.text)) early.byEventTime++;
    }
    expect(joined).toBeGreaterThan(100);
    expect(early.byUtcTime).toBeGreaterThan(0);
    expect(early.byEventTime).toBe(0);
  });
});
