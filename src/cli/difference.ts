/** Where a record differs from the one that was expected: attribute by attribute, as a person reads it. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One attribute. `expected` or `actual` is undefined where that side does not have it. */
export interface Difference {
  /** As OCSF writes paths: `process.file.hashes[0].value`; the empty path is the value itself. */
  readonly path: string;
  readonly expected: Json | undefined;
  readonly actual: Json | undefined;
}

/**
 * The attributes in which two values differ, those of `expected` in its order, then those that only `actual` has.
 * The order of keys does not count, that of a list does. What one side lacks altogether is one difference.
 */
export function differences(expected: Json | undefined, actual: Json | undefined, path = ''): Difference[] {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const [ours, theirs]: readonly (readonly Json[])[] = [expected, actual];
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, i) => differences(ours?.[i], theirs?.[i], `${path}[${i}]`)).flat();
  }
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => differences(own(expected, key), own(actual, key), below(path, key)));
  }
  return expected === actual ? [] : [{ path, expected, actual }];
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** Names in `unmapped` may hold anything: what is no plain name stands in brackets. */
function below(path: string, key: string): string {
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
