/**
 * The whole app on one machine: services and sender in processes of their own, the built functions in theirs, and in
 * this one what Lambda does: it polls the stream and the queue and invokes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { KinesisStreamEvent } from 'aws-lambda';
import { z } from 'zod';
import { failuresOf } from '../../tests/servers/batch-delivery.ts';
import type { DeliveredBatch } from '../../tests/servers/batch-delivery.ts';
import { localConfig } from '../../tests/servers/clients.ts';
import { startEventSourceMapping } from '../../tests/servers/event-source-mapping.ts';
import { startLambda } from '../../tests/servers/lambda.ts';
import type { LocalLambda } from '../../tests/servers/lambda.ts';
import { newBacklog } from './backlog.ts';
import { PartEndedError, startChild } from './child.ts';
import type { Child } from './child.ts';
import { bundleFunctions, environmentOf, metricsOf, SETTINGS } from './functions.ts';
import { pollLateJoin } from './late-join-poller.ts';
import { newBusyTime } from './busy-time.ts';
import { childrenWith, machineMs, mainThreadOf } from './proc.ts';
import { usesOf } from './process-uses.ts';
import type { Phase, Sample } from './sample.ts';
import type { SenderReport } from './sender.process.ts';
import { STREAM_NAME, TABLE_NAME } from './services.ts';
import type { Service } from './services.ts';

/** What became of everything that was sent, by the functions' own metrics and by the rows of the lake's objects. */
export interface Balance {
  readonly sent: number;
  readonly received: number;
  readonly written: number;
  readonly quarantined: number;
  readonly deferred: number;
  readonly late_written: number;
  readonly late_quarantined: number;
  readonly join_hit: number;
  readonly join_late: number;
  readonly join_miss: number;
  readonly lake_objects: number;
  readonly lake_rows: number;
  readonly lake_bytes: number;
  /** Sent and neither in the lake nor in quarantine. */
  readonly lost: number;
  /** Instances of transform that were started: one, or some ended. */
  readonly cold_starts: number;
}

export interface World {
  /** Has the sender send so many events a second from now on. */
  readonly send: (rate: number) => void;
  /** Looks at everything. Throws what has gone wrong since the last time. */
  readonly sample: (phase: Phase) => Sample;
  /** Waits until late-join has written what was deferred; then ends the functions and counts. */
  readonly settle: () => Promise<Balance>;
  /** Ends every process. */
  readonly close: () => void;
}

const startedShape = z.object({ endpoint: z.string(), queueUrl: z.string().default('') });
const contentShape = z.object({ objects: z.number(), rows: z.number(), bytes: z.number() });

/** How long late-join may take for what is left, beyond the wait of the last message. */
const SETTLE_SECONDS_MAX = 60;

/**
 * Starts everything, with nothing sent yet.
 * @param folder where the bundles go
 * @param joinWaitSeconds how long a deferred event waits for its process
 */
export async function startWorld(
  folder: string,
  joinWaitSeconds: number = SETTINGS.joinWaitSeconds,
): Promise<World> {
  const ended = new AbortController();
  const onEnd: (() => void)[] = [];
  const close = (): void => {
    ended.abort();
    for (const end of onEnd.splice(0)) end();
  };
  try {
    return await startedWorld(folder, joinWaitSeconds, { signal: ended.signal, onEnd, close });
  } catch (error) {
    close();
    throw error;
  }
}

interface Ending {
  readonly signal: AbortSignal;
  /** Called, each, when the world is closed. */
  readonly onEnd: (() => void)[];
  readonly close: () => void;
}

