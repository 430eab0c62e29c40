/**
 * The OCSF versions that this project carries. The tables come from scripts/generate-ocsf.ts.
 */

import type { OcsfClass, OcsfSchema, OcsfVersion } from './schema.ts';
import { text as schema110 } from './schema-1.1.0.ts';
import { text as schema130 } from './schema-1.3.0.ts';

/** Oldest first. */
export const OCSF_VERSIONS: readonly OcsfVersion[] = ['1.1.0', '1.3.0'];

const TEXTS: ReadonlyMap<string, string> = new Map([
  ['1.1.0', schema110],
  ['1.3.0', schema130],
]);
const schemas = new Map<string, OcsfSchema>();
const classesByUid = new WeakMap<OcsfSchema, ReadonlyMap<number, OcsfClass>>();

/** The facts of one OCSF version, or undefined for a version that this project does not carry. */
export function ocsfSchema(version: string): OcsfSchema | undefined {
  const text = TEXTS.get(version);
  const known = schemas.get(version);
  if (known !== undefined || text === undefined) return known;
  // True because the generator writes this interface; tests/ocsf/schemas.test.ts checks both files against it.
  const schema = JSON.parse(text) as OcsfSchema;
  schemas.set(version, schema);
  classesByUid.set(schema, new Map(Object.values(schema.classes).map((item) => [item.uid, item])));
  return schema;
}

/** The class with this class_uid, or undefined when the schema's table does not hold it. */
export function classByUid(schema: OcsfSchema, uid: number): OcsfClass | undefined {
  const known = classesByUid.get(schema);
  return known ? known.get(uid) : Object.values(schema.classes).find((item) => item.uid === uid);
}
