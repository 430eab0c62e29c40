/** Kinesis for tests: kinesalite in this process, behind a proxy that fails as it is told. */
import { CreateStreamCommand, KinesisClient, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import type { KinesisClientConfig } from '@aws-sdk/client-kinesis';
import kinesalite from 'kinesalite';
import { startAwsJsonProxy, type AwsJsonProxy } from './aws-json-proxy.ts';
import { newClients } from './clients.ts';
import { listen } from './http.ts';

export interface LocalKinesis extends AwsJsonProxy {
  /** A client of its own configuration; `close` destroys it. */
  readonly client: (config?: Partial<KinesisClientConfig>) => KinesisClient;
  /** The stream that is there already. */
  readonly streamName: string;
}

/** Starts Kinesis with one active stream of so many shards. */
export async function startKinesis({
  shards = 1,
  streamName = 'sysmon',
}: { shards?: number; streamName?: string } = {}): Promise<LocalKinesis> {
  const server = await listen(
    kinesalite({ createStreamMs: 0, deleteStreamMs: 0, shardLimit: Math.max(10, shards) }),
  );
  const proxy = await startAwsJsonProxy(server);
  const { client, destroyAll } = newClients<KinesisClient, KinesisClientConfig>(
    proxy.endpoint,
    (config) => new KinesisClient(config),
  );
  const admin = client();
  await admin.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: shards }));
  await waitUntilStreamExists(
    { client: admin, minDelay: 1, maxDelay: 1, maxWaitTime: 20 },
    { StreamName: streamName },
  );
  const closeServers = proxy.close;

  return Object.assign(proxy, {
    client,
    streamName,
    async close() {
      destroyAll();
      await closeServers();
    },
  });
}
