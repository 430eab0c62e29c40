/**
 * Writes binary event logs for tests: one chunk per list of events, one template per shape, names and templates shared.
 */
import { crc32 } from 'node:zlib';
import {
  CHUNK_HEADER_BYTES,
  element,
  fragmentHeader,
  instance,
  place,
  text,
  valueOf,
  Writer,
  type WrittenValue,
} from './write-binxml.ts';

export interface LogEvent {
  readonly recordId: number;
  readonly eventId: number;
  readonly computer: string;
  /** Values by name; null is a substitution without a value, a number an unsigned 32-bit one. */
  readonly fields: Readonly<Record<string, string | number | boolean | null | WrittenValue>>;
  /** Values without names, behind those with names. */
  readonly unnamed?: readonly (string | WrittenValue)[];
  /** Writes the binary XML behind System, instead of an EventData with these values. */
  readonly data?: (out: Writer) => void;
  /** Writes the binary XML of the whole record, instead of all this. */
  readonly body?: (out: Writer) => void;
}

const TICKS = 132_537_710_457_000_000n; // 2020-12-30T03:04:05.7Z
const SID = Buffer.from('010100000000000512000000', 'hex');
const GUID = Buffer.from('5f38705722cae043bf4c06f5698ffbd9', 'hex');

const systemTemplate = (out: Writer): void =>
  element(out, 'Event', { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' }, () => {
    element(out, 'System', {}, () => {
      element(out, 'Provider', { Name: 'Microsoft-Windows-Sysmon', Guid: 6 }, () => undefined);
      element(out, 'EventID', {}, () => place(out, 0, 0x06));
      element(out, 'Level', {}, () => place(out, 1, 0x04));
      element(out, 'TimeCreated', { SystemTime: 2 }, () => undefined);
      element(out, 'EventRecordID', {}, () => place(out, 3, 0x0a));
      element(out, 'Channel', {}, () => text(out, 'Microsoft-Windows-Sysmon/Operational'));
      element(out, 'Computer', {}, () => place(out, 4, 0x01));
      element(out, 'Security', { UserID: 5 }, () => undefined);
    });
    place(out, 7, 0x21);
  });

const writtenValue = (value: string | number | boolean | null | WrittenValue): WrittenValue =>
  typeof value === 'object' && value !== null ? value : valueOf(value);

const writeFields = (out: Writer, fields: LogEvent['fields'], unnamed: LogEvent['unnamed'] = []): void => {
  const names = Object.keys(fields);
  const define = (): void =>
    element(out, 'EventData', {}, () => {
      names.forEach((name, at) => element(out, 'Data', { Name: name }, () => place(out, at, 0x01)));
      unnamed.forEach((_, at) => element(out, 'Data', {}, () => place(out, names.length + at, 0x01)));
    });
  const key = [...names, unnamed.length].join();
  void instance(out, key, define, [...Object.values(fields), ...unnamed].map(writtenValue));
};

const writeBody = (out: Writer, event: LogEvent): void => {
  fragmentHeader(out);
  const u16 = Buffer.alloc(2);
  u16.writeUInt16LE(event.eventId);
  const u64 = Buffer.alloc(8);
  u64.writeBigUInt64LE(BigInt(event.recordId));
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(TICKS);
  const system: WrittenValue[] = [
    { type: 0x06, bytes: u16 },
    { type: 0x04, bytes: Buffer.from([4]) },
    { type: 0x11, bytes: time },
    { type: 0x0a, bytes: u64 },
    { type: 0x01, bytes: Buffer.from(event.computer, 'utf16le') },
    { type: 0x13, bytes: SID },
    { type: 0x0f, bytes: GUID },
    { type: 0x21, bytes: Buffer.alloc(0) },
  ];
  const descriptions = instance(out, 'system', () => systemTemplate(out), system);
  // The last value is written in place, because offsets in it count from the start of the chunk.
  const start = out.at;
  fragmentHeader(out);
  if (event.data === undefined) writeFields(out, event.fields, event.unnamed);
  else event.data(out);
  out.u8(0x00);
  out.bytes.writeUInt16LE(out.at - start, descriptions + 4 * (system.length - 1));
  out.u8(0x00);
};

const writeEvent = (out: Writer, event: LogEvent): void => {
  const start = out.at;
  out.u32(0x2a2a).u32(0).u64(BigInt(event.recordId)).u64(TICKS);
  if (event.body === undefined) writeBody(out, event);
  else event.body(out);
  const size = out.at + 4 - start;
  out.u32(size);
  out.bytes.writeUInt32LE(size, start + 4);
};

/** One chunk of 64 KiB with these events. */
export const writeChunk = (events: readonly LogEvent[]): Buffer => {
  const out = new Writer();
  for (const event of events) writeEvent(out, event);
  const { bytes, at } = out;
  bytes.write('ElfChnk\0', 0, 'latin1');
  const [first, last] = [BigInt(events[0]?.recordId ?? 1), BigInt(events.at(-1)?.recordId ?? 1)];
  for (const [offset, value] of [
    [8, first],
    [16, last],
    [24, first],
    [32, last],
  ] as const)
    bytes.writeBigUInt64LE(value, offset);
  bytes.writeUInt32LE(128, 40);
  bytes.writeUInt32LE(at, 44);
  bytes.writeUInt32LE(at, 48);
  bytes.writeUInt32LE(crc32(bytes.subarray(CHUNK_HEADER_BYTES, at)), 52);
  bytes.writeUInt32LE(crc32(Buffer.concat([bytes.subarray(0, 120), bytes.subarray(128, 512)])), 124);
  return bytes;
};

/** A log with one chunk per list of events. */
export const writeEvtx = (chunks: readonly (readonly LogEvent[])[], { isDirty = false } = {}): Buffer => {
  const header = Buffer.alloc(4_096);
  header.write('ElfFile\0', 0, 'latin1');
  header.writeBigUInt64LE(BigInt(Math.max(0, chunks.length - 1)), 16);
  header.writeBigUInt64LE(1n + BigInt(chunks.flat().length), 24);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(4_096, 40);
  header.writeUInt16LE(chunks.length, 42);
  header.writeUInt32LE(isDirty ? 1 : 0, 120);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return Buffer.concat([header, ...chunks.map(writeChunk)]);
};
