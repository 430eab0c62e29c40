/**
 * The functions as they are deployed, on local servers: the built bundles in processes of their own, and what they
 * left in the lake, in the work bucket and in their logs.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';
import { memoryProcessTable } from '../../src/join/memory-process-table.ts';
import { decodeQuarantine } from '../../src/lake/quarantine.ts';
import type { QuarantinedRecord } from '../../src/lake/quarantine.ts';
import { mapBatch } from '../../src/pipeline.ts';
import { expectedRows, readWithHyparquet, type PlainRow } from '../lake/parquet-readers.ts';
import { batchOf, mapping } from '../pipeline.world.ts';
import { FAKE_CREDENTIALS, LOCAL_REGION } from '../servers/clients.ts';
import { startDynamodb, type LocalDynamodb } from '../servers/dynamodb.ts';
import { startLambda, type LocalLambda } from '../servers/lambda.ts';
import { pollUntilEmpty, type Delivery } from '../servers/queue-poller.ts';
import { startS3, type LocalS3 } from '../servers/s3.ts';
import { startSqs, type LocalSqs } from '../servers/sqs.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const LOCATION = 'ext/windows-sysmon';

/** The services, and the bundles. One for a test file. */
export interface Aws {
  readonly dynamodb: LocalDynamodb;
  readonly sqs: LocalSqs;
  readonly s3: LocalS3;
  /** The files that export the handlers. */
  readonly bundles: Readonly<Record<'transform' | 'lateJoin', string>>;
  readonly close: () => Promise<void>;
}

/**
 * Starts the services and bundles the functions. Where the environment names a folder that `sam build` wrote, its
 * bundles are used as they are.
 */
export async function startAws(): Promise<Aws> {
  const samFolder = process.env.SAM_BUILD_FOLDER;
  const folder = samFolder ?? (await mkdtemp(path.join(tmpdir(), 'sysmon-lake-functions-')));
  if (samFolder === undefined) {
    await promisify(execFile)(process.execPath, [path.join(ROOT, 'scripts/build-functions.js'), folder]);
  }
  const bundle = (file: string, resource: string): string =>
    path.join(folder, samFolder === undefined ? '' : resource, file);
  const [dynamodb, sqs, s3] = await Promise.all([startDynamodb(), startSqs(), startS3({ buckets: [] })]);
  return {
    dynamodb,
    sqs,
    s3,
    bundles: {
      transform: bundle('transform.cjs', 'TransformFunction'),
      lateJoin: bundle('late-join.cjs', 'LateJoinFunction'),
    },
    async close() {
      await Promise.all([dynamodb.close(), sqs.close(), s3.close()]);
      if (samFolder === undefined) await rm(folder, { recursive: true });
    },
  };
}

export interface Deployment {
  readonly transform: LocalLambda;
  readonly lateJoin: LocalLambda;
  readonly lakeBucket: string;
  readonly workBucket: string;
  readonly queueUrl: string;
  readonly tableName: string;
  /** Lets late-join take all messages that there are. */
  readonly runLateJoin: () => Promise<Delivery[]>;
  /** Every row in the lake. */
  readonly rows: () => Promise<LakeRow[]>;
  readonly quarantined: () => QuarantinedRecord[];
  /** Every object of both buckets: its body in base64, by bucket and key. */
  readonly objects: () => Record<string, string>;
  /** Ends the instances, and gives the sums of the metrics that each function published. */
  readonly metrics: () => Promise<Record<'transform' | 'lateJoin', Metrics>>;
  readonly end: () => Promise<void>;
}

export type Metrics = Readonly<Record<string, number>>;

export interface LakeRow {
  readonly schema: string;
  readonly uid: string;
  readonly join: string | undefined;
  /** The whole row as text, where a join that was waited for looks as if it had not been. */
  readonly text: string;
}

let deployments = 0;

