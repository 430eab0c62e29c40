import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { classByUid, OCSF_VERSIONS, ocsfSchema } from '../../src/ocsf/schemas.ts';
import type { OcsfItem, OcsfSchema } from '../../src/ocsf/schema.ts';

const strings = z.array(z.string()).readonly();

const attribute = z.strictObject({
  type: z.string(),
  object: z.string().exactOptional(),
  isArray: z.literal(true).exactOptional(),
  requirement: z.enum(['required', 'recommended', 'optional']),
  profiles: strings.exactOptional(),
  enum: z.record(z.string(), z.string()).exactOptional(),
  sibling: z.string().exactOptional(),
  observable: z.int().exactOptional(),
  deprecated: z.literal(true).exactOptional(),
  deprecatedIds: strings.exactOptional(),
});

const item = {
  name: z.string(),
  caption: z.string(),
  attributes: z.record(z.string(), attribute),
  constraints: z
    .strictObject({ at_least_one: strings.exactOptional(), just_one: strings.exactOptional() })
    .exactOptional(),
};

const type = z.strictObject({
  primitive: z.enum(['string_t', 'integer_t', 'long_t', 'float_t', 'boolean_t', 'json_t']),
  maxLength: z.int().positive().exactOptional(),
  range: z.tuple([z.number(), z.number()]).exactOptional(),
  regex: z.string().exactOptional(),
  observable: z.int().exactOptional(),
});

/** The interface OcsfSchema, as something that can be checked; the compiler sees to it that both agree. */
const shape: z.ZodType<OcsfSchema> = z.strictObject({
  version: z.enum(['1.1.0', '1.3.0']),
  profiles: strings,
  extensions: z.record(z.string(), z.strictObject({ uid: z.string(), version: z.string() })),
  types: z.record(z.string(), type),
  classes: z.record(
    z.string(),
    z.strictObject({
      ...item,
      uid: z.int(),
      categoryUid: z.int(),
      categoryName: z.string(),
      profiles: strings,
      extension: z.string().exactOptional(),
      deprecated: z.literal(true).exactOptional(),
    }),
  ),
  objects: z.record(z.string(), z.strictObject({ ...item, observable: z.int().exactOptional() })),
});

const SYSMON_CLASS_UIDS = [
  0, 1001, 1002, 1003, 1004, 1005, 1007, 3004, 4001, 4003, 4010, 5019, 6002, 201001, 201002, 201003,
];

describe('ocsfSchema', () => {
  it('knows the versions it lists, and no others', () => {
    expect(OCSF_VERSIONS.map((version) => ocsfSchema(version)?.version)).toEqual(['1.1.0', '1.3.0']);
    expect(ocsfSchema('1.2.0')).toBeUndefined();
    expect(ocsfSchema('constructor')).toBeUndefined();
  });
});

