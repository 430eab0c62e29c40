/**
 * Registration: looks first, then makes what is missing and changes what differs. It may be cut at any call: the next
 * run looks again, and goes on from there.
 */
import { isCode } from './call-error.ts';
import { sourceNamed, stateOf } from './look.ts';
import { predictedSource } from './names.ts';
import { foreign, stepsFor } from './plan.ts';
import type { Context, SourceState } from './plan.ts';
import { CrawlerRunningError, NotReadyError } from './registration-error.ts';
import type { Caller, CreateSourceInput, Services, SourceFound, Step } from './services.ts';
import { tableErrors } from './status-rows.ts';
import { tablesBelow } from './status.ts';
import type { Provider, WantedSource, WantedSources } from './wanted.ts';

export interface RegisterOptions {
  readonly wanted: WantedSources;
  readonly provider: Provider;
  readonly sourceVersion?: string;
  readonly tablePrefix?: string;
  /** Nothing is changed; the steps are those that would be made. */
  readonly dryRun?: boolean;
  /** Hears of each step before it is made. */
  readonly onStep?: (step: Step) => void;
}

/** A source after the run. In a dry run one that is not there is told as it will be. */
export interface RegisteredSource {
  readonly sourceName: string;
  readonly source: SourceFound;
  readonly isThere: boolean;
  readonly steps: readonly Step[];
}

export interface Registered {
  readonly caller: Caller;
  readonly principal: string;
  readonly sources: readonly RegisteredSource[];
  /** Steps that could not be made now, and that the next run makes; tables with another schema than the mapping. */
  readonly failures: readonly Error[];
}

/** Tries, and the time before each further one, for what Security Lake needs some time for. */
const TRIES_MAX = 5;
const waitMsBefore = (tried: number): number => 1000 * 2 ** tried;

/**
 * Brings every source to what is wanted. Whether one of them belongs to someone else is known before anything is
 * changed. A running crawler keeps its own source waiting and no other.
 * @throws CallError, ForeignSourceError, NotReadyError; what was done before stays, and the next run does the rest
 */
export async function register(options: RegisterOptions, services: Services): Promise<Registered> {
  const { wanted, provider, sourceVersion, tablePrefix, dryRun = false, onStep } = options;
  const caller = await services.caller();
  const listed = await services.securityLake.sources();
  const found = wanted.sources.map((one) => ({
    one,
    source: sourceNamed(listed, one.sourceName, sourceVersion),
  }));
  const bucket = found.some(({ source }) => source === undefined)
    ? await bucketOf(services, caller.region)
    : undefined;
  const context: Context = {
    layout: wanted.layout,
    caller,
    provider,
    ...(sourceVersion !== undefined && { sourceVersion }),
    ...(tablePrefix !== undefined && { tablePrefix }),
    ...(bucket !== undefined && { bucket }),
  };

  const looked: { one: WantedSource; state: SourceState }[] = [];
  for (const { one, source } of found) {
    const state = await stateOf(one.sourceName, source, caller, services);
    const error = foreign(one, state, context);
    if (error !== undefined) throw error;
    looked.push({ one, state });
  }

  const sources: RegisteredSource[] = [];
  const failures: Error[] = [];
  for (const { one, state } of looked) {
    const { sourceName } = one;
    if (dryRun) {
      const steps = stepsFor(one, state, context);
      steps.forEach((step) => onStep?.(step));
      const source = state.source ?? predictedSource(sourceName, bucket, caller);
      sources.push({ sourceName, source, isThere: state.source !== undefined, steps });
      if (steps.some(changesCrawler) && isRunning(state)) failures.push(runningError(state));
      continue;
    }
    const steps: Step[] = [];
    const make = (step: Step): void => {
      steps.push(step);
      onStep?.(step);
    };
    const { source, failure } = await bring(one, state, context, services, make);
    if (failure !== undefined) failures.push(failure);
    sources.push({ sourceName, source, isThere: true, steps });
  }
  for (const [i, { source, isThere }] of sources.entries()) {
    const one = wanted.sources[i];
    if (one === undefined || !isThere) continue;
    failures.push(...tableErrors(one, source, await tablesBelow(source, context, services), context));
  }
  return { caller, principal: provider.principal ?? caller.account, sources, failures };
}

