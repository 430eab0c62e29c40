/** Randomness that a seed decides, so that every run can be had again. */

export interface Random {
  /** From 0 up to, and without, 1. */
  readonly next: () => number;
  /** A whole number from `least` to `most`, both of them possible. */
  readonly int: (least: number, most: number) => number;
  /** A number from `least` up to `most`. */
  readonly between: (least: number, most: number) => number;
  /** True with this probability. Takes nothing from the sequence where it is 0. */
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
  readonly shuffled: <T>(items: readonly T[]) => T[];
}

/** mulberry32: small, fast, and good enough to choose faults with. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a: makes another sequence out of the same seed for each name. */
function seedOf(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash;
}

/** The sequence of this seed and name: what one part of the world draws does not change what another one draws. */
export function randomOf(seed: number, name: string): Random {
  const next = mulberry32(seedOf(seed, name));
  const int = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    int,
    between: (least, most) => least + next() * (most - least),
    chance: (probability) => probability > 0 && next() < probability,
    pick: (items) => items[int(0, items.length - 1)]!,
    shuffled: (items) =>
      items
        .map((item) => [next(), item] as const)
        .toSorted(([left], [right]) => left - right)
        .map(([, item]) => item),
  };
}
