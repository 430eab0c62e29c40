/** An instance of a function: the product's adapters on the simulated services, and its handler on these. */
import type { KinesisStreamEvent, SQSEvent } from 'aws-lambda';
import type { Telemetry } from '../../functions/telemetry.ts';
import type { Counts } from '../../src/counts.ts';
import type { MapOptions, WriteOptions } from '../../src/pipeline.ts';
import { callerOf } from './calls.ts';
import type { CallsOptions } from './calls.ts';
import type { Instance } from './lambda.ts';
import type { Product } from './product.ts';
import type { QueueService } from './queue-service.ts';
import type { Settings } from './settings.ts';
import type { StoreService } from './store-service.ts';
import type { TableService } from './table-service.ts';

export const LAKE_BUCKET = 'lake';
export const WORK_BUCKET = 'work';
export const LOCATION = 'ext/windows-sysmon';
export const REGION = 'eu-central-1';
export const ACCOUNT_ID = '123456789012';
export const TABLE_NAME = 'processes';
export const QUEUE_URL = 'https://queue.example/late-join';

export interface Services {
  readonly table: TableService;
  readonly store: StoreService;
  readonly queue: QueueService;
}

export interface StartOptions extends CallsOptions {
  readonly product: Product;
  readonly settings: Settings;
  readonly services: Services;
  /** Told of every batch that went through. */
  readonly batchDone: (counts: Counts) => void;
}

/** What functions/adapters.ts makes on AWS. */
function makeParts(instance: Instance, options: StartOptions) {
  const { product, settings, services, clock, random } = options;
  const call = callerOf(instance, options);
  const patience = { random: random.next, sleep: clock.sleep };
  const client = services.store.client(instance, call);
  const work = product.s3Store({ client, bucket: WORK_BUCKET, ...patience });
  const shared: MapOptions & WriteOptions = {
    mapping: product.mappings[settings.mapping],
    table: product.cachedProcessTable(
      product.dynamodbProcessTable({
        client: services.table.client(instance, call),
        tableName: TABLE_NAME,
        now: () => clock.now() + instance.driftMs,
        retentionSeconds: settings.retentionSeconds,
        ...patience,
      }),
      { entriesMax: settings.cacheEntriesMax },
    ),
    lake: product.s3Store({ client, bucket: LAKE_BUCKET, ...patience }),
    work,
    location: LOCATION,
    region: REGION,
    accountId: ACCOUNT_ID,
  };
  const queue = product.sqsDelayQueue({ client: services.queue.client(call), queueUrl: QUEUE_URL });
  const { horizonSeconds, waitSeconds } = settings;
  return { client, shared, deferral: { work, queue, horizonSeconds, waitSeconds } };
}

/** Starts an instance, cold: its cache is empty. */
export function startInstance(instance: Instance, options: StartOptions): Instance['handle'] {
  const { product, clock, batchDone } = options;
  const { client, shared, deferral } = makeParts(instance, options);
  const say: Telemetry = {
    batch: (_, counts) => batchDone(counts),
    quarantined: () => undefined,
    failed: () => undefined,
    incident: () => undefined,
    problem: () => undefined,
    flush: () => undefined,
  };
  if (instance.functionName === 'transform') {
    const handle = product.transformHandler({
      options: { ...shared, deferral },
      inputs: client,
      say,
      elapsedMs: clock.now,
    });
    // as: the event source mapping makes events of a stream
    return (event, getRemainingTimeInMillis) =>
      handle(event as KinesisStreamEvent, { getRemainingTimeInMillis });
  }
  const handle = product.lateJoinHandler({ options: shared, say });
  // as: the queue makes these
  return (event, getRemainingTimeInMillis) => handle(event as SQSEvent, { getRemainingTimeInMillis });
}
