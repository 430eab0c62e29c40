/** Writes binary event logs for tests: one chunk per list of events, one template per shape, names and templates shared. */
import { crc32 } from 'node:zlib';

export interface LogEvent {
  readonly recordId: number;
  readonly eventId: number;
  readonly computer: string;
  /** Values by name; null is a substitution without a value, a number an unsigned 32-bit one. */
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
  /** Values without names, behind those with names. */
  readonly unnamed?: readonly string[];
}

const CHUNK_BYTES = 65_536;
const HEADER_BYTES = 512;
const TICKS = 132_537_710_457_000_000n; // 2020-12-30T03:04:05.7Z
const SID = Buffer.from('010100000000000512000000', 'hex');
const GUID = Buffer.from('5f38705722cae043bf4c06f5698ffbd9', 'hex');

class Writer {
  readonly bytes = Buffer.alloc(CHUNK_BYTES);
  at = HEADER_BYTES;
  readonly #names = new Map<string, number>();

  u8(value: number): this {
    this.at = this.bytes.writeUInt8(value, this.at);
    return this;
  }
  u16(value: number): this {
    this.at = this.bytes.writeUInt16LE(value, this.at);
    return this;
  }
  u32(value: number): this {
    this.at = this.bytes.writeUInt32LE(value, this.at);
    return this;
  }
  u64(value: bigint): this {
    this.at = this.bytes.writeBigUInt64LE(value, this.at);
    return this;
  }
  raw(bytes: Buffer): this {
    this.at += bytes.copy(this.bytes, this.at);
    return this;
  }
  utf16(text: string): this {
    return this.raw(Buffer.from(text, 'utf16le'));
  }
  /** A name: here, where it is used first, and by its offset from then on. */
  name(name: string): this {
    const known = this.#names.get(name);
    if (known !== undefined) return this.u32(known);
    this.u32(this.at + 4);
    this.#names.set(name, this.at);
    return this.u32(0).u16(0).u16(name.length).utf16(name).u16(0);
  }
  /** Writes a size in front of what `write` writes. */
  sized(write: () => void): this {
    const at = this.at;
    this.u32(0);
    write();
    this.bytes.writeUInt32LE(this.at - at - 4, at);
    return this;
  }
}

type Attributes = Readonly<Record<string, string | number>>;

/** An element; a number is the place of a substitution. */
const element = (out: Writer, name: string, attributes: Attributes, content: () => void): void => {
  const names = Object.entries(attributes);
  out.u8(names.length > 0 ? 0x41 : 0x01).u16(0xffff);
  out.sized(() => {
    out.name(name);
    if (names.length > 0) {
      out.sized(() => {
        names.forEach(([attribute, value], at) => {
          out.u8(at < names.length - 1 ? 0x46 : 0x06).name(attribute);
          if (typeof value === 'number') out.u8(0x0e).u16(value).u8(0x01);
          else out.u8(0x05).u8(0x01).u16(value.length).utf16(value);
        });
      });
    }
    out.u8(0x02);
    content();
    out.u8(0x04);
  });
};

const place = (out: Writer, index: number, type: number): void => void out.u8(0x0e).u16(index).u8(type);

interface WrittenValue {
  readonly type: number;
  readonly bytes: Buffer;
}

const valueOf = (value: string | number | boolean | null): WrittenValue => {
  const bytes = Buffer.alloc(4);
  if (value === null) return { type: 0x00, bytes: Buffer.alloc(0) };
  if (typeof value === 'boolean') return { type: 0x0d, bytes: (bytes.writeUInt32LE(value ? 1 : 0), bytes) };
  if (typeof value === 'number') return { type: 0x08, bytes: (bytes.writeUInt32LE(value), bytes) };
  const guid = /^\{([\da-f]{8})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})-([\da-f]{12})\}$/i.exec(value);
  if (guid === null) return { type: 0x01, bytes: Buffer.from(value, 'utf16le') };
  const [, a = '', b = '', c = '', d = '', e = ''] = guid;
  const swapped = [a, b, c].map((part) => Buffer.from(part, 'hex').reverse().toString('hex')).join('');
  return { type: 0x0f, bytes: Buffer.from(swapped + d + e, 'hex') };
};

