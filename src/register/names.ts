/** The names that Security Lake gives to what belongs to a custom source. */
import type { Caller, SourceFound } from './services.ts';

const underscored = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');

/** The database of Security Lake's tables in a region. */
export const databaseNameIn = (region: string): string =>
  `amazon_security_lake_glue_db_${underscored(region)}`;

/**
 * A source as it will be listed once it is there; the real one is taken as soon as Security Lake tells it.
 * @param bucket the bucket of the lake; undefined where it is not known
 */
export function predictedSource(
  sourceName: string,
  bucket: string | undefined,
  { account, partition, region }: Caller,
): Required<Omit<SourceFound, 'sourceVersion'>> {
  const glue = `arn:${partition}:glue:${region}:${account}`;
  const databaseName = databaseNameIn(region);
  const tableName = `amazon_security_lake_table_${underscored(region)}_ext_${underscored(sourceName)}`;
  return {
    account,
    sourceName,
    location: `s3://${bucket ?? `aws-security-data-lake-${region}-<id>`}/ext/${sourceName}/`,
    providerRoleArn: `arn:${partition}:iam::${account}:role/AmazonSecurityLake-Provider-${sourceName}-${region}`,
    crawlerArn: `${glue}:crawler/${sourceName}`,
    databaseArn: `${glue}:database/${databaseName}`,
    tableArn: `${glue}:table/${databaseName}/${tableName}`,
  };
}

/** What a source has in Glue, by name: of its ARNs, and where one is not told, as Security Lake names it. */
export interface GlueNames {
  readonly crawlerName: string;
  readonly databaseName: string;
  readonly tableName: string;
}

export function glueNamesOf(source: SourceFound, caller: Caller): GlueNames {
  const predicted = predictedSource(source.sourceName, undefined, caller);
  const last = (key: 'crawlerArn' | 'databaseArn' | 'tableArn'): string =>
    lastOf(source[key] ?? predicted[key]);
  return { crawlerName: last('crawlerArn'), databaseName: last('databaseArn'), tableName: last('tableArn') };
}

const lastOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The account of an ARN; undefined where it names none. */
export const accountOf = (arn: string | undefined): string | undefined => {
  const account = arn?.split(':')[4];
  return account === '' ? undefined : account;
};

/** The bucket and the folders of a location, without scheme and slash at the end: bucket/ext/name. */
export const pathOf = (location: string): string => location.replace(/^s3:\/\//, '').replace(/\/+$/, '');
