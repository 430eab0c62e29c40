/** One line that says what could not be read or mapped. */
import type { Counts } from '../counts.ts';
import { plural } from './printable.ts';

/** So many reasons, and so many appearances, are named. */
const NAMED_MAX = 3;

const top = (tally: Readonly<Record<string, number>>, word: (name: string, n: number) => string): string => {
  const sorted = Object.entries(tally).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const named = sorted.slice(0, NAMED_MAX).map(([name, n]) => word(name, n));
  return named.join(', ') + (sorted.length > NAMED_MAX ? ', …' : '');
};

/**
 * How many records are in quarantine, why, what they look like, and where they are; undefined where none are.
 * @param where what the user can do or read: the folder of the quarantine, say.
 */
export function quarantineLine(
  {
    received,
    quarantined,
    byReason,
    byAppearance,
  }: Pick<Counts, 'received' | 'quarantined' | 'byReason' | 'byAppearance'>,
  where: string,
): string | undefined {
  if (quarantined === 0) return undefined;
  const reasons = top(byReason, (reason, n) => `${n} ${reason}`);
  const looks = top(byAppearance, (appearance) => appearance);
  return [
    `${quarantined} of ${plural(received, 'record')} could not be read or mapped (${reasons})`,
    ...(looks === '' ? [] : [`these look like: ${looks}`]),
    where,
  ].join('; ');
}
