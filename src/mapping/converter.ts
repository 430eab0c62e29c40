/**
 * Converters: named functions from Sysmon's text to a value that OCSF has a place for. Each is one small file in
 * converters/; `converters.ts` lists them.
 */
import type { OcsfSchema } from '../ocsf/schema.ts';
import type { OcsfValue } from '../ocsf/column.ts';

/** The attributes that a converter's object can have: true for a scalar, a shape of its own for an object. */
export interface Shape {
  readonly [attribute: string]: true | Shape;
}

/**
 * What a converter gives: a scalar of an OCSF type (`port_t`), or an object of an OCSF kind with the attributes
 * named; `list` where it gives many.
 */
export type Output = (
  | { readonly type: string }
  /** `required`: what every object that it gives has. */
  | { readonly object: string; readonly shape: Shape; readonly required: readonly string[] }
) & { readonly list?: true };

export interface Converter {
  readonly name: string;
  /** One line for people: what goes in, what comes out. */
  readonly summary: string;
  readonly output: Output;
  /**
   * Whether the text can be told from the value. Where it cannot, the field also goes to `unmapped`, unless
   * another leaf keeps it.
   */
  readonly lossless: boolean;
  /**
   * The value of a text that is not absent. `undefined`, or a call of `fail` beside a value that holds only a
   * part of the text, says that the text does not fit: it is counted and goes to `unmapped`.
   */
  readonly convert: (text: string, fail: () => void, schema: OcsfSchema) => OcsfValue | undefined;
}
