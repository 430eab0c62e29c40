/** The events that are measured: the same every time, none of them twice. */
import { describe, expect, it } from '@jest/globals';
import { readRecord } from '../../bench/agent-record.ts';
import { generatedPool } from '../../bench/generate.ts';
import { batchLines, meanBytes } from '../../bench/inputs.ts';
import { mixOf, PRODUCTION, takeLines } from '../../bench/mix.ts';
import { randomFrom } from '../../bench/random.ts';
import { median, quantile } from '../../bench/statistics.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import { eventUid } from '../../src/sysmon/identity.ts';

const pool = generatedPool(20, 1);

describe('a mix', () => {
  const lines = takeLines(mixOf(pool, PRODUCTION, 1), 2_000);
  const records = lines.map(readRecord);

  it('has the kinds by their weights', () => {
    const percent = (...ids: number[]): number =>
      records.filter(({ EventId }) => ids.includes(EventId)).length / 20;
    expect(Math.abs(percent(7) - 20)).toBeLessThan(3);
    expect(Math.abs(percent(12, 13) - 15)).toBeLessThan(3);
    expect(Math.abs(percent(1) - 10)).toBeLessThan(3);
  });

  it('repeats no identity, also where the pool is used again', () => {
    const events = lines.map((line) => decodeRecord(Buffer.from(line), 'auto').event!);
    expect(new Set(events.map(eventUid)).size).toBe(lines.length);
    expect(new Set(lines.map((line) => line.replace(/"(Index|TimeCreated)":[^,]*/g, ''))).size).toBe(
      lines.length,
    );
  });

  it('is the same for the same seed, and another for another', () => {
    expect(takeLines(mixOf(pool, PRODUCTION, 1), 50)).toEqual(lines.slice(0, 50));
    expect(takeLines(mixOf(pool, PRODUCTION, 2), 50)).not.toEqual(lines.slice(0, 50));
  });

  it('spreads over as many days as it is told', () => {
    const days = takeLines(mixOf(pool, PRODUCTION, 1, 100), 300).map((line) =>
      readRecord(line).TimeCreated.slice(0, 10),
    );
    expect([...new Set(days)]).toEqual(['2026-01-02', '2026-01-03', '2026-01-04']);
  });
});

describe('generated events', () => {
  it('can be read, every kind of them', () => {
    for (const line of pool)
      expect(decodeRecord(Buffer.from(line), 'auto').event?.EventId).toBe(readRecord(line).EventId);
    expect(new Set(pool.map((line) => readRecord(line).EventId)).size).toBe(30);
  });

  it('have the size of real ones on the mean', () => {
    const ofKind = (id: number): string[] =>
      generatedPool(100, 2).filter((line) => readRecord(line).EventId === id);
    expect(Math.abs(meanBytes(ofKind(1)) / 1535 - 1)).toBeLessThan(0.15);
    expect(Math.abs(meanBytes(ofKind(11)) / 711 - 1)).toBeLessThan(0.15);
  });
});

describe('batches', () => {
  it('follow one another, and begin again where no whole one is left', () => {
    const input = { name: 'any', lines: ['a', 'b', 'c', 'd', 'e'] };
    expect([0, 1, 2].map((n) => batchLines(input, 2, n))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['a', 'b'],
    ]);
    expect(batchLines(input, 9, 1)).toEqual(input.lines);
  });
});

describe('statistics', () => {
  it('lie between neighbours', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(median([])).toBeNaN();
  });

  it('of random numbers are even', () => {
    const random = randomFrom(1);
    const numbers = Array.from({ length: 10_000 }, () => random.below(10));
    expect(new Set(numbers).size).toBe(10);
    expect(Math.abs(numbers.reduce((sum, n) => sum + n, 0) / 10_000 - 4.5)).toBeLessThan(0.1);
  });
});
