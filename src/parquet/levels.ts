/** Definition or repetition levels of a column, one for each of its entries. */
import type { ByteWriter } from './byte-writer.ts';
import { bitWidth, hybridBytesMax, writeHybrid, writeRun } from './hybrid.ts';

export class Levels {
  readonly #width: number;
  #levels = new Uint8Array(0);
  #length = 0;
  /** The level of all entries, as long as they have only one; they are not written down then. */
  #only: number | undefined;

  constructor(max: number) {
    this.#width = bitWidth(max);
  }

  get length(): number {
    return this.#length;
  }

  push(level: number): void {
    if (level !== this.#only) {
      if (this.#length === 0) this.#only = level;
      else this.#pushOther(level);
    }
    this.#length++;
  }

  /** The same level, so many times. */
  pushRun(level: number, count: number): void {
    if (this.#only === level || this.#length === 0) {
      this.#only = level;
      this.#length += count;
    } else for (let i = 0; i < count; i++) this.push(level);
  }

  at(index: number): number {
    return this.#only ?? this.#levels[index] ?? 0;
  }

  bytesMax(count: number): number {
    return hybridBytesMax(count, this.#width);
  }

  write(out: ByteWriter, start: number, end: number): void {
    if (this.#width === 0) return;
    if (this.#only !== undefined) writeRun(out, this.#only, end - start, this.#width);
    else writeHybrid(out, this.#levels, start, end, this.#width);
  }

  #pushOther(level: number): void {
    if (this.#length >= this.#levels.length || this.#only !== undefined) {
      const larger = new Uint8Array(Math.max(64, 2 * this.#length));
      if (this.#only === undefined) larger.set(this.#levels);
      else larger.fill(this.#only, 0, this.#length);
      this.#levels = larger;
      this.#only = undefined;
    }
    this.#levels[this.#length] = level;
  }
}
