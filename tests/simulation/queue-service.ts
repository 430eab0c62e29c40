/** SQS below its client's `send`, and the event source mapping that takes messages to late-join: late, twice, in any order. */
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { serviceError } from './calls.ts';
import type { Caller } from './calls.ts';
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Lambda } from './lambda.ts';
import type { Random } from './random.ts';
import type { Settings } from './settings.ts';

export interface QueueService {
  readonly client: (call: Caller) => SQSClient;
  /** Bodies of what was received too often. */
  readonly deadLetters: readonly string[];
  /** Bodies of what was sent. */
  readonly sent: readonly string[];
  readonly strangers: readonly string[];
}

interface Message {
  readonly id: string;
  readonly body: string;
  receives: number;
  state: 'waiting' | 'due' | 'away' | 'gone';
}

export interface QueueServiceOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly settings: Settings;
  readonly queueUrl: string;
  readonly lambda: () => Lambda;
  readonly trace: (line: string) => void;
}

/** Messages that the event source mapping takes at once. */
const MESSAGES_MAX = 10;

export function newQueueService(options: QueueServiceOptions): QueueService {
  const { clock, random, faults, settings, queueUrl, lambda, trace } = options;
  const messages: Message[] = [];
  const deadLetters: string[] = [];
  const sent: string[] = [];
  const strangers: string[] = [];

  const dueAt = (message: Message, timeMs: number): void => {
    message.state = 'waiting';
    clock.at(timeMs, () => {
      if (message.state !== 'waiting') return;
      message.state = 'due';
      clock.at(clock.now() + random.between(0, 1000), () => void receive());
    });
  };

  const add = (body: string, delaySeconds: number): void => {
    const lateMs = faults.strikes('message late') ? random.between(1, 1800) * 1000 : 0;
    const message: Message = { id: `message-${messages.length + 1}`, body, receives: 0, state: 'waiting' };
    messages.push(message);
    dueAt(message, clock.now() + delaySeconds * 1000 + lateMs);
  };

  const receive = async (): Promise<void> => {
    const received = random
      .shuffled(messages.filter(({ state }) => state === 'due'))
      .slice(0, random.int(1, MESSAGES_MAX));
    const taken = received.filter((message) => {
      if (message.receives < settings.receivesMax) return true;
      message.state = 'gone';
      deadLetters.push(message.body);
      trace(`${message.id} is a dead letter`);
      return false;
    });
    if (taken.length === 0) return;
    const receivedMs = clock.now();
    for (const message of taken) {
      message.receives++;
      message.state = 'away';
      // A standard queue may deliver a message again while it is away, or after it was deleted.
      if (faults.strikes('message twice')) {
        const copy: Message = { ...message, state: 'waiting' };
        messages.push(copy);
        dueAt(copy, clock.now() + random.between(0, 60_000));
      }
    }
    // as: of a record the function reads these two
    const event = { Records: taken.map(({ id, body }) => ({ messageId: id, body })) } as SQSEvent;
    const answer = await lambda().invoke({ functionName: 'late-join', event, given: [] });
    // as: what the handler's type says that it gives
    const failed = answer.ok ? (answer.response as SQSBatchResponse).batchItemFailures : undefined;
    for (const message of taken) {
      const isDone = failed?.every(({ itemIdentifier }) => itemIdentifier !== message.id) === true;
      if (isDone) message.state = 'gone';
      else dueAt(message, receivedMs + settings.visibilitySeconds * 1000);
    }
    if (messages.some(({ state }) => state === 'due')) void receive();
  };

  return {
    deadLetters,
    sent,
    strangers,
    client: (call) => {
      const send = (command: { readonly input: unknown }): Promise<unknown> => {
        // as: the one request that the product makes
        const { QueueUrl, MessageBody, DelaySeconds } = command.input as {
          readonly QueueUrl: string;
          readonly MessageBody: string;
          readonly DelaySeconds: number;
        };
        return call({
          name: `queue send ${MessageBody}`,
          before: 'queue fails before',
          behind: 'queue fails behind',
          error: () => serviceError('ServiceUnavailable', 503),
          effect: () => {
            if (QueueUrl !== queueUrl) strangers.push(QueueUrl);
            sent.push(MessageBody);
            add(MessageBody, DelaySeconds);
            return {};
          },
        });
      };
      return { send } as unknown as SQSClient; // as: the adapter calls send alone
    },
  };
}
