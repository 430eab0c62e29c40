/**
 * `unmapped`: what the mapping puts there, and every field of the event that no leaf kept, under its own name.
 * One level of text by name, whatever shape the mapping writes.
 */
import type { MapPairs, Place } from '../ocsf/row.ts';
import { ENVELOPE_KEYS, isAbsent } from '../sysmon/event.ts';
import { compileValue } from './compile-context.ts';
import type { CompileContext, Compiled, Evaluate } from './compile-context.ts';
import { compileScalar } from './compile-scalar.ts';
import type { Node } from './node.ts';
import type { Scope, SourceTable } from './scope.ts';
import { textOf } from './text.ts';

/** How the join went for an event whose mapping reads `$.Process`. */
export type JoinOutcome = 'hit' | 'late' | 'miss';

/** Names that the pipeline itself gives; a field of the same name goes under its full path. */
const OWN_NAMES: readonly string[] = ['join', 'ambiguous', 'time_source'];

/** The pieces that a mapping puts into `unmapped`: nested keys joined with a dot. */
export function compileUnmapped(
  node: Node | undefined,
  context: CompileContext,
): readonly [string, Evaluate][] {
  if (node === undefined || node.kind === 'nothing') return [];
  const pieces = new Map<string, Evaluate>();
  const fail = ({ pointer }: Node, message: string): unknown =>
    context.problems.push({ severity: 'error', pointer, message });
  const add = (child: Node, name: string): void => {
    if (child.kind === 'object') {
      if (child.under) fail(child.under, 'has no keys beside it in "unmapped", which holds text alone');
      for (const [key, inner] of child.keys) add(inner, name === '' ? key : `${name}.${key}`);
    } else if (child.kind === 'list') {
      child.items.forEach((inner, i) => add(inner, `${name}.${i}`));
    } else if (child.kind !== 'nothing') {
      if (pieces.has(name)) fail(child, `"unmapped" has ${name} already`);
      if (OWN_NAMES.includes(name)) fail(child, `"unmapped" has ${name} from the pipeline`);
      const path = `unmapped.${name}`;
      const compile = (place: Place, own: CompileContext): Compiled =>
        compileScalar(child, undefined, path, place, own);
      pieces.set(name, compileValue(path, context, compile).evaluate);
    }
  };
  if (node.kind === 'object') add(node, '');
  else fail(node, '"unmapped" is an object');
  return [...pieces];
}

/** So many names are looked through faster than they are hashed; a sender may put 100,000 into one event. */
const SCANNED_NAMES_MAX = 64;

/**
 * A name that UTF-8 can hold. Parquet would write U+FFFD for every unpaired surrogate, and two names of a map would
 * be one; as JSON escapes them, names that differ stay apart.
 */
const wellFormed = (name: string): string => (name.isWellFormed() ? name : JSON.stringify(name).slice(1, -1));

/** The whole of `unmapped` for an event whose leaves have been evaluated; undefined where nothing is in it. */
export function unmappedOf(
  scope: Scope,
  pieces: readonly [string, Evaluate][],
  sources: SourceKeeper,
  join: JoinOutcome | undefined,
): MapPairs | undefined {
  const out: string[] = [];
  let names: Set<string> | undefined;
  const isTaken = (name: string): boolean => {
    if (names === undefined && out.length > 2 * SCANNED_NAMES_MAX) {
      names = new Set(out.filter((_, i) => i % 2 === 0));
    }
    if (names !== undefined) return names.has(name) || OWN_NAMES.includes(name);
    for (let i = 0; i < out.length; i += 2) if (out[i] === name) return true;
    return OWN_NAMES.includes(name);
  };
  for (const [name, evaluate] of pieces) {
    const text = textOf(evaluate(scope));
    if (text !== undefined) out.push(name, text);
  }
  const add = (room: Room, name: string, text: string): void => {
    let free = wellFormed(room === 'Process' ? `${room}.${name}` : name);
    while (isTaken(free)) free = `${room}.${free}`;
    out.push(free, text);
    names?.add(free);
  };
  const { event, process } = scope;
  sources.take(scope.kept);
  for (const name in event.Description) {
    const text = event.Description[name];
    if (!isAbsent(text) && !sources.keeps('Description', name)) add('Description', name, text);
  }
  for (const name of ENVELOPE_KEYS) {
    const text = event[name];
    if (!isAbsent(text) && !sources.keeps('envelope', name)) add('envelope', name, text);
  }
  for (const name in event.UserDefined) {
    const text = event.UserDefined[name];
    if (!isAbsent(text) && !sources.keeps('UserDefined', name)) add('UserDefined', name, text);
  }
  for (const name in process) {
    const text = process[name];
    // What the event says itself, word for word (its User), is not told twice.
    if (isAbsent(text) || text === event.Description[name]) continue;
    if (sources.keeps('Process', name) === false) add('Process', name, text);
  }
  if (scope.timeSource === 'TimeCreated') out.push('time_source', scope.timeSource);
  if (event.ambiguous !== undefined) out.push('ambiguous', event.ambiguous.join(','));
  if (join !== undefined) out.push('join', join);
  return out.length > 0 ? out : undefined;
}

type Room = 'Description' | 'envelope' | 'UserDefined' | 'Process';

/** The sources of one entry, for one event after the other. */
export interface SourceKeeper {
  /** Begins an event, of which a leaf has kept the sources of these numbers. */
  readonly take: (kept: readonly number[]) => void;
  /** Whether a leaf kept the text of a field; undefined where no leaf of the entry reads it. */
  readonly keeps: (room: Room, name: string) => boolean | undefined;
}

/** For the sources of one entry. EventId is never unmapped: it chose the entry. */
export function sourceKeeper(sources: SourceTable): SourceKeeper {
  const numbers: Readonly<Record<Room, Map<string, number>>> = {
    Description: new Map(),
    envelope: new Map(),
    UserDefined: new Map(),
    Process: new Map(),
  };
  sources.refs.forEach((ref, number) => {
    if ('name' in ref) numbers[ref.kind].set(ref.name, number);
  });
  const flags = new Uint8Array(sources.refs.length);
  return {
    take: (kept) => {
      flags.fill(0);
      for (const number of kept) flags[number] = 1;
    },
    keeps: (room, name) => {
      const number = numbers[room].get(name);
      return number === undefined ? undefined : flags[number] === 1;
    },
  };
}