async function bucketOf({ securityLake }: Services, region: string): Promise<string> {
  const bucket = await securityLake.bucket();
  if (bucket !== undefined) return bucket;
  throw new NotReadyError(
    `Security Lake is not on in ${region}`,
    'turn it on there, or give the region of the lake as --region',
  );
}

/** Makes the steps of one source, looking again after each that Security Lake answers. */
async function bring(
  wanted: WantedSource,
  looked: SourceState,
  context: Context,
  services: Services,
  onStep: (step: Step) => void,
): Promise<{ source: SourceFound; failure?: CrawlerRunningError }> {
  let state = looked;
  for (;;) {
    const [step] = stepsFor(wanted, state, context);
    const { source } = state;
    if (step === undefined && source !== undefined) return { source };
    if (step === undefined) throw new Error('a source that is not there has steps');
    if (changesCrawler(step) && isRunning(state)) {
      if (source === undefined) throw runningError(state);
      return { source, failure: runningError(state) };
    }
    onStep(step);
    switch (step.operation) {
      case 'CreateCustomLogSource':
        state = await create(step.input, wanted, context, services);
        break;
      case 'DeleteCrawler':
        await unlessRunning(step.input.Name, services.glue.deleteCrawler(step.input));
        state = source === undefined ? {} : { source };
        break;
      case 'UpdateCrawler':
      case 'CreateCrawler': {
        if (source === undefined) throw new Error('a crawler is changed once its source is there');
        try {
          if (step.operation === 'CreateCrawler') await services.glue.createCrawler(step.input);
          else await unlessRunning(step.input.Name, services.glue.updateCrawler(step.input));
        } catch (error) {
          if (error instanceof CrawlerRunningError) return { source, failure: error };
          throw error;
        }
        return { source };
      }
      case 'DeleteCustomLogSource':
        throw new Error('no step of a registration deletes a source');
    }
  }
}

/**
 * Makes a source and waits for its crawler. A conflict may mean that a try before this one, whose answer was lost, has
 * made it, or that Security Lake is busy with another source: the list tells.
 */
async function create(
  input: CreateSourceInput,
  wanted: WantedSource,
  context: Context,
  services: Services,
): Promise<SourceState> {
  const { sourceName, sourceVersion } = input;
  const { caller } = context;
  let source: SourceFound | undefined;
  for (let tried = 0; source === undefined; tried++) {
    try {
      source = await services.securityLake.create(input);
    } catch (error) {
      if (!isCode(error, 'ConflictException')) throw error;
      source = sourceNamed(await services.securityLake.sources(), sourceName, sourceVersion);
      if (source !== undefined) break;
      if (tried + 1 >= TRIES_MAX) throw error;
      await services.wait(waitMsBefore(tried));
    }
  }
  for (let tried = 0; ; tried++) {
    const state = await stateOf(sourceName, source, caller, services);
    const error = foreign(wanted, state, context);
    if (error !== undefined) throw error;
    if (state.crawler !== undefined) return state;
    if (tried + 1 >= TRIES_MAX)
      throw new NotReadyError(
        `custom source ${sourceName} is there, and its crawler is not yet`,
        'run the same command again, which finishes the rest',
      );
    await services.wait(waitMsBefore(tried));
  }
}

export const changesCrawler = (step: Step): boolean =>
  step.operation === 'UpdateCrawler' || step.operation === 'DeleteCrawler';

export const isRunning = ({ crawler }: SourceState): boolean =>
  crawler !== undefined && crawler.State !== 'READY';

export const runningError = ({ crawler }: SourceState): CrawlerRunningError =>
  new CrawlerRunningError(crawler?.Name ?? '');

/** A crawler that has started since it was looked at. */
export async function unlessRunning(crawlerName: string, call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (isCode(error, 'CrawlerRunningException'))
      throw new CrawlerRunningError(crawlerName, { cause: error });
    throw error;
  }
}
