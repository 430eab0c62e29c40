/**
 * What an observable's name refers to: a path in its record, such as `actor.process.file.name`, in which a part that
 * is an array may carry an index, `answers[0].rdata`.
 */

import { visibleAttributes } from './attributes.ts';
import type { OcsfItem, OcsfSchema } from './schema.ts';

/** A dot that is not inside brackets. */
const SEPARATOR = /\.(?![^[]*\])/u;

/** `name[anything]`; a line feed may end it, as the reference validator's expression allows. */
const INDEXED = /^([^[]+)\[[^\n]*\](?=\n?$)/u;

/** Whether the name leads to an attribute that a record of this class with these profiles can have. */
export function isObservableReference(
  schema: OcsfSchema,
  item: OcsfItem,
  name: string,
  profiles: readonly unknown[],
): boolean {
  let at: OcsfItem | undefined = item;
  for (const part of name.split(SEPARATOR)) {
    if (!at) return false;
    const indexed = INDEXED.exec(part)?.[1];
    const attribute = visibleAttributes(at, profiles).get(indexed ?? part);
    if (!attribute || (indexed !== undefined && attribute.isArray !== true)) return false;
    at = attribute.object === undefined ? undefined : schema.objects[attribute.object];
  }
  return true;
}
