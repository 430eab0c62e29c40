/**
 * The function `late-join`: writes what transform deferred, joined or not, once the EventID 1 has had its time to
 * arrive. Each message names one deferred object.
 */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { decodeDeferred } from '../src/join/deferred.ts';
import { parseDeferredMessage } from '../src/join/sqs-delay-queue.ts';
import { transformBatch } from '../src/pipeline.ts';
import type { MapOptions, WriteOptions } from '../src/pipeline.ts';
import type { Batch } from '../src/sources/batches.ts';
import { makeClients, makeOptions } from './adapters.ts';
import { readLateJoinConfiguration } from './configuration.ts';
import type { Environment } from './configuration.ts';
import { MARGIN_MS } from './deadline.ts';
import type { RemainingTime } from './deadline.ts';
import { telemetry } from './telemetry.ts';
import type { Telemetry } from './telemetry.ts';

const message = z.object({ key: z.string().regex(/^deferred\/[A-Za-z0-9._-]+\.ndjson\.gz$/) });

/** A message that names no deferred object, or one that is gone. */
export class LateJoinError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'LateJoinError';
  }
}

/** The handler of an environment. @throws ConfigurationError */
export function makeHandler(environment: Environment) {
  const configuration = readLateJoinConfiguration(environment);
  const say = telemetry();
  return lateJoinHandler({ options: makeOptions(configuration, makeClients(configuration), say), say });
}

/** The handler, of its parts, which outlive an invocation. */
export function lateJoinHandler({
  options,
  say,
}: {
  readonly options: MapOptions & WriteOptions;
  readonly say: Telemetry;
}) {
  const write = async (body: string): Promise<void> => {
    const { data } = message.safeParse(parseDeferredMessage(body));
    if (data === undefined) throw new LateJoinError('the message names no deferred object');
    const { key } = data;
    const object = await options.work.get(key);
    if (object === undefined) throw new LateJoinError(`deferred object ${key} is gone`);
    const deferred = decodeDeferred(object);
    const batch: Batch = {
      name: `late-${key.slice('deferred/'.length, -'.ndjson.gz'.length)}`,
      input: deferred[0]?.input ?? key,
      records: deferred.map(({ bytes, index }) => ({ bytes, index })),
      format: 'auto',
    };
    say.batch(batch.name, await transformBatch(batch, { ...options, found: 'late' }));
  };

  return async (event: SQSEvent, context: RemainingTime): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    let slowestMs = 0;
    for (const { messageId, body } of event.Records) {
      const startMs = context.getRemainingTimeInMillis();
      // What may not be finished comes again. The first message is begun in any case, or nothing would ever be done.
      if (slowestMs > 0 && startMs < 2 * slowestMs + MARGIN_MS) {
        batchItemFailures.push({ itemIdentifier: messageId });
        continue;
      }
      try {
        await write(body);
      } catch (error) {
        say.failed(messageId, error);
        batchItemFailures.push({ itemIdentifier: messageId });
      }
      slowestMs = Math.max(slowestMs, startMs - context.getRemainingTimeInMillis(), 1);
    }
    say.flush();
    return { batchItemFailures };
  };
}

let started: ReturnType<typeof makeHandler> | undefined;

/** What Lambda calls. */
export const handler = (event: SQSEvent, context: RemainingTime): Promise<SQSBatchResponse> =>
  (started ??= makeHandler(process.env))(event, context);
