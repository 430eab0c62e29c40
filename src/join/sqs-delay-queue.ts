/** A delay queue in SQS: a standard queue, because a FIFO queue knows no delay of a single message. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { checkDelay } from './delay-queue.ts';
import type { DeferredMessage, DelayQueue } from './delay-queue.ts';
import { serviceErrorCode } from './service-error-code.ts';

const ADVICE: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'there is no such queue in this account and region; check its URL',
  AccessDenied: 'access is denied; allow sqs:SendMessage on it, and the use of its KMS key',
  AccessDeniedException: 'access is denied; allow sqs:SendMessage on it, and the use of its KMS key',
  KmsAccessDenied: 'its KMS key may not be used; allow kms:GenerateDataKey and kms:Decrypt on it',
  InvalidParameterValue: 'it refused the message; a FIFO queue knows no delay of a single message',
};

/** A queue cannot be used: which one, and why. `code` is SQS's own word, or the system's where SQS was not reached. */
export class SqsDelayQueueError extends Error {
  readonly queueUrl: string;
  readonly code: string;

  constructor(queueUrl: string, code: string, options?: ErrorOptions) {
    super(`SQS queue ${queueUrl}: ${ADVICE[code] ?? 'the message could not be sent'} (${code})`, options);
    this.name = 'SqsDelayQueueError';
    this.queueUrl = queueUrl;
    this.code = code;
  }
}

export interface SqsDelayQueueOptions {
  /** Its retries may send a message twice, as the contract allows. */
  readonly client: SQSClient;
  /** URL of a standard queue. */
  readonly queueUrl: string;
}

/**
 * The queue with this URL. The body of a message is the JSON of {@link DeferredMessage}; read it with
 * {@link parseDeferredMessage}. `send` rejects with DelayError and with {@link SqsDelayQueueError}.
 */
export function sqsDelayQueue({ client, queueUrl }: SqsDelayQueueOptions): DelayQueue {
  return {
    async send({ key }, delaySeconds) {
      checkDelay(delaySeconds);
      const MessageBody = JSON.stringify({ key } satisfies DeferredMessage);
      try {
        await client.send(
          new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds: delaySeconds }),
        );
      } catch (error) {
        throw new SqsDelayQueueError(queueUrl, serviceErrorCode(error), { cause: error });
      }
    },
  };
}

/** The message in the body of an SQS message; undefined where it is none of this queue's. */
export function parseDeferredMessage(body: string): DeferredMessage | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  return 'key' in parsed && typeof parsed.key === 'string' ? { key: parsed.key } : undefined;
}
