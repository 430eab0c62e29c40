/** What converters make of texts. */
import type { OcsfValue } from '../ocsf/column.ts';
import type { OcsfSchema } from '../ocsf/schema.ts';
import type { Converter } from './converter.ts';
import { memo } from './memo.ts';

export interface Conversion {
  readonly value: OcsfValue | undefined;
  /** Whether the value says less than the text, although the converter is lossless. */
  readonly lost: boolean;
}

const known = new WeakMap<OcsfSchema, Map<Converter, (text: string) => Conversion>>();

/**
 * The converter for the attributes of a schema. The same texts come again and again (images, users, hashes), at many
 * attributes: what is made of them is remembered for all of these, and must not be changed.
 */
export function conversion(converter: Converter, schema: OcsfSchema): (text: string) => Conversion {
  const ofSchema = known.get(schema) ?? new Map<Converter, (text: string) => Conversion>();
  known.set(schema, ofSchema);
  const before = ofSchema.get(converter);
  if (before !== undefined) return before;
  const convert = memo((text: string): Conversion => {
    let lost = false;
    const value = converter.convert(text, () => (lost = true), schema);
    return { value, lost };
  });
  ofSchema.set(converter, convert);
  return convert;
}
