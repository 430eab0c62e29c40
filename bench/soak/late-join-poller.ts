/**
 * Lambda's event source mapping of the queue of deferred objects, for a run without end: messages in batches as
 * template.yaml has them; what fails comes again by itself.
 */
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { failuresOf } from '../../tests/servers/batch-delivery.ts';

export interface LateJoinPollerOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Gets the event of Lambda. */
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** Told of every invocation that failed, whole or for some of its messages. */
  readonly failed: () => void;
  /** Polling ends once it is. */
  readonly signal: AbortSignal;
}

const MESSAGES_MAX = 10;
const WAIT_SECONDS = 1;

/** Polls until it is told to end. Rejects where the queue cannot be reached. */
export async function pollLateJoin(options: LateJoinPollerOptions): Promise<void> {
  const { client, queueUrl: QueueUrl, invoke, failed, signal } = options;
  const receive = { QueueUrl, MaxNumberOfMessages: MESSAGES_MAX, WaitTimeSeconds: WAIT_SECONDS };
  while (!signal.aborted) {
    const { Messages: messages = [] } = await client.send(new ReceiveMessageCommand(receive), {
      abortSignal: signal,
    });
    if (messages.length === 0) continue;
    const Records = messages.map(({ MessageId, ReceiptHandle, Body }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      eventSource: 'aws:sqs',
    }));
    const failures = await invoke({ Records }).then(failuresOf, () => messages.map((m) => m.MessageId));
    if (failures.length > 0) failed();
    for (const { MessageId, ReceiptHandle } of messages) {
      if (failures.includes(MessageId)) continue;
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}
