/**
 * Makes src/ocsf/schema-<version>.ts, the tables of facts behind {@link OcsfSchema}, from compiled OCSF schemas:
 *
 *     npx node scripts/generate-ocsf.ts PATH/ocsf-1.1.0.json PATH/ocsf-1.3.0.json
 *
 * Input: a release of ocsf/ocsf-schema (https://github.com/ocsf/ocsf-schema, Apache-2.0) compiled by
 * ocsf/ocsf-schema-compiler (https://github.com/ocsf/ocsf-schema-compiler, Apache-2.0), with the linux and win
 * platform extensions. Output: names, types, requirements, ids, captions, constraints. No descriptions.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type {
  OcsfAttribute,
  OcsfClass,
  OcsfItem,
  OcsfObject,
  OcsfSchema,
  OcsfType,
} from '../src/ocsf/schema.ts';

/** The classes that a Sysmon event can become, by class_uid; a version that lacks one is made without it. */
const CLASS_UIDS = new Set([
  0, 1001, 1002, 1003, 1004, 1005, 1007, 3004, 4001, 4003, 4010, 5019, 6002, 201001, 201002, 201003, 201004,
]);

const compiledAttribute = z.object({
  type: z.string(),
  object_type: z.string().optional(),
  is_array: z.boolean().optional(),
  requirement: z.enum(['required', 'recommended', 'optional']),
  profiles: z.array(z.string()).nullish(),
  enum: z
    .record(z.string(), z.object({ caption: z.string(), '@deprecated': z.unknown().optional() }))
    .optional(),
  sibling: z.string().optional(),
  observable: z.number().optional(),
  '@deprecated': z.unknown().optional(),
});

const compiledItem = z.object({
  name: z.string(),
  caption: z.string(),
  attributes: z.record(z.string(), compiledAttribute),
  constraints: z
    .strictObject({ at_least_one: z.array(z.string()).optional(), just_one: z.array(z.string()).optional() })
    .optional(),
});

const compiledObject = compiledItem.extend({ observable: z.number().optional() });

const compiledClass = compiledItem.extend({
  uid: z.number(),
  category_uid: z.number(),
  profiles: z.array(z.string()).optional(),
  extension: z.string().optional(),
  '@deprecated': z.unknown().optional(),
});

const primitive = z.enum(['string_t', 'integer_t', 'long_t', 'float_t', 'boolean_t', 'json_t']);

const compiledType = z.object({
  type: primitive.optional(),
  max_len: z.number().optional(),
  range: z.tuple([z.number(), z.number()]).optional(),
  regex: z.string().optional(),
  observable: z.number().optional(),
});

const compiledSchema = z.object({
  version: z.enum(['1.1.0', '1.3.0']),
  dictionary: z.object({ types: z.object({ attributes: z.record(z.string(), compiledType) }) }),
  classes: z.record(z.string(), compiledClass),
  objects: z.record(z.string(), compiledObject),
  profiles: z.record(z.string(), z.unknown()),
  extensions: z.record(z.string(), z.object({ uid: z.number(), version: z.string() })),
});

type CompiledSchema = z.infer<typeof compiledSchema>;