describe.each(OCSF_VERSIONS)('the tables of OCSF %s', (version) => {
  const schema = ocsfSchema(version)!;
  const items: OcsfItem[] = [...Object.values(schema.classes), ...Object.values(schema.objects)];
  const attributes = items.flatMap((owner) =>
    Object.entries(owner.attributes).map(([name, facts]) => ({ owner, name, facts })),
  );

  it('have the shape of the interface, and nothing beside it', () => {
    expect(shape.parse(schema)).toEqual(schema);
  });

  it('define every type, object, profile and attribute that they name', () => {
    const dangling = attributes.filter(({ owner, facts }) => {
      const typed =
        facts.type === 'object_t' ? (facts.object ?? '') in schema.objects : facts.type in schema.types;
      const profiled = facts.profiles?.every((profile) => schema.profiles.includes(profile)) ?? true;
      const paired = facts.sibling === undefined || facts.sibling in owner.attributes;
      const listed = facts.deprecatedIds?.every((id) => id in (facts.enum ?? {})) ?? true;
      return !(typed && profiled && paired && listed);
    });
    expect(dangling).toEqual([]);
    const unconstrained = items.filter(({ attributes: known, constraints }) =>
      [...(constraints?.at_least_one ?? []), ...(constraints?.just_one ?? [])].some(
        (name) => !(name in known),
      ),
    );
    expect(unconstrained).toEqual([]);
  });

  it('hold every class that a Sysmon event can become', () => {
    const uids = version === '1.1.0' ? SYSMON_CLASS_UIDS : [...SYSMON_CLASS_UIDS, 201_004];
    expect(uids.filter((uid) => classByUid(schema, uid)?.uid !== uid)).toEqual([]);
    expect(Object.keys(schema.classes)).toHaveLength(uids.length);
    expect(classByUid(schema, 1)).toBeUndefined();
  });

  it('name classes and categories as OCSF captions them', () => {
    const names = [1001, 1007, 201_003, 0].map((uid) => {
      const found = classByUid(schema, uid);
      return [found?.name, found?.caption, found?.categoryName, found?.extension];
    });
    expect(names).toEqual([
      ['file_activity', 'File System Activity', 'System Activity', undefined],
      ['process_activity', 'Process Activity', 'System Activity', undefined],
      ['resource_activity', 'Windows Resource Activity', 'System Activity', 'win'],
      ['base_event', 'Base Event', 'Uncategorized', undefined],
    ]);
  });

  it('give types below string_t its maximum length where they have none of their own', () => {
    const lengths = ['string_t', 'hostname_t', 'file_hash_t', 'port_t'].map(
      (name) => schema.types[name]?.maxLength,
    );
    expect(lengths).toEqual([65_535, 65_535, 64, undefined]);
    expect(schema.types.port_t?.range).toEqual([0, 65_535]);
  });

  it('pair ids that are captioned in the same record with the attribute of the caption', () => {
    const { activity_id: activityId, type_uid: typeUid } = schema.classes.process_activity!.attributes;
    expect(activityId?.sibling).toBe('activity_name');
    expect(activityId?.enum?.['2']).toBe('Terminate');
    expect(typeUid?.enum?.['100702']).toBe('Process Activity: Terminate');
  });

  const compiledFile = join(import.meta.dirname, '..', '..', '..', 'shared', 'ocsf', `ocsf-${version}.json`);

  (existsSync(compiledFile) ? it : it.skip)('say what the compiled schema says', () => {
    interface Compiled {
      type: string;
      requirement: string;
      is_array?: boolean;
      object_type?: string;
      sibling?: string;
      profiles?: string[];
      enum?: Record<string, { caption: string }>;
    }
    const compiled = JSON.parse(readFileSync(compiledFile, 'utf8')) as Record<
      'classes' | 'objects',
      Record<string, { attributes: Record<string, Compiled> }>
    >;
    for (const kind of ['classes', 'objects'] as const) {
      const kept: Readonly<Record<string, OcsfItem>> = schema[kind];
      for (const [name, { attributes: ours }] of Object.entries(kept)) {
        const theirs = Object.entries(compiled[kind][name]!.attributes).map(([key, facts]) => {
          const ids = Object.entries(facts.enum ?? {}).map(([id, { caption }]) => [id, caption] as const);
          const { type: typeName, requirement, sibling, is_array: isArray, object_type: object } = facts;
          const profiles = facts.profiles?.toSorted();
          const ownEnum = facts.enum && Object.fromEntries(ids);
          return [key, { type: typeName, requirement, sibling, isArray, object, profiles, enum: ownEnum }];
        });
        const comparable = Object.entries(ours).map(([key, facts]) => {
          const { type: typeName, requirement, sibling, isArray, object, profiles, enum: ids } = facts;
          return [key, { type: typeName, requirement, sibling, isArray, object, profiles, enum: ids }];
        });
        expect({ name, ...Object.fromEntries(comparable) }).toEqual({ name, ...Object.fromEntries(theirs) });
      }
    }
  });
});
