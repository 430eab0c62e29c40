/** Random numbers that a seed decides, so that every run of the benchmark sees the same events. */

export interface Random {
  /** From 0 up to, but not, 1. */
  readonly next: () => number;
  /** A whole number from 0 up to, but not, `below`. */
  readonly below: (below: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  /** So many hexadecimal digits. */
  readonly hex: (digits: number) => string;
}

/** mulberry32: 32 bits of state, good enough to choose examples with. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (from) => {
      const one = from[below(from.length)];
      if (one === undefined) throw new RangeError('nothing to pick from');
      return one;
    },
    hex: (count) => Array.from({ length: count }, () => below(16).toString(16)).join(''),
  };
}
