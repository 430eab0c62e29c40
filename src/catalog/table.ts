/** The tables of a lake as Glue keeps them, one for each class, from the one column list. */
import type { ClassTable, CompiledMapping } from '../mapping/compile.ts';
import type { Column } from '../ocsf/column.ts';
import { CatalogError } from './catalog-error.ts';
import { columnComment, commentText } from './column-comment.ts';
import { catalogName, hiveType } from './hive-type.ts';

export interface CatalogColumn {
  /** In lower case. */
  readonly name: string;
  /** Hive's. */
  readonly type: string;
  readonly comment: string;
}

export interface CatalogTable {
  /** Of the table and of the folder of the class, such as process_activity. */
  readonly name: string;
  readonly description: string;
  /** In the order of the Parquet schema. */
  readonly columns: readonly CatalogColumn[];
  /** The column list itself. */
  readonly source: readonly Column[];
}

/** The keys in the lake's paths, in their order; a catalogue has them in lower case. */
export const PARTITION_KEYS: readonly CatalogColumn[] = [
  { name: 'region', type: 'string', comment: 'region= in the path' },
  { name: 'accountid', type: 'string', comment: 'accountId= in the path' },
  { name: 'eventday', type: 'string', comment: 'eventDay= in the path: the UTC day of time, as YYYYMMDD' },
];

/** How Parquet is read, in the terms of Hive. */
export const PARQUET = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
} as const;

/**
 * The tables of a mapping, in its order.
 * @throws CatalogError where a mapping has a column that Glue or Athena would refuse
 */
export function catalogTables(mapping: CompiledMapping): CatalogTable[] {
  return Array.from(mapping.tables.values(), (table) => catalogTable(table, mapping));
}

function catalogTable({ schema, ocsfClass, columns }: ClassTable, mapping: CompiledMapping): CatalogTable {
  const name = catalogName(schema, schema);
  const entries = mapping.entries.filter((entry) => entry.schema === schema);
  const events = [...new Set(entries.map(({ key }) => key))].join(', ');
  return {
    name,
    description: commentText([`OCSF ${ocsfClass.caption} (${ocsfClass.uid}), Sysmon EventID ${events}`]),
    columns: columns.map((column) => {
      const at = `${schema}.${column.name}`;
      const columnName = catalogName(column.name, at);
      if (PARTITION_KEYS.some((key) => key.name === columnName))
        throw new CatalogError(at, 'is a key of the partitions too; name the attribute otherwise');
      return {
        name: columnName,
        type: hiveType(column.type, at),
        comment: columnComment(column.name, ocsfClass, entries),
      };
    }),
    source: columns,
  };
}
