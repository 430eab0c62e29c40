/** The ports of the pipeline on AWS, made once for each instance of a function. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { cachedProcessTable } from '../src/join/cached-process-table.ts';
import { dynamodbProcessTable } from '../src/join/dynamodb-process-table.ts';
import { s3Store } from '../src/lake/s3-store.ts';
import { loadMapping } from '../src/mapping/load.ts';
import type { MapOptions, WriteOptions } from '../src/pipeline.ts';
import nativeMapping from '../OCSFmapping.native.json' with { type: 'json' };
import documentMapping from '../OCSFmapping.json' with { type: 'json' };
import type { LateJoinConfiguration } from './configuration.ts';
import type { Telemetry } from './telemetry.ts';

const MAPPINGS = { 'OCSFmapping.json': documentMapping, 'OCSFmapping.native.json': nativeMapping };

/** Processes that one instance remembers: about 1 kB each. */
const CACHED_PROCESSES_MAX = 20_000;

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  /** For the work bucket and for inputs. */
  readonly s3: S3Client;
  /** For the lake: as the provider role, where one is given. */
  readonly lake: S3Client;
}

/** Clients with the credentials of the function, or of the provider role for the lake. */
export function makeClients(configuration: LateJoinConfiguration): Clients {
  const { LAKE_ROLE_ARN: roleArn, LAKE_EXTERNAL_ID: externalId } = configuration;
  const s3 = new S3Client({});
  const lake =
    roleArn === undefined
      ? s3
      : new S3Client({
          credentials: fromTemporaryCredentials({
            params: {
              RoleArn: roleArn,
              RoleSessionName: 'sysmon-lake',
              ...(externalId !== undefined && { ExternalId: externalId }),
            },
          }),
        });
  return { dynamodb: new DynamoDBClient({}), s3, lake };
}

/** What a batch is mapped with and where it is written. */
export function makeOptions(
  configuration: LateJoinConfiguration,
  clients: Clients,
  say: Pick<Telemetry, 'incident'>,
): MapOptions & WriteOptions {
  const { LAKE_LOCATION: location, LAKE_KMS_KEY_ARN: kmsKeyArn } = configuration;
  return {
    mapping: loadMapping(JSON.stringify(MAPPINGS[configuration.MAPPING_FILE])),
    table: cachedProcessTable(
      dynamodbProcessTable({
        client: clients.dynamodb,
        tableName: configuration.PROCESS_TABLE,
        now: Date.now,
        retentionSeconds: configuration.PROCESS_RETENTION_SECONDS,
        observe: say.incident,
      }),
      { entriesMax: CACHED_PROCESSES_MAX },
    ),
    lake: s3Store({
      client: clients.lake,
      bucket: location.bucket,
      ...(kmsKeyArn !== undefined && { kmsKeyArn }),
    }),
    work: s3Store({ client: clients.s3, bucket: configuration.WORK_BUCKET }),
    location: location.prefix,
    region: configuration.LAKE_REGION,
    accountId: configuration.LAKE_ACCOUNT_ID,
    layout: configuration.LAKE_LAYOUT,
  };
}
