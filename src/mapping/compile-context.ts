/** What the compiler carries along, and what it gives for each node. */
import type { ColumnType, OcsfValue } from '../ocsf/column.ts';
import type { OcsfSchema } from '../ocsf/schema.ts';
import type { Node } from './node.ts';
import { formatPath } from './path.ts';
import type { Problem } from './problem.ts';
import type { Scope, SourceTable } from './scope.ts';
import type { TextSource } from './text.ts';

export type Evaluate = (scope: Scope) => OcsfValue | undefined;

export interface Compiled {
  readonly evaluate: Evaluate;
  /** Undefined for a node that never gives anything. */
  readonly type: ColumnType | undefined;
}

/** For people: which field, by which converter, becomes which attribute. */
export interface Leaf {
  /** Dotted path of the attribute. */
  readonly attribute: string;
  /** Paths that the leaf reads; empty for a literal. */
  readonly reads: readonly string[];
  readonly converter?: string;
  readonly pointer: string;
}

export interface CompileContext {
  readonly schema: OcsfSchema;
  readonly sources: SourceTable;
  /** The mapping's own time format. */
  readonly parseTime: (text: string) => number | undefined;
  /** Compiles a node whose place wants text. */
  readonly text: (node: Node) => TextSource;
  readonly leaves: Leaf[];
  readonly problems: Problem[];
}

export const NOTHING: Compiled = { evaluate: () => undefined, type: undefined };

export function warn(context: CompileContext, { pointer }: Node, message: string): void {
  context.problems.push({ severity: 'warning', pointer, message });
}

export function fail(context: CompileContext, { pointer }: Node, message: string): void {
  context.problems.push({ severity: 'error', pointer, message });
}

export function addLeaf(context: CompileContext, attribute: string, node: Node, converter?: string): void {
  context.leaves.push({
    attribute,
    reads: [...new Set(pathsOf(node))],
    ...(converter !== undefined && { converter }),
    pointer: node.pointer,
  });
}

/** Every path that a node reads. */
export function pathsOf(node: Node): string[] {
  switch (node.kind) {
    case 'path':
      return [formatPath(node.ref)];
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
