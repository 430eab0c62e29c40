/** `sysmon-lake ddl`: the statements that make the tables of a lake in Athena. */
import { createDatabase, createTable } from '../catalog/athena-ddl.ts';
import { CatalogError } from '../catalog/catalog-error.ts';
import { catalogTables } from '../catalog/table.ts';
import { classFolder, objectKey } from '../lake/layout.ts';
import type { Layout } from '../lake/layout.ts';
import { UsageError } from './failure.ts';
import { readMapping } from './run.ts';

export interface DdlOptions {
  /** s3://bucket/ext/source: the location of the source, below which the classes are. */
  readonly location: string;
  readonly database: string;
  readonly layout: Layout;
  /** Joined with commas. */
  readonly region: string;
  /** Joined with commas. */
  readonly accountId: string;
  /** YYYYMMDD. */
  readonly startDay: string;
}

/** S3's rules for names, as far as they matter here; a location as `transform --out` and the stack have it. */
const LOCATION = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/*$/;
const DATABASE = /^[a-z0-9_]{1,255}$/;

/**
 * The statements, without semicolons: the database, then a table for each class.
 * @throws UsageError and LayoutError for options that no lake or catalogue can have; InputError for a mapping file
 *   that cannot be read
 */
export async function ddl(mappingFile: string | undefined, options: DdlOptions): Promise<string[]> {
  const { database, layout, startDay } = options;
  const [, bucket, location = ''] = LOCATION.exec(options.location) ?? [];
  if (bucket === undefined) {
    throw new UsageError(
      `--location ${JSON.stringify(options.location)}: give it as s3://BUCKET/ext/SOURCE, in small letters up to the first /`,
    );
  }
  if (!DATABASE.test(database))
    throw new UsageError(`--database ${JSON.stringify(database)}: use small letters, digits and _`);
  const regions = options.region.split(',');
  const accountIds = options.accountId.split(',');
  const mapping = await readMapping(mappingFile);
  try {
    const tables = catalogTables(mapping);
    return [
      createDatabase(database),
      ...tables.map((table) => {
        const place = { location, schema: table.name, layout };
        // The layout's own rules for the values in a path.
        for (const region of regions)
          for (const accountId of accountIds)
            objectKey({ ...place, region, accountId, eventDay: startDay, name: 'x' });
        return createTable(table, database, `s3://${bucket}/${classFolder(place)}`, {
          regions: regions.join(','),
          accountIds: accountIds.join(','),
          startDay,
        });
      }),
    ];
  } catch (error) {
    if (error instanceof CatalogError) throw new UsageError(error.message);
    throw error;
  }
}

/** Statements as a script, each ended by a semicolon. */
export const ddlText = (statements: readonly string[]): string =>
  statements.map((statement) => `${statement};\n`).join('\n');
