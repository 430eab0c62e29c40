/** One column of numbers, texts or booleans of a row group: a path through structs, lists and maps. */
import type { ColumnType, OcsfValue } from '../ocsf/column.ts';
import { ColumnError } from './schema.ts';
import { Distinct } from './distinct.ts';
import { Levels } from './levels.ts';

export type LeafKind = Exclude<ColumnType['kind'], 'list' | 'struct' | 'map'>;

/** What stays the same for every row group of every object of a table. */
export interface LeafShape {
  /** As the schema names it, `list` and `element` included. */
  readonly path: readonly string[];
  readonly kind: LeafKind;
  /** The definition level of a value. */
  readonly definitionMax: number;
  /** How many lists and maps it is in. */
  readonly repetitionMax: number;
}

/** Sums up what values need in a file where nothing is shared or compressed: UTF-16 units of text, and some bytes a value. */
export interface ByteCount {
  bytes: number;
}

export class Leaf {
  readonly shape: LeafShape;
  readonly definition: Levels;
  /** Undefined for a column outside of lists and maps. */
  readonly repetition: Levels | undefined;
  readonly values: Distinct<string | number | boolean>;
  readonly #isJson: boolean;
  readonly #present: number;
  readonly #count: ByteCount;

  constructor(shape: LeafShape, count: ByteCount) {
    const { kind, path } = shape;
    this.shape = shape;
    this.#count = count;
    this.#isJson = kind === 'json';
    this.#present = shape.definitionMax;
    this.definition = new Levels(shape.definitionMax);
    this.repetition = shape.repetitionMax > 0 ? new Levels(shape.repetitionMax) : undefined;
    // A value that comes again was looked at the first time.
    this.values = new Distinct((value) => {
      if (!isOf(kind, value)) {
        throw new ColumnError(path.join('.'), `a value is not of its type, ${kind}`);
      }
    });
  }

  absent(repetition: number, definition: number): void {
    this.definition.push(definition);
    this.repetition?.push(repetition);
  }

  /** @throws ColumnError when the value is not of the column's type: then the mapping and its columns disagree */
  present(value: OcsfValue, repetition: number): void {
    const own = this.#isJson ? JSON.stringify(value) : (value as string | number | boolean); // true: what is no scalar is refused by isOf
    this.values.push(own);
    this.#count.bytes += typeof own === 'string' ? own.length + 4 : 8;
    this.definition.push(this.#present);
    this.repetition?.push(repetition);
  }
}

function isOf(kind: LeafKind, value: unknown): boolean {
  switch (kind) {
    case 'string':
    case 'json':
      return typeof value === 'string';
    case 'bigint':
      return Number.isSafeInteger(value);
    case 'double':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
  }
}
