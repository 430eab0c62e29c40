/**
 * `observables`: a mapping lists the attributes that an analyst searches by, and each that is present becomes an
 * observable under the type that OCSF gives it. Attributes for which the version has no type are passed over.
 */
import type { Column, OcsfRecord, OcsfValue } from '../ocsf/column.ts';
import type { OcsfClass, OcsfSchema } from '../ocsf/schema.ts';
import { attributeAt } from '../ocsf/attributes.ts';
import type { CompileContext } from './compile-context.ts';
import type { Node } from './node.ts';

interface Observable {
  readonly name: string;
  readonly path: readonly string[];
  readonly typeId: number;
  readonly caption: string;
}

export const OBSERVABLES_COLUMN: Column = {
  name: 'observables',
  type: {
    kind: 'list',
    element: {
      kind: 'struct',
      fields: [
        { name: 'name', type: { kind: 'string' } },
        { name: 'type_id', type: { kind: 'bigint' } },
        { name: 'type', type: { kind: 'string' } },
        { name: 'value', type: { kind: 'string' } },
      ],
    },
  },
};

/** Whether a node is the short form: a list of attribute names. */
export const isNameList = (node: Node | undefined): node is Extract<Node, { kind: 'list' }> =>
  node?.kind === 'list' &&
  node.items.every((item) => item.kind === 'literal' && typeof item.value === 'string');

/** Compiles the short form; gives a function from a record to its observables, each value once a type. */
export function compileObservables(
  node: Extract<Node, { kind: 'list' }>,
  ocsfClass: OcsfClass,
  context: CompileContext,
): (record: OcsfRecord) => OcsfValue[] {
  const { schema } = context;
  const list = node.items.flatMap((item) => {
    const name = item.kind === 'literal' ? String(item.value) : '';
    const path = name.split('.');
    const typeId = observableType(schema, ocsfClass, path);
    if (typeId === undefined) return [];
    const caption = schema.objects.observable?.attributes.type_id?.enum?.[String(typeId)] ?? '';
    return [{ name, path, typeId, caption } satisfies Observable];
  });
  return (record) => {
    const found: { name: string; type_id: number; type: string; value: string }[] = [];
    for (const { name, path, typeId, caption } of list) {
      for (const value of valuesAt(record, path, 0)) {
        if (!found.some((known) => known.value === value && known.type_id === typeId)) {
          found.push({ name, type_id: typeId, type: caption, value });
        }
      }
    }
    return found;
  };
}

function observableType(
  schema: OcsfSchema,
  ocsfClass: OcsfClass,
  path: readonly string[],
): number | undefined {
  const attribute = attributeAt(schema, ocsfClass, path);
  return attribute?.observable ?? schema.types[attribute?.type ?? '']?.observable;
}

function valuesAt(value: OcsfValue | undefined, path: readonly string[], depth: number): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value))
    return (value as readonly OcsfValue[]).flatMap((item) => valuesAt(item, path, depth)); // true: OcsfValue's only array
  const key = path[depth];
  if (key === undefined) return typeof value === 'object' ? [] : [String(value)];
  if (typeof value !== 'object') return [];
  return valuesAt((value as Readonly<Record<string, OcsfValue>>)[key], path, depth + 1); // true: no array, so a record
}
