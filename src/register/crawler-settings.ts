/**
 * The crawler of a source as it should be. In the layout `per-schema` these are the settings that AWS's sample has one
 * click together; in `per-source` Security Lake's own serve, and only the mark is added.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Layout } from '../lake/layout.ts';
import { roleNameOf } from './mark.ts';
import { pathOf } from './names.ts';
import type { GlueNames } from './names.ts';
import type { CreateCrawlerInput, CrawlerFound, CrawlerSettings, UpdateCrawlerInput } from './services.ts';

/** Midnight of the first of the month, UTC: what the console makes of Monthly. */
const MONTHLY = 'cron(0 0 1 * ? *)';

export interface WantedCrawler {
  readonly layout: Layout;
  readonly names: GlueNames;
  /** s3://bucket/ext/name/ */
  readonly location: string;
  readonly glueRoleArn: string;
  /** The description. */
  readonly mark: string;
  /** Default: the name of the source's table and _. */
  readonly tablePrefix?: string;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The configuration with what the sample wants of it: one schema for each path, tables at the level of the class,
 * partitions that inherit from their table. What else is in it stays.
 * https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html
 */
function configurationWith(found: Json, tableLevel: number): Json {
  const output = objectIn(found, 'CrawlerOutput');
  return {
    ...found,
    Version: 1,
    CrawlerOutput: {
      ...output,
      Partitions: { ...objectIn(output, 'Partitions'), AddOrUpdateBehavior: 'InheritFromTable' },
    },
    Grouping: {
      ...objectIn(found, 'Grouping'),
      TableGroupingPolicy: 'CombineCompatibleSchemas',
      TableLevelConfiguration: tableLevel,
    },
  };
}

/** The settings; the configuration is laid over that of the crawler, where there is one. */
function settings(wanted: WantedCrawler, found: Json): CrawlerSettings {
  const { layout, names, location, glueRoleArn, mark } = wanted;
  const always = { Role: glueRoleArn, DatabaseName: names.databaseName, Description: mark };
  if (layout === 'per-source') return always;
  // The level is counted from the bucket: bucket 1, ext 2, source 3, class 4.
  const tableLevel = pathOf(location).split('/').length + 1;
  return {
    ...always,
    Targets: { S3Targets: [{ Path: location }] },
    TablePrefix: wanted.tablePrefix ?? `${names.tableName}_`,
    Configuration: JSON.stringify(configurationWith(found, tableLevel)),
    Schedule: MONTHLY,
  };
}

/** What of a crawler differs; undefined where it is as it should be. Without a crawler: all settings. */
export function crawlerUpdate(
  wanted: WantedCrawler,
  crawler: CrawlerFound | undefined,
): UpdateCrawlerInput | undefined {
  const Name = wanted.names.crawlerName;
  const found = parsed(crawler?.Configuration);
  const all = settings(wanted, found ?? {});
  if (crawler === undefined) return { Name, ...all };
  const isSame: Readonly<Record<keyof CrawlerSettings, boolean>> = {
    Role: roleNameOf(all.Role) === roleNameOf(crawler.Role ?? ''),
    DatabaseName: all.DatabaseName === crawler.DatabaseName,
    Description: all.Description === crawler.Description,
    Targets: hasOnlyTarget(crawler, wanted.location),
    TablePrefix: all.TablePrefix === crawler.TablePrefix,
    Configuration: isDeepStrictEqual(parsed(all.Configuration), found),
    Schedule: all.Schedule === crawler.Schedule,
  };
  const differing = Object.fromEntries(
    Object.entries(all).filter(([key]) => !isSame[key as keyof CrawlerSettings]), // true: the keys of settings
  );
  return Object.keys(differing).length === 0 ? undefined : { Name, ...differing };
}

/** A crawler where there is none: as Security Lake makes it, with these settings. */
export function newCrawler(wanted: WantedCrawler): CreateCrawlerInput {
  const all = settings(wanted, {});
  const { crawlerName, databaseName, tableName } = wanted.names;
  if (all.Targets !== undefined) return { Name: crawlerName, ...all, Targets: all.Targets };
  return {
    Name: crawlerName,
    ...all,
    Targets: { CatalogTargets: [{ DatabaseName: databaseName, Tables: [tableName] }] },
    // Glue asks for it of a crawler whose targets are tables.
    SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'LOG' },
  };
}

function hasOnlyTarget({ Targets = {} }: CrawlerFound, location: string): boolean {
  const kinds = Object.entries(Targets).filter(([, list]) => Array.isArray(list) && list.length > 0);
  const [[kind, list] = []] = kinds;
  if (kinds.length !== 1 || kind !== 'S3Targets' || !Array.isArray(list) || list.length !== 1) return false;
  const path: unknown = objectOf(list[0]).Path;
  return typeof path === 'string' && pathOf(path) === pathOf(location);
}

/** A configuration as an object; undefined where there is none, or none that can be read. */
function parsed(configuration: string | undefined): Json | undefined {
  if (configuration === undefined || configuration === '') return undefined;
  try {
    return objectOf(JSON.parse(configuration));
  } catch {
    return undefined;
  }
}

const objectIn = (object: Json, key: string): Json => objectOf(object[key]);

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json) // true: an object of JSON
    : {};
