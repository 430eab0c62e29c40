/** Makes a failing plan shorter, as long as it still breaks the same promise. */
import { FAULTS } from './faults.ts';
import type { Plan } from './plan.ts';
import { simulate } from './simulation.ts';
import type { Product } from './product.ts';

/** Runs that are spent on it at most. */
const TRIES_MAX = 400;
/** A shorter plan meets its faults at other places: each is tried with so many orders of them. */
const ORDERS = 4;

/** The name of the promise that a run broke first. */
export const promiseOf = (broken: readonly string[]): string | undefined => broken[0]?.split(':')[0];

/** Every way to leave something out, the largest pieces first. */
function* shorterPlans(plan: Plan): Generator<Plan> {
  const { sendings, reshards, rates } = plan;
  for (let size = Math.ceil(sendings.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < sendings.length; at += size) {
      const left = [...sendings.slice(0, at), ...sendings.slice(at + size)];
      if (left.length > 0) yield { ...plan, sendings: left };
    }
  }
  for (const fault of FAULTS) if (rates[fault] > 0) yield { ...plan, rates: { ...rates, [fault]: 0 } };
  if (reshards.length > 0) yield { ...plan, reshards: reshards.slice(1) };
  if (plan.settings.shards > 1) yield { ...plan, settings: { ...plan.settings, shards: 1 } };
  for (const [i, { timeMs, records }] of sendings.entries()) {
    if (records.length < 2) continue;
    for (const record of records) {
      const fewer = { timeMs, records: records.filter((one) => one !== record) };
      yield { ...plan, sendings: sendings.with(i, fewer) };
    }
  }
}

/** A plan that breaks the same promise and from which nothing more could be left out within the tries. */
export async function shrink(product: Product, plan: Plan, promise: string): Promise<Plan> {
  let best = plan;
  let tries = 0;
  const breaks = async (candidate: Plan): Promise<boolean> => {
    tries++;
    return promiseOf((await simulate(product, candidate)).broken) === promise;
  };
  /** The first way to leave something out that works. */
  const step = async (): Promise<Plan | undefined> => {
    for (const shorter of shorterPlans(best)) {
      for (let order = 0; order < ORDERS; order++) {
        if (tries >= TRIES_MAX) return undefined;
        const candidate = { ...shorter, seed: plan.seed + order * 1_000_003 };
        if (await breaks(candidate)) return candidate;
      }
    }
    return undefined;
  };
  for (let next = await step(); next !== undefined; next = await step()) best = next;
  return best;
}
