import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { converters } from '../../src/mapping/converters.ts';
import { compileMappingText } from '../../src/mapping/load.ts';
import { OCSF_VERSIONS, ocsfSchema } from '../../src/ocsf/schemas.ts';
import { entriesText, nodeText } from './mappings.ts';
import { SHORTENED, sourceDocumentMapping } from './source-document.ts';

const root = join(import.meta.dirname, '../..');

interface JsonSchema {
  readonly $defs: {
    readonly converter: { readonly oneOf: readonly { const: string; description: string }[] };
    readonly entry: {
      readonly properties: {
        readonly schema: { readonly anyOf: readonly [{ readonly enum: readonly string[] }] };
      };
    };
  };
}
// as: the test below would not find what the file has not
const schema = JSON.parse(
  readFileSync(join(root, 'src/mapping/OCSFmapping.schema.json'), 'utf8'),
) as JsonSchema;
const validate = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  allErrors: true,
}).compile(schema);

/** Where a mapping file is against the schema. */
const refused = (text: string): string[] => {
  validate(JSON.parse(text));
  return [...new Set((validate.errors ?? []).map(({ instancePath }) => instancePath))];
};

describe('the JSON Schema of a mapping file', () => {
  it.each(readdirSync(root).filter((name) => /^OCSFmapping.*\.json$/.test(name)))('takes %s', (name) => {
    expect(refused(readFileSync(join(root, name), 'utf8'))).toEqual([]);
  });

  const document = sourceDocumentMapping();
  (document === undefined ? it.skip : it)('takes the mapping of the source document', () => {
    expect(refused(document ?? '')).toEqual([]);
  });

  it('takes a mapping of the form of the source document', () => {
    expect(refused(SHORTENED)).toEqual([]);
  });

  it('names the converters that there are, as they describe themselves', () => {
    expect(schema.$defs.converter.oneOf).toEqual(
      Array.from(converters.values(), ({ name, summary }) => ({ const: name, description: summary })),
    );
  });

  it('names the classes that there are', () => {
    const classes = OCSF_VERSIONS.flatMap((version) => Object.keys(ocsfSchema(version)!.classes));
    expect(schema.$defs.entry.properties.schema.anyOf[0].enum).toEqual([...new Set(classes)].sort());
  });

  it.each([
    { a: 'x', b: 1, c: false, d: null, e: '$.Description.Image', f: ['$.x', { g: 'y' }] },
    { a: { enum: { evaluate: '$.EventId', values: { '1': 1, '': null }, other: { b: 'c' } } } },
    { a: { convert: { evaluate: { first: ['$.a', '$.b'] }, to: 'user' }, type_id: 1 } },
    { a: { first: [{ convert: { evaluate: '$.a', to: 'user' } }, 'none'] } },
    { unmapped: { a: { b: '$.Description.Image' } }, observables: ['device.hostname'] },
  ])('takes %j', (node) => {
    expect(refused(nodeText(node))).toEqual([]);
    expect(refused(nodeText({}, { templates: { t: node } }))).toEqual([]);
  });

  const at = '/custom_source_events/ocsf_mapping/1/schema_mapping/a';
  it.each([
    [{ a: { enum: { evaluate: '$.a' } } }, `${at}/enum`],
    [{ a: { enum: { evaluate: '$.a', values: {}, others: 1 } } }, `${at}/enum`],
    [{ a: { enum: { evaluate: '$.a', values: {} }, b: 1 } }, at],
    [{ a: { first: [] } }, `${at}/first`],
    [{ a: { first: ['x'], template: 'y' } }, at],
    [{ a: { convert: { evaluate: '$.a', to: 'user' }, template: 'y' } }, at],
    [{ a: { convert: { evaluate: '$.a', to: 'usr' } } }, `${at}/convert/to`],
    [{ a: { convert: { to: 'user' } } }, `${at}/convert`],
    [{ a: { template: 1 } }, `${at}/template`],
    [{ a: '$x' }, at],
  ])('refuses %j, as the code does', (node, pointer) => {
    expect(refused(nodeText(node))).toContain(pointer);
    expect(compileMappingText(nodeText(node)).mapping).toBeUndefined();
  });

  const entry = { schema: 'process_activity', schema_mapping: { metadata: { version: '1.1.0' } } };
  it.each([
    [{}],
    [{ '1': [] }],
    [{ '1': { schema: 'process_activity' } }],
    [{ '1': { ...entry, schema: 'Process Activity' } }],
    [{ '1': { ...entry, wehn: {} } }],
    [{ '1': { ...entry, when: { EventType: 'x' } } }],
    [{ '1': { ...entry, when: { '$.a': [] } } }],
    [{ '1': { ...entry, when: { '$.a': null } } }],
  ])('refuses the entries %j, as the code does', (entries) => {
    expect(refused(entriesText(entries))).not.toEqual([]);
    expect(compileMappingText(entriesText(entries)).mapping).toBeUndefined();
  });

  it('refuses keys that it does not know, at the outside and in the frame', () => {
    const document = JSON.parse(nodeText({})) as { custom_source_events: object };
    expect(refused(JSON.stringify({ ...document, x: 1 }))).toEqual(['']);
    const frame = { ...document.custom_source_events, template: {} };
    expect(refused(JSON.stringify({ custom_source_events: frame }))).toEqual(['/custom_source_events']);
    expect(refused('{}')).toEqual(['']);
  });
});
