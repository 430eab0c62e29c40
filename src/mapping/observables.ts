/**
 * `observables`: a mapping lists the attributes that an analyst searches by, and each that is present becomes an
 * observable under the type that OCSF gives it. Attributes for which the version has no type are passed over.
 */
import type { Column, OcsfValue } from '../ocsf/column.ts';
import type { Place, Places, Row } from '../ocsf/row.ts';
import type { OcsfClass, OcsfSchema } from '../ocsf/schema.ts';
import { attributeAt } from '../ocsf/attributes.ts';
import type { CompileContext } from './compile-context.ts';
import type { Node } from './node.ts';

export interface Observable {
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

/** The observables of the short form, without the attributes for which OCSF has no type. */
export function compileObservables(
  node: Extract<Node, { kind: 'list' }>,
  ocsfClass: OcsfClass,
  { schema }: CompileContext,
): Observable[] {
  return node.items.flatMap((item) => {
    const name = item.kind === 'literal' ? String(item.value) : '';
    const path = name.split('.');
    const typeId = observableType(schema, ocsfClass, path);
    if (typeId === undefined) return [];
    const caption = schema.objects.observable?.attributes.type_id?.enum?.[String(typeId)] ?? '';
    return [{ name, path, typeId, caption } satisfies Observable];
  });
}

/** Gives a function from a row of these columns to its observables, each value once a type. */
export function observablesReader(
  list: readonly Observable[],
  columns: readonly Column[],
  places: Places,
): (row: Row) => OcsfValue[] {
  const readers = list.flatMap((observable) => {
    const at = slotAt(columns, observable.path, places);
    return at === undefined ? [] : [{ ...observable, ...at }];
  });
  return (row) => {
    const found: Found[] = [];
    for (const reader of readers) {
      const given = row[reader.place.start];
      if (typeof given === 'string' && reader.within.length === 0) add(found, reader, given);
      else if (given !== undefined) {
        for (const value of valuesAt(given, reader.within, 0)) add(found, reader, value);
      }
    }
    return found;
  };
}

interface Found {
  readonly name: string;
  readonly type_id: number;
  readonly type: string;
  readonly value: string;
  readonly [name: string]: string | number;
}

function add(found: Found[], { name, typeId, caption }: Observable, value: string): void {
  for (const known of found) if (known.value === value && known.type_id === typeId) return;
  found.push({ name, type_id: typeId, type: caption, value });
}

/** The slot on the way to an attribute, and the way from there on: into the objects of a list. */
function slotAt(
  columns: readonly Column[],
  path: readonly string[],
  places: Places,
): { readonly place: Readonly<Place>; readonly within: readonly string[] } | undefined {
  let fields = columns;
  for (let depth = 0; depth < path.length; depth++) {
    const type = fields.find(({ name }) => name === path[depth])?.type;
    if (type === undefined) return undefined;
    if (type.kind !== 'struct') {
      return { place: places.at(path.slice(0, depth + 1).join('.')), within: path.slice(depth + 1) };
    }
    fields = type.fields;
  }
  return undefined;
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
