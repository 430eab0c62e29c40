/** One run: a plan, the app on simulated services, time until everything has come to rest, and what was promised. */
import { newClock, RestlessError } from './clock.ts';
import { newEventSourceMapping } from './event-source-mapping.ts';
import type { EventSourceMapping } from './event-source-mapping.ts';
import { newFaults } from './faults.ts';
import type { Fault } from './faults.ts';
import { QUEUE_URL, startInstance, TABLE_NAME } from './instance.ts';
import type { Services } from './instance.ts';
import { newLambda } from './lambda.ts';
import type { Lambda } from './lambda.ts';
import type { Plan } from './plan.ts';
import { brokenPromises } from './promises.ts';
import type { Product } from './product.ts';
import { newQueueService } from './queue-service.ts';
import { randomOf } from './random.ts';
import { newStoreService } from './store-service.ts';
import { newStream } from './stream.ts';
import type { Stream } from './stream.ts';
import { newTableService } from './table-service.ts';

/** What a run leaves behind. */
export interface Aftermath {
  readonly plan: Plan;
  readonly product: Product;
  readonly services: Services;
  readonly stream: Stream;
  readonly mapping: EventSourceMapping;
  readonly lambda: Lambda;
}

export interface Outcome {
  /** Promises that were broken, each with what broke it; none where all is well. */
  readonly broken: readonly string[];
  readonly injected: Readonly<Record<Fault, number>>;
  readonly events: number;
  readonly invocations: number;
  readonly objects: number;
  readonly joins: Readonly<Record<string, number>>;
}

/**
 * Runs a plan to its end.
 * @param trace told of everything that happens, a line each.
 */
export async function simulate(
  product: Product,
  plan: Plan,
  trace: (line: string) => void = () => undefined,
): Promise<Outcome> {
  const { seed, settings, startMs, faultsEndMs } = plan;
  const random = (name: string) => randomOf(seed, name);
  const clock = newClock(startMs, random('clock'));
  const faults = newFaults(plan.rates, random('faults'), () => clock.now() > faultsEndMs);
  for (const [fault, times] of Object.entries(plan.planned)) faults.count(fault as Fault, times); // as: the plan names faults
  const say = (line: string): void =>
    trace(`${((clock.now() - startMs) / 1000).toFixed(3).padStart(10)} s  ${line}`);
  const broken: string[] = [];

  const base = { clock, faults, settings, trace: say, lambda: (): Lambda => lambda };
  const services: Services = {
    table: newTableService({ ...base, random: random('table'), tableName: TABLE_NAME }),
    store: newStoreService({ ...base, random: random('store') }),
    queue: newQueueService({ ...base, random: random('queue'), queueUrl: QUEUE_URL }),
  };
  const calls = random('calls');
  const lambda: Lambda = newLambda({
    ...base,
    random: random('lambda'),
    start: (instance) =>
      startInstance(instance, {
        ...base,
        random: calls,
        product,
        services,
        batchDone: ({ received, written, quarantined, deferred }) => {
          if (received !== written + quarantined + deferred)
            broken.push('balance: the counts of a batch do not');
        },
      }),
  });
  const mapping = newEventSourceMapping({
    ...base,
    random: random('mapping'),
    complain: (problem) => void broken.push(`response: ${problem}`),
  });
  const stream = newStream({
    clock,
    random: random('stream'),
    shards: settings.shards,
    onShard: mapping.follow,
  });

  for (const { timeMs, records } of plan.sendings) {
    clock.at(timeMs, () => {
      say(`sent: ${records.flatMap(({ units }) => units.map(({ kind, id }) => `${kind} ${id}`)).join(', ')}`);
      stream.put(records);
    });
  }
  for (const { timeMs, kind } of plan.reshards) {
    clock.at(timeMs, () => say(stream.reshard(kind) ? `a ${kind} of shards` : `nothing to ${kind}`));
  }

  try {
    await clock.run();
    const checked = await brokenPromises({ plan, product, services, stream, mapping, lambda });
    broken.push(...checked.broken);
    for (const line of broken) say(`BROKEN ${line}`);
    return {
      broken,
      injected: faults.injected(),
      events: plan.sendings.reduce(
        (sum, { records }) => sum + records.reduce((n, one) => n + one.units.length, 0),
        0,
      ),
      invocations: lambda.invocations.length,
      objects: checked.objects,
      joins: checked.joins,
    };
  } catch (error) {
    if (!(error instanceof RestlessError)) throw error;
    const injected = faults.injected();
    return { broken: [`rest: ${error.message}`], injected, events: 0, invocations: 0, objects: 0, joins: {} };
  }
}
