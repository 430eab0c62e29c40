/**
 * Records broken in every way that validation has a rule for.
 */

import type { JsonObject } from './example-records.ts';

export type Path = readonly (string | number)[];

/** Each gives what to put in a value's place; ABSENT takes it away. */
const ABSENT = Symbol('absent');

export const MUTATORS: readonly Mutator[] = [
  () => ABSENT,
  () => null,
  () => 'not / a thing!',
  () => 123_456,
  () => -1.5,
  () => true,
  () => [],
  () => ({}),
  (value) => [value],
  (value) => [null, value, [value]],
  (value) => ({ nested: value }),
  (value) => (typeof value === 'string' ? `${value}\n` : String(value)),
  (value) => (typeof value === 'string' ? ` ${value}\u00e9` : 99),
  (value) => (typeof value === 'string' ? '\u{1f600}'.repeat(64) : 2 ** 63),
  (value) => (typeof value === 'string' ? '\u{1f600}'.repeat(65) : -1),
  (value) => (typeof value === 'number' ? value + 1 : ''),
  (value) => (typeof value === 'object' && value !== null ? { ...value, surprise: 1 } : { any: null }),
];

function isContainer(value: unknown): value is JsonObject | unknown[] {
  return typeof value === 'object' && value !== null;
}

/** The paths of everything in a record, containers before what they hold. */
export function pathsOf(value: unknown, path: Path = []): Path[] {
  if (!isContainer(value)) return [];
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  return [...keys].flatMap((key) => {
    const below = [...path, key];
    return [below, ...pathsOf(valueAt(value, [key]), below)];
  });
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (isContainer(at) ? (at as JsonObject)[key] : undefined), value);
}

type Mutator = (value: unknown) => unknown;

/** The record with one value replaced. */
export function mutate(record: JsonObject, path: Path, mutator: Mutator): JsonObject {
  const mutant = structuredClone(record);
  replaceAt(mutant, path, mutator);
  return mutant;
}

/** The record with every scalar in it replaced, each by a mutator of its own: `shift` chooses which goes where. */
export function mutateEverywhere(record: JsonObject, shift: number): JsonObject {
  const mutant = structuredClone(record);
  for (const [index, path] of pathsOf(record).entries()) {
    // Without its class_uid and its profiles the record would not be looked into.
    if (path[0] === 'class_uid' || path[1] === 'profiles' || isContainer(valueAt(record, path))) continue;
    replaceAt(mutant, path, MUTATORS[(index + shift) % MUTATORS.length]!);
  }
  return mutant;
}

function replaceAt(record: JsonObject, path: Path, mutator: Mutator): void {
  const parent = valueAt(record, path.slice(0, -1)) as JsonObject;
  const key = path.at(-1)!;
  const value = mutator(parent[key]);
  if (value !== ABSENT) parent[key] = value;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else Reflect.deleteProperty(parent, key);
}
