import { BatchWriteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ATTEMPTS_MAX, CALLS_IN_PARALLEL } from '../../src/join/dynamodb-batches.ts';
import { dynamodbProcessTable } from '../../src/join/dynamodb-process-table.ts';
import type { DynamodbProcessTableOptions } from '../../src/join/dynamodb-process-table.ts';
import { DynamodbTableError } from '../../src/join/dynamodb-table-error.ts';
import type { ProcessTable } from '../../src/join/process-table.ts';
import type { JsonFault, JsonRequest } from '../servers/aws-json-proxy.ts';
import { startDynamodb, THROTTLED, unprocessed, type LocalDynamodb } from '../servers/dynamodb.ts';
import type { FaultRule, Injected } from '../servers/faults.ts';
import { contextOf, guidOf, processTableContract } from './process-table.contract.ts';

let server: LocalDynamodb;
const onTestEnd: (() => unknown)[] = [];
beforeAll(async () => {
  server = await startDynamodb();
});
afterAll(() => server.close());
afterEach(async () => {
  for (const end of onTestEnd.splice(0)) await end();
});

const fail = (rule: FaultRule<JsonRequest, JsonFault>, times?: number): Injected => {
  const injected = server.fail(rule, times);
  onTestEnd.push(() => injected.stop());
  return injected;
};

processTableContract('dynamodbProcessTable', {
  open: async (options) => ({
    table: dynamodbProcessTable({
      client: server.client(),
      tableName: await server.createTable(),
      ...options,
    }),
  }),
});

interface Opened {
  readonly table: ProcessTable;
  readonly tableName: string;
  /** What it waited for, in order. */
  readonly waitsMs: number[];
  /** What it told, each with its counts. */
  readonly told: Record<string, number[]>;
  /** How often an operation was requested since the table was opened. */
  readonly calls: (operation: string) => number;
}

/** A new table, whose waits take no time and are the longest that the jitter allows. */
async function open(
  options: Partial<DynamodbProcessTableOptions> = {},
  // The SDK's own retries wait for real, so most tests are without them.
  config: Partial<DynamoDBClientConfig> = { maxAttempts: 1 },
): Promise<Opened> {
  const tableName = options.tableName ?? (await server.createTable());
  const waitsMs: number[] = [];
  const told: Record<string, number[]> = {};
  const before = server.requests.length;
  const table = dynamodbProcessTable({
    client: server.client(config),
    tableName,
    now: () => Date.UTC(2026, 0, 1),
    retentionSeconds: 3600,
    random: () => 1,
    sleep: (waitMs) => Promise.resolve(waitsMs.push(waitMs)),
    observe: (incident, count) => (told[incident] ??= []).push(count),
    ...options,
  });
  const calls = (operation: string) =>
    server.requests.slice(before).filter((request) => request.operation === operation).length;
  return { table, tableName, waitsMs, told, calls };
}

const contexts = (count: number) => Array.from({ length: count }, (_, number) => contextOf(number));
const guids = (count: number) => Array.from({ length: count }, (_, number) => guidOf(number));

describe('dynamodbProcessTable', () => {
  it('asks for 100 keys a call', async () => {
    const { table, calls } = await open();
    await table.get(guids(5000));
    expect(calls('BatchGetItem')).toBe(50);
  });

  it('asks for a guid once, however often it stands in a call', async () => {
    const { table, calls } = await open();
    await table.get([...guids(100), ...guids(100)]);
    expect(calls('BatchGetItem')).toBe(1);
  });

  it('writes 25 items a call', async () => {
    const { table, calls } = await open();
    await table.put(contexts(608));
    expect(calls('BatchWriteItem')).toBe(25);
    expect((await table.get(guids(608))).size).toBe(608);
  });

  it('makes no call for nothing', async () => {
    const { table, calls } = await open();
    await table.put([]);
    await table.get([]);
    expect(calls('BatchGetItem') + calls('BatchWriteItem')).toBe(0);
  });

  it('reads what was written last: the reads are consistent', async () => {
    const { table, tableName } = await open();
    await table.get([guidOf(1)]);
    expect(server.requests.at(-1)?.input.RequestItems).toEqual({
      [tableName]: { Keys: [{ guid: { S: guidOf(1) } }], ConsistentRead: true },
    });
  });

  it('stores the fields as JSON and the second at which they expire', async () => {
    const { table, tableName } = await open({ now: () => 1_767_225_600_999, retentionSeconds: 60 });
    await table.put([contextOf(1, { Image: 'a.exe' })]);
    const item = {
      guid: { S: guidOf(1) },
      fields: { S: '{"ProcessId":"1","Image":"a.exe"}' },
      expiresAt: { N: '1767225660' },
    };
    expect(server.requests.at(-1)?.input.RequestItems).toEqual({
      [tableName]: [{ PutRequest: { Item: item } }],
    });
  });

  it('has a few calls under way at a time', async () => {
    const idle = await startDynamodb();
    onTestEnd.push(() => idle.close());
    const table = dynamodbProcessTable({
      client: idle.client(),
      tableName: await idle.createTable(),
      now: () => 0,
      retentionSeconds: 1,
    });
    // Every call waits until as many have come as may be under way; with fewer at a time none would go on.
    let waiting: (() => void)[] = [];
    let waitingMax = 0;
    idle.fail(async () => {
      const turn = new Promise<void>((resolve) => waiting.push(resolve));
      waitingMax = Math.max(waitingMax, waiting.length);
      if (waiting.length === CALLS_IN_PARALLEL) {
        waiting.forEach((resolve) => resolve());
        waiting = [];
      }
      await turn;
      return undefined;
    });
    await table.get(guids(100 * CALLS_IN_PARALLEL * 3));
    expect(waitingMax).toBe(CALLS_IN_PARALLEL);
    expect(idle.inFlightMax).toBe(CALLS_IN_PARALLEL);
  });
});

