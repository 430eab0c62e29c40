/** A Kinesis stream: records lie in the shard of their hash key, in order; shards are split and merged. */
import type { Clock } from './clock.ts';
import type { PlannedRecord, Reshard } from './plan.ts';
import type { Random } from './random.ts';

export interface StreamRecord extends PlannedRecord {
  readonly sequenceNumber: string;
  readonly arrivedMs: number;
}

export interface Shard {
  readonly id: string;
  /** Its hash keys: from the first up to, and without, the second. */
  readonly range: readonly [number, number];
  readonly parents: readonly Shard[];
  readonly records: StreamRecord[];
  isClosed: boolean;
  /** Closed, and everything in it delivered or given up. */
  isDrained: boolean;
  /** Called when a record arrives, the shard closes, or a parent is drained. */
  wake: () => void;
}

export interface Stream {
  readonly shards: readonly Shard[];
  readonly put: (records: readonly PlannedRecord[]) => void;
  /** Whether there was something to split or merge. */
  readonly reshard: (kind: Reshard['kind']) => boolean;
}

export interface StreamOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly shards: number;
  readonly onShard: (shard: Shard) => void;
}

/** Sequence numbers have 56 digits, and grow. */
const SEQUENCE_BASE = 49_600_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n * 10n ** 2n;

export function newStream({ clock, random, shards: count, onShard }: StreamOptions): Stream {
  const shards: Shard[] = [];
  let sequence = 0n;

  const open = (range: readonly [number, number], parents: readonly Shard[]): void => {
    const id = `shardId-${String(shards.length).padStart(12, '0')}`;
    const shard: Shard = {
      id,
      range,
      parents,
      records: [],
      isClosed: false,
      isDrained: false,
      wake: () => undefined,
    };
    shards.push(shard);
    onShard(shard);
  };
  const close = (shard: Shard): void => {
    shard.isClosed = true;
    shard.wake();
  };
  for (let i = 0; i < count; i++) open([i / count, (i + 1) / count], []);
  const opened = (): Shard[] => shards.filter(({ isClosed }) => !isClosed);

  return {
    shards,
    put(records) {
      for (const record of records) {
        const shard = opened().find(({ range }) => record.hashKey >= range[0] && record.hashKey < range[1])!;
        const sequenceNumber = String(SEQUENCE_BASE + ++sequence);
        shard.records.push({ ...record, sequenceNumber, arrivedMs: clock.now() });
        shard.wake();
      }
    },
    reshard(kind) {
      if (kind === 'split') {
        const shard = random.pick(opened());
        const middle = (shard.range[0] + shard.range[1]) / 2;
        close(shard);
        open([shard.range[0], middle], [shard]);
        open([middle, shard.range[1]], [shard]);
        return true;
      }
      const [left, right] = opened()
        .toSorted((one, other) => one.range[0] - other.range[0])
        .slice(0, 2);
      if (left === undefined || right === undefined) return false;
      close(left);
      close(right);
      open([left.range[0], right.range[1]], [left, right]);
      return true;
    },
  };
}
