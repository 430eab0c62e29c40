/**
 * DynamoDB for tests: dynalite in this process, or DynamoDB Local where scripts/check-dynamodb-local.sh has started
 * it; behind a proxy that throttles and leaves items unprocessed.
 */
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { startAwsJsonProxy, type AwsJsonProxy, type JsonFault, type JsonRequest } from './aws-json-proxy.ts';
import { newClients } from './clients.ts';
import { listen, type ListeningServer } from './http.ts';

export interface LocalDynamodb extends AwsJsonProxy {
  /** A client of its own configuration; `close` destroys it. */
  readonly client: (config?: Partial<DynamoDBClientConfig>) => DynamoDBClient;
  /** Makes a process table: partition key `guid`, on demand. Gives its name, which is a new one by default. */
  readonly createTable: (tableName?: string) => Promise<string>;
}

export async function startDynamodb(): Promise<LocalDynamodb> {
  const proxy = await startAwsJsonProxy(await service());
  const { client, destroyAll } = newClients<DynamoDBClient, DynamoDBClientConfig>(
    proxy.endpoint,
    (config) => new DynamoDBClient(config),
  );
  const admin = client();
  const closeServers = proxy.close;
  let tables = 0;

  return Object.assign(proxy, {
    client,
    // DynamoDB Local outlives a test, and so do its tables.
    async createTable(tableName = `processes-${++tables}-${randomUUID()}`) {
      await admin.send(
        new CreateTableCommand({
          TableName: tableName,
          AttributeDefinitions: [{ AttributeName: 'guid', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'guid', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      );
      return tableName;
    },
    async close() {
      destroyAll();
      await closeServers();
    },
  });
}

/** Set by scripts/check-dynamodb-local.sh: where DynamoDB Local listens on the loopback. */
const { DYNAMODB_ENDPOINT_PORT: LOCAL_PORT } = process.env;

const service = (): Promise<ListeningServer> =>
  LOCAL_PORT === undefined
    ? listen(dynalite({ createTableMs: 0, deleteTableMs: 0 }))
    : Promise.resolve({ endpoint: `http://127.0.0.1:${LOCAL_PORT}`, close: () => Promise.resolve() });

export const THROTTLED = { status: 400, code: 'ProvisionedThroughputExceededException' } as const;

/**
 * A fault for BatchGetItem and BatchWriteItem: the last `count` keys or items of the call, for its one table, are
 * left unprocessed. Undefined for other operations.
 */
export function unprocessed({ operation, input }: JsonRequest, count: number): JsonFault | undefined {
  if (operation !== 'BatchGetItem' && operation !== 'BatchWriteItem') return undefined;
  const [tableName, requested] = Object.entries(input.RequestItems as Record<string, BatchRequest>)[0]!; // true: AWS JSON
  const all = 'Keys' in requested ? requested.Keys : requested;
  const of = (each: readonly unknown[]) => ({
    [tableName]: 'Keys' in requested ? { ...requested, Keys: each } : each,
  });
  const kept = all.slice(0, Math.max(0, all.length - count));
  if (kept.length === 0) return THROTTLED; // DynamoDB never answers with nothing done
  const name = operation === 'BatchGetItem' ? 'UnprocessedKeys' : 'UnprocessedItems';
  return {
    input: { ...input, RequestItems: of(kept) },
    answer: (output) => ({ ...output, [name]: of(all.slice(kept.length)) }),
  };
}

type BatchRequest = readonly unknown[] | { readonly Keys: readonly unknown[] };
