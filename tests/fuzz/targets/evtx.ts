/** Binary event logs: from any bytes to events or to bytes with a reason. */
import fc from 'fast-check';
import { chunkRecords } from '../../../src/evtx/chunk.ts';
import { decodeRecord } from '../../../src/sources/decode.ts';
import { oddEvents } from '../../evtx/odd-events.ts';
import { writeChunk } from '../../evtx/write-evtx.ts';
import { hold, promised } from '../promise.ts';
import type { Target } from '../promise.ts';

const FIELDS = {
  RuleName: '-',
  UtcTime: '2026-01-02 03:04:05.678',
  Image: 'C:\\x.exe',
  User: null,
  ProcessId: 7,
};
/** Events as Sysmon writes them, and some with arrays, nested values and elements without a template. */
const CHUNK = writeChunk([
  ...[1, 2, 3].map((recordId) => ({ recordId, eventId: 5, computer: 'h', fields: FIELDS })),
  ...[...oddEvents().values()].slice(-20).map((event, at) => ({ ...event, recordId: at + 4 })),
]);
const USED_BYTES = CHUNK.readUInt32LE(48);

/** Where a byte says what follows: the tokens, sizes and offsets of the chunk and its records. */
const flips = fc.array(
  fc.tuple(
    fc.nat(USED_BYTES),
    fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x01, 0x0c, 0x0e, 0x21, 0x41, 0xff)),
  ),
  {
    minLength: 1,
    maxLength: 16,
  },
);

export const evtx: Target = {
  name: 'evtx',
  of: 'src/evtx: binary event logs',
  promises: [
    promised(
      'a damaged chunk gives events and bytes, never more than it holds, and never throws',
      fc.property(flips, fc.integer({ min: 0, max: CHUNK.length }), fc.boolean(), (damage, cut, isClosed) => {
        const bytes = Buffer.from(CHUNK);
        for (const [at, byte] of damage) bytes[at] = byte;
        let otherBytes = 0;
        let records = 0;
        for (const record of chunkRecords(bytes.subarray(0, cut), isClosed)) {
          hold(++records <= CHUNK.length / 28, 'there are more records than fit');
          if (record.reason !== undefined) otherBytes += record.bytes.length;
          else {
            hold(record.bytes.length < 8 * 1024 * 1024, 'an event is larger than any');
            decodeRecord(record.bytes, 'auto');
          }
        }
        hold(otherBytes <= cut, 'bytes are given twice');
      }),
      { runs: 500 },
    ),
  ],
};
