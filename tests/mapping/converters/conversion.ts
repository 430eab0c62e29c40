/** Runs a converter as the compiler does. */
import type { Converter } from '../../../src/mapping/converter.ts';
import { ocsfSchema } from '../../../src/ocsf/schemas.ts';
import type { OcsfValue } from '../../../src/ocsf/column.ts';

const schema = ocsfSchema('1.1.0')!;

/** What a converter makes of a text, and whether the text did not fit, wholly or in part. */
export function conversion(
  converter: Converter,
  text: string,
): { value: OcsfValue | undefined; failed: boolean } {
  const fails: string[] = [];
  const value = converter.convert(text, () => void fails.push(text), schema);
  return { value, failed: fails.length > 0 || value === undefined };
}

/** The value of a text that fits; throws where it does not. */
export function converted(converter: Converter, text: string): OcsfValue {
  const { value, failed } = conversion(converter, text);
  if (failed || value === undefined)
    throw new Error(`${converter.name} does not take ${JSON.stringify(text)}`);
  return value;
}

/** The texts that stand in the object that a converter makes of a text, by their names. */
export function partsOf(converter: Converter, text: string): Readonly<Record<string, string>> | undefined {
  const { value } = conversion(converter, text);
  if (typeof value !== 'object') return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
