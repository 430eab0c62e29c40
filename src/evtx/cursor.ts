/** Checked reading from a chunk: a damaged offset or size ends the record that has it, and nothing else. */

/** A record contains something that binary XML does not allow. Only that record is given up. */
export class BinXmlError extends Error {
  override readonly name = 'BinXmlError';
}

export class Cursor {
  readonly bytes: Buffer;
  /** Offset from the start of the chunk, as all offsets in a chunk are. */
  at: number;
  readonly end: number;

  constructor(bytes: Buffer, at: number, end: number) {
    if (!(at >= 0 && at <= end && end <= bytes.length)) {
      throw new BinXmlError('an offset is outside of the chunk');
    }
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Moves on by a number of bytes. @returns the offset of the first of them */
  skip(count: number): number {
    const from = this.at;
    if (count > this.end - from) throw new BinXmlError('a size is too large');
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

  /** UTF-16 text, with its length in code units in front. */
  utf16(): string {
    const bytes = 2 * this.u16();
    const from = this.skip(bytes);
    return this.bytes.toString('utf16le', from, from + bytes);
  }
}
