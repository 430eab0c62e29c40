/** What the compiler carries along, and what it gives for each node. */
import type { ColumnType, OcsfValue } from '../ocsf/column.ts';
import { newPlaces, recordReader } from '../ocsf/row.ts';
import type { Place, Places, Row } from '../ocsf/row.ts';
import type { OcsfSchema } from '../ocsf/schema.ts';
import type { Node } from './node.ts';
import { formatPath } from './path.ts';
import type { PathRef } from './path.ts';
import type { Problem } from './problem.ts';
import type { Scope, SourceTable } from './scope.ts';
import type { TextSource } from './text.ts';

/** Puts the value of an attribute into a row, at the attribute's place. Gives whether there was one. */
export type Fill = (row: Row, scope: Scope) => boolean;

export type Evaluate = (scope: Scope) => OcsfValue | undefined;

export interface Compiled {
  readonly fill: Fill;
  /** Undefined for a node that never gives anything. */
  readonly type: ColumnType | undefined;
  /** The value alone, where it is no object. */
  readonly evaluate?: Evaluate;
  /** Set where every event has the same value. */
  readonly constant?: OcsfValue;
}

/** For people: which field, by which converter, becomes which attribute. */
export interface Leaf {
  /** Dotted path of the attribute. */
  readonly attribute: string;
  /** What the leaf reads, each place once; empty for a literal. */
  readonly reads: readonly PathRef[];
  readonly converter?: string;
  readonly pointer: string;
}

export interface CompileContext {
  readonly schema: OcsfSchema;
  /** Of the attributes of the class, or of the objects of a list. */
  readonly places: Places;
  readonly sources: SourceTable;
  /** The mapping's own time format. */
  readonly parseTime: (text: string) => number | undefined;
  /** What every row of the entry begins with. Undefined where a value depends on the event, whatever it is. */
  readonly constants: Map<Place, OcsfValue> | undefined;
  /** Compiles a node whose place wants text. */
  readonly text: (node: Node) => TextSource;
  readonly leaves: Leaf[];
  readonly problems: Problem[];
}

export const NOTHING: Compiled = { fill: () => false, evaluate: () => undefined, type: undefined };

/** Fills one slot with the value that there is. */
export const inSlot = (place: Readonly<Place>, evaluate: Evaluate, type: ColumnType): Compiled => ({
  fill: (row, scope) => {
    const value = evaluate(scope);
    if (value === undefined) return false;
    row[place.start] = value;
    return true;
  },
  evaluate,
  type,
});

/**
 * A value for itself, as a record has it: an item of a list, a part of a JSON text, a piece of `unmapped`. It is
 * compiled for a row of its own.
 */
export function compileValue(
  path: string,
  context: CompileContext,
  compile: (place: Place, context: CompileContext) => Compiled,
): { readonly evaluate: Evaluate; readonly type: ColumnType | undefined } {
  const places = newPlaces();
  const place = { start: 0, end: 1 };
  const { fill, evaluate: alone, type } = compile(place, { ...context, places, constants: undefined });
  if (alone !== undefined) return { evaluate: alone, type };
  const fields = type?.kind === 'struct' ? type.fields : undefined;
  if (fields) place.end = places.link(fields, `${path}.`);
  const row: Row = Array<undefined>(place.end).fill(undefined);
  const read = fields ? recordReader(fields, places, `${path}.`) : (): OcsfValue | undefined => row[0];
  const evaluate: Evaluate = (scope) => {
    row.fill(undefined);
    return fill(row, scope) ? read(row) : undefined;
  };
  return { evaluate, type };
}

export function warn(context: CompileContext, { pointer }: Node, message: string): void {
  context.problems.push({ severity: 'warning', pointer, message });
}

export function fail(context: CompileContext, { pointer }: Node, message: string): void {
  context.problems.push({ severity: 'error', pointer, message });
}

export function addLeaf(context: CompileContext, attribute: string, node: Node, converter?: string): void {
  context.leaves.push({
    attribute,
    reads: [...new Map(pathsOf(node).map((ref) => [formatPath(ref), ref])).values()],
    ...(converter !== undefined && { converter }),
    pointer: node.pointer,
  });
}

/** Every path that a node reads. */
export function pathsOf(node: Node): PathRef[] {
  switch (node.kind) {
    case 'path':
      return [node.ref];
    case 'list':
      return node.items.flatMap(pathsOf);
    case 'first':
      return node.nodes.flatMap(pathsOf);
    case 'convert':
      return pathsOf(node.evaluate);
    case 'enum':
      return [node.evaluate, ...node.values.values(), ...(node.other ? [node.other] : [])].flatMap(pathsOf);
    case 'object':
      return [...(node.under ? [node.under] : []), ...node.keys.values()].flatMap(pathsOf);
    default:
      return [];
  }
}
