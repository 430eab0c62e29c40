/** The bytes of a stream that are still needed, in one piece. */

/**
 * A window on a stream. Bytes are copied only where some are left when more come, and never over bytes that have
 * been in the window before, so what was cut out of it stays as it is.
 */
export class ByteWindow {
  /** What is needed is `bytes` from `start` on. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  /** What `bytes` is the beginning of. */
  #memory: Buffer = this.bytes;

  get length(): number {
    return this.bytes.length - this.start;
  }

  /** Takes more bytes in. The caller must leave them as they are. */
  append(chunk: Uint8Array): void {
    const left = this.length;
    const used = this.bytes.length;
    if (left === 0) {
      this.bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      this.#memory = this.bytes;
      this.start = 0;
    } else if (this.#memory.length - used >= chunk.length) {
      this.#memory.set(chunk, used);
      this.bytes = this.#memory.subarray(0, used + chunk.length);
    } else {
      const needed = left + chunk.length;
      // A record that keeps growing gets room to do so: each byte of it is copied a few times at most.
      const memory = Buffer.allocUnsafeSlow(left > chunk.length ? 2 * needed : needed);
      this.bytes.copy(memory, 0, this.start);
      memory.set(chunk, left);
      this.#memory = memory;
      this.bytes = memory.subarray(0, needed);
      this.start = 0;
    }
  }
}
