/** The column type of what a converter gives. */
import type { Column, ColumnType } from '../ocsf/column.ts';
import type { OcsfSchema } from '../ocsf/schema.ts';
import { coercion } from './coerce.ts';
import type { Converter, Shape } from './converter.ts';

const never = (): undefined => undefined;

/** Types come from the schema; the converter says which attributes of the object it can give. */
export function outputType({ output }: Converter, schema: OcsfSchema): ColumnType {
  const one: ColumnType =
    'object' in output
      ? { kind: 'struct', fields: fieldsOf(output.object, output.shape, schema) }
      : coercion(schema, { type: output.type, requirement: 'optional' }, never).column;
  return output.list ? { kind: 'list', element: one } : one;
}

function fieldsOf(object: string, shape: Shape, schema: OcsfSchema): Column[] {
  return Object.entries(shape).map(([name, inner]) => {
    const attribute = schema.objects[object]?.attributes[name];
    if (attribute === undefined) return { name, type: { kind: 'string' } };
    if (inner !== true)
      return { name, type: { kind: 'struct', fields: fieldsOf(attribute.object ?? '', inner, schema) } };
    const { column } = coercion(schema, attribute, never);
    return { name, type: attribute.isArray ? { kind: 'list', element: column } : column };
  });
}
