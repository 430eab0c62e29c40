/**
 * Promise: every record that arrives ends in the lake, in quarantine, in the on-failure destination, or among the dead
 * letters; a batch that is run again changes nothing, and the copies of an event, from batches cut differently and agents
 * that send twice, are told by metadata.uid.
 */
import type { Unit } from './events.ts';
import { WORK_BUCKET } from './instance.ts';
import type { LakeRow } from './read-lake.ts';
import type { Aftermath } from './simulation.ts';

/** How often each event must be somewhere, and may be, by its id. */
interface Bounds {
  readonly least: Map<number, number>;
  readonly most: Map<number, number>;
}

const add = (tally: Map<number, number>, { id }: Unit, by = 1): void =>
  void tally.set(id, (tally.get(id) ?? 0) + by);

/**
 * Each cut of a batch that went through must have its events once; each that was tried may have them once, however
 * often it was tried. Where an invocation died and nobody knows what it took, it may have been a cut of its own.
 */
function boundsOf({ lambda }: Aftermath): Bounds {
  const [least, most] = [new Map<number, number>(), new Map<number, number>()];
  const [through, tried] = [new Set<string>(), new Set<string>()];
  for (const { instance, cut, taken, outcome, id } of lambda.invocations) {
    if (instance.functionName !== 'transform') continue;
    const name = cut ?? `of invocation ${id}`;
    if (outcome === 'done' && !through.has(name)) {
      through.add(name);
      for (const unit of taken) add(least, unit);
    }
    if (!tried.has(name)) {
      tried.add(name);
      for (const unit of taken) add(most, unit);
    }
  }
  return { least, most };
}

/** The events that a dead letter names. */
function deadUnits({ services, product, stream }: Aftermath): Unit[] {
  const sent = new Map(
    stream.shards.flatMap(({ records }) =>
      records.flatMap((record) =>
        record.units.map((unit) => [Buffer.from(unit.bytes).toString('latin1'), unit] as const),
      ),
    ),
  );
  const keys = new Set(services.queue.deadLetters.map((body) => product.parseDeferredMessage(body)?.key));
  return services.store
    .objects(WORK_BUCKET)
    .filter(({ key }) => keys.has(key))
    .flatMap(({ body }) => product.decodeDeferred(body))
    .map(({ bytes }) => sent.get(Buffer.from(bytes).toString('latin1')))
    .filter((unit) => unit !== undefined);
}

export function checkConservation(
  aftermath: Aftermath,
  rows: readonly LakeRow[],
  quarantined: readonly Unit[],
): string[] {
  const { stream, mapping } = aftermath;
  const broken: string[] = [];
  const givenUp = new Set(mapping.onFailure.map(({ sequenceNumber }) => sequenceNumber));
  for (const { id, records, isDrained, isClosed } of stream.shards) {
    if (isClosed && !isDrained) broken.push(`rest: ${id} was not read to its end`);
    for (const { sequenceNumber } of records) {
      if (!mapping.done.has(sequenceNumber) && !givenUp.has(sequenceNumber)) {
        broken.push(`conservation: a record of ${id} was neither done nor given up`);
      }
    }
  }

  const there = new Map<number, number>();
  for (const { unit } of rows) add(there, unit);
  for (const unit of quarantined) add(there, unit);
  const dead = new Map<number, number>();
  for (const unit of deadUnits(aftermath)) add(dead, unit);
  const { least, most } = boundsOf(aftermath);
  const ids = new Set([...there.keys(), ...least.keys()]);
  for (const id of ids) {
    const count = there.get(id) ?? 0;
    const [few, many] = [least.get(id) ?? 0, most.get(id) ?? 0];
    if (count + (dead.get(id) ?? 0) < few)
      broken.push(`conservation: event ${id} is there ${count} times, not ${few}`);
    if (count > many) broken.push(`once: event ${id} is there ${count} times, not ${many}`);
  }

  const uids = new Map<string, number>();
  const uidOf = new Map<number, string>();
  for (const { unit, uid } of rows) {
    if ((uidOf.get(unit.id) ?? uid) !== uid)
      broken.push(`uid: copies of event ${unit.id} have different ones`);
    if ((uids.get(uid) ?? unit.id) !== unit.id) broken.push(`uid: event ${unit.id} has another event's`);
    uidOf.set(unit.id, uid);
    uids.set(uid, unit.id);
  }
  return broken;
}
