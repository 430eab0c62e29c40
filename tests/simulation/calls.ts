/** A call of a service by an instance: it takes time, may fail on either side of its effect, or end the instance. */
import type { Clock } from './clock.ts';
import type { Fault, Faults } from './faults.ts';
import type { Instance, Lambda } from './lambda.ts';
import type { Random } from './random.ts';

/** Of an instance that is gone: nobody hears of the answer. */
const never = (): Promise<never> => new Promise(() => undefined);

export interface ServiceCall<T> {
  /** For the history. */
  readonly name: string;
  readonly before: Fault;
  readonly behind: Fault;
  readonly error: () => Error;
  readonly effect: () => T;
}

export type Caller = <T>(call: ServiceCall<T>) => Promise<T>;

export interface CallsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly lambda: () => Lambda;
  readonly trace: (line: string) => void;
}

/** How one instance calls services. */
export function callerOf(instance: Instance, { clock, random, faults, lambda, trace }: CallsOptions): Caller {
  const trip = async (): Promise<void> => {
    const isSlow = faults.strikes('call so slow that the function may time out');
    await clock.sleep(isSlow ? random.between(10_000, 400_000) : random.between(1, 80));
    if (instance.isDead) await never();
  };
  const die = (where: string): Promise<never> => {
    lambda().kill(instance, `killed ${where}`);
    return never();
  };
  return async ({ name, before, behind, error, effect }) => {
    if (instance.isDead) return never();
    await trip();
    if (faults.strikes('instance killed before a side effect')) return die(`before ${name}`);
    const say = (what: string): void => trace(`  invocation ${instance.current?.id ?? '?'}: ${name}${what}`);
    if (faults.strikes(before)) {
      say(` fails before its effect`);
      throw error();
    }
    const answer = effect();
    say('');
    if (faults.strikes('instance killed behind a side effect')) return die(`behind ${name}`);
    await trip();
    if (faults.strikes(behind)) {
      say(` fails behind its effect`);
      throw error();
    }
    return answer;
  };
}

/** An error as the SDK throws it. */
export const serviceError = (name: string, status: number): Error =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
