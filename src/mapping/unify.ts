/** One column has one type: what two types have in common. */
import type { Column, ColumnType } from '../ocsf/column.ts';

/**
 * The type that holds values of both: structs are merged field by field, in the order in which the fields first
 * appear. Undefined where the types contradict each other.
 */
export function unifyTypes(a: ColumnType, b: ColumnType): ColumnType | undefined {
  if (a.kind === 'list' && b.kind === 'list') {
    const element = unifyTypes(a.element, b.element);
    return element && { kind: 'list', element };
  }
  if (a.kind === 'struct' && b.kind === 'struct') {
    const fields = unifyColumns(a.fields, b.fields);
    return Array.isArray(fields) ? { kind: 'struct', fields } : undefined;
  }
  return a.kind === b.kind ? a : undefined;
}

/** The union of two column lists, or the dotted name of the first column that they type differently. */
export function unifyColumns(a: readonly Column[], b: readonly Column[]): Column[] | string {
  const columns = new Map(a.map((column) => [column.name, column]));
  for (const { name, type } of b) {
    const known = columns.get(name);
    const both = known === undefined ? type : unifyTypes(known.type, type);
    if (both === undefined) {
      const inner =
        known?.type.kind === 'struct' &&
        type.kind === 'struct' &&
        unifyColumns(known.type.fields, type.fields);
      return typeof inner === 'string' ? `${name}.${inner}` : name;
    }
    columns.set(name, { name, type: both });
  }
  return [...columns.values()];
}
