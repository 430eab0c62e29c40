/**
 * `unmapped`: what the mapping puts there, and every field of the event that no leaf kept, under its own name.
 * One level of text by name, whatever shape the mapping writes.
 */
import { ENVELOPE_KEYS, isAbsent, newFields } from '../sysmon/event.ts';
import type { Fields } from '../sysmon/event.ts';
import type { CompileContext, Evaluate } from './compile-context.ts';
import { compileScalar } from './compile-scalar.ts';
import type { Node } from './node.ts';
import type { Scope, SourceTable } from './scope.ts';
import { textOf } from './text.ts';

/** How the join went for an event whose mapping reads `$.Process`. */
export type JoinOutcome = 'hit' | 'late' | 'miss';

/** Names that the pipeline itself gives; a field of the same name goes under its full path. */
const OWN_NAMES: readonly string[] = ['join', 'ambiguous'];

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
      pieces.set(name, compileScalar(child, undefined, `unmapped.${name}`, context).evaluate);
    }
  };
  if (node.kind === 'object') add(node, '');
  else fail(node, '"unmapped" is an object');
  return [...pieces];
}

/** The whole of `unmapped` for an event whose leaves have been evaluated; undefined where nothing is in it. */
export function unmappedOf(
  scope: Scope,
  pieces: readonly [string, Evaluate][],
  kept: SourceKeeper,
  join: JoinOutcome | undefined,
): Fields | undefined {
  const out = newFields();
  const put = (name: string, text: string): void => {
    out[name] = text;
  };
  for (const [name, evaluate] of pieces) {
    const text = textOf(evaluate(scope));
    if (text !== undefined) put(name, text);
  }
  const add = (room: Room, name: string, text: string): void => {
    let free = room === 'Process' ? `${room}.${name}` : name;
    while (free in out || OWN_NAMES.includes(free)) free = `${room}.${free}`;
    put(free, text);
  };
  const { event, process } = scope;
  const keeps = kept(scope);
  for (const name in event.Description) {
    const text = event.Description[name];
    if (!isAbsent(text) && !keeps('Description', name)) add('Description', name, text);
  }
  for (const name of ENVELOPE_KEYS) {
    const text = event[name];
    if (!isAbsent(text) && !keeps('envelope', name)) add('envelope', name, text);
  }
  for (const name in event.UserDefined) {
    const text = event.UserDefined[name];
    if (!isAbsent(text) && !keeps('UserDefined', name)) add('UserDefined', name, text);
  }
  for (const name in process) {
    const text = process[name];
    // What the event says itself, word for word (its User), is not told twice.
    if (isAbsent(text) || text === event.Description[name]) continue;
    if (keeps('Process', name) === false) add('Process', name, text);
  }
  if (event.ambiguous !== undefined) put('ambiguous', event.ambiguous.join(','));
  if (join !== undefined) put('join', join);
  for (const _ in out) return out;
  return undefined;
}

type Room = 'Description' | 'envelope' | 'UserDefined' | 'Process';

/** Tells of a field whether a leaf kept its text; undefined where no leaf of the entry reads it. */
type Keeps = (room: Room, name: string) => boolean | undefined;
export type SourceKeeper = (scope: Scope) => Keeps;

/** For the sources of one entry. EventId is never unmapped: it chose the entry. */
export function sourceKeeper(sources: SourceTable): SourceKeeper {
  const numbers: Record<Room, Record<string, number>> = {
    Description: Object.create(null) as Record<string, number>, // true: filled below with numbers alone
    envelope: Object.create(null) as Record<string, number>,
    UserDefined: Object.create(null) as Record<string, number>,
    Process: Object.create(null) as Record<string, number>,
  };
  sources.refs.forEach((ref, number) => {
    if (ref.kind !== 'EventId' && ref.kind !== 'jsonpath') numbers[ref.kind][ref.name] = number;
  });
  return ({ kept }) => {
    const flags = new Uint8Array(sources.refs.length);
    for (const number of kept) flags[number] = 1;
    return (room, name) => {
      const number = numbers[room][name];
      return number === undefined ? undefined : flags[number] === 1;
    };
  };
}
