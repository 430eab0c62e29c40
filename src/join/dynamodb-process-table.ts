/**
 * A process table in DynamoDB. An item is `{guid: S, fields: S, expiresAt: N}`: the key, the fields as the JSON of
 * one object, and the time in Unix seconds at which DynamoDB's TTL may delete it. JSON keeps any name and any text,
 * also text that is no UTF-8, and costs fewer bytes than a map of attributes.
 */
import { BatchGetItemCommand, BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { newFields } from '../sysmon/event.ts';
import type { Fields } from '../sysmon/event.ts';
import { inBatches } from './dynamodb-batches.ts';
import { DynamodbTableError, isThrottling, tableError } from './dynamodb-table-error.ts';
import type { ProcessContext, ProcessTable } from './process-table.ts';

/** Limits of the calls: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const KEYS_PER_GET = 100;
const ITEMS_PER_PUT = 25;
const ITEM_BYTES_MAX = 400 * 1024;
/** What `expiresAt` and its number take, and the names of the other two; a little more than DynamoDB counts. */
const ITEM_BYTES_BESIDE_TEXT = 'guid'.length + 'fields'.length + 'expiresAt'.length + 21;

type Item = Record<string, AttributeValue>;

/**
 * What a table meets and does not fail for.
 * - `unprocessed`: keys or items that DynamoDB left out of a call; they are asked again.
 * - `throttled`: keys or items of a call that it refused for its capacity; they are asked again.
 * - `too_large`: contexts above the 400 KB of an item; they are not stored, and their events stay unjoined.
 * - `unreadable`: items that no version of this program wrote; they are taken as unknown.
 */
export type DynamodbTableIncident = 'unprocessed' | 'throttled' | 'too_large' | 'unreadable';

export interface DynamodbProcessTableOptions {
  /** Its own retries come first; the throttling that outlasts them is retried here. */
  readonly client: DynamoDBClient;
  /** Name (no ARN) of a table whose partition key is the string `guid`, without a sort key. */
  readonly tableName: string;
  /** The clock: epoch milliseconds. */
  readonly now: () => number;
  /** How long a context is kept after it was last put. */
  readonly retentionSeconds: number;
  /** Told of incidents and of how many keys, items or contexts each one met. For metrics. */
  readonly observe?: (incident: DynamodbTableIncident, count: number) => void;
  /** Randomness of the backoff: from 0 up to, and without, 1. Default: Math.random. */
  readonly random?: () => number;
  /** Default: a timer. */
  readonly sleep?: (waitMs: number) => Promise<unknown>;
}

/**
 * The table with this name. It must exist; nothing is asked of it before the first get or put.
 * get and put reject with {@link DynamodbTableError}.
 *
 * Reads are strongly consistent. A miss is final for every process older than the join's horizon, and such a
 * process may have been written a moment ago by the batch before (a backlog, a backfill of old logs). The price is
 * one read unit a key in place of a half.
 */
export function dynamodbProcessTable(options: DynamodbProcessTableOptions): ProcessTable {
  const { client, tableName, now, retentionSeconds, observe, random, sleep } = options;
  const nowSeconds = () => Math.floor(now() / 1000);
  const tell = (incident: DynamodbTableIncident, count: number): void => {
    if (count > 0) observe?.(incident, count);
  };

  /** Calls in batches; a batch that is throttled is left unprocessed. */
  const batches = <Each>(
    items: readonly Each[],
    itemsPerCall: number,
    call: (items: readonly Each[]) => Promise<readonly Each[]>,
  ): Promise<void> =>
    inBatches({
      items,
      itemsPerCall,
      random,
      sleep,
      exhausted: (attempts) => new DynamodbTableError(tableName, 'throttled', `after ${attempts} attempts`),
      call: async (asked) => {
        try {
          const left = await call(asked);
          tell('unprocessed', left.length);
          return left;
        } catch (error) {
          if (!isThrottling(error)) throw tableError(tableName, error);
          tell('throttled', asked.length);
          return asked;
        }
      },
    });

  return {
    async get(guids) {
      const time = nowSeconds();
      const found = new Map<string, ProcessContext>();
      const keys = Array.from(new Set(guids), (guid): Item => ({ guid: { S: guid } }));
      await batches(keys, KEYS_PER_GET, async (asked) => {
        const answer = await client.send(
          new BatchGetItemCommand({
            RequestItems: { [tableName]: { Keys: [...asked], ConsistentRead: true } },
          }),
        );
        for (const item of answer.Responses?.[tableName] ?? []) {
          const entry = entryOf(item);
          if (entry === undefined) tell('unreadable', 1);
          // DynamoDB deletes an expired item within days, and answers with it until then.
          else if (entry.expiresAt > time) found.set(entry.context.guid, entry.context);
        }
        return answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
      });
      return found;
    },

    async put(contexts) {
      const expiresAt = nowSeconds() + retentionSeconds;
      // A call that names a key twice is refused.
      const last = new Map(contexts.map((context) => [context.guid, context]));
      const items = Array.from(last.values(), (context) => itemOf(context, expiresAt));
      const fitting = items.filter((item) => item !== undefined);
      tell('too_large', items.length - fitting.length);
      await batches(fitting, ITEMS_PER_PUT, async (asked) => {
        const answer = await client.send(
          new BatchWriteItemCommand({
            RequestItems: { [tableName]: asked.map((item) => ({ PutRequest: { Item: item } })) },
          }),
        );
        return (answer.UnprocessedItems?.[tableName] ?? [])
          .map(({ PutRequest }) => PutRequest?.Item)
          .filter((item) => item !== undefined);
      });
    },
  };
}

/** The item of a context, or undefined where it is larger than an item may be. */
function itemOf({ guid, fields }: ProcessContext, expiresAt: number): Item | undefined {
  const text = JSON.stringify(fields);
  const sizeBytes = Buffer.byteLength(guid) + Buffer.byteLength(text) + ITEM_BYTES_BESIDE_TEXT;
  if (sizeBytes > ITEM_BYTES_MAX) return undefined;
  return { guid: { S: guid }, fields: { S: text }, expiresAt: { N: String(expiresAt) } };
}

/** The context of an item and when it expires (Unix seconds); undefined where the item is another program's. */
function entryOf(item: Item): { context: ProcessContext; expiresAt: number } | undefined {
  const guid = item.guid?.S;
  const fields = fieldsOf(item.fields?.S);
  const expiresAt = Number(item.expiresAt?.N);
  if (guid === undefined || fields === undefined || Number.isNaN(expiresAt)) return undefined;
  return { context: { guid, fields }, expiresAt };
}

function fieldsOf(text: string | undefined): Fields | undefined {
  if (text === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const fields = newFields();
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value !== 'string') return undefined;
    fields[name] = value;
  }
  return fields;
}
