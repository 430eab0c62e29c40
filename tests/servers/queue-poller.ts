/**
 * Lambda's event source mapping of an SQS queue, for tests: messages in batches, a partial response by message, and
 * what failed comes again. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { failuresOf } from './batch-delivery.ts';

export interface PollerOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly invoke: (event: SQSEvent) => Promise<unknown>;
  /** Messages of a batch at most, up to 10. */
  readonly batchSize?: number;
}

/** Every message that was delivered, with its end. */
export type Delivery = readonly [body: string, end: 'done' | 'failed'];

const MESSAGES_LEFT = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;
/** A test that delivers more often has met a defect, not a fault. */
const DELIVERIES_MAX = 1000;

/**
 * Delivers until the queue is empty; messages that are delayed are waited for. One that fails is visible again at
 * once, and leaves for the dead-letter queue, where there is one, after its maxReceiveCount.
 */
export async function pollUntilEmpty(options: PollerOptions): Promise<Delivery[]> {
  const { client, queueUrl: QueueUrl, invoke, batchSize = 10 } = options;
  const deliveries: Delivery[] = [];
  while (deliveries.length < DELIVERIES_MAX) {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: batchSize, WaitTimeSeconds: 0 }),
    );
    if (messages.length === 0) {
      if (await isEmpty(client, QueueUrl)) return deliveries;
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    const failed = await failedOf(messages, invoke);
    for (const { Body, MessageId, ReceiptHandle } of messages) {
      const end = failed.has(MessageId) ? 'failed' : 'done';
      deliveries.push([Body!, end]);
      await (end === 'done'
        ? client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
        : client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })));
    }
  }
  throw new Error(`a queue is not empty after ${DELIVERIES_MAX} deliveries`);
}

/** The ids of the messages that an invocation did not do: all of them where it failed or told one that it never got. */
async function failedOf(
  messages: readonly Message[],
  invoke: PollerOptions['invoke'],
): Promise<Set<string | undefined>> {
  const all = new Set(messages.map(({ MessageId }) => MessageId));
  try {
    const failures = failuresOf(await invoke({ Records: messages.map(eventRecord) }));
    return failures.every((id) => all.has(id as string)) ? new Set(failures as string[]) : all; // true: they are in all
  } catch {
    return all;
  }
}

const eventRecord = ({ MessageId, ReceiptHandle, Body, MD5OfBody }: Message): SQSRecord => ({
  messageId: MessageId!,
  receiptHandle: ReceiptHandle!,
  body: Body!,
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'AROALOCAL',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: MD5OfBody!,
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:queue',
  awsRegion: 'eu-central-1',
});

async function isEmpty(client: SQSClient, QueueUrl: string): Promise<boolean> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...MESSAGES_LEFT] }),
  );
  return MESSAGES_LEFT.every((name) => Attributes[name] === '0');
}
