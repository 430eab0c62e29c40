import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { converters } from '../../src/mapping/converters.ts';
import type { Converter, Shape } from '../../src/mapping/converter.ts';
import { outputType } from '../../src/mapping/output.ts';
import type { Column } from '../../src/ocsf/column.ts';
import { scalarProblems } from '../../src/ocsf/scalar.ts';
import { OCSF_VERSIONS, ocsfSchema } from '../../src/ocsf/schemas.ts';
import type { OcsfSchema } from '../../src/ocsf/schema.ts';
import { conversion, converted } from './converters/conversion.ts';
import { shapeErrors } from './shape.ts';

const all = [...converters.values()];
const schemas = OCSF_VERSIONS.map((version) => ocsfSchema(version)!);

interface Promised {
  readonly type?: string;
  readonly object?: string;
  /** The leaves of the object, in the order of their columns. */
  readonly attributes?: readonly string[];
  readonly required?: readonly string[];
  readonly list?: true;
  readonly lossless: boolean;
}

const FILE = {
  object: 'file',
  attributes: ['name', 'path', 'parent_folder', 'type_id', 'type'],
  required: ['name', 'type_id'],
};

/** What mapping files and the tables of a lake rely on. */
const PROMISED: Readonly<Record<string, Promised>> = {
  attacks: {
    object: 'attack',
    attributes: ['technique.uid', 'technique.name', 'sub_technique.uid', 'sub_technique.name'],
    required: ['technique'],
    list: true,
    lossless: false,
  },
  dns_answers: {
    object: 'dns_answer',
    attributes: ['type', 'class', 'rdata'],
    required: ['rdata'],
    list: true,
    lossless: true,
  },
  file: { ...FILE, lossless: true },
  file_of_stream: { ...FILE, lossless: false },
  fingerprints: {
    object: 'fingerprint',
    attributes: ['algorithm_id', 'algorithm', 'value'],
    required: ['algorithm_id', 'value'],
    list: true,
    lossless: true,
  },
  has_technique: { type: 'string_t', lossless: false },
  integer: { type: 'long_t', lossless: true },
  is_ec2_instance: { type: 'string_t', lossless: false },
  process_name: { type: 'process_name_t', lossless: false },
  process_start_time: { type: 'timestamp_t', lossless: false },
  registry_key: { object: 'reg_key', attributes: ['path'], required: ['path'], lossless: true },
  registry_type: { type: 'string_t', lossless: false },
  registry_value: {
    object: 'reg_value',
    attributes: ['path', 'name'],
    required: ['path', 'name'],
    lossless: true,
  },
  stream_name: { type: 'string_t', lossless: false },
  unless_ip: { type: 'string_t', lossless: false },
  unquoted: { type: 'string_t', lossless: false },
  user: {
    object: 'user',
    attributes: ['name', 'domain', 'type_id', 'type'],
    required: ['name'],
    lossless: true,
  },
};

/** Texts that each converter takes in full; those of an object have, between them, all that it can have. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  attacks: ['technique_id=T1003,technique_name=x', 'technique_id=T1003.001,technique_name=x'],
  dns_answers: ['type:  5 a.test;::ffff:1.2.3.4;fe80::1;'],
  file: ['C:\\a\\b.exe', 'System'],
  file_of_stream: ['C:\\a\\b.exe:x', 'C:\\a\\b.exe', 'System'],
  fingerprints: ['MD5=67A8B47F5BCCB6BB63D7242F80B0F548,IMPHASH=00000000000000000000000000000000'],
  has_technique: ['technique_id=T1003'],
  integer: ['0', '0x3E7'],
  is_ec2_instance: ['i-07ce7e37'],
  process_name: ['C:\\a\\b.exe', 'System'],
  process_start_time: ['{a57649d1-db54-61ab-775c-dc0100000000}'],
  registry_key: ['HKLM\\a'],
  registry_type: ['DWORD (0x00000001)', 'Binary Data'],
  registry_value: ['HKLM\\a\\b'],
  stream_name: ['C:\\a\\b.exe:x'],
  unless_ip: ['a.test'],
  unquoted: ['"a"', 'a'],
  user: ['A\\b', 'b', 'NT AUTHORITY\\SYSTEM', 'A\\HOST$'],
};

/** The dotted paths of what a shape or an object has. */
const leavesOf = (value: object, prefix = ''): string[] =>
  Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null ? leavesOf(inner, `${prefix}${name}.`) : [prefix + name],
  );

const columnOf = (converter: Converter): Column => ({ name: 'x', type: outputType(converter, schemas[0]!) });

