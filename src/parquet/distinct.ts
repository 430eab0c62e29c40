/** The values of a column as numbers of its distinct ones, in the order in which those came first. */
export class Distinct<T extends string | number | boolean> {
  readonly #onNew: (value: T) => void;
  readonly values: T[] = [];
  #numbers: Map<T, number> | undefined;
  /** Not kept as long as there is one distinct value: it is 0 everywhere. */
  #indexes = new Int32Array(0);
  #length = 0;
  #lastIndex = 0;

  /** `onNew` is told each distinct value, and may throw to refuse it. */
  constructor(onNew: (value: T) => void) {
    this.#onNew = onNew;
  }

  /** Of all values. */
  get length(): number {
    return this.#length;
  }

  /** For each value, which of the distinct ones it is. */
  get indexes(): Int32Array {
    if (this.#indexes.length < this.#length) this.#grow(this.#length);
    return this.#indexes;
  }

  /** A value, so many times. */
  push(value: T, count = 1): void {
    // The same value often comes many times in a row: names of classes, hosts, products.
    const index = value === this.values[this.#lastIndex] ? this.#lastIndex : this.#indexOf(value);
    this.#lastIndex = index;
    const end = this.#length + count;
    if (this.values.length > 1) {
      if (end > this.#indexes.length) this.#grow(2 * end);
      while (this.#length < end) this.#indexes[this.#length++] = index;
    } else this.#length = end;
  }

  #grow(length: number): void {
    const larger = new Int32Array(length);
    larger.set(this.#indexes);
    this.#indexes = larger;
  }

  #indexOf(value: T): number {
    const [first] = this.values;
    // One value alone needs no map.
    if (first === undefined) {
      this.#onNew(value);
      return this.values.push(value) - 1;
    }
    this.#numbers ??= new Map([[first, 0]]);
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#onNew(value);
    const index = this.values.push(value) - 1;
    this.#numbers.set(value, index);
    return index;
  }
}