const templates = new WeakMap<Writer, Map<string, number>>();

/** A template instance: its definition where it is used first. */
const instance = (out: Writer, key: string, define: () => void, values: readonly WrittenValue[]): void => {
  const known = templates.get(out) ?? new Map<string, number>();
  templates.set(out, known);
  out.u8(0x0c).u8(1).u32(0x1234);
  const offset = known.get(key);
  if (offset === undefined) {
    out.u32(out.at + 4);
    known.set(key, out.at);
    out.u32(0).raw(GUID);
    out.sized(() => {
      out.raw(Buffer.from([0x0f, 1, 1, 0]));
      define();
      out.u8(0x00);
    });
  } else out.u32(offset);
  out.u32(values.length);
  for (const { type, bytes } of values) out.u16(bytes.length).u8(type).u8(0);
  for (const { bytes } of values) out.raw(bytes);
};

const systemTemplate = (out: Writer): void =>
  element(out, 'Event', { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' }, () => {
    element(out, 'System', {}, () => {
      element(out, 'Provider', { Name: 'Microsoft-Windows-Sysmon', Guid: 6 }, () => undefined);
      element(out, 'EventID', {}, () => place(out, 0, 0x06));
      element(out, 'Level', {}, () => place(out, 1, 0x04));
      element(out, 'TimeCreated', { SystemTime: 2 }, () => undefined);
      element(out, 'EventRecordID', {}, () => place(out, 3, 0x0a));
      element(
        out,
        'Channel',
        {},
        () => void out.u8(0x05).u8(0x01).u16(36).utf16('Microsoft-Windows-Sysmon/Operational'),
      );
      element(out, 'Computer', {}, () => place(out, 4, 0x01));
      element(out, 'Security', { UserID: 5 }, () => undefined);
    });
    place(out, 7, 0x21);
  });

/** The bytes of the EventData of an event, as binary XML that stands for itself. */
const writeEvent = (out: Writer, { recordId, eventId, computer, fields, unnamed = [] }: LogEvent): void => {
  const start = out.at;
  out.u32(0x2a2a).u32(0).u64(BigInt(recordId)).u64(TICKS);
  out.raw(Buffer.from([0x0f, 1, 1, 0]));
  const names = Object.keys(fields);
  const u16 = Buffer.alloc(2);
  u16.writeUInt16LE(eventId);
  const u64 = Buffer.alloc(8);
  u64.writeBigUInt64LE(BigInt(recordId));
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(TICKS);
  const system: WrittenValue[] = [
    { type: 0x06, bytes: u16 },
    { type: 0x04, bytes: Buffer.from([4]) },
    { type: 0x11, bytes: time },
    { type: 0x0a, bytes: u64 },
    { type: 0x01, bytes: Buffer.from(computer, 'utf16le') },
    { type: 0x13, bytes: SID },
    { type: 0x0f, bytes: GUID },
  ];
  // The size of the last value is known once it is written, so its place in the list is filled in behind it.
  instance(out, 'system', () => systemTemplate(out), [...system, { type: 0x21, bytes: Buffer.alloc(0) }]);
  const descriptor = out.at - system.reduce((sum, { bytes }) => sum + bytes.length, 0) - 4;
  const data = out.at;
  out.raw(Buffer.from([0x0f, 1, 1, 0]));
  instance(
    out,
    [...names, unnamed.length].join(),
    () =>
      element(out, 'EventData', {}, () => {
        names.forEach((name, at) => element(out, 'Data', { Name: name }, () => place(out, at, 0x01)));
        unnamed.forEach((_, at) => element(out, 'Data', {}, () => place(out, names.length + at, 0x01)));
      }),
    [...Object.values(fields), ...unnamed].map(valueOf),
  );
  out.u8(0x00);
  out.bytes.writeUInt16LE(out.at - data, descriptor);
  out.u8(0x00);
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
  bytes.writeUInt32LE(crc32(bytes.subarray(HEADER_BYTES, at)), 52);
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
