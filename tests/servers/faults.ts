/** Faults that a test injects into a local server: rules that look at each request, and how often they struck. */

/** An error that the server answers with. */
export interface Refusal {
  readonly status: number;
  /** As the service spells it: SlowDown, ProvisionedThroughputExceededException. */
  readonly code: string;
}

/** The connection is cut before the request has an effect, or after it, in place of the answer. */
export type Drop = 'drop-before' | 'drop-after';

/**
 * Looks at a request and gives the fault that it meets, or undefined for none. Where it gives a promise the
 * request is held until then.
 */
export type FaultRule<Request, Fault> = (request: Request) => Fault | undefined | Promise<Fault | undefined>;

export interface Injected {
  /** How many faults this rule gave. */
  readonly count: number;
  /** No more from now on. */
  stop(): void;
}

export interface Faults<Request, Fault> {
  /** Adds a rule, for at most `times` faults. */
  inject(rule: FaultRule<Request, Fault>, times?: number): Injected;
  /** The fault of a request: that of the first rule that gives one. */
  meet(request: Request): Promise<Fault | undefined>;
}

export function newFaults<Request, Fault>(): Faults<Request, Fault> {
  const rules = new Set<(request: Request) => Promise<Fault | undefined>>();
  return {
    inject(rule, times = Number.POSITIVE_INFINITY) {
      let count = 0;
      const counted = async (request: Request): Promise<Fault | undefined> => {
        if (count >= times) return undefined;
        const fault = await rule(request);
        if (fault === undefined || count >= times) return undefined;
        count++;
        return fault;
      };
      rules.add(counted);
      return {
        get count() {
          return count;
        },
        stop: () => void rules.delete(counted),
      };
    },
    async meet(request) {
      for (const rule of rules) {
        const fault = await rule(request);
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
  };
}
