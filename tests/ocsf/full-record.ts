/**
 * A record that uses every attribute of a class: made from the tables, so that no type, list of ids or object of a
 * version goes untested.
 */

import { visibleAttributes } from '../../src/ocsf/attributes.ts';
import type { OcsfAttribute, OcsfClass, OcsfItem, OcsfSchema } from '../../src/ocsf/schema.ts';
import type { JsonObject } from './example-records.ts';

/** A value of each type that no rule objects to. float_t is not whole: the reference takes 1 for an integer only. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  boolean_t: true,
  bytestring_t: 'AAEC',
  datetime_t: '2026-01-02T03:04:05Z',
  email_t: 'ada@example.com',
  file_hash_t: 'a'.repeat(64),
  file_name_t: 'notes.exe',
  float_t: 1.5,
  hostname_t: 'ws-01.contoso.example',
  integer_t: 7,
  ip_t: '10.0.0.5',
  json_t: { any: [1, null] },
  long_t: 70_000_000_000,
  mac_t: '02:00:00:00:00:01',
  port_t: 443,
  process_name_t: 'notes.exe',
  resource_uid_t: 'r-1',
  string_t: 'text',
  subnet_t: '10.0.0.0/24',
  timestamp_t: 1_700_000_000_000,
  url_t: 'https://example.com/',
  username_t: 'ada',
  uuid_t: '11111111-2222-3333-4444-555555555555',
};

/** Every profile of the class named, objects filled to this depth; below it they hold what they must. */
export function fullRecord(schema: OcsfSchema, eventClass: OcsfClass, depth: number): JsonObject {
  const { profiles, uid } = eventClass;
  const record = fill(schema, eventClass, profiles, depth);
  const metadata = { ...(record.metadata as JsonObject), version: schema.version, profiles };
  return {
    ...record,
    metadata,
    class_uid: uid,
    activity_id: 1,
    type_uid: uid * 100 + 1,
    activity_name: eventClass.attributes.activity_id?.enum?.['1'],
    type_name: eventClass.attributes.type_uid?.enum?.[`${uid}01`],
    observables: [{ name: 'device.hostname', type_id: 1, type: 'Hostname' }],
  };
}

function fill(schema: OcsfSchema, item: OcsfItem, profiles: readonly string[], depth: number): JsonObject {
  const visible = visibleAttributes(item, profiles);
  if (visible.size === 0) return { open: 1 };
  const values: JsonObject = {};
  const captions: JsonObject = {};
  for (const [name, attribute] of visible) {
    if (depth < 0 && !isNeeded(item, name, attribute)) continue;
    const { value, caption } = valueOf(schema, attribute, profiles, depth);
    values[name] = attribute.isArray === true ? [value] : value;
    if (attribute.sibling !== undefined && attribute.isArray !== true) captions[attribute.sibling] = caption;
  }
  return { ...values, ...captions };
}

/** At the bottom: what is required, and one attribute for the constraint, a scalar so that it ends there. */
function isNeeded(item: OcsfItem, name: string, attribute: OcsfAttribute): boolean {
  const choices = item.constraints?.at_least_one ?? [];
  const chosen = choices.find((choice) => item.attributes[choice]?.object === undefined) ?? choices[0];
  return attribute.requirement === 'required' || name === chosen;
}

function valueOf(
  schema: OcsfSchema,
  attribute: OcsfAttribute,
  profiles: readonly string[],
  depth: number,
): { value: unknown; caption?: string | undefined } {
  if (attribute.object !== undefined) {
    return { value: fill(schema, schema.objects[attribute.object]!, profiles, depth - 1) };
  }
  const id = Object.keys(attribute.enum ?? {}).find((key) => key !== '99');
  if (id === undefined) return { value: SAMPLES[attribute.type] };
  const isText = schema.types[attribute.type]?.primitive === 'string_t';
  return { value: isText ? id : Number(id), caption: attribute.enum?.[id] };
}
