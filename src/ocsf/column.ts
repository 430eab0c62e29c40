/**
 * The columns of a class: one tree of names and types from which the Parquet schema, the tables of a catalogue
 * and the documentation are all made.
 */

export type ColumnType =
  | { readonly kind: 'string' }
  | { readonly kind: 'bigint' }
  | { readonly kind: 'double' }
  | { readonly kind: 'boolean' }
  /** JSON text, for attributes whose shape OCSF leaves open (json_t, objects without attributes). */
  | { readonly kind: 'json' }
  | { readonly kind: 'list'; readonly element: ColumnType }
  | { readonly kind: 'struct'; readonly fields: readonly Column[] }
  /** map<string,string>: what `unmapped` is. */
  | { readonly kind: 'map' };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** A value of a record, shaped as its column says. Absent attributes are absent keys: no null is ever stored. */
export type OcsfValue =
  string | number | boolean | readonly OcsfValue[] | { readonly [name: string]: OcsfValue };

/** One OCSF event: what `sysmon-lake map` prints and what becomes one row. */
export type OcsfRecord = Record<string, OcsfValue>;