/** In OCSF 1.1.0 and 1.3.0 no class or object name has an extension's prefix; a later compiler may add it. */
function withoutExtension(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function mapRecord<In, Out>(
  record: Readonly<Record<string, In>>,
  convert: (value: In, key: string) => Out,
  rename: (key: string) => string = (key) => key,
): Record<string, Out> {
  const entries = Object.entries(record).map(([key, value]) => [rename(key), convert(value, key)] as const);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  if (new Set(entries.map(([key]) => key)).size !== entries.length) {
    throw new Error('two names differ only in the prefix of their extension');
  }
  return Object.fromEntries(entries);
}

function attributeOf(compiled: z.infer<typeof compiledAttribute>): OcsfAttribute {
  const deprecatedIds = Object.entries(compiled.enum ?? {})
    .filter(([, id]) => id['@deprecated'] !== undefined)
    .map(([id]) => id);
  return {
    type: compiled.type,
    ...(compiled.type === 'object_t' && { object: withoutExtension(compiled.object_type ?? '') }),
    ...(compiled.is_array === true && { isArray: true }),
    requirement: compiled.requirement,
    ...(compiled.profiles?.length && { profiles: compiled.profiles.toSorted() }),
    ...(compiled.enum && { enum: mapRecord(compiled.enum, (id) => id.caption) }),
    ...(compiled.sibling !== undefined && { sibling: compiled.sibling }),
    ...(compiled.observable !== undefined && { observable: compiled.observable }),
    ...(compiled['@deprecated'] !== undefined && { deprecated: true }),
    ...(deprecatedIds.length > 0 && { deprecatedIds }),
  };
}

function itemOf(compiled: z.infer<typeof compiledItem>): OcsfItem {
  const { at_least_one, just_one } = compiled.constraints ?? {};
  return {
    name: withoutExtension(compiled.name),
    caption: compiled.caption,
    ...((at_least_one ?? just_one) && {
      constraints: { ...(at_least_one && { at_least_one }), ...(just_one && { just_one }) },
    }),
    attributes: mapRecord(compiled.attributes, attributeOf, withoutExtension),
  };
}

function objectOf(compiled: z.infer<typeof compiledObject>): OcsfObject {
  const { attributes, ...facts } = itemOf(compiled);
  return {
    ...facts,
    ...(compiled.observable !== undefined && { observable: compiled.observable }),
    attributes,
  };
}

function classOf(compiled: z.infer<typeof compiledClass>): OcsfClass {
  const { attributes, ...facts } = itemOf(compiled);
  // The class's own category_name is missing on base_event; the caption of its category_uid is there on all.
  const categoryName = attributes.category_uid?.enum?.[String(compiled.category_uid)];
  if (categoryName === undefined) throw new Error(`class ${compiled.name}: no caption for its category_uid`);
  return {
    ...facts,
    uid: compiled.uid,
    categoryUid: compiled.category_uid,
    categoryName,
    profiles: (compiled.profiles ?? []).toSorted(),
    ...(compiled.extension !== undefined && { extension: compiled.extension }),
    ...(compiled['@deprecated'] !== undefined && { deprecated: true }),
    attributes,
  };
}

/** A type with no maximum length of its own has that of the primitive below it. */
function typeOf(
  compiled: z.infer<typeof compiledType>,
  name: string,
  types: Readonly<Record<string, z.infer<typeof compiledType>>>,
): OcsfType {
  const base = compiled.type ?? primitive.parse(name);
  const maxLength = compiled.max_len ?? types[base]?.max_len;
  return {
    primitive: base,
    ...(maxLength !== undefined && { maxLength }),
    ...(compiled.range && { range: compiled.range }),
    ...(compiled.regex !== undefined && { regex: compiled.regex }),
    ...(compiled.observable !== undefined && { observable: compiled.observable }),
  };
}

/** The objects that these classes name, and those that the objects name. */
function reachableObjects(
  classes: readonly z.infer<typeof compiledClass>[],
  objects: CompiledSchema['objects'],
): CompiledSchema['objects'] {
  const reached = new Map<string, z.infer<typeof compiledObject>>();
  const todo: z.infer<typeof compiledItem>[] = [...classes];
  for (let item = todo.pop(); item !== undefined; item = todo.pop()) {
    for (const { object_type: name } of Object.values(item.attributes)) {
      if (name === undefined || reached.has(name)) continue;
      const object = objects[name];
      if (!object) throw new Error(`object ${name} is named in ${item.name} but not defined`);
      reached.set(name, object);
      todo.push(object);
    }
  }
  return Object.fromEntries(reached);
}

function schemaOf(compiled: CompiledSchema): OcsfSchema {
  const classes = Object.entries(compiled.classes).filter(([, item]) => CLASS_UIDS.has(item.uid));
  const objects = reachableObjects(
    classes.map(([, item]) => item),
    compiled.objects,
  );
  const { attributes: types } = compiled.dictionary.types;
  return {
    version: compiled.version,
    profiles: Object.keys(compiled.profiles).toSorted(),
    extensions: mapRecord(compiled.extensions, ({ uid, version }) => ({ uid: String(uid), version })),
    types: mapRecord(types, (type, name) => typeOf(type, name, types)),
    classes: mapRecord(Object.fromEntries(classes), classOf, withoutExtension),
    objects: mapRecord(objects, objectOf, withoutExtension),
  };
}

/** One line for each attribute and for the facts around it, so that a diff of two versions can be read. */
function linesOfItem(item: OcsfItem): string {
  const { attributes, ...facts } = item;
  const lines = Object.entries(attributes).map(([name, attribute]) => entry(name, JSON.stringify(attribute)));
  const body = lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}}`;
  return `${JSON.stringify(facts).slice(0, -1)},"attributes":${body}}`;
}

function entry(key: string, json: string): string {
  return `${JSON.stringify(key)}:${json}`;
}

function block<T>(record: Readonly<Record<string, T>>, print: (value: T) => string): string {
  return `{\n${Object.entries(record)
    .map(([key, value]) => entry(key, print(value)))
    .join(',\n')}}`;
}

function print(schema: OcsfSchema): string {
  return `{${[
    entry('version', JSON.stringify(schema.version)),
    entry('profiles', JSON.stringify(schema.profiles)),
    entry('extensions', JSON.stringify(schema.extensions)),
    entry(
      'types',
      block(schema.types, (type) => JSON.stringify(type)),
    ),
    entry('classes', block(schema.classes, linesOfItem)),
    entry('objects', block(schema.objects, linesOfItem)),
  ].join(',\n')}}\n`;
}

const inputs = process.argv.slice(2);
if (inputs.length === 0) {
  console.error('usage: node scripts/generate-ocsf.ts COMPILED_SCHEMA.json …');
  process.exit(2);
}
for (const input of inputs) {
  const schema = schemaOf(compiledSchema.parse(JSON.parse(readFileSync(input, 'utf8'))));
  const name = `schema-${schema.version}.ts`;
  // What would end or fill a template is escaped as JSON has it.
  const text = print(schema).replaceAll('`', '\\u0060').replaceAll('${', '\\u0024{');
  const head =
    '/** JSON, made by scripts/generate-ocsf.ts. It is text because code that holds it as an object starts slower. */\n';
  writeFileSync(
    join(import.meta.dirname, '..', 'src', 'ocsf', name),
    `${head}export const text = String.raw\`${text}\`;\n`,
  );
  const { length: classCount } = Object.keys(schema.classes);
  const { length: objectCount } = Object.keys(schema.objects);
  console.log(`${name}: ${classCount} classes, ${objectCount} objects, ${text.length} characters`);
}