describe('dynamodbProcessTable, when a call is not done whole,', () => {
  it('asks again for the unprocessed keys, and for no others', async () => {
    const { table, waitsMs, told, calls } = await open();
    await table.put(contexts(100));
    const faults = fail((request) => unprocessed(request, 60), 1);
    expect((await table.get(guids(100))).size).toBe(100);
    expect(faults.count).toBe(1);
    expect(calls('BatchGetItem')).toBe(2);
    expect(Object.values(server.requests.at(-1)!.input.RequestItems!)[0]).toMatchObject({
      Keys: { length: 60 },
      ConsistentRead: true,
    });
    expect(waitsMs).toEqual([50]);
    expect(told).toEqual({ unprocessed: [60] });
  });

  it('writes the unprocessed items again, and no others', async () => {
    const { table, waitsMs, told, calls } = await open();
    const faults = fail((request) => unprocessed(request, 20), 2);
    await table.put(contexts(25));
    expect(faults.count).toBe(2);
    expect(calls('BatchWriteItem')).toBe(3);
    expect(waitsMs).toEqual([50, 100]);
    expect(told).toEqual({ unprocessed: [20], throttled: [20] });
    expect((await table.get(guids(25))).size).toBe(25);
  });

  it('goes on for as long as each attempt gets something done', async () => {
    const { table, calls, waitsMs } = await open();
    await table.put(contexts(100));
    fail((request) => {
      const asked = Object.values(request.input.RequestItems as Record<string, { Keys: unknown[] }>)[0]!;
      return unprocessed(request, asked.Keys.length - 5);
    }, 19);
    expect((await table.get(guids(100))).size).toBe(100);
    expect(calls('BatchGetItem')).toBe(20);
    expect(waitsMs).toEqual(Array(19).fill(50));
  });

  it.each(['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'ThrottlingException'])(
    'does a call again that %s refused',
    async (code) => {
      const { table, told, waitsMs } = await open();
      const faults = fail(() => ({ status: 400, code }), 3);
      await table.put(contexts(10));
      expect(faults.count).toBe(3);
      expect(waitsMs).toEqual([50, 100, 200]);
      expect(told).toEqual({ throttled: [10, 10, 10] });
      expect((await table.get(guids(10))).size).toBe(10);
    },
  );

  it('waits between nothing and a limit that doubles up to 2 s: full jitter', async () => {
    const turns = [0, 0.25, 0.5, 0.75, 0, 0.5, 0.5, 0.5, 0.5];
    const { table, waitsMs } = await open({ random: () => turns.shift()! });
    fail(() => THROTTLED, 9);
    await table.get([guidOf(1)]);
    expect(waitsMs).toEqual([0, 25, 100, 300, 0, 800, 1000, 1000, 1000]);
  });

  it.each(['get', 'put'] as const)(
    'gives up a %s after so many attempts, and names the table',
    async (what) => {
      const { table, tableName, calls, waitsMs } = await open();
      const faults = fail(() => THROTTLED);
      const error = await (what === 'get' ? table.get([guidOf(1)]) : table.put([contextOf(1)])).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(DynamodbTableError);
      expect(error).toMatchObject({ tableName, reason: 'throttled' });
      expect((error as Error).message).toBe(
        `DynamoDB table ${tableName}: it has too little capacity for these calls; make it on-demand or raise its capacity (after ${ATTEMPTS_MAX} attempts)`,
      );
      expect(faults.count).toBe(ATTEMPTS_MAX);
      expect(calls(what === 'get' ? 'BatchGetItem' : 'BatchWriteItem')).toBe(ATTEMPTS_MAX);
      expect(waitsMs).toHaveLength(ATTEMPTS_MAX - 1);
    },
  );

  it('makes no further call once one has failed', async () => {
    const { table, calls } = await open();
    fail(() => ({ status: 400, code: 'AccessDeniedException' }), 1);
    await expect(table.get(guids(5000))).rejects.toBeInstanceOf(DynamodbTableError);
    const made = calls('BatchGetItem');
    expect(made).toBeLessThan(50);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(calls('BatchGetItem')).toBe(made);
  });

  it.each(['drop-before', 'drop-after'] as const)(
    'is not disturbed by a connection that breaks (%s)',
    async (fault) => {
      const { table } = await open({}, {});
      const faults = fail(() => fault, 1);
      await table.put(contexts(3));
      expect(faults.count).toBe(1);
      expect((await table.get(guids(3))).size).toBe(3);
    },
  );
});

describe('dynamodbProcessTable, where the table cannot be used,', () => {
  it('says that there is none of this name', async () => {
    const { table } = await open({ tableName: 'elsewhere' });
    const error = await table.get([guidOf(1)]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: 'not_found', code: 'ResourceNotFoundException' });
    expect((error as Error).message).toBe(
      'DynamoDB table elsewhere: there is no such table in this account and region; check its name (ResourceNotFoundException)',
    );
  });

  it.each([
    ['access_denied', 'AccessDeniedException'],
    ['refused', 'ValidationException'],
    ['failed', 'UnrecognizedClientException'],
  ])('says %s for %s, without any guid', async (reason, code) => {
    const { table, tableName } = await open();
    fail(() => ({ status: 400, code }));
    const error = await table.put([contextOf(1)]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'DynamodbTableError', tableName, reason, code });
    expect((error as Error).message).toMatch(
      new RegExp(`^DynamoDB table ${tableName}: [^\\n]+ \\(${code}\\)$`),
    );
    expect((error as Error).message).not.toContain(guidOf(1));
  });
});

