/**
 * Which names values can have when some of the empty values of an event are missing (Windows Event Forwarding drops
 * them): each value has a name of the field list, in the list's order, and every name that is left out can be empty.
 */
import { isAbsent } from './event.ts';
import { canBe, isNeverEmpty, valueKind } from './field-value.ts';

/** So many values, or names, are no event of Sysmon's. */
const LENGTH_MAX = 64;

/** A path from a root, but no pipe's, or the name that a process without a file has, such as `System` and `<unknown process>`. */
const IMAGE = /^(?:[A-Za-z]:\\|\\(?:\\|\?\?\\|Device\\|SystemRoot\\)|\/)|^[^\\/]{1,64}$/i;
const ROOTED = /^(?:[A-Za-z]:[\\/]|\\|\/)/;
const PROTOCOL = /^[a-z][a-z\d-]{0,15}$/i;

/**
 * Stricter than the check of a value whose place is known: what tells neighbours apart. Each holds for every value that
 * Sysmon writes: where one did not, the values would be pressed under the names beside their own.
 */
const looksLike = (name: string, value: unknown): boolean => {
  if (!canBe(name, value)) return false;
  if (typeof value !== 'string') return true;
  const isImage = name === 'Image' || name.endsWith('Image');
  if (isAbsent(value)) return !isImage || value === '-';
  if (isImage) return IMAGE.test(value);
  if (name === 'Protocol') return PROTOCOL.test(value);
  if (name === 'CurrentDirectory') return ROOTED.test(value);
  if (name === 'QueryStatus') return /^\d+$/.test(value);
  return true;
};

type Table = readonly Uint8Array[];

const newTable = (rows: number, columns: number): Uint8Array[] =>
  Array.from({ length: rows }, () => new Uint8Array(columns));

/** For each value, the names of one list that it has in some alignment; undefined where there is no alignment. */
const possibleNames = (
  names: readonly string[],
  values: readonly unknown[],
): readonly (readonly string[])[] | undefined => {
  const [n, v] = [names.length, values.length];
  const can: Table = values.map((value) =>
    Uint8Array.from(names, (name) => (looksLike(name, value) ? 1 : 0)),
  );
  // Sysmon names every process: one that it does not know is `<unknown process>`.
  const canDrop = names.map((name) => name !== 'Image' && !isNeverEmpty(valueKind(name)));
  /** before[i][j]: the first i values can stand under the first j names; after: those from i under those from j. */
  const before = newTable(v + 1, n + 1);
  const after = newTable(v + 1, n + 1);
  const at = (table: Table, row: number, column: number): boolean => table[row]?.[column] === 1;
  const set = (table: Uint8Array[], row: number, column: number, is: boolean): void => {
    const cells = table[row];
    if (is && cells !== undefined) cells[column] = 1;
  };
  for (let i = 0; i <= v; i++) {
    for (let j = 0; j <= n; j++) {
      const dropped = j > 0 && canDrop[j - 1] === true && at(before, i, j - 1);
      const taken = i > 0 && j > 0 && at(can, i - 1, j - 1) && at(before, i - 1, j - 1);
      set(before, i, j, (i === 0 && j === 0) || dropped || taken);
    }
  }
  if (!at(before, v, n)) return undefined;
  for (let i = v; i >= 0; i--) {
    for (let j = n; j >= 0; j--) {
      const dropped = j < n && canDrop[j] === true && at(after, i, j + 1);
      const taken = i < v && j < n && at(can, i, j) && at(after, i + 1, j + 1);
      set(after, i, j, (i === v && j === n) || dropped || taken);
    }
  }
  return values.map((_, i) =>
    names.filter((_name, j) => at(before, i, j) && at(can, i, j) && at(after, i + 1, j + 1)),
  );
};

/**
 * The name of each value, in order; undefined for a value that can have several. Linear in values × names.
 * @param lists field lists that the event may have; all that are as long as the values, or longer, are tried.
 * @returns undefined where the values fit none of them.
 */
export const alignValues = (
  lists: readonly (readonly string[])[],
  values: readonly unknown[],
): readonly (string | undefined)[] | undefined => {
  if (values.length === 0 || values.length > LENGTH_MAX) return undefined;
  const possible = values.map(() => new Set<string>());
  let isFitting = false;
  for (const names of lists) {
    if (names.length < values.length) continue;
    const found = possibleNames(names, values);
    if (found === undefined) continue;
    isFitting = true;
    for (const [at, some] of found.entries()) for (const name of some) possible[at]?.add(name);
  }
  if (!isFitting) return undefined;
  const only = possible.map((names) => (names.size === 1 ? [...names][0] : undefined));
  // Two lists in another order can give one name to two values: then neither has it.
  return only.map((name, at) =>
    only.indexOf(name) === at && only.lastIndexOf(name) === at ? name : undefined,
  );
};
