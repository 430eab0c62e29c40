/**
 * The function `transform`: batches of a Kinesis stream, objects named by messages of a queue, or batches of Kafka
 * topics, the whole way into the lake.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type {
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  SQSBatchResponse,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';
import { sqsDelayQueue } from '../src/join/sqs-delay-queue.ts';
import { readObject } from '../src/lake/s3-input.ts';
import { encodeQuarantine, quarantineKey } from '../src/lake/quarantine.ts';
import { nameWithIdentity, safeName } from '../src/lake/layout.ts';
import { transformBatch } from '../src/pipeline.ts';
import type { MapOptions, WriteOptions } from '../src/pipeline.ts';
import type { Batch } from '../src/sources/batches.ts';
import { batchesOf } from '../src/sources/batches.ts';
import { DecompressError } from '../src/sources/decompress.ts';
import { makeClients, makeOptions } from './adapters.ts';
import type { Clients } from './adapters.ts';
import { readTransformConfiguration } from './configuration.ts';
import type { Environment } from './configuration.ts';
import { pace } from './deadline.ts';
import type { RemainingTime } from './deadline.ts';
import { kafkaBatches } from './kafka.ts';
import type { KafkaEvent } from './kafka.ts';
import { kinesisBatch } from './kinesis.ts';
import { notifiedObjects, resumeMessage } from './s3-notification.ts';
import type { S3Location } from './s3-notification.ts';
import { withSources } from './stack-trace.ts';
import { factsOf, telemetry } from './telemetry.ts';
import type { Telemetry } from './telemetry.ts';

type TransformEvent = KinesisStreamEvent | SQSEvent | KafkaEvent;
type Response = KinesisStreamBatchResponse | SQSBatchResponse | undefined;

/** What the handler works with; it outlives an invocation. */
export interface TransformParts {
  readonly options: MapOptions & WriteOptions;
  /** Reads the objects that messages name. */
  readonly inputs: S3Client;
  /** Tells a later invocation to go on with an object; absent where no queue of objects is the source. */
  readonly resume?: (message: string) => Promise<unknown>;
  readonly say: Telemetry;
  /** A clock in milliseconds that only runs forward. */
  readonly elapsedMs: () => number;
}

/**
 * The handler of an environment.
 * @throws ConfigurationError
 */
export function makeHandler(environment: Environment) {
  const configuration = readTransformConfiguration(environment);
  const clients: Clients = makeClients(configuration);
  const say = telemetry();
  const sqs = new SQSClient({});
  const options = makeOptions(configuration, clients, say);
  const deferral = {
    work: options.work,
    queue: sqsDelayQueue({ client: sqs, queueUrl: configuration.LATE_JOIN_QUEUE_URL }),
    horizonSeconds: configuration.JOIN_HORIZON_SECONDS,
    waitSeconds: configuration.JOIN_WAIT_SECONDS,
  };
  const { RAW_LOG_QUEUE_URL: QueueUrl } = configuration;
  return transformHandler({
    options: { ...options, deferral },
    inputs: clients.s3,
    ...(QueueUrl !== undefined && {
      resume: (MessageBody) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })),
    }),
    say,
    elapsedMs: () => performance.now(),
  });
}

/** The handler, of its parts. */
export function transformHandler({ options, inputs, resume, say, elapsedMs }: TransformParts) {
  const speed = pace();

  /** `units`: what {@link pace} counts by, where that is not the records. */
  const take = async (batch: Batch, units = batch.records.length): Promise<void> => {
    const startedMs = elapsedMs();
    const counts = await transformBatch(batch, options);
    speed.took(units, elapsedMs() - startedMs);
    say.batch(batch.name, counts);
  };

  /** Records in order; where time runs short, the first that was not taken is told, and comes again. */
  const kinesis = async (
    event: KinesisStreamEvent,
    context: RemainingTime,
  ): Promise<KinesisStreamBatchResponse> => {
    const fitting = speed.fit(event.Records.length, context.getRemainingTimeInMillis());
    const taken = event.Records.slice(0, fitting);
    await take(await kinesisBatch(taken), taken.length);
    const next = event.Records[fitting];
    return { batchItemFailures: next === undefined ? [] : [{ itemIdentifier: next.kinesis.sequenceNumber }] };
  };

  /**
   * An object of any size. Where time runs short, the queue is told at which record to go on; the batches after it
   * are cut as they would have been.
   */
  const object = async (
    location: S3Location,
    context: RemainingTime,
    done: { batches: number },
  ): Promise<void> => {
    const input = await readObject({ client: inputs, ...location });
    const { etag, versionId } = input;
    const firstRecord = location.resume?.etag === etag ? location.resume.record : 0;
    const { bucket, key } = location;
    // A version id is no identity: without versioning, S3 says `null` for every object.
    const prefix = nameWithIdentity(key.split('/').at(-1) ?? '', [bucket, key, versionId, etag]);
    const name = `s3://${location.bucket}/${location.key}`;
    try {
      const batches = batchesOf(input.body, { prefix, input: name, format: 'auto', firstRecord });
      for await (const batch of batches) {
        const records = batch.records.length;
        const isTooLate = speed.fit(records, context.getRemainingTimeInMillis()) < records;
        // An invocation takes one batch at least, so that there is an end.
        if (isTooLate && done.batches > 0 && resume !== undefined) {
          const record = batch.records[0]?.index ?? firstRecord;
          const here = { ...location, ...(versionId !== undefined && { versionId }) };
          await resume(resumeMessage(here, { etag, record }));
          return;
        }
        await take(batch);
        done.batches++;
      }
    } catch (error) {
      // What could be read has been taken and the rest is in quarantine: to try again would end here again.
      if (!(error instanceof DecompressError)) throw error;
      say.problem('object is damaged', { object: name, ...factsOf(error) });
    } finally {
      input.close();
    }
  };

  const message = async (
    { body, messageId }: SQSRecord,
    context: RemainingTime,
    done: { batches: number },
  ): Promise<void> => {
    const objects = notifiedObjects(body);
    if (objects === undefined) {
      const input = `sqs:${messageId}`;
      const record = { reason: 'not_a_notification', input, index: 0, bytes: Buffer.from(body) };
      await options.work.put(quarantineKey(safeName(`message-${messageId}`)), encodeQuarantine([record]));
      say.quarantined(1);
      say.problem('message is no S3 notification; it is in quarantine', { messageId });
      return;
    }
    for (const location of objects) await object(location, context, done);
  };

  /** Messages that failed come again; the others are done. */
  const messages = async (event: SQSEvent, context: RemainingTime): Promise<SQSBatchResponse> => {
    const done = { batches: 0 };
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const record of event.Records) {
      try {
        await message(record, context, done);
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
      return await messages(event, context);
    } catch (error) {
      say.problem('batch failed; it comes again', factsOf(error));
      throw withSources(error);
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