describe('dynamodbProcessTable and what it finds', () => {
  const put = (tableName: string, item: Record<string, { S: string } | { N: string }>) =>
    server.client().send(new PutItemCommand({ TableName: tableName, Item: item }));

  it('takes an expired item as unknown, though DynamoDB still has it', async () => {
    const { table, tableName } = await open({ now: () => 1000_999 });
    for (const [number, expiresAt] of [999, 1000, 1001].entries()) {
      await put(tableName, {
        guid: { S: guidOf(number) },
        fields: { S: '{}' },
        expiresAt: { N: `${expiresAt}` },
      });
    }
    expect([...(await table.get(guids(3))).keys()]).toEqual([guidOf(2)]);
  });

  it.each([
    ['no fields', undefined],
    ['no JSON', 'text'],
    ['no object', '["a"]'],
    ['a field that is no text', '{"ProcessId":1}'],
  ])('takes an item with %s as unknown, and says that there is one', async (_, fields) => {
    const { table, tableName, told } = await open();
    await put(tableName, {
      guid: { S: guidOf(0) },
      ...(fields !== undefined && { fields: { S: fields } }),
      expiresAt: { N: '99999999999' },
    });
    await table.put([contextOf(1)]);
    expect([...(await table.get(guids(2))).keys()]).toEqual([guidOf(1)]);
    expect(told).toEqual({ unreadable: [1] });
  });

  it('stores a context that is as large as an item may be, and of a larger one tells that it is not', async () => {
    const { table, told } = await open();
    const sizeOf = (text: string) => JSON.stringify(contextOf(1, { CommandLine: text }).fields).length;
    const room = 400 * 1024 - guidOf(1).length - 'guid'.length - 'fields'.length - 'expiresAt'.length - 21;
    const largest = 'x'.repeat(room - sizeOf(''));
    await table.put([
      contextOf(1, { CommandLine: largest }),
      contextOf(2, { CommandLine: `${largest}x` }),
      contextOf(3),
    ]);
    expect([...(await table.get(guids(4))).keys()].sort()).toEqual([guidOf(1), guidOf(3)]);
    expect(told).toEqual({ too_large: [1] });
  });

  it('counts the bytes of a context, not its characters', async () => {
    const { table, told } = await open();
    await table.put([contextOf(1, { CommandLine: '\u{65e5}'.repeat(140_000) })]);
    expect(told).toEqual({ too_large: [1] });
  });
});

describe('the local server', () => {
  it('keeps the limits of DynamoDB: 25 items a call, none of them twice', async () => {
    const tableName = await server.createTable();
    const send = (numbers: number[]) =>
      server.client().send(
        new BatchWriteItemCommand({
          RequestItems: {
            [tableName]: numbers.map((number) => ({ PutRequest: { Item: { guid: { S: guidOf(number) } } } })),
          },
        }),
      );
    await expect(send([1, 1])).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(send(Array.from({ length: 26 }, (_, number) => number))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
