/** The parameters of tables.yaml, in groups; those that the app has too are named and ruled as in template.yaml. */
import { START_DAY } from '../../src/catalog/projection.ts';
import { LAYOUTS } from '../../src/lake/layout.ts';

export const TABLES_PARAMETERS = {
  'Where the records are': {
    ASLCustomLogSourceLocation: {
      Type: 'String',
      AllowedPattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_.:-]+)+',
      ConstraintDescription:
        'should be a bucket and a location in it without a slash at the end, such as bucket/ext/windows-sysmon',
      Description:
        'Location that Security Lake made for the custom source, as the app has it - without the trailing slash, such as aws-security-data-lake-region-exampleid/ext/windows-sysmon',
    },
    LakeLayout: {
      Type: 'String',
      Default: 'per-schema',
      AllowedValues: LAYOUTS,
      Description:
        'As the app has it. per-schema - one source, a folder for each class. per-source - a source each.',
    },
    LakeRegions: {
      Type: 'CommaDelimitedList',
      Default: '',
      Description:
        'Regions in the partitions of the records (region=), without blanks. Leave blank for the region of this stack. What is in no list is not seen.',
    },
    LakeAccountIds: {
      Type: 'CommaDelimitedList',
      Default: '',
      Description:
        'Accounts in the partitions of the records (accountId=), such as 123456789012,external, without blanks. Leave blank for the account of this stack. What is in no list is not seen.',
    },
    ProjectionStartDay: {
      Type: 'String',
      Default: START_DAY,
      AllowedPattern: '[0-9]{8}',
      ConstraintDescription: 'should be a day as YYYYMMDD',
      Description:
        'First day of the partitions, as YYYYMMDD; older records are not seen. A query that names no day lists every day since.',
    },
  },
  'How they are called': {
    DatabaseName: {
      Type: 'String',
      Default: 'sysmon_lake',
      AllowedPattern: '[a-z0-9_]{1,255}',
      Description: 'Glue database of the tables.',
    },
    CreateDatabase: {
      Type: 'String',
      Default: 'true',
      AllowedValues: ['true', 'false'],
      Description: 'Whether this stack makes the database; false where it is there.',
    },
    TablePrefix: {
      Type: 'String',
      Default: '',
      AllowedPattern: '([a-z][a-z0-9_]{0,99})?',
      Description: 'Begins the name of each table, and of each view in the named queries, such as sysmon_.',
    },
  },
  'How they are queried': {
    WorkgroupName: {
      Type: 'String',
      Default: 'sysmon-lake',
      AllowedPattern: '[A-Za-z0-9._-]{1,128}',
      Description: 'Athena workgroup that this stack makes.',
    },
    ScanLimitBytes: {
      Type: 'Number',
      Default: 107374182400,
      MinValue: 10000000,
      Description: 'Bytes that one query may scan, after which Athena stops it; 107374182400 is 100 GiB.',
    },
    QueryResultsLocation: {
      Type: 'String',
      Default: '',
      AllowedPattern: '(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/(.*/)?)?',
      ConstraintDescription: 'should be s3://bucket/prefix/ with a slash at its end',
      Description:
        'Where results of queries are kept, such as s3://bucket/athena/. Leave blank to have a bucket made for them.',
    },
    QueryResultsKMSKeyARN: {
      Type: 'String',
      Default: '',
      AllowedPattern: '(arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+)?',
      Description:
        'ARN of the KMS key that encrypts the results. Leave blank where Amazon S3 manages the keys.',
    },
    QueryResultsRetentionDays: {
      Type: 'Number',
      Default: 30,
      MinValue: 1,
      MaxValue: 3650,
      Description: 'How long results are kept in the bucket that this stack makes.',
    },
  },
} as const;
