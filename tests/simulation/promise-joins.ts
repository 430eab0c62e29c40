/**
 * Promise: every connection is joined whose process arrived within the wait, with its own process, and not with one that
 * had expired; and the record says so.
 *
 * A process has arrived when an invocation that had its EventID 1 was done. A connection can know it if that was before
 * the invocation began that wrote it; one of a young process also if it was before the wait was over, counted from the
 * first try of its batch.
 */
import type { Unit } from './events.ts';
import { WORK_BUCKET } from './instance.ts';
import type { Invocation } from './lambda.ts';
import type { LakeRow } from './read-lake.ts';
import type { Aftermath } from './simulation.ts';

/** Clocks of two instances may differ by so much; and a call may take long. */
const SLACK_MS = 2 * 60_000 + 2000;
const SKEW_SECONDS = 60;

export function checkJoins(aftermath: Aftermath, rows: readonly LakeRow[]): string[] {
  const { lambda, plan, stream } = aftermath;
  const { retentionSeconds, horizonSeconds, waitSeconds } = plan.settings;
  const retentionMs = retentionSeconds * 1000;
  const broken: string[] = [];

  const processes = new Map<string, Unit>();
  for (const { records } of stream.shards) {
    for (const unit of records.flatMap((record) => record.units)) {
      if (unit.kind === 'process' && unit.guid !== undefined) processes.set(unit.guid, unit);
    }
  }
  /** Invocations of transform that were given an EventID 1, by its id. */
  const carriers = new Map<number, Invocation[]>();
  const firstTryMs = new Map<string, number>();
  for (const invocation of lambda.invocations) {
    const { cut, given, startMs } = invocation;
    if (cut !== undefined) firstTryMs.set(cut, Math.min(startMs, firstTryMs.get(cut) ?? Infinity));
    for (const { kind, id } of given) {
      if (kind === 'process') carriers.set(id, [...(carriers.get(id) ?? []), invocation]);
    }
  }
  const deferrers = deferrersOf(aftermath);

  for (const { object, unit, join, joined } of rows) {
    if (unit.kind !== 'connection') {
      if (join !== undefined) broken.push(`join: event ${unit.id}, which does not join, says ${join}`);
      continue;
    }
    const { writer, writtenMs } = object;
    const isLate = writer.instance.functionName === 'late-join';
    const process = unit.guid === undefined ? undefined : processes.get(unit.guid);
    const isJoined = join === 'hit' || join === 'late';
    if (!isJoined && join !== 'miss') broken.push(`join: event ${unit.id} does not say how it went`);
    if (isJoined && (join === 'late') !== isLate) broken.push(`join: event ${unit.id} was not ${join}`);
    if (isJoined !== (joined !== undefined))
      broken.push(`join: event ${unit.id} says ${join ?? 'nothing'} falsely`);
    if (process === undefined) {
      if (isJoined) broken.push(`join: event ${unit.id} with a process that nobody sent`);
      continue;
    }
    const tries = carriers.get(process.id) ?? [];
    if (isJoined) {
      if (joined?.includes(process.token ?? '?') !== true)
        broken.push(`join: event ${unit.id} with another process`);
      const lastMs = Math.max(
        ...tries.map(({ startMs, endMs }) => Math.min(endMs, startMs + plan.settings.timeoutMs)),
      );
      if (lastMs + retentionMs + SLACK_MS < writer.instance.bornMs) {
        broken.push(`expiry: event ${unit.id} is joined with process ${process.id}, which had expired`);
      }
      continue;
    }
    const isInBatch = !isLate && writer.cut !== undefined && writer.taken.some(({ id }) => id === process.id);
    if (isInBatch) broken.push(`join: event ${unit.id} misses process ${process.id} of its own batch`);
    if (process.isGiant === true) continue;
    const age = unit.loggedMs / 1000 - (unit.startSeconds ?? NaN);
    const isYoung = age >= -SKEW_SECONDS && age < horizonSeconds;
    const cut = isLate ? deferrers.get(object.key)?.cut : writer.cut;
    const waitsUntilMs = isYoung && cut !== undefined ? (firstTryMs.get(cut) ?? 0) + waitSeconds * 1000 : 0;
    const knownByMs = Math.max(writer.startMs, waitsUntilMs);
    const isKnown = tries.some(
      ({ outcome, taken, startMs, endMs }) =>
        outcome === 'done' &&
        taken.some(({ id }) => id === process.id) &&
        endMs <= knownByMs &&
        writtenMs + SLACK_MS < startMs + retentionMs,
    );
    if (isKnown) broken.push(`join: event ${unit.id} misses process ${process.id}, which had arrived`);
  }
  return broken;
}

/** By the key of a Parquet object of late-join, the invocation that deferred its events. */
function deferrersOf({ services, lambda }: Aftermath): Map<string, Invocation> {
  const work = services.store.objects(WORK_BUCKET).filter(({ key }) => key.startsWith('deferred/'));
  const deferrers = new Map<string, Invocation>();
  if (lambda.invocations.length === 0) return deferrers;
  for (const { key } of services.store.objects('lake')) {
    const object = work.find((one) => key.includes(one.key.slice('deferred/'.length, -'.ndjson.gz'.length)));
    if (object !== undefined) deferrers.set(key, object.firstWriter);
  }
  return deferrers;
}
