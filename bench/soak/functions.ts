/** The functions as they are deployed: their bundles, and the environment that template.yaml gives them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FAKE_CREDENTIALS, LOCAL_REGION } from '../../tests/servers/clients.ts';
import { FUNCTION_NODE_OPTIONS } from '../function-node-options.js';
import { LAKE_BUCKET, WORK_BUCKET } from './lake-server.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** template.yaml's, but for the wait, which is shorter so that a run has an end soon. */
export const SETTINGS = {
  shards: 2,
  instances: 1,
  batchSize: 5000,
  /** Lambda asks a shard for records once a second. */
  pollSeconds: 1,
  joinHorizonSeconds: 900,
  joinWaitSeconds: 20,
  /** The instance's memory, and what of it V8 may use for the heap. */
  memoryMb: 1769,
  heapMb: 1500,
} as const;

export interface Bundles {
  readonly transform: string;
  readonly lateJoin: string;
}

/** Bundles the functions into a folder, as `sam build` does. */
export async function bundleFunctions(folder: string): Promise<Bundles> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build-functions.js'), folder]);
  return { transform: join(folder, 'transform.cjs'), lateJoin: join(folder, 'late-join.cjs') };
}

/** Where the services are, and how long events wait. */
export interface Surroundings {
  readonly dynamodb: string;
  readonly s3: string;
  readonly sqs: string;
  readonly queueUrl: string;
  readonly tableName: string;
  readonly joinWaitSeconds: number;
}

/** The environment of a function. */
export const environmentOf = (service: string, around: Surroundings): Record<string, string> => ({
  AWS_REGION: LOCAL_REGION,
  AWS_ACCESS_KEY_ID: FAKE_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: FAKE_CREDENTIALS.secretAccessKey,
  AWS_ENDPOINT_URL_DYNAMODB: around.dynamodb,
  AWS_ENDPOINT_URL_S3: around.s3,
  AWS_ENDPOINT_URL_SQS: around.sqs,
  LAKE_LOCATION: `${LAKE_BUCKET}/ext/windows-sysmon`,
  LAKE_REGION: LOCAL_REGION,
  LAKE_ACCOUNT_ID: '123456789012',
  LAKE_LAYOUT: 'per-schema',
  LAKE_ROLE_ARN: '',
  LAKE_EXTERNAL_ID: '',
  LAKE_KMS_KEY_ARN: '',
  WORK_BUCKET,
  PROCESS_TABLE: around.tableName,
  PROCESS_RETENTION_SECONDS: '2592000',
  JOIN_HORIZON_SECONDS: String(SETTINGS.joinHorizonSeconds),
  JOIN_WAIT_SECONDS: String(around.joinWaitSeconds),
  MAPPING_FILE: 'OCSFmapping.json',
  LATE_JOIN_QUEUE_URL: around.queueUrl,
  POWERTOOLS_METRICS_NAMESPACE: 'SysmonLake/soak',
  POWERTOOLS_LOG_LEVEL: 'INFO',
  POWERTOOLS_SERVICE_NAME: service,
  NODE_OPTIONS: `${FUNCTION_NODE_OPTIONS} --max-old-space-size=${SETTINGS.heapMb}`,
});

/** Sums of the metrics in a function's log (CloudWatch's embedded metric format). */
export function metricsOf(output: readonly string[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of output) {
    if (!line.includes('"_aws"')) continue;
    const document = JSON.parse(line) as EmbeddedMetrics; // true: a line of that format
    for (const { Metrics } of document._aws.CloudWatchMetrics) {
      for (const { Name } of Metrics) {
        for (const value of [document[Name]].flat()) sums[Name] = (sums[Name] ?? 0) + Number(value);
      }
    }
  }
  return sums;
}

interface EmbeddedMetrics {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string }[] }[];
  };
  readonly [name: string]: unknown;
}
