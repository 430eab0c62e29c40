/** How the app of a run is deployed: within what template.yaml allows, chosen by the seed. */
import type { Random } from './random.ts';

export interface Settings {
  readonly mapping: 'small' | 'own';
  readonly shards: number;
  /** Records of a batch at most, and how long one is gathered. */
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly horizonSeconds: number;
  readonly waitSeconds: number;
  readonly retentionSeconds: number;
  /** How old a record may be before the event source mapping gives its batch up. */
  readonly recordAgeSecondsMax: number;
  /** How often a message is received before it is a dead letter, and how long it is away each time. */
  readonly receivesMax: number;
  readonly visibilitySeconds: number;
  readonly timeoutMs: number;
  /** Processes that an instance remembers. */
  readonly cacheEntriesMax: number;
}

/** As deployed by default but for what makes rare things frequent: small batches, small caches, few receives. */
export function chooseSettings(seed: number, random: Random): Settings {
  return {
    mapping: seed % 40 === 0 ? 'own' : 'small',
    shards: random.int(1, 3),
    batchSize: random.pick([1, 3, 8, 8, 20, 200]),
    windowSeconds: random.pick([0, 5, 60]),
    horizonSeconds: 900,
    waitSeconds: random.pick([120, 120, 120, 30, 900]),
    retentionSeconds: 3600,
    recordAgeSecondsMax: random.pick([72_000, 72_000, 72_000, 72_000, 600]),
    receivesMax: random.pick([10, 10, 2]),
    visibilitySeconds: 1800,
    timeoutMs: 300_000,
    cacheEntriesMax: random.pick([1, 1, 2, 8, 20_000]),
  };
}
