/** DynamoDB below its client's `send`: it throttles, answers partly, keeps what expired, and refuses what it refuses. */
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { serviceError } from './calls.ts';
import type { Caller } from './calls.ts';
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Instance, Invocation } from './lambda.ts';
import type { Random } from './random.ts';

type Item = Readonly<Record<string, AttributeValue>>;

export interface TableService {
  readonly client: (instance: Instance, call: Caller) => DynamoDBClient;
  /** The keys that were asked for, and by whom. */
  readonly asked: readonly { readonly invocation: Invocation | undefined; readonly guid: string }[];
  readonly strangers: readonly string[];
}

export interface TableServiceOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly tableName: string;
}

const KEYS_PER_GET = 100;
const ITEMS_PER_PUT = 25;
/** How long a read that is not strongly consistent may be behind. */
const STALE_MS = 10_000;

const guidOf = (item: Item): string => item.guid?.S ?? '';

export function newTableService({ clock, random, faults, tableName }: TableServiceOptions): TableService {
  const items = new Map<string, { readonly item: Item; readonly writtenMs: number }>();
  const asked: { invocation: Invocation | undefined; guid: string }[] = [];
  const strangers: string[] = [];

  /** Splits off what is left unprocessed. */
  const partly = <T>(all: readonly T[]): [T[], T[]] => {
    if (!faults.strikes('table answers partly')) return [[...all], []];
    const done = random.int(0, all.length - 1);
    const order = random.shuffled(all);
    return [order.slice(0, done), order.slice(done)];
  };

  const check = (names: readonly string[], keys: readonly string[], most: number): void => {
    if (names.some((name) => name !== tableName)) strangers.push(...names);
    if (keys.length === 0 || keys.length > most || new Set(keys).size < keys.length) {
      throw serviceError('ValidationException', 400);
    }
  };

  const get = (guid: string, isConsistent: boolean): Item | undefined => {
    const entry = items.get(guid);
    if (entry === undefined) return undefined;
    const isExpired = Number(entry.item.expiresAt?.N) * 1000 < clock.now();
    if (isExpired && faults.strikes('table deletes what expired')) {
      items.delete(guid);
      return undefined;
    }
    const isFresh = entry.writtenMs > clock.now() - STALE_MS;
    return isFresh && !isConsistent && random.chance(0.5) ? undefined : entry.item;
  };

  const throttled = (): Error => serviceError('ProvisionedThroughputExceededException', 400);

  return {
    asked,
    strangers,
    client: (instance, call) => {
      const send = async (command: { readonly input: unknown }): Promise<unknown> => {
        // as: these are the two requests that the product makes; another one has neither shape and fails below.
        const { RequestItems } = command.input as {
          readonly RequestItems: Readonly<Record<string, unknown>>;
        };
        const names = Object.keys(RequestItems);
        const request = RequestItems[tableName];
        const faulty = {
          before: 'table fails before',
          behind: 'table fails behind',
          error: () => serviceError('InternalServerError', 500),
        } as const;
        if (Array.isArray(request)) {
          const puts = request as { readonly PutRequest: { readonly Item: Item } }[]; // as: the only write there is
          const throttles = faults.strikes('table throttles');
          return call({
            name: throttles ? `table throttles ${puts.length} writes` : `table writes of ${puts.length}`,
            ...faulty,
            effect: () => {
              check(
                names,
                puts.map(({ PutRequest }) => guidOf(PutRequest.Item)),
                ITEMS_PER_PUT,
              );
              if (throttles) throw throttled();
              const [done, left] = partly(puts);
              for (const { PutRequest } of done) {
                items.set(guidOf(PutRequest.Item), { item: PutRequest.Item, writtenMs: clock.now() });
              }
              return { UnprocessedItems: left.length > 0 ? { [tableName]: left } : {} };
            },
          });
        }
        // as: the only read there is
        const { Keys, ConsistentRead } = request as {
          readonly Keys: Item[];
          readonly ConsistentRead?: boolean;
        };
        const throttles = faults.strikes('table throttles');
        return call({
          name: throttles ? `table throttles ${Keys.length} reads` : `table reads of ${Keys.length}`,
          ...faulty,
          effect: () => {
            check(names, Keys.map(guidOf), KEYS_PER_GET);
            for (const key of Keys) asked.push({ invocation: instance.current, guid: guidOf(key) });
            if (throttles) throw throttled();
            const [done, left] = partly(Keys);
            const found = done.map((key) => get(guidOf(key), ConsistentRead === true));
            return {
              Responses: { [tableName]: found.filter((item) => item !== undefined) },
              UnprocessedKeys: left.length > 0 ? { [tableName]: { Keys: left } } : {},
            };
          },
        });
      };
      return { send } as unknown as DynamoDBClient; // as: the adapter calls send alone
    },
  };
}
