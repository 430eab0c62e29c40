/**
 * The Glue tables of a template as files of Trino's file metastore: names, Hive types, SerDe and properties as Glue
 * would hold them, so that Trino reads what Athena would.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PARQUET } from '../../src/catalog/table.ts';
import { readTemplate, stackOf } from '../../tests/cloudformation.ts';

const glueColumns = z.array(z.object({ Name: z.string(), Type: z.string(), Comment: z.string() }));
const tableInput = z.object({
  Name: z.string(),
  TableType: z.literal('EXTERNAL_TABLE'),
  Parameters: z.record(z.string(), z.string()),
  PartitionKeys: glueColumns,
  StorageDescriptor: z.object({
    Columns: glueColumns,
    Location: z.string(),
    InputFormat: z.literal(PARQUET.inputFormat),
    OutputFormat: z.literal(PARQUET.outputFormat),
    SerdeInfo: z.object({
      SerializationLibrary: z.literal(PARQUET.serde),
      Parameters: z.record(z.string(), z.string()),
    }),
  }),
});
export type GlueTable = z.infer<typeof tableInput>;

/** The tables that a template makes with these parameters. */
export function glueTables(template: string, parameters: Readonly<Record<string, string>>): GlueTable[] {
  const { resources } = stackOf(readTemplate(template), parameters);
  return Object.values(resources)
    .filter(({ type }) => type === 'AWS::Glue::Table')
    .map(({ properties }) => tableInput.parse(properties.TableInput));
}

/** Makes a database of these tables; `s3://<bucket>/` becomes `local:///<bucket>/`. */
export async function writeDatabase(
  root: string,
  database: string,
  tables: readonly GlueTable[],
): Promise<void> {
  const metastore = path.join(root, 'metastore');
  const local = (location: string): string => location.replace(/^s3:/, 'local:/');
  await mkdir(path.join(metastore, database), { recursive: true });
  await writeJson(path.join(metastore, `.${database}.trinoSchema`), {
    writerVersion: '476',
    ownerName: 'verify',
    ownerType: 'USER',
    parameters: {},
  });
  const columnsOf = (columns: GlueTable['PartitionKeys']): unknown =>
    columns.map(({ Name, Type, Comment }) => ({ name: Name, type: Type, comment: Comment, properties: {} }));
  for (const { Name, TableType, Parameters, PartitionKeys, StorageDescriptor } of tables) {
    // Trino's local file system wants the folder of a table to be there, S3 has no folders.
    await mkdir(path.join(root, StorageDescriptor.Location.replace(/^s3:\/\//, '')), { recursive: true });
    const folder = path.join(metastore, database, Name);
    await mkdir(folder, { recursive: true });
    await writeJson(path.join(folder, '.trinoSchema'), {
      writerVersion: '476',
      owner: 'verify',
      tableType: TableType,
      dataColumns: columnsOf(StorageDescriptor.Columns),
      partitionColumns: columnsOf(PartitionKeys),
      parameters: {
        ...Parameters,
        'storage.location.template': local(Parameters['storage.location.template'] ?? ''),
      },
      storageFormat: 'PARQUET',
      serdeParameters: StorageDescriptor.SerdeInfo.Parameters,
      externalLocation: local(StorageDescriptor.Location),
      columnStatistics: {},
    });
  }
}

const writeJson = (file: string, value: unknown): Promise<void> =>
  writeFile(file, JSON.stringify(value, null, 2));
