/**
 * Lambda: instances that start cold, stay warm, run into their timeout, are killed, and run on when the caller has
 * given them up.
 */
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { Settings } from './settings.ts';
import type { Unit } from './events.ts';

export type FunctionName = 'transform' | 'late-join';

export interface Instance {
  readonly id: number;
  readonly functionName: FunctionName;
  readonly bornMs: number;
  /** How far its clock is ahead. */
  readonly driftMs: number;
  isDead: boolean;
  idleSinceMs: number;
  current: Invocation | undefined;
  /** The slowest that it has been, in milliseconds a record: tells whether a batch surely fits. */
  slowestRecordMs: number;
  handle: (event: unknown, remainingMs: () => number) => Promise<unknown>;
}

export interface Invocation {
  readonly id: number;
  readonly instance: Instance;
  readonly startMs: number;
  /** What it was given: the events of a batch, or none where messages name them. */
  readonly given: readonly Unit[];
  /** Name of the cut of the batch: known where all of it surely fits, or from the response. */
  cut: string | undefined;
  /** The events that it took; where the cut is not known, those that it may have taken. */
  taken: readonly Unit[];
  outcome: 'running' | 'done' | 'failed' | 'killed';
  endMs: number;
}

/** What the caller of a function learns. */
export type Answer =
  | { readonly ok: true; readonly response: unknown; readonly invocation: Invocation }
  | { readonly ok: false; readonly invocation: Invocation };

export interface Request {
  readonly functionName: FunctionName;
  readonly event: unknown;
  readonly given: readonly Unit[];
  /** Set for a batch of a stream: the cut, if all of it is taken. */
  readonly cut?: {
    readonly name: string;
    readonly records: number;
    /** The cut that a response tells of, and the events in it. */
    readonly of: (response: unknown) => {
      readonly name: string | undefined;
      readonly taken: readonly Unit[];
    };
  };
}

export interface Lambda {
  /** Resolves when the caller knows; the function may run on behind it. */
  readonly invoke: (request: Request) => Promise<Answer>;
  /** Ends an instance where it stands. */
  readonly kill: (instance: Instance, why: string) => void;
  readonly invocations: readonly Invocation[];
}

export interface LambdaOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly settings: Settings;
  readonly trace: (line: string) => void;
  /** A fresh instance's handler, on the services. */
  readonly start: (instance: Instance) => Instance['handle'];
}

/** An instance that nobody calls is gone after so long. */
const IDLE_MS_MAX = 600_000;
/** What the handler leaves unused, see functions/deadline.ts. */
const MARGIN_MS = 5000;

export function newLambda({ clock, random, faults, settings, trace, start }: LambdaOptions): Lambda {
  const instances: Instance[] = [];
  const invocations: Invocation[] = [];
  const callers = new Map<Invocation, (answer: Answer) => void>();

  const startInstance = (functionName: FunctionName): Instance => {
    const isOff = faults.strikes('clock of an instance off');
    const instance: Instance = {
      id: instances.length + 1,
      functionName,
      bornMs: clock.now(),
      driftMs: isOff ? random.between(-60_000, 60_000) : 0,
      isDead: false,
      idleSinceMs: clock.now(),
      current: undefined,
      slowestRecordMs: 1,
      handle: () => Promise.reject(new Error('not started')),
    };
    instance.handle = start(instance);
    instances.push(instance);
    return instance;
  };

  const instanceFor = (functionName: FunctionName): Instance => {
    const warm = instances.filter(
      (one) =>
        one.functionName === functionName &&
        !one.isDead &&
        one.current === undefined &&
        one.idleSinceMs > clock.now() - IDLE_MS_MAX,
    );
    return warm.length === 0 || faults.strikes('cold start')
      ? startInstance(functionName)
      : random.pick(warm);
  };

  const answer = (invocation: Invocation, what: Answer): void => {
    callers.get(invocation)?.(what);
    callers.delete(invocation);
  };

  const end = (invocation: Invocation, outcome: Invocation['outcome']): void => {
    invocation.outcome = outcome;
    invocation.endMs = clock.now();
    invocation.instance.current = undefined;
    invocation.instance.idleSinceMs = clock.now();
  };

  const kill = (instance: Instance, why: string): void => {
    if (instance.isDead) return;
    instance.isDead = true;
    const { current } = instance;
    if (current === undefined) return;
    trace(`invocation ${current.id} ${why}`);
    end(current, 'killed');
    answer(current, { ok: false, invocation: current });
  };

  const run = async (invocation: Invocation, { event, cut }: Request, deadlineMs: number): Promise<void> => {
    const { instance } = invocation;
    let response: unknown;
    let error: unknown;
    try {
      response = await instance.handle(event, () => deadlineMs - clock.now());
    } catch (thrown) {
      error = thrown ?? new Error('nothing was thrown');
    }
    if (instance.isDead) return;
    end(invocation, error === undefined ? 'done' : 'failed');
    if (error === undefined && cut !== undefined) {
      const { name, taken } = cut.of(response);
      Object.assign(invocation, { cut: name, taken });
      const recordMs = (clock.now() - invocation.startMs) / Math.max(1, taken.length);
      instance.slowestRecordMs = Math.max(instance.slowestRecordMs, recordMs);
    }
    if (error !== undefined) {
      trace(`invocation ${invocation.id} failed: ${error instanceof Error ? error.message : 'unknown'}`);
      answer(invocation, { ok: false, invocation });
    } else if (faults.strikes('response lost')) {
      trace(`invocation ${invocation.id} done, but its response is lost`);
      answer(invocation, { ok: false, invocation });
    } else answer(invocation, { ok: true, response, invocation });
  };

  return {
    invocations,
    kill,
    invoke: (request) => {
      const { functionName, given, cut } = request;
      const instance = instanceFor(functionName);
      const fitting = Math.floor((settings.timeoutMs - MARGIN_MS) / instance.slowestRecordMs);
      const invocation: Invocation = {
        id: invocations.length + 1,
        instance,
        startMs: clock.now(),
        given,
        cut: cut !== undefined && (fitting >= cut.records || cut.records === 1) ? cut.name : undefined,
        taken: given,
        outcome: 'running',
        endMs: Infinity,
      };
      instance.current = invocation;
      invocations.push(invocation);
      trace(`invocation ${invocation.id} of ${functionName} (instance ${instance.id}) ${cut?.name ?? ''}`);
      const deadlineMs = clock.now() + settings.timeoutMs;
      clock.at(deadlineMs, () => {
        if (invocation.outcome === 'running') kill(instance, 'ran into its timeout');
      });
      if (faults.strikes('invoked again while it runs')) {
        clock.at(clock.now() + random.between(0, 2000), () => {
          if (invocation.outcome === 'running') trace(`invocation ${invocation.id} is given up, but runs on`);
          answer(invocation, { ok: false, invocation });
        });
      }
      return new Promise((resolve) => {
        callers.set(invocation, resolve);
        void run(invocation, request, deadlineMs);
      });
    },
  };
}
