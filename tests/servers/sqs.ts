/** SQS for tests: fauxqs in this process, on the loopback interface, behind a proxy that fails as it is told. */
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { startAwsJsonProxy, type AwsJsonProxy } from './aws-json-proxy.ts';
import { newClients } from './clients.ts';

export interface LocalSqs extends AwsJsonProxy {
  /** A client of its own configuration; `close` destroys it. */
  readonly client: (config?: Partial<SQSClientConfig>) => SQSClient;
  /** Makes a queue with SQS's attributes. Gives its URL; the name is a new one by default. */
  readonly createQueue: (queueName?: string, attributes?: Record<string, string>) => Promise<string>;
  /** Takes everything that can be received now out of a queue: the bodies. */
  readonly takeAll: (queueUrl: string) => Promise<string[]>;
}

export async function startSqs(): Promise<LocalSqs> {
  // startFauxqs would listen on all interfaces.
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const proxy = await startAwsJsonProxy({ endpoint, close: () => app.close() });
  const { client, destroyAll } = newClients<SQSClient, SQSClientConfig>(
    proxy.endpoint,
    (config) => new SQSClient(config),
  );
  const admin = client();
  const closeServers = proxy.close;
  let queues = 0;

  return Object.assign(proxy, {
    client,
    async createQueue(queueName = `queue-${++queues}`, attributes: Record<string, string> = {}) {
      const created = await admin.send(
        new CreateQueueCommand({ QueueName: queueName, Attributes: attributes }),
      );
      return created.QueueUrl!;
    },
    async takeAll(queueUrl: string) {
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await admin.send(
          new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
        );
        if (Messages.length === 0) return bodies;
        for (const { Body, ReceiptHandle } of Messages) {
          bodies.push(Body!);
          await admin.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        }
      }
    },
    async close() {
      destroyAll();
      await closeServers();
    },
  });
}