const promisedBy = ({ output, lossless }: Converter): Promised => ({
  ...('object' in output
    ? { object: output.object, attributes: leavesOf(output.shape), required: output.required }
    : { type: output.type }),
  ...(output.list && { list: output.list }),
  lossless,
});

it('every converter stands under its name and says what it does', () => {
  for (const [name, converter] of converters) {
    expect(name).toBe(converter.name);
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(converter.summary).not.toBe('');
  }
});

it('every converter promises what it always did', () => {
  expect(Object.fromEntries(all.map((converter) => [converter.name, promisedBy(converter)]))).toEqual(
    PROMISED,
  );
});

it.each(Object.entries(PROMISED))('%s gives what it promises', (name, promised) => {
  const converter = converters.get(name)!;
  const { type, attributes = [], required, list } = promised;
  const seen = new Set<string>();
  for (const text of EXAMPLES[name]!) {
    const value = converted(converter, text);
    expect(Array.isArray(value)).toBe(list === true);
    expect(shapeErrors({ x: value }, [columnOf(converter)])).toEqual([]);
    for (const one of [value].flat() as unknown[]) {
      if (type !== undefined) {
        for (const schema of schemas) expect(scalarProblems(schema.types[type]!, type, one)).toEqual([]);
        continue;
      }
      expect(Object.keys(one as object)).toEqual(expect.arrayContaining([...required!])); // as: no scalar, so an object
      for (const path of leavesOf(one as object)) seen.add(path);
    }
  }
  expect([...seen].sort()).toEqual([...attributes].sort());
});

it('of a lossless converter two texts give the same value only where they say the same', () => {
  const pieces = ['a', 'A\\', '/', ':', '1', '0x1', '1.2.3.4;', '::ffff:', 'type:  5 ', ';', ',', '"', ' '];
  pieces.push('MD5=67A8B47F5BCCB6BB63D7242F80B0F548');
  const two = pieces.flatMap((a) => [a, ...pieces.map((b) => a + b)]);
  const texts = new Set([...two, ...two.flatMap((a) => pieces.map((b) => a + b))]);
  /** What a text says, where there is more than one way to say it. */
  const said: Readonly<Record<string, (text: string) => string>> = {
    integer: (text) => String(Number(text)),
    dns_answers: (text) => (text.replaceAll('::ffff:', '').match(/[^;\s]+/g) ?? []).join(' '),
  };
  for (const converter of all.filter(({ lossless }) => lossless)) {
    const known = new Map<string, string>();
    const otherwise = [...texts].filter((text) => {
      const { value, failed } = conversion(converter, text);
      if (failed || (Array.isArray(value) && value.length === 0)) return false;
      const key = JSON.stringify(value);
      const says = said[converter.name]?.(text) ?? text;
      const before = known.get(key) ?? says;
      known.set(key, before);
      return before !== says;
    });
    expect([converter.name, otherwise, known.size > 0]).toEqual([converter.name, [], true]);
  }
});

it('every converter gives what OCSF knows, in every version', () => {
  const unknown = (schema: OcsfSchema, object: string, shape: Shape): string[] =>
    Object.entries(shape).flatMap(([name, inner]) => {
      const attribute = schema.objects[object]?.attributes[name];
      if (attribute === undefined) return [`${object}.${name}`];
      return inner === true ? [] : unknown(schema, attribute.object ?? '', inner);
    });
  for (const { name, output } of all) {
    for (const schema of schemas) {
      if ('object' in output) {
        expect([name, unknown(schema, output.object, output.shape)]).toEqual([name, []]);
        const required = Object.entries(schema.objects[output.object]!.attributes)
          .filter(([, { requirement, profiles }]) => requirement === 'required' && profiles === undefined)
          .map(([attribute]) => attribute);
        expect([name, Object.keys(output.shape)]).toEqual([name, expect.arrayContaining(required)]);
      } else expect(schema.types).toHaveProperty(output.type);
    }
  }
});

it('no converter throws, and what it gives has the shape that it promises and is not longer than its text', () => {
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('\\', '/', ':', ';', ',', '=', '0x', 'MD5', '1', '-', '{', '}', '"', ' '), {
        maxLength: 8,
      })
      .map((parts) => parts.join('')),
    fc.constantFrom(...Object.values(EXAMPLES).flat()),
  );
  const strings = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(strings)
        : [];
  for (const converter of all) {
    fc.assert(
      fc.property(text, (given) => {
        const { value } = conversion(converter, given);
        if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return;
        expect(shapeErrors({ x: value }, [columnOf(converter)])).toEqual([]);
        for (const one of strings(value)) {
          // `Regular File` and the like are the longest words that a converter adds of its own.
          expect(one.length).toBeLessThanOrEqual(Math.max(given.length, 16));
        }
      }),
      { numRuns: 300 },
    );
  }
});
