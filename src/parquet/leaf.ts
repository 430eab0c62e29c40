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

/** Sums up what values need in memory and in a file, about: UTF-16 units, and some bytes a value. */
export interface ByteCount {
  bytes: number;
}

export class Leaf {
  readonly shape: LeafShape;
  readonly definition: Levels;
  /** Undefined for a column outside of lists and maps. */
  readonly repetition: Levels | undefined;
  readonly values = new Distinct<string | number | boolean>();
  readonly #count: ByteCount;

  constructor(shape: LeafShape, count: ByteCount) {
    this.shape = shape;
    this.#count = count;
    this.definition = new Levels(shape.definitionMax);
    this.repetition = shape.repetitionMax > 0 ? new Levels(shape.repetitionMax) : undefined;
  }

  absent(repetition: number, definition: number): void {
    this.definition.push(definition);
    this.repetition?.push(repetition);
  }

  /** @throws ColumnError when the value is not of the column's type: then the mapping and its columns disagree */
  present(value: OcsfValue, repetition: number): void {
    const { kind, definitionMax } = this.shape;
    let own: string | number | boolean;
    if (kind === 'string' && typeof value === 'string') own = value;
    else if (kind === 'bigint' && typeof value === 'number' && Number.isSafeInteger(value)) own = value;
    else if (kind === 'boolean' && typeof value === 'boolean') own = value;
    else if (kind === 'double' && typeof value === 'number') own = value;
    else if (kind === 'json') own = JSON.stringify(value);
    else throw new ColumnError(this.shape.path.join('.'), `a value is not of its type, ${kind}`);
    this.#count.bytes += typeof own === 'string' ? own.length + 4 : 8;
    this.values.push(own);
    this.definition.push(definitionMax);
    this.repetition?.push(repetition);
  }
}
