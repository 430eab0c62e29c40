/**
 * The reading order of a message: which names may begin a field, in which order, and which fields' values may run
 * over several lines.
 */
import type { EventKind } from './catalogue.ts';
import { catalogue } from './catalogue.ts';

export interface ReadingOrder {
  readonly names: readonly string[];
  /** For each name, whether its value can hold a line break. */
  readonly multiline: readonly boolean[];
  /** Where a name stands in `names`, for the name as it is spelled and in lower case. */
  readonly ranks: ReadonlyMap<string, number>;
  /** The field after which names that nobody knows are fields as well: -1 is from the start, undefined never. */
  readonly openAfter?: number;
}

/**
 * Fields whose text comes from where line breaks can come from: a command line, a registry value, a file's version
 * resource or stream, the name of a stream (NTFS allows it there alone), a script, an error. Other paths, accounts,
 * times, numbers, GUIDs and hashes cannot hold one.
 */
const MULTILINE: ReadonlySet<string> = new Set([
  'FileVersion',
  'Description',
  'Product',
  'Company',
  'OriginalFileName',
  'CommandLine',
  'ParentCommandLine',
  'Configuration',
  'TargetFilename',
  'TargetObject',
  'NewName',
  'Details',
  'Contents',
  'PipeName',
  'EventNamespace',
  'Name',
  'Query',
  'Destination',
  'Consumer',
  'Filter',
  'QueryName',
  'QueryResults',
  'ClientInfo',
]);

const orderOf = (names: readonly string[], openAfter?: number): ReadingOrder => ({
  names,
  multiline: names.map((name) => MULTILINE.has(name)),
  // Events 8 and 10 spell the same names differently (Guid, GUID), so letter case is not relied on.
  ranks: new Map([
    ...names.map((name, rank) => [name.toLowerCase(), rank] as const),
    ...names.map((name, rank) => [name, rank] as const),
  ]),
  ...(openAfter === undefined ? {} : { openAfter }),
});

/** For a message of a kind that is not in the catalogue: every name is a field. */
export const openOrder: ReadingOrder = orderOf([], -1);

interface KindOrders {
  readonly current: ReadingOrder;
  readonly older: readonly ReadingOrder[];
}

const ordersOf = ({ fields, removedFields, olderOrders }: EventKind): KindOrders => {
  const names = [...removedFields, ...fields.map(({ name }) => name)];
  return {
    // A newer Sysmon has all of today's fields, so only the last of them opens the door to names of tomorrow.
    current: orderOf(names, names.length - 1),
    older: olderOrders.map((order) => orderOf(order.names)),
  };
};

const orders: ReadonlyMap<EventKind, KindOrders> = new Map(
  [...catalogue.values()].map((kind) => [kind, ordersOf(kind)]),
);

/** The orders in which a kind's message can be read; without a kind, the one in which every name is a field. */
export const readingOrders = (kind: EventKind | undefined): KindOrders =>
  (kind && orders.get(kind)) ?? { current: openOrder, older: [] };
