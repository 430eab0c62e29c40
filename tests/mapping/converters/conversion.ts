/** Runs a converter as the compiler does. */
import type { Converter } from '../../../src/mapping/converter.ts';
import { ocsfSchema } from '../../../src/ocsf/schemas.ts';
import type { OcsfSchema } from '../../../src/ocsf/schema.ts';
import type { OcsfValue } from '../../../src/ocsf/column.ts';

// as: the tables of this version are part of the project
const schema = ocsfSchema('1.1.0') as OcsfSchema;

/** What a converter makes of a text, and whether the text did not fit, wholly or in part. */
export function conversion(
  converter: Converter,
  text: string,
): { value: OcsfValue | undefined; failed: boolean } {
  let failed = false;
  const value = converter.convert(text, () => (failed = true), schema);
  return { value, failed: failed || value === undefined };
}

/** The value of a text that fits; throws where it does not. */
export function converted(converter: Converter, text: string): OcsfValue {
  const { value, failed } = conversion(converter, text);
  if (failed || value === undefined)
    throw new Error(`${converter.name} does not take ${JSON.stringify(text)}`);
  return value;
}
