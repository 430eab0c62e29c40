import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { catalogue } from '../../src/sysmon/catalogue.ts';
import { readingOrders } from '../../src/sysmon/reading-order.ts';
import type { NamedLine } from '../../src/sysmon/winning-reading.ts';
import { readingScore, winningReading } from '../../src/sysmon/winning-reading.ts';

const order = readingOrders(catalogue.get(1)).current;

const namedLine = (rank: number, line: number): NamedLine => ({
  name: order.names[rank]!,
  rank,
  line,
  start: line,
  valueStart: line,
});

/** Every way to pick lines with ascending ranks; those with earlier lines come first. */
const allReadings = (lines: readonly NamedLine[], above = -1): NamedLine[][] => [
  ...lines.flatMap((line, index) =>
    line.rank > above ? allReadings(lines.slice(index + 1), line.rank).map((rest) => [line, ...rest]) : [],
  ),
  [],
];

const messages = fc
  .array(fc.record({ rank: fc.nat(order.names.length - 1), gap: fc.constantFrom(1, 1, 2) }), { maxLength: 9 })
  .map((steps) => {
    let line = -1;
    return steps.map(({ rank, gap }) => namedLine(rank, (line += gap)));
  });

describe('winningReading', () => {
  it('finds nothing in nothing', () => {
    expect(winningReading([], order, 0)).toEqual([]);
  });

  it('has the best score of all readings, and the earliest lines among equals', () => {
    fc.assert(
      fc.property(messages, fc.nat(1), (lines, below) => {
        const lastLine = (lines.at(-1)?.line ?? 0) + below;
        const readings = allReadings(lines);
        const scores = readings.map((reading) => readingScore(reading, order, lastLine));
        expect(winningReading(lines, order, lastLine)).toEqual(readings[scores.indexOf(Math.max(...scores))]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('readingScore', () => {
  it('counts a field for more than all values that run over lines', () => {
    const ranks = order.names.map((_, rank) => rank);
    const onOneLine = readingScore(
      ranks.slice(1).map((rank, line) => namedLine(rank, line)),
      order,
      ranks.length - 2,
    );
    const spread = readingScore(
      ranks.map((rank) => namedLine(rank, rank * 2)),
      order,
      ranks.length * 2,
    );
    expect(spread).toBeGreaterThan(onOneLine);
  });

  it('holds it against a value that runs over lines, but not against a command line', () => {
    const [user, commandLine] = [order.names.indexOf('User'), order.names.indexOf('CommandLine')];
    expect(readingScore([namedLine(user, 0)], order, 0)).toBeGreaterThan(
      readingScore([namedLine(user, 0)], order, 1),
    );
    const command = [namedLine(commandLine, 0)];
    expect(readingScore(command, order, 0)).toBe(readingScore(command, order, 1));
  });
});
