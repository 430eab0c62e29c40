/** One column of numbers, texts or booleans of a row group: a path through structs, lists and maps. */
import type { ColumnType, OcsfValue } from '../ocsf/column.ts';
import type { Row } from '../ocsf/row.ts';
import { ColumnError } from './schema.ts';
import { Distinct } from './distinct.ts';
import { Levels } from './levels.ts';

/** An entry of a column. */
export type Scalar = string | number | boolean;

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

export class Leaf {
  readonly shape: LeafShape;
  readonly definition: Levels;
  /** Undefined for a column outside of lists and maps. */
  readonly repetition: Levels | undefined;
  readonly values: Distinct<Scalar>;
  readonly #isJson: boolean;
  readonly #present: number;

  constructor(shape: LeafShape) {
    const { kind, path } = shape;
    this.shape = shape;
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

  /**
   * Many rows at once, of a column outside of lists and maps.
   * @param slot where the rows have the value of this column
   * @param levels for each row the definition level where it has none
   * @throws ColumnError as {@link present} does
   */
  rows(rows: readonly Row[], slot: number, levels: Uint8Array): void {
    for (let at = 0; at < rows.length;) {
      const value = rows[at]?.[slot];
      const first = at++;
      if (value === undefined) {
        const level = levels[first];
        while (at < rows.length && levels[at] === level && rows[at]?.[slot] === undefined) at++;
        this.definition.pushRun(level ?? 0, at - first);
      } else {
        while (at < rows.length && rows[at]?.[slot] === value) at++;
        this.values.push(this.#own(value), at - first);
        this.definition.pushRun(this.#present, at - first);
      }
    }
  }

  /** @throws ColumnError when the value is not of the column's type: then the mapping and its columns disagree */
  present(value: OcsfValue, repetition: number): void {
    this.values.push(this.#own(value));
    this.definition.push(this.#present);
    this.repetition?.push(repetition);
  }

  #own(value: OcsfValue): Scalar {
    return this.#isJson ? JSON.stringify(value) : (value as Scalar); // true: what is no scalar is refused by isOf
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
