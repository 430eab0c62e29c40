/**
 * Partition projection: the partitions of a table are worked out from its properties, so that a new day is there at
 * once, with no crawler and no partition in the catalogue.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
 */

/** The values in the paths of a lake. Each may be an expression that the template fills in. */
export interface Partitions {
  /** Joined with commas, without blanks: they would be part of a value. */
  readonly regions: string;
  /** Joined with commas, without blanks. */
  readonly accountIds: string;
  /** The first day, as YYYYMMDD: older ones are not seen. */
  readonly startDay: string;
}

/** Where no other first day is chosen. Years without objects cost a query that names no day a listing each day. */
export const START_DAY = '20200101';

/**
 * A day more than today, so that hosts whose clock is ahead are seen: eventDay is the day of the event's own time.
 * `NOW` is in UTC.
 */
const END_DAY = 'NOW+1DAYS';

/** Where a partition lies, below the folder of its class. The keys are written as in the path, their values as in Glue. */
export const locationTemplate = (folder: string): string =>
  `${folder}/region=\${region}/accountId=\${accountid}/eventDay=\${eventday}/`;

/**
 * The properties of a table.
 * @param folder of its class, with `s3://`, without a slash at the end
 */
export function tableProperties(folder: string, partitions: Partitions): Record<string, string> {
  return {
    EXTERNAL: 'TRUE',
    classification: 'parquet',
    'projection.enabled': 'true',
    'projection.region.type': 'enum',
    'projection.region.values': partitions.regions,
    'projection.accountid.type': 'enum',
    'projection.accountid.values': partitions.accountIds,
    'projection.eventday.type': 'date',
    'projection.eventday.format': 'yyyyMMdd',
    'projection.eventday.range': `${partitions.startDay},${END_DAY}`,
    'projection.eventday.interval': '1',
    'projection.eventday.interval.unit': 'DAYS',
    'storage.location.template': locationTemplate(folder),
  };
}
