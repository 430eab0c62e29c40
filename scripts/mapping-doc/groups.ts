/** Rows that many events have: told once, under a name. */
import type { CompiledEntry, CompiledMapping } from '../../src/mapping/compile.ts';
import { rowKey, rowsOf } from './rows.ts';
import type { Row } from './rows.ts';

export interface MappingWithName {
  /** File name. */
  readonly name: string;
  readonly mapping: CompiledMapping;
}

export interface EntryOfFile {
  readonly entry: CompiledEntry;
  readonly file: string;
  readonly mapping: CompiledMapping;
  readonly rows: readonly Row[];
}

export interface Group {
  /** The top attribute that all of its rows belong to. */
  readonly root: string;
  readonly rows: readonly Row[];
  readonly eventIds: readonly number[];
}

/** The part of all entries that must have a row for the page to tell it of every event. */
export const COMMON_SHARE_MIN = 0.75;

/** Shorter ones are not worth looking up elsewhere. */
const GROUP_ROWS_MIN = 4;

export const entriesOf = (files: readonly MappingWithName[]): EntryOfFile[] =>
  files.flatMap(({ name, mapping }) =>
    mapping.entries.map((entry) => ({ entry, mapping, file: name, rows: rowsOf(entry) })),
  );

export const rootOf = ({ attribute }: Row): string => attribute.split('.', 1)[0] ?? attribute;

/** The rows that nearly all entries have; with every requirement that their classes state. */
export function commonRows(entries: readonly EntryOfFile[]): Row[] {
  const all = Map.groupBy(
    entries.flatMap(({ rows }) => rows),
    rowKey,
  );
  return [...all.values()]
    .filter((same) => same.length >= entries.length * COMMON_SHARE_MIN)
    .flatMap((same) => {
      const requirements = ['required', 'recommended', 'optional'].filter((requirement) =>
        same.some((row) => row.requirement === requirement),
      );
      return same.slice(0, 1).map((row) => ({ ...row, requirement: requirements.join(' or ') }));
    });
}

/** All rows of one object that stand together, the same, in two events or more. */
export function groupsOf(entries: readonly EntryOfFile[], common: ReadonlySet<string>): Group[] {
  const found = new Map<string, { root: string; rows: readonly Row[]; eventIds: Set<number> }>();
  for (const { entry, rows } of entries) {
    const own = Map.groupBy(
      rows.filter((row) => !common.has(rowKey(row))),
      rootOf,
    );
    for (const [root, inRoot] of own) {
      const key = groupKey(inRoot);
      const known = found.get(key) ?? { root, rows: inRoot, eventIds: new Set() };
      known.eventIds.add(Number(entry.key));
      found.set(key, known);
    }
  }
  return [...found.values()]
    .filter(({ rows, eventIds }) => eventIds.size > 1 && rows.length >= GROUP_ROWS_MIN)
    .map(({ root, rows, eventIds }) => ({ root, rows, eventIds: [...eventIds].sort((a, b) => a - b) }))
    .sort((a, b) => (a.eventIds[0] ?? 0) - (b.eventIds[0] ?? 0));
}

export const groupKey = (rows: readonly Row[]): string => rows.map(rowKey).join('\n');
