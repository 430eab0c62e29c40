import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evtxRecords, isEvtx } from '../../src/evtx/read-evtx.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import { sampleEvent } from '../../src/sysmon/sample.ts';
import { catalogue } from '../../src/sysmon/catalogue.ts';
import { writeEvtx, type LogEvent } from './write-evtx.ts';

const LOGS = path.resolve(import.meta.dirname, '../../../shared/evtx');
const itWithLogs = existsSync(LOGS) ? it : it.skip; // says that it skips where ../shared is absent

interface Read {
  readonly events: Record<string, unknown>[];
  readonly others: (readonly [reason: string | undefined, bytes: number])[];
}

const read = async (bytes: Uint8Array, pieceBytes = 1_000_000): Promise<Read> => {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes)
      yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
  };
  const events: Record<string, unknown>[] = [];
  const others: (readonly [string | undefined, number])[] = [];
  for await (const { bytes: own, reason } of evtxRecords(chunks())) {
    if (reason === undefined) events.push(JSON.parse(Buffer.from(own).toString()) as Record<string, unknown>);
    else others.push([reason, own.length]);
  }
  return { events, others };
};

const FIELDS = {
  RuleName: '-',
  UtcTime: '2026-01-02 03:04:05.678',
  ProcessGuid: '{5fe2a7c1-3456-6957-0001-000000000500}',
  ProcessId: 4711,
  Image: 'C:\\Größe\\日本語\\\u{1f600}.exe',
  User: null,
};
const event = (recordId: number, fields: LogEvent['fields'] = FIELDS): LogEvent => ({
  recordId,
  eventId: 5,
  computer: 'h.example',
  fields,
});
const LOG = writeEvtx([[event(1), event(2), event(3)], [event(4)]]);
const recordIds = ({ events }: Read): unknown[] =>
  events.map((one) => (one as { Event: { System: { EventRecordID: number } } }).Event.System.EventRecordID); // as: each is an event