/** A deployment with nothing in it yet. */
export async function deploy(
  { dynamodb, sqs, s3, bundles }: Aws,
  {
    environment = {},
    instancesMax = 1,
  }: { environment?: Record<string, string>; instancesMax?: number } = {},
): Promise<Deployment> {
  const number = ++deployments;
  const lakeBucket = s3.createBucket(`lake-${number}`);
  const workBucket = s3.createBucket(`work-${number}`);
  const tableName = await dynamodb.createTable();
  const queueUrl = await sqs.createQueue();
  const variables = {
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: FAKE_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: FAKE_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    // An address in place of a name: the SDK puts the bucket into the path by itself.
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    LAKE_LOCATION: `${lakeBucket}/${LOCATION}`,
    LAKE_REGION: LOCAL_REGION,
    LAKE_ACCOUNT_ID: '123456789012',
    LAKE_LAYOUT: 'per-schema',
    LAKE_ROLE_ARN: '',
    LAKE_EXTERNAL_ID: '',
    LAKE_KMS_KEY_ARN: '',
    WORK_BUCKET: workBucket,
    PROCESS_TABLE: tableName,
    PROCESS_RETENTION_SECONDS: '2592000',
    JOIN_HORIZON_SECONDS: '900',
    JOIN_WAIT_SECONDS: '0',
    MAPPING_FILE: 'OCSFmapping.json',
    LATE_JOIN_QUEUE_URL: queueUrl,
    POWERTOOLS_METRICS_NAMESPACE: 'SysmonLake/test',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    ...environment,
  };
  const lambda = (bundle: string, service: string): LocalLambda =>
    startLambda({
      bundle,
      environment: { ...variables, POWERTOOLS_SERVICE_NAME: service },
      instancesMax,
    });
  const transform = lambda(bundles.transform, 'transform');
  const lateJoin = lambda(bundles.lateJoin, 'late-join');

  return {
    transform,
    lateJoin,
    lakeBucket,
    workBucket,
    queueUrl,
    tableName,
    runLateJoin: () =>
      pollUntilEmpty({ client: sqs.client(), queueUrl, invoke: (event) => lateJoin.invoke(event) }),
    async rows() {
      const rows: LakeRow[] = [];
      for (const key of s3.bucket(lakeBucket).keys()) {
        const schema = key.slice(LOCATION.length + 1).split('/')[0]!;
        const { columns } = mapping.tables.get(schema)!;
        const found = await readWithHyparquet(columns, s3.bucket(lakeBucket).get(key).body);
        rows.push(...found.map((row) => lakeRow(schema, row)));
      }
      return rows;
    },
    quarantined: () =>
      s3
        .bucket(workBucket)
        .keys()
        .filter((key) => key.startsWith('quarantine/'))
        .flatMap((key) => decodeQuarantine(s3.bucket(workBucket).get(key).body)),
    objects: () =>
      Object.fromEntries(
        [lakeBucket, workBucket].flatMap((name, i) =>
          s3
            .bucket(name)
            .keys()
            .map((key) => [
              `${i === 0 ? 'lake' : 'work'} ${key}`,
              s3.bucket(name).get(key).body.toString('base64'),
            ]),
        ),
      ),
    async metrics() {
      await Promise.all([transform.stop(), lateJoin.stop()]);
      return { transform: metricsOf(transform.output), lateJoin: metricsOf(lateJoin.output) };
    },
    async end() {
      transform.kill();
      lateJoin.kill();
      await Promise.all([transform.stop(), lateJoin.stop()]);
    },
  };
}

function lakeRow(schema: string, row: PlainRow): LakeRow {
  const unmapped = (row.unmapped ?? []) as [string, string][]; // true: parquet-readers gives a map as its entries
  const join = unmapped.find(([name]) => name === 'join')?.[1];
  const asIfHit = unmapped.map(([name, value]) => [
    name,
    name === 'join' && value === 'late' ? 'hit' : value,
  ]);
  return {
    schema,
    uid: (row.metadata as { uid: string }).uid,
    join,
    text: `${schema} ${JSON.stringify({ ...row, unmapped: asIfHit })}`,
  };
}

/** The rows that the lake has to hold for these records: all of them mapped at once, with nothing to wait for. */
export async function rowsFor(contents: readonly unknown[]): Promise<LakeRow[]> {
  const table = memoryProcessTable({ now: () => 0, retentionSeconds: 1 });
  const { mapped } = await mapBatch(batchOf(contents), { mapping, table });
  return mapped.flatMap(({ entry, record }) =>
    expectedRows(mapping.tables.get(entry.schema)!.columns, [record]).map((row) =>
      lakeRow(entry.schema, row),
    ),
  );
}

/** The lake holds the event of each of these records, whole, joined where its process is among them, and once. */
export async function expectLake(deployment: Deployment, contents: readonly unknown[]): Promise<LakeRow[]> {
  const rows = await deployment.rows();
  const texts = (all: readonly LakeRow[]): string[] => all.map(({ text }) => text).toSorted();
  const wanted = await rowsFor(contents);
  expect(rows).toHaveLength(wanted.length);
  expect(texts(rows)).toEqual(texts(wanted));
  return rows;
}

/**
 * Every batch that was finished tells what became of all its records, and late-join wrote what transform deferred:
 * `times` over, to the same objects, where messages arrived so often.
 */
export async function expectBalance(
  deployment: Deployment,
  received: number,
  times = 1,
): Promise<Record<'transform' | 'lateJoin', Metrics>> {
  const metrics = await deployment.metrics();
  const { Received, Written, Quarantined, Deferred } = metrics.transform;
  expect(Received).toBe(received);
  expect(Written! + Quarantined! + Deferred!).toBe(received);
  expect((metrics.lateJoin.Written ?? 0) + (metrics.lateJoin.Quarantined ?? 0)).toBe(Deferred! * times);
  return metrics;
}

/** Sums of the metrics in a function's log (CloudWatch's embedded metric format). */
function metricsOf(output: readonly string[]): Metrics {
  const sums: Record<string, number> = {};
  for (const line of output) {
    if (!line.includes('"_aws"')) continue;
    const document = JSON.parse(line) as EmbeddedMetrics; // true: a line of that format
    for (const { Metrics: names } of document._aws.CloudWatchMetrics) {
      for (const { Name } of names) {
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
