/**
 * One local service in a process of its own, so that it takes no time from another's event loop. Started by
 * world.ts with the service's name; tells where it listens, and ends with the process that started it.
 */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import { localConfig } from '../../tests/servers/clients.ts';
import { listen } from '../../tests/servers/http.ts';
import { startLake } from './lake-server.ts';
import { SERVICES, TABLE_NAME } from './services.ts';
import type { Service, Started } from './services.ts';
import { startStream } from './stream-server.ts';

const start: Readonly<Record<Service, () => Promise<Started>>> = {
  kinesis: () => startStream(Number(process.argv[3])),
  async dynamodb() {
    const { endpoint } = await listen(dynalite({ createTableMs: 0, deleteTableMs: 0 }));
    const client = new DynamoDBClient(localConfig(endpoint));
    await client.send(
      new CreateTableCommand({
        TableName: TABLE_NAME,
        AttributeDefinitions: [{ AttributeName: 'guid', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'guid', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    client.destroy();
    return { endpoint };
  },
  async s3() {
    const { endpoint, content } = await startLake();
    process.on('message', () => process.send?.(content()));
    return { endpoint };
  },
  async sqs() {
    // startFauxqs would listen on all interfaces.
    const endpoint = await buildApp({ logger: false }).listen({ host: '127.0.0.1', port: 0 });
    const client = new SQSClient(localConfig(endpoint));
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'late-join' }));
    client.destroy();
    return { endpoint, ...(QueueUrl !== undefined && { queueUrl: QueueUrl }) };
  },
};

const service = SERVICES.find((known) => known === process.argv[2]);
if (service !== undefined && process.send !== undefined) {
  process.on('disconnect', () => process.exit());
  process.send(await start[service]());
}