describe('evtxRecords', () => {
  it('gives each event in the shape of evtx_dump', async () => {
    const { events, others } = await read(LOG);
    expect(others).toEqual([]);
    expect(events).toHaveLength(4);
    expect(events[0]).toEqual({
      Event: {
        '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
        System: {
          Provider: {
            '#attributes': { Name: 'Microsoft-Windows-Sysmon', Guid: '5770385F-CA22-43E0-BF4C-06F5698FFBD9' },
          },
          EventID: 5,
          Level: 4,
          TimeCreated: { '#attributes': { SystemTime: '2020-12-30T03:04:05.7000000Z' } },
          EventRecordID: 1,
          Channel: 'Microsoft-Windows-Sysmon/Operational',
          Computer: 'h.example',
          Security: { '#attributes': { UserID: 'S-1-5-18' } },
        },
        EventData: { ...FIELDS, ProcessGuid: '5FE2A7C1-3456-6957-0001-000000000500', User: '' },
      },
    });
  });

  it('gives every event of the catalogue with all its fields', async () => {
    const samples = [...catalogue.keys()].map((id, at) => ({
      ...event(at + 1, { ...sampleEvent(id, 'full')!.Description }),
      eventId: id,
    }));
    const { events } = await read(writeEvtx([samples]));
    expect(events).toHaveLength(samples.length);
    for (const [at, one] of events.entries()) {
      const decoded = decodeRecord(Buffer.from(JSON.stringify(one)), 'auto').event!;
      expect([decoded.EventId, { ...decoded.Description }]).toEqual([
        samples[at]!.eventId,
        { ...samples[at]!.fields },
      ]);
    }
  });

  it('keeps values without names in their order, empty ones too', async () => {
    const { events } = await read(writeEvtx([[{ ...event(1, {}), unnamed: ['-', '', 'x'] }]]));
    expect(events[0]).toMatchObject({ Event: { EventData: { Data: { '#text': ['-', '', 'x'] } } } });
  });

  it('gives the same however the log is cut', async () => {
    const whole = await read(LOG);
    for (const pieceBytes of [7_001, 4_096, 65_536, 65_537])
      expect(await read(LOG, pieceBytes)).toEqual(whole);
  });

  it('does not rely on the counts of the header', async () => {
    const zero = Buffer.from(LOG);
    zero.fill(0, 8, 48);
    expect(recordIds(await read(zero))).toEqual([1, 2, 3, 4]);
  });

  it('says that a closed log lacks chunks that its header counts', async () => {
    const closed = writeEvtx([[event(1)], [event(2)], [event(3)]]);
    const { events, others } = await read(closed.subarray(0, 4_096 + 65_536));
    expect([events.length, others]).toEqual([1, [['truncated', 4_096]]]);
    const dirty = writeEvtx([[event(1)], [event(2)]], { isDirty: true });
    expect((await read(dirty.subarray(0, 4_096 + 65_536))).others).toEqual([]);
  });

  it('reads records of a log that was not closed, behind the end that its chunk states', async () => {
    const dirty = writeEvtx([[event(1), event(2), event(3)]], { isDirty: true });
    dirty.writeUInt32LE(512 + 10, 4_096 + 48);
    const { events, others } = await read(dirty);
    expect([events.length, others]).toEqual([3, []]);
    expect(JSON.stringify(events)).not.toContain('chunk_checksum');
  });

  it('reads a log that was not closed although its chunk states no record', async () => {
    const dirty = writeEvtx([[event(1), event(2)]], { isDirty: true });
    dirty.writeUInt32LE(512, 4_096 + 48);
    expect(recordIds(await read(dirty))).toEqual([1, 2]);
  });

  it('does not read what was overwritten behind the end of a chunk', async () => {
    const stale = writeEvtx([[event(7), event(8), event(3)]], { isDirty: true });
    const third = stale.lastIndexOf(Buffer.from([0x2a, 0x2a, 0, 0]));
    stale.writeUInt32LE(third - 4_096, 4_096 + 48);
    expect(recordIds(await read(stale))).toEqual([7, 8]);
  });

  it('reads the records of a closed log whose chunk header is damaged', async () => {
    const damaged = Buffer.from(LOG);
    damaged.writeUInt32LE(512, 4_096 + 48);
    const { events, others } = await read(damaged);
    expect([recordIds({ events, others }), others]).toEqual([[1, 2, 3, 4], []]);
    expect(events.map((one) => one.chunk_checksum)).toEqual(['wrong', 'wrong', 'wrong', undefined]);
  });

  it('does not miss the checksums of a log that says that it has none', async () => {
    const without = Buffer.from(LOG);
    without.writeUInt32LE(0x4, 120);
    without.writeUInt32LE(0, 4_096 + 52);
    const { events } = await read(without);
    expect(events.map((one) => one.chunk_checksum)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('says of the events of a closed log whose checksum is wrong that it is', async () => {
    const wrong = Buffer.from(LOG);
    wrong.writeUInt32LE(0xdead, 4_096 + 52);
    const { events } = await read(wrong);
    expect(events.map((one) => one.chunk_checksum)).toEqual(['wrong', 'wrong', 'wrong', undefined]);
  });

  it('gives the bytes of a damaged record, and the records around it', async () => {
    const damaged = Buffer.from(LOG);
    const second = damaged.indexOf(Buffer.from([0x2a, 0x2a, 0, 0]), 4_096 + 512 + 4);
    damaged.writeUInt8(0x3f, second + 24 + 4); // a token that there is not
    const { others } = await read(damaged);
    expect(recordIds(await read(damaged))).toEqual([1, 3, 4]);
    expect(others).toEqual([['damaged', damaged.readUInt32LE(second + 4)]]);
    damaged.writeUInt32LE(0xffffff, second + 4); // and a size that cannot be
    expect(recordIds(await read(damaged))).toEqual([1, 3, 4]);
  });

  it('gives a chunk that is none as it is, and passes over one that was never used', async () => {
    const chunks = [Buffer.alloc(65_536, 7), Buffer.alloc(65_536), LOG.subarray(4_096)];
    const { events, others } = await read(Buffer.concat([LOG.subarray(0, 4_096), ...chunks]));
    expect([events.length, others]).toEqual([4, [['damaged', 65_536]]]);
  });

  it('reads a log that is cut short as far as it goes', async () => {
    const third = LOG.lastIndexOf(Buffer.from([0x2a, 0x2a, 0, 0]), 4_096 + 65_535);
    const { events, others } = await read(LOG.subarray(0, third + 30));
    const theHeader = ['truncated', 4_096];
    expect([events.length, others]).toEqual([2, [['truncated', 30], theHeader]]);
    expect(await read(LOG.subarray(0, 100))).toEqual({ events: [], others: [['truncated', 100]] });
    expect(await read(LOG.subarray(0, 4_096))).toEqual({ events: [], others: [theHeader] });
    expect(await read(Buffer.alloc(0))).toEqual({ events: [], others: [] });
  });

  it('never throws, and gives no bytes twice, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 4_096, max: 4_096 + 8_000 }), fc.nat(255)), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.integer({ min: 0, max: LOG.length }),
        async (flips, cut) => {
          const bytes = Buffer.from(LOG);
          for (const [at, byte] of flips) bytes[at] = byte;
          const { events, others } = await read(bytes.subarray(0, cut));
          expect(events.length).toBeLessThanOrEqual(8);
          expect(others.reduce((sum, [, size]) => sum + size, 0)).toBeLessThanOrEqual(cut);
        },
      ),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 6_000 }), async (bytes) => {
        await read(bytes);
      }),
    );
  });

  itWithLogs('reads real logs, one event each', async () => {
    for (const file of readdirSync(LOGS)) {
      const { events, others } = await read(readFileSync(path.join(LOGS, file)));
      expect([file, events.length, others]).toEqual([file, 1, []]);
    }
  });
});

describe('isEvtx', () => {
  it('looks at the first bytes', () => {
    expect(isEvtx(LOG)).toBe(true);
    expect(isEvtx(Buffer.from('ElfFile'))).toBe(false);
    expect(isEvtx(Buffer.alloc(0))).toBe(false);
  });
});
