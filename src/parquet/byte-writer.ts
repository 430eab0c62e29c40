/** Bytes that are appended, in memory that grows. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(sizeBytes = 4096) {
    this.#bytes = Buffer.allocUnsafe(sizeBytes);
  }

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Unsigned LEB128, of an integer of up to 53 bits. */
  varint(value: number): void {
    let rest = value;
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 0x80);
    for (; rest > 0x7f; rest >>>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  /** A safe integer as 64 bits, two's complement. */
  int64(value: number): void {
    const high = Math.floor(value / 0x1_0000_0000);
    this.#reserve(8);
    this.#bytes.writeUInt32LE(value - high * 0x1_0000_0000, this.#length);
    this.#length = this.#bytes.writeInt32LE(high, this.#length + 4);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  bytes(given: Uint8Array): void {
    this.#reserve(given.length);
    this.#bytes.set(given, this.#length);
    this.#length += given.length;
  }

  /** UTF-8, in which unpaired surrogates become U+FFFD; gives the number of bytes. */
  utf8(text: string): number {
    this.#reserve(3 * text.length);
    const written = this.#bytes.write(text, this.#length);
    this.#length += written;
    return written;
  }

  /** UTF-8 with its length before it, as 4 bytes; gives the number of bytes of the text. */
  lengthAndUtf8(text: string): number {
    const at = this.#length;
    this.uint32(0);
    const written = this.utf8(text);
    this.#bytes.writeUInt32LE(written, at);
    return written;
  }

  /** What was written, which stays as it is only until more is. */
  view(start = 0, end = this.#length): Buffer {
    return this.#bytes.subarray(start, end);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
