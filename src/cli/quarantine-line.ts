/** One line that says which records could not be read or mapped, and where they are. */
import type { Counts } from '../counts.ts';

/** So many reasons are named, and so many appearances of each. */
const [REASONS_MAX, APPEARANCES_MAX] = [3, 2];

const number = (n: number): string => n.toLocaleString('en-US');

const byCount = (tally: Readonly<Record<string, number>>): readonly (readonly [string, number])[] =>
  Object.entries(tally).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));

/** `10 not_sysmon (these look like Windows Security events)`. */
function reasonWords(reason: string, n: number, appearances: Readonly<Record<string, number>>): string {
  const all = byCount(appearances).filter(([key]) => key.startsWith(`${reason} `));
  const named = all.slice(0, APPEARANCES_MAX).map(([key]) => key.slice(reason.length + 1));
  const what = `${number(n)} ${reason}`;
  if (named.length === 0) return what;
  const others = all.length > APPEARANCES_MAX ? ', …' : '';
  return `${what} (these look like ${named.join(', ')}${others})`;
}

/**
 * How many records are in quarantine, why, what they look like, and where they are; undefined where none are.
 * @param where what to do or to read next, such as `see lake/quarantine`.
 * @param isKept false for a command that writes no quarantine.
 */
export function quarantineLine(
  counts: Pick<Counts, 'received' | 'quarantined' | 'byReason' | 'byAppearance'>,
  where: string,
  isKept = true,
): string | undefined {
  const { received, quarantined, byReason, byAppearance } = counts;
  if (quarantined === 0) return undefined;
  const are = quarantined === 1 ? 'is' : 'are';
  const records = `${number(quarantined)} of ${number(received)} record${received === 1 ? '' : 's'}`;
  const sorted = byCount(byReason);
  const reasons = sorted.slice(0, REASONS_MAX).map(([reason, n]) => reasonWords(reason, n, byAppearance));
  const others = sorted.length > REASONS_MAX ? ', …' : '';
  return `${records} ${isKept ? `${are} in quarantine` : 'would go to quarantine'}: ${reasons.join(', ')}${others}; ${where}`;
}
