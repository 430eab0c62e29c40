/** What was sent and is not finished yet, shard by shard: how much, and how old its oldest is. */

export interface Backlog {
  /** So many records of a shard were put. */
  readonly sent: (shardId: string, count: number, atMs: number) => void;
  /** So many more of a shard, from its oldest on, are finished. */
  readonly finished: (shardId: string, count: number) => void;
  readonly sentTotal: () => number;
  readonly finishedTotal: () => number;
  /** Records that were sent and are not finished. */
  readonly lag: () => number;
  /** How long the oldest of them has been there; 0 where there is none. */
  readonly ageMs: (nowMs: number) => number;
}

interface Shard {
  sent: number;
  finished: number;
  /** Puts whose records are not all finished: when, and how many the shard had been sent with it. */
  readonly puts: { readonly atMs: number; readonly upTo: number }[];
}

/** An empty backlog. A record may be finished before its put is told of: the messages come from two processes. */
export function newBacklog(): Backlog {
  const shards = new Map<string, Shard>();
  const shardOf = (shardId: string): Shard => {
    const shard = shards.get(shardId) ?? { sent: 0, finished: 0, puts: [] };
    shards.set(shardId, shard);
    return shard;
  };
  const forget = ({ puts, finished }: Shard): void => {
    const open = puts.findIndex(({ upTo }) => upTo > finished);
    puts.splice(0, open < 0 ? puts.length : open);
  };
  const sum = (of: (shard: Shard) => number): number =>
    shards.values().reduce((total, shard) => total + of(shard), 0);

  return {
    sent(shardId, count, atMs) {
      const shard = shardOf(shardId);
      shard.sent += count;
      shard.puts.push({ atMs, upTo: shard.sent });
      forget(shard);
    },
    finished(shardId, count) {
      const shard = shardOf(shardId);
      shard.finished += count;
      forget(shard);
    },
    sentTotal: () => sum(({ sent }) => sent),
    finishedTotal: () => sum(({ finished }) => finished),
    lag: () => sum(({ sent, finished }) => Math.max(0, sent - finished)),
    ageMs: (nowMs) =>
      shards.values().reduce((most, { puts }) => Math.max(most, nowMs - (puts[0]?.atMs ?? nowMs)), 0),
  };
}
