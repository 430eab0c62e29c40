import { describe, expect, it } from '@jest/globals';
import { addCounts, count, latest, newCounts } from '../src/counts.ts';

describe('counts', () => {
  it('begin at nothing, each for itself', () => {
    const counts = newCounts();
    count(counts.byReason, 'not_json');
    counts.join.hit++;
    counts.objects.push({ path: 'a', rows: 1, bytes: 2 });
    expect(newCounts()).toEqual({
      received: 0,
      written: 0,
      quarantined: 0,
      deferred: 0,
      byEventId: {},
      byClass: {},
      byFormat: {},
      byReason: {},
      byAppearance: {},
      join: { hit: 0, late: 0, miss: 0 },
      conversionFailures: {},
      latestMs: {},
      objects: [],
    });
  });

  it('tally by name', () => {
    const tally = {};
    count(tally, 'a');
    count(tally, 'b', 3);
    count(tally, 'a', 2);
    expect(tally).toEqual({ a: 3, b: 3 });
  });

  it('keep the latest time of each name, even before 1970', () => {
    const times = {};
    latest(times, 'a', -5);
    expect(times).toEqual({ a: -5 });
    latest(times, 'a', 7);
    latest(times, 'a', 3);
    latest(times, 'b', 1);
    expect(times).toEqual({ a: 7, b: 1 });
  });

  it('add up to a sum that balances, and leave the batch as it is', () => {
    const batch = newCounts();
    Object.assign(batch, { received: 6, written: 3, quarantined: 2, deferred: 1 });
    for (const [tally, name] of [
      [batch.byEventId, '3'],
      [batch.byClass, 'network_activity'],
      [batch.byFormat, 'vector'],
      [batch.byReason, 'no_time'],
      [batch.byAppearance, 'HTML'],
      [batch.conversionFailures, '3 pid'],
    ] as const)
      count(tally, name, 2);
    Object.assign(batch.join, { hit: 1, late: 2, miss: 3 });
    batch.objects.push({ path: 'a', rows: 3, bytes: 10 });
    latest(batch.latestMs, 'network_activity', 5);
    const before = structuredClone(batch);
    const sum = newCounts();
    addCounts(sum, batch);
    expect(sum).toEqual(batch);
    addCounts(sum, batch);
    expect(sum).toEqual({
      received: 12,
      written: 6,
      quarantined: 4,
      deferred: 2,
      byEventId: { '3': 4 },
      byClass: { network_activity: 4 },
      byFormat: { vector: 4 },
      byReason: { no_time: 4 },
      byAppearance: { HTML: 4 },
      conversionFailures: { '3 pid': 4 },
      join: { hit: 2, late: 4, miss: 6 },
      latestMs: { network_activity: 5 },
      objects: [...batch.objects, ...batch.objects],
    });
    expect(batch).toEqual(before);
  });
});
