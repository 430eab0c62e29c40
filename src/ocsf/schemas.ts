/**
 * The OCSF versions that this project carries. The tables come from scripts/generate-ocsf.ts.
 */

import type { OcsfClass, OcsfSchema, OcsfVersion } from './schema.ts';
import schema110 from './schema-1.1.0.json' with { type: 'json' };
import schema130 from './schema-1.3.0.json' with { type: 'json' };

/** Oldest first. */
export const OCSF_VERSIONS: readonly OcsfVersion[] = ['1.1.0', '1.3.0'];

// TypeScript widens the strings of a JSON file, so its type cannot say that a requirement is one of three words.
// True because the generator writes this interface; tests/ocsf/schemas.test.ts checks both files against it.
const SCHEMAS: ReadonlyMap<string, OcsfSchema> = new Map([
  ['1.1.0', schema110 as unknown as OcsfSchema],
  ['1.3.0', schema130 as unknown as OcsfSchema],
]);

const CLASSES_BY_UID = new Map(
  [...SCHEMAS.values()].map((schema) => [
    schema,
    new Map(Object.values(schema.classes).map((item) => [item.uid, item])),
  ]),
);

/** The facts of one OCSF version, or undefined for a version that this project does not carry. */
export function ocsfSchema(version: string): OcsfSchema | undefined {
  return SCHEMAS.get(version);
}

/** The class with this class_uid, or undefined when the schema's table does not hold it. */
export function classByUid(schema: OcsfSchema, uid: number): OcsfClass | undefined {
  const known = CLASSES_BY_UID.get(schema);
  return known ? known.get(uid) : Object.values(schema.classes).find((item) => item.uid === uid);
}