async function startedWorld(
  folder: string,
  joinWaitSeconds: number,
  { signal, onEnd, close }: Ending,
): Promise<World> {
  const startMs = performance.now();
  const backlog = newBacklog();
  let failure: PartEndedError | undefined;
  const failed = (error: PartEndedError): void => {
    if (!signal.aborted) failure ??= error;
  };
  const pollingFailed = (cause: unknown): void =>
    failed(new PartEndedError('polling', cause instanceof Error ? cause.message : String(cause), { cause }));

  const child = async (file: string, ...args: string[]): Promise<Child> => {
    const started = await startChild(file, args, failed);
    onEnd.push(started.stop);
    return started;
  };
  const service = async (name: Service): Promise<Child> => {
    return child('server.process.ts', name, String(SETTINGS.shards));
  };
  const bundles = await bundleFunctions(folder);
  const [kinesis, dynamodb, s3, sqs] = await Promise.all([
    service('kinesis'),
    service('dynamodb'),
    service('s3'),
    service('sqs'),
  ]);
  const endpointOf = ({ greeting }: Child): string => startedShape.parse(greeting).endpoint;
  const { queueUrl } = startedShape.parse(sqs.greeting);
  const sender = await child('sender.process.ts', endpointOf(kinesis));
  sender.onMessage((message) => {
    for (const [shardId, count] of Object.entries(message as SenderReport)) {
      // true: the sender tells nothing else
      backlog.sent(shardId, count, performance.now());
    }
  });

  const around = {
    dynamodb: endpointOf(dynamodb),
    s3: endpointOf(s3),
    sqs: endpointOf(sqs),
    queueUrl,
    tableName: TABLE_NAME,
    joinWaitSeconds,
  };
  const lambda = (name: string, bundle: string): LocalLambda => {
    const started = startLambda({
      bundle,
      environment: environmentOf(name, around),
      instancesMax: SETTINGS.instances,
    });
    onEnd.push(started.kill);
    return started;
  };
  const transform = lambda('transform', bundles.transform);
  const lateJoin = lambda('late-join', bundles.lateJoin);

  const errors = { count: 0 };
  const busy = newBusyTime();
  let invocations = 0;
  const invoke = async (event: KinesisStreamEvent): Promise<unknown> => {
    delivered.length = 0;
    busy.begin();
    try {
      const response = await transform.invoke(event);
      const [next] = failuresOf(response);
      const { Records } = event;
      const taken = Records.findIndex(({ kinesis: { sequenceNumber } }) => sequenceNumber === next);
      backlog.finished(Records[0]?.eventID.split(':')[0] ?? '', taken < 0 ? Records.length : taken);
      return response;
    } catch (error) {
      errors.count++;
      throw error;
    } finally {
      busy.end();
      invocations++;
    }
  };
  const kinesisClient = new KinesisClient(localConfig(endpointOf(kinesis)));
  const sqsClient = new SQSClient({ ...localConfig(around.sqs), useQueueUrlAsEndpoint: false });
  onEnd.push(
    () => kinesisClient.destroy(),
    () => sqsClient.destroy(),
  );
  const mapping = startEventSourceMapping({
    client: kinesisClient,
    streamName: STREAM_NAME,
    batchSize: SETTINGS.batchSize,
    invoke,
  });
  const delivered = mapping.batches as DeliveredBatch[]; // true: its own list, which would hold every record of a run

  const pollStream = async (): Promise<void> => {
    while (!signal.aborted) {
      await mapping.drain();
      await sleep(SETTINGS.pollSeconds * 1000, undefined, { signal });
    }
  };
  pollStream().catch(pollingFailed);
  pollLateJoin({
    client: sqsClient,
    queueUrl,
    invoke: (event) => lateJoin.invoke(event),
    failed: () => errors.count++,
    signal,
  }).catch(pollingFailed);

  const uses = usesOf({
    transform: () => childrenWith(bundles.transform),
    late_join: () => childrenWith(bundles.lateJoin),
    mapping: () => [process.pid],
    sender: () => [sender.pid],
    kinesis: () => [kinesis.pid],
    dynamodb: () => [dynamodb.pid],
    s3: () => [s3.pid],
    sqs: () => [sqs.pid],
  });
  let rate = 0;

  return {
    close,
    send(next) {
      rate = next;
      sender.send(next);
    },
    sample(phase) {
      if (failure !== undefined) throw failure;
      const nowMs = performance.now();
      return {
        at_s: Math.round(nowMs - startMs) / 1000,
        phase,
        rate,
        sent: backlog.sentTotal(),
        finished: backlog.finishedTotal(),
        lag: backlog.lag(),
        age_s: Math.round(backlog.ageMs(nowMs)) / 1000,
        invocations,
        errors: errors.count,
        busy_ms: Math.round(busy.totalMs()),
        transform_thread: mainThreadOf(uses.idsOf('transform')[0] ?? 0),
        machine_ms: machineMs(),
        processes: uses.now(),
      };
    },
    async settle() {
      const waitedMs = performance.now() + (joinWaitSeconds + SETTLE_SECONDS_MAX) * 1000;
      const left = (): number => {
        const late = metricsOf(lateJoin.output);
        return (metricsOf(transform.output).Deferred ?? 0) - (late.Written ?? 0) - (late.Quarantined ?? 0);
      };
      while (left() > 0 && performance.now() < waitedMs) {
        if (failure !== undefined) throw failure;
        await sleep(1000, undefined, { signal });
      }
      await Promise.all([transform.stop(), lateJoin.stop()]);
      const { objects, rows, bytes } = contentShape.parse(await s3.ask('content'));
      const at = metricsOf(transform.output);
      const late = metricsOf(lateJoin.output);
      const sent = backlog.sentTotal();
      const quarantined = (at.Quarantined ?? 0) + (late.Quarantined ?? 0);
      return {
        sent,
        received: at.Received ?? 0,
        written: at.Written ?? 0,
        quarantined: at.Quarantined ?? 0,
        deferred: at.Deferred ?? 0,
        late_written: late.Written ?? 0,
        late_quarantined: late.Quarantined ?? 0,
        join_hit: (at.JoinHit ?? 0) + (late.JoinHit ?? 0),
        join_late: (at.JoinLate ?? 0) + (late.JoinLate ?? 0),
        join_miss: (at.JoinMiss ?? 0) + (late.JoinMiss ?? 0),
        lake_objects: objects,
        lake_rows: rows,
        lake_bytes: bytes,
        lost: sent - rows - quarantined,
        cold_starts: transform.coldStarts,
      };
    },
  };
}
