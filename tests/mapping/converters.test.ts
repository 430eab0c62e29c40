import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { converters } from '../../src/mapping/converters.ts';
import type { Shape } from '../../src/mapping/converter.ts';
import { outputType } from '../../src/mapping/output.ts';
import { OCSF_VERSIONS, ocsfSchema } from '../../src/ocsf/schemas.ts';
import type { OcsfSchema } from '../../src/ocsf/schema.ts';
import { conversion } from './converters/conversion.ts';
import { shapeErrors } from './shape.ts';

const all = [...converters.values()];
const schemas = OCSF_VERSIONS.map((version) => ocsfSchema(version)!);

it('every converter stands under its name and says what it does', () => {
  for (const [name, converter] of converters) {
    expect(name).toBe(converter.name);
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(converter.summary).not.toBe('');
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
    fc.constantFrom(
      'C:\\a\\b.exe:x',
      'A\\b',
      'MD5=67A8B47F5BCCB6BB63D7242F80B0F548',
      '::ffff:1.2.3.4;',
      'technique_id=T1003.001,technique_name=x',
      '{a57649d1-db54-61ab-775c-dc0100000000}',
    ),
  );
  const strings = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(strings)
        : [];
  for (const converter of all) {
    const column = { name: 'x', type: outputType(converter, schemas[0]!) };
    fc.assert(
      fc.property(text, (given) => {
        const { value } = conversion(converter, given);
        if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return;
        expect(shapeErrors({ x: value }, [column])).toEqual([]);
        for (const one of strings(value)) {
          // `Regular File` and the like are the longest words that a converter adds of its own.
          expect(one.length).toBeLessThanOrEqual(Math.max(given.length, 16));
        }
      }),
      { numRuns: 300 },
    );
  }
});
