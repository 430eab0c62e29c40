/**
 * Which lines of an ambiguous message are its fields. A value can hold line breaks, and after one of them text that
 * looks like a field: `CommandLine: x`, line break, `User: SYSTEM`. Fields stand in a known order, so most such lines
 * betray themselves by standing where they cannot.
 */
import type { ReadingOrder } from './reading-order.ts';

/** A line of a message that begins with a name. */
export interface NamedLine {
  readonly name: string;
  /** Where the name stands in the reading order; -1 for a name that is not in it. */
  readonly rank: number;
  /** Number of the line in the message. */
  readonly line: number;
  /** Offsets into the text: of the line, and of the value. */
  readonly start: number;
  readonly valueStart: number;
}

/** More than the most fields that an order has, so that one field outweighs any number of odd values. */
const FIELD_WEIGHT = 64;

/**
 * How good a reading is: each field counts, and by far less each value that runs over several lines in a field that
 * cannot hold a line break counts against it.
 * @param lines the lines that the reading takes, all of them in the order.
 */
export const readingScore = (lines: readonly NamedLine[], order: ReadingOrder, lastLine: number): number => {
  let score = lines.length * FIELD_WEIGHT;
  let lineBelow = lastLine + 1;
  for (let index = lines.length - 1; index >= 0; index--) {
    const { rank, line } = lines[index] ?? { rank: 0, line: 0 };
    if (lineBelow !== line + 1 && order.multiline[rank] !== true) score--;
    lineBelow = line;
  }
  return score;
};

/**
 * The winning reading: of all ways to pick lines with strictly ascending ranks,
 * 1. one with the most fields;
 * 2. among these, one with the fewest values that run over several lines in fields that cannot hold a line break
 *    (a command line can, so it, and not the directory after it, keeps a line that repeats the directory's name);
 * 3. among these, the one that takes the earlier line wherever two differ for the first time.
 * That is the best {@link readingScore}, and on a draw the earlier lines. Dynamic programming from the last line up:
 * linear in lines × names.
 * @param lines the lines that begin with a name of the order, from the top.
 * @param lastLine number of the message's last line.
 */
export const winningReading = (
  lines: readonly NamedLine[],
  order: ReadingOrder,
  lastLine: number,
): NamedLine[] => {
  const NONE = -1;
  /** Of the best reading that begins with a line: its score, and the line that it takes next. */
  const scores = new Int32Array(lines.length);
  const nexts = new Int32Array(lines.length).fill(NONE);
  /** For each rank the line below with which the best reading begins. */
  const bestOfRank = new Int32Array(order.names.length).fill(NONE);

  /** The best of the readings that begin below with a rank of at least this. */
  const bestFrom = (rank: number): number => {
    let best = NONE;
    for (let above = rank; above < bestOfRank.length; above++) {
      const candidate = bestOfRank[above] ?? NONE;
      if (candidate === NONE) continue;
      const gain = best === NONE ? 1 : (scores[candidate] ?? 0) - (scores[best] ?? 0);
      if (gain > 0 || (gain === 0 && candidate < best)) best = candidate;
    }
    return best;
  };

  for (let index = lines.length - 1; index >= 0; index--) {
    const line = lines[index];
    if (line === undefined) continue;
    const cost = order.multiline[line.rank] === true ? 0 : 1;
    let next = bestFrom(line.rank + 1);
    let score = next === NONE ? (line.line === lastLine ? 0 : -cost) : (scores[next] ?? 0) - cost;
    // The line right below is the only one whose choice leaves this value on one line.
    const below = lines[index + 1];
    if (below?.line === line.line + 1 && below.rank > line.rank && (scores[index + 1] ?? 0) >= score) {
      next = index + 1;
      score = scores[next] ?? 0;
    }
    scores[index] = score + FIELD_WEIGHT;
    nexts[index] = next;
    const rival = bestOfRank[line.rank] ?? NONE;
    if (rival === NONE || score + FIELD_WEIGHT >= (scores[rival] ?? 0)) bestOfRank[line.rank] = index;
  }

  const reading: NamedLine[] = [];
  for (let index = bestFrom(0); index !== NONE; index = nexts[index] ?? NONE) {
    const line = lines[index];
    if (line !== undefined) reading.push(line);
  }
  return reading;
};
