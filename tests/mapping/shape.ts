/** Whether records have the shape of their columns. */
import type { Column, ColumnType } from '../../src/ocsf/column.ts';

/** Where a record differs from the columns it should have: attributes of no column, and values of another type. */
export function shapeErrors(record: unknown, columns: readonly Column[], path = ''): string[] {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return [`${path}: no struct`];
  return Object.entries(record).flatMap(([name, value]) => {
    const column = columns.find((one) => one.name === name);
    const at = path === '' ? name : `${path}.${name}`;
    return column === undefined ? [`${at}: no column`] : valueErrors(value, column.type, at);
  });
}

function valueErrors(value: unknown, type: ColumnType, path: string): string[] {
  const wrong = [`${path}: no ${type.kind}`];
  switch (type.kind) {
    case 'string':
      return typeof value === 'string' ? [] : wrong;
    case 'bigint':
      return Number.isSafeInteger(value) ? [] : wrong;
    case 'double':
      return typeof value === 'number' ? [] : wrong;
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong;
    case 'json':
      return value === null || value === undefined ? wrong : [];
    case 'list':
      if (!Array.isArray(value) || value.length === 0) return wrong;
      return value.flatMap((item, i) => valueErrors(item, type.element, `${path}[${i}]`));
    case 'struct':
      return shapeErrors(value, type.fields, path);
    case 'map': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong;
      return Object.values(value).every((one) => typeof one === 'string') ? [] : wrong;
    }
  }
}
