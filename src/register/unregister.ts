/** Takes the sources of a registration away again: each source, then its crawler. Data and tables stay. */
import { sourceNamed, stateOf } from './look.ts';
import { readMark, roleNameOf } from './mark.ts';
import { elsewhere, OTHER_CREDENTIALS, stepsToRemove } from './plan.ts';
import type { SourceState } from './plan.ts';
import { isRunning, runningError, unlessRunning } from './register.ts';
import { ForeignSourceError } from './registration-error.ts';
import type { Caller, Services, Step } from './services.ts';
import type { WantedSources } from './wanted.ts';

export interface UnregisterOptions {
  readonly wanted: WantedSources;
  /** Role of the crawlers: shows that a source is the caller's where `register` did not come to its end. */
  readonly glueRoleArn?: string;
  /** Nothing is changed; the steps are those that would be made. */
  readonly dryRun?: boolean;
  readonly onStep?: (step: Step) => void;
}

export interface Unregistered {
  readonly steps: readonly Step[];
  /** Sources whose crawlers are running: they stay, with their crawlers. */
  readonly failures: readonly Error[];
}

/**
 * Deletes every source that is there, and its crawler. What is gone already is no error, so that the next run does
 * what is left of a run that was cut.
 * @throws CallError; ForeignSourceError, before anything is deleted, where a source was not made by `register`
 */
export async function unregister(options: UnregisterOptions, services: Services): Promise<Unregistered> {
  const { wanted, glueRoleArn, dryRun = false, onStep } = options;
  const caller = await services.caller();
  const listed = await services.securityLake.sources();
  const states: SourceState[] = [];
  for (const { sourceName } of wanted.sources) {
    const state = await stateOf(sourceName, sourceNamed(listed, sourceName), caller, services);
    const error = notOurs(sourceName, state, caller, glueRoleArn);
    if (error !== undefined) throw error;
    states.push(state);
  }

  const steps: Step[] = [];
  const failures: Error[] = [];
  for (const state of states) {
    if (isRunning(state)) {
      failures.push(runningError(state));
      continue;
    }
    for (const step of stepsToRemove(state)) {
      steps.push(step);
      onStep?.(step);
      if (dryRun) continue;
      if (step.operation === 'DeleteCustomLogSource') await services.securityLake.remove(step.input);
      else if (step.operation === 'DeleteCrawler')
        await unlessRunning(step.input.Name, services.glue.deleteCrawler(step.input));
    }
  }
  return { steps, failures };
}

function notOurs(
  sourceName: string,
  { source, crawler }: SourceState,
  caller: Caller,
  glueRoleArn: string | undefined,
): ForeignSourceError | undefined {
  const mark = readMark(crawler?.Description);
  const account = elsewhere(source, caller, mark?.principal ?? caller.account);
  if (account !== undefined)
    return new ForeignSourceError(
      sourceName,
      `it is of account ${account}, these credentials are of ${caller.account}`,
      OTHER_CREDENTIALS,
    );
  if (mark?.sourceName === sourceName) return undefined;
  if (source === undefined && crawler === undefined) return undefined;
  const isRoleOurs =
    glueRoleArn !== undefined &&
    (crawler === undefined || roleNameOf(crawler.Role ?? '') === roleNameOf(glueRoleArn));
  if (isRoleOurs) return undefined;
  return new ForeignSourceError(
    sourceName,
    glueRoleArn === undefined
      ? 'its crawler does not say that `register` made it'
      : `its crawler runs as the role ${roleNameOf(crawler?.Role ?? '')}`,
    'if it is yours, give the role of its crawler as --glue-role',
  );
}
