/** Reading from a chunk: every access is checked, so that damaged offsets and sizes end a record and nothing else. */

/** Something in a record that cannot be. It ends the reading of that record. */
export class BinXmlError extends Error {
  override readonly name = 'BinXmlError';
}

export class Cursor {
  readonly bytes: Buffer;
  /** Offset from the start of the chunk, as all offsets in a chunk are. */
  at: number;
  readonly end: number;

  constructor(bytes: Buffer, at: number, end: number) {
    if (!(at >= 0 && at <= end && end <= bytes.length))
      throw new BinXmlError('an offset is outside of the chunk');
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Moves over so many bytes, and gives the offset of the first. */
  skip(count: number): number {
    const from = this.at;
    if (!(count >= 0 && count <= this.end - from)) throw new BinXmlError('a size is too large');
    this.at = from + count;
    return from;
  }

  u8(): number {
    return this.bytes.readUInt8(this.skip(1));
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.skip(2));
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.skip(4));
  }

  /** UTF-16 text of so many code units. */
  utf16(units: number): string {
    const from = this.skip(2 * units);
    return this.bytes.toString('utf16le', from, from + 2 * units);
  }
}
