/** Writes binary XML for tests: tokens, elements, templates and values, with names and templates shared in a chunk. */

export const CHUNK_BYTES = 65_536;
export const CHUNK_HEADER_BYTES = 512;

/** Where a chunk is written, from the first record on. */
export class Writer {
  readonly bytes = Buffer.alloc(CHUNK_BYTES);
  at = CHUNK_HEADER_BYTES;
  /** Elements of a template have an identifier that others have not. */
  isTemplate = false;
  readonly templates = new Map<string, number>();
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
export const element = (out: Writer, name: string, attributes: Attributes, content: () => void): void => {
  const names = Object.entries(attributes);
  out.u8(names.length > 0 ? 0x41 : 0x01);
  if (out.isTemplate) out.u16(0xffff);
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

/** A place for a value. */
export const place = (out: Writer, index: number, type: number, isOptional = true): void =>
  void out
    .u8(isOptional ? 0x0e : 0x0d)
    .u16(index)
    .u8(type);

/** A text as a token. */
export const text = (out: Writer, value: string): void =>
  void out.u8(0x05).u8(0x01).u16(value.length).utf16(value);

export const fragmentHeader = (out: Writer): void => void out.raw(Buffer.from([0x0f, 1, 1, 0]));

export interface WrittenValue {
  readonly type: number;
  readonly bytes: Buffer;
}

export const valueOf = (value: string | number | boolean | null): WrittenValue => {
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

/**
 * A template instance, with its definition where it is used first.
 * @returns the offset of the descriptions of its values
 */
export const instance = (
  out: Writer,
  key: string,
  define: () => void,
  values: readonly WrittenValue[],
): number => {
  out.u8(0x0c).u8(1).u32(0x1234);
  const offset = out.templates.get(key);
  if (offset === undefined) {
    out.u32(out.at + 4);
    out.templates.set(key, out.at);
    out.u32(0).raw(Buffer.alloc(16, out.templates.size)); // the GUID
    out.sized(() => {
      fragmentHeader(out);
      out.isTemplate = true;
      define();
      out.isTemplate = false;
      out.u8(0x00);
    });
  } else out.u32(offset);
  out.u32(values.length);
  const descriptions = out.at;
  for (const { type, bytes } of values) out.u16(bytes.length).u8(type).u8(0);
  for (const { bytes } of values) out.raw(bytes);
  return descriptions;
};
