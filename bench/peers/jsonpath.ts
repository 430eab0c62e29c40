/** One leaf of a mapping: read by jsonpath-plus, and as the mapping's compiler reads it. */
import { performance } from 'node:perf_hooks';
import { JSONPath } from 'jsonpath-plus';
import { parsePath, readPath } from '../../src/mapping/path.ts';
import type { SysmonEvent } from '../../src/sysmon/event.ts';
import { digits, median } from '../statistics.ts';

export interface JsonPathPeer {
  readonly path: string;
  readonly jsonpath_plus_ns_per_leaf: number;
  readonly compiled_ns_per_leaf: number;
}

const PATH = '$.Description.Image';

/** The compiled read is so short that it is repeated for each event. */
const REPEATS = 20;

const nsPerLeaf = (
  events: readonly SysmonEvent[],
  repeats: number,
  read: (event: SysmonEvent) => unknown,
): number => {
  let found = 0;
  const start = performance.now();
  for (let n = 0; n < repeats; n++) for (const event of events) if (read(event) !== undefined) found++;
  const ns = (performance.now() - start) * 1e6;
  // The sum is used, so that no compiler takes the reads away.
  return found < 0 ? NaN : ns / repeats / events.length;
};

export function measureJsonPath(events: readonly SysmonEvent[], rounds: number): JsonPathPeer {
  const ref = parsePath(PATH);
  const peer: number[] = [];
  const own: number[] = [];
  for (let round = 0; round < rounds; round++) {
    peer.push(nsPerLeaf(events, 1, (json) => JSONPath({ path: PATH, json, eval: false, wrap: false })));
    own.push(nsPerLeaf(events, REPEATS, (event) => readPath(ref, event, undefined)));
  }
  return {
    path: PATH,
    jsonpath_plus_ns_per_leaf: digits(median(peer), 3),
    compiled_ns_per_leaf: digits(median(own), 3),
  };
}
