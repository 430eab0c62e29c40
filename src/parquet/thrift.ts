/**
 * Thrift's compact protocol, as far as Parquet's headers and footer need it.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
import { ByteWriter } from './byte-writer.ts';

const TRUE = 1;
const FALSE = 2;
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** Writes the fields of structs, in the order of their ids, into bytes. */
export class ThriftWriter {
  readonly out: ByteWriter;
  #last = 0;
  readonly #outer: number[] = [];

  constructor(out: ByteWriter = new ByteWriter()) {
    this.out = out;
  }

  i32(id: number, value: number): void {
    this.#field(id, I32);
    this.out.varint(zigzag(value));
  }

  i64(id: number, value: number): void {
    this.#field(id, I64);
    this.out.varint(zigzag(value));
  }

  boolean(id: number, value: boolean): void {
    this.#field(id, value ? TRUE : FALSE);
  }

  text(id: number, value: string): void {
    this.binary(id, Buffer.from(value));
  }

  binary(id: number, value: Uint8Array): void {
    this.#field(id, BINARY);
    this.out.varint(value.length);
    this.out.bytes(value);
  }

  /** Begins a struct in a field; ended by {@link end}. */
  struct(id: number): void {
    this.#field(id, STRUCT);
    this.element();
  }

  /** Begins a struct in a list. */
  element(): void {
    this.#outer.push(this.#last);
    this.#last = 0;
  }

  end(): void {
    this.out.byte(0);
    this.#last = this.#outer.pop() ?? 0;
  }

  /** Begins a list of structs; each is between {@link element} and {@link end}. */
  structs(id: number, size: number): void {
    this.#list(id, size, STRUCT);
  }

  i32s(id: number, values: readonly number[]): void {
    this.#list(id, values.length, I32);
    for (const value of values) this.out.varint(zigzag(value));
  }

  texts(id: number, values: readonly string[]): void {
    this.#list(id, values.length, BINARY);
    for (const value of values) {
      const bytes = Buffer.from(value);
      this.out.varint(bytes.length);
      this.out.bytes(bytes);
    }
  }

  /** Fields up to `id` that were written elsewhere, with nothing before them. */
  fields(id: number, encoded: Uint8Array): void {
    this.out.bytes(encoded);
    this.#last = id;
  }

  #list(id: number, size: number, type: number): void {
    this.#field(id, LIST);
    if (size < 15) this.out.byte((size << 4) | type);
    else {
      this.out.byte(0xf0 | type);
      this.out.varint(size);
    }
  }

  #field(id: number, type: number): void {
    const step = id - this.#last;
    this.#last = id;
    if (step > 0 && step < 16) this.out.byte((step << 4) | type);
    else {
      this.out.byte(type);
      this.out.varint(zigzag(id));
    }
  }
}

/** 0, -1, 1, -2, … as 0, 1, 2, 3, … of safe integers up to half their range. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
