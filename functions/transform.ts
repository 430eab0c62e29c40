/**
 * The function `transform`: batches of a Kinesis stream, objects named by messages of a queue, or batches of Kafka
 * topics, the whole way into the lake.
 */
import { SQSClient } from '@aws-sdk/client-sqs';
import type {
  Context,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  SQSBatchResponse,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';
import { sqsDelayQueue } from '../src/join/sqs-delay-queue.ts';
import { readObject } from '../src/lake/s3-input.ts';
import { encodeQuarantine, quarantineKey } from '../src/lake/quarantine.ts';
import { safeName } from '../src/lake/layout.ts';
import { transformBatch } from '../src/pipeline.ts';
import type { MapOptions, WriteOptions } from '../src/pipeline.ts';
import type { Batch } from '../src/sources/batches.ts';
import { batchesOf } from '../src/sources/batches.ts';
import { DecompressError, decompress } from '../src/sources/decompress.ts';
import { makeClients, makeOptions } from './adapters.ts';
import type { Clients } from './adapters.ts';
import { readTransformConfiguration } from './configuration.ts';
import type { Environment } from './configuration.ts';
import { pace } from './deadline.ts';
import { kafkaBatches } from './kafka.ts';
import type { KafkaEvent } from './kafka.ts';
import { kinesisBatch } from './kinesis.ts';
import { notifiedObjects } from './s3-notification.ts';
import type { S3Location } from './s3-notification.ts';
import { factsOf, telemetry } from './telemetry.ts';

type TransformEvent = KinesisStreamEvent | SQSEvent | KafkaEvent;
type Response = KinesisStreamBatchResponse | SQSBatchResponse | undefined;
type RemainingTime = Pick<Context, 'getRemainingTimeInMillis'>;

/**
 * The handler, with everything that outlives an invocation.
 * @throws ConfigurationError
 */
export function makeHandler(environment: Environment) {
  const configuration = readTransformConfiguration(environment);
  const clients: Clients = makeClients(configuration);
  const say = telemetry();
  const options: MapOptions & WriteOptions = makeOptions(configuration, clients, say);
  const deferral = {
    work: options.work,
    queue: sqsDelayQueue({ client: new SQSClient({}), queueUrl: configuration.LATE_JOIN_QUEUE_URL }),
    horizonSeconds: configuration.JOIN_HORIZON_SECONDS,
    waitSeconds: configuration.JOIN_WAIT_SECONDS,
  };
  const speed = pace();

  const take = async (batch: Batch): Promise<void> => {
    const startedMs = performance.now();
    const counts = await transformBatch(batch, { ...options, deferral });
    speed.took(batch.records.length, performance.now() - startedMs);
    say.batch(batch.name, counts);
  };

  /** Records in order; where time runs short, the first that was not taken is told, and comes again. */
  const kinesis = async (
    event: KinesisStreamEvent,
    context: RemainingTime,
  ): Promise<KinesisStreamBatchResponse> => {
    const fitting = speed.fit(event.Records.length, context.getRemainingTimeInMillis());
    await take(await kinesisBatch(event.Records.slice(0, fitting)));
    const next = event.Records[fitting];
    return { batchItemFailures: next === undefined ? [] : [{ itemIdentifier: next.kinesis.sequenceNumber }] };
  };

  const object = async (location: S3Location): Promise<void> => {
    const input = await readObject({ client: clients.s3, ...location });
    const prefix = safeName(`${location.key.split('/').at(-1) ?? ''}-${input.versionId ?? input.etag}`);
    const name = `s3://${location.bucket}/${location.key}`;
    try {
      for await (const batch of batchesOf(decompress(input.body), { prefix, input: name, format: 'auto' })) {
        await take(batch);
      }
    } catch (error) {
      // What could be read has been taken and the rest is in quarantine: to try again would end here again.
      if (!(error instanceof DecompressError)) throw error;
      say.problem('object is damaged', { object: name, ...factsOf(error) });
    }
  };

  const message = async ({ body, messageId }: SQSRecord): Promise<void> => {
    const objects = notifiedObjects(body);
    if (objects === undefined) {
      const input = `sqs:${messageId}`;
      const record = { reason: 'not_a_notification', input, index: 0, bytes: Buffer.from(body) };
      await options.work.put(quarantineKey(safeName(`message-${messageId}`)), encodeQuarantine([record]));
      say.problem('message is no S3 notification; it is in quarantine', { messageId });
      return;
    }
    for (const location of objects) await object(location);
  };

  /** Messages that failed come again; the others are done. */
  const messages = async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const record of event.Records) {
      try {
        await message(record);
      } catch (error) {
        say.failed(record.messageId, error);
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };

  return async (event: TransformEvent, context: RemainingTime): Promise<Response> => {
    try {
      if (!('Records' in event)) {
        for (const batch of await kafkaBatches(event)) await take(batch);
        return undefined;
      }
      if (isKinesis(event)) return await kinesis(event, context);
      return await messages(event);
    } catch (error) {
      say.problem('batch failed; it comes again', factsOf(error));
      throw error;
    } finally {
      say.flush();
    }
  };
}

const isKinesis = (event: KinesisStreamEvent | SQSEvent): event is KinesisStreamEvent =>
  event.Records.some((record) => 'kinesis' in record);

let started: ReturnType<typeof makeHandler> | undefined;

/** What Lambda calls. */
export const handler = (event: TransformEvent, context: RemainingTime): Promise<Response> =>
  (started ??= makeHandler(process.env))(event, context);
