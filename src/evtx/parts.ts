/** What binary XML consists of, once its tokens are read. */
import type { Scalar } from './value.ts';

/** A place that a value of the event fills. An optional one is left out where that value is empty. */
export interface Substitution {
  readonly kind: 'substitution';
  readonly index: number;
  readonly isOptional: boolean;
}

export interface Literal {
  readonly kind: 'literal';
  readonly value: Scalar;
}

export interface Attribute {
  readonly name: string;
  readonly parts: readonly Part[];
}

export interface Element {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly children: readonly Part[];
  /** What a template says once for all its events: see element.ts. */
  readonly fixed: Fixed;
}

/** What of an element is the same whatever values fill it. */
export interface Fixed {
  /** Its name as JSON. */
  readonly key: string;
  /** Its attributes as JSON, empty where it has none; undefined where they have places for values. */
  readonly attributes: string | undefined;
  /** The attribute Name; undefined where it has places for values. */
  readonly dataName: string | undefined;
  readonly dataKey: string;
  /** Whether all it can contain are elements, each under another name, and values that are no elements. */
  readonly isDistinct: boolean;
}

/** A template with the values that fill it. */
export interface Instance {
  readonly kind: 'instance';
  readonly parts: readonly Part[];
  readonly values: readonly Value[];
}

export type Part = Substitution | Literal | Element | Instance;

/** Elements as a value: binary XML of its own, which knows nothing of the values around it. */
export interface Fragment {
  readonly parts: readonly Part[];
}

/** A value of an event. A list is an array, whose items each repeat the element that shows it. */
export type Value = Scalar | readonly Scalar[] | Fragment;

export const isList = (value: Value | undefined): value is readonly Scalar[] => Array.isArray(value);
export const isFragment = (value: Value | undefined): value is Fragment =>
  typeof value === 'object' && value !== null && 'parts' in value;
