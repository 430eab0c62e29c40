/**
 * The mapping language as a tree: `node` of a mapping file with its operators recognised, its paths parsed and
 * its templates put in place. Every node remembers where in the file it stands.
 */
import { parsePath } from './path.ts';
import type { PathRef } from './path.ts';
import { pointerTo, suggestion } from './problem.ts';
import type { Problem } from './problem.ts';
import { converters } from './converters.ts';
import type { Converter } from './converter.ts';

export type Node = { readonly pointer: string } & (
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'path'; readonly ref: PathRef }
  /** null in the file: takes away what a template would have put there. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  /** `under`: an operator that gives an object; the keys beside it are laid over it. */
  | { readonly kind: 'object'; readonly keys: ReadonlyMap<string, Node>; readonly under?: Node }
  | {
      readonly kind: 'enum';
      readonly evaluate: Node;
      readonly values: ReadonlyMap<string, Node>;
      readonly other?: Node;
    }
  | { readonly kind: 'convert'; readonly evaluate: Node; readonly converter: Converter }
  | { readonly kind: 'first'; readonly nodes: readonly Node[] }
);

type ObjectNode = Extract<Node, { kind: 'object' }>;

/** What reading needs beside the text itself; problems are added to the list. */
export interface ReadContext {
  readonly templates: Readonly<Record<string, unknown>>;
  readonly problems: Problem[];
  /** Counts the nodes of a file; absent where a node is read alone. */
  readonly size?: { nodes: number };
}

const OPERATORS = ['enum', 'convert', 'first', 'template'] as const;
const DEPTH_MAX = 64;
/** With templates in place. A template that uses another twice, and so on, would double at each step. */
const NODES_MAX = 100_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasOwn = (record: object, key: string): boolean => Object.hasOwn(record, key);

/** Reads a node. What is wrong becomes a problem of the context and `nothing` in the tree. */
export function readNode(
  value: unknown,
  pointer: string,
  context: ReadContext,
  open: readonly string[] = [],
  depth = 0,
): Node {
  const fail = (message: string, at = pointer): Node => {
    context.problems.push({ severity: 'error', pointer: at, message });
    return { kind: 'nothing', pointer };
  };
  const read = (child: unknown, key: string | number): Node =>
    readNode(child, pointerTo(pointer, key), context, open, depth + 1);

  if (context.size !== undefined && ++context.size.nodes > NODES_MAX) {
    if (context.size.nodes > NODES_MAX + 1) return { kind: 'nothing', pointer }; // told already
    return fail(`is where the file passes ${NODES_MAX} nodes, its templates put in place`);
  }
  if (depth > DEPTH_MAX) return fail(`is nested more than ${DEPTH_MAX} deep`);
  if (value === null) return { kind: 'nothing', pointer };
  if (typeof value === 'string') {
    if (!value.startsWith('$')) return { kind: 'literal', value, pointer };
    try {
      return { kind: 'path', ref: parsePath(value), pointer };
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error));
    }
  }
  if (typeof value === 'number' || typeof value === 'boolean') return { kind: 'literal', value, pointer };
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item, i) => read(item, i)), pointer };
  if (!isRecord(value)) return fail('is no value that JSON knows');

  const operators = OPERATORS.filter((operator) => hasOwn(value, operator));
  const [operator, second] = operators;
  if (second !== undefined) return fail(`has two operators, "${operator}" and "${second}"`);
  const keys = new Map<string, Node>();
  for (const [key, child] of Object.entries(value)) if (key !== operator) keys.set(key, read(child, key));
  if (operator === undefined) return { kind: 'object', keys, pointer };

  const under = readOperator(
    operator,
    value[operator],
    pointerTo(pointer, operator),
    context,
    open,
    depth + 1,
  );
  if (keys.size === 0) return { ...under, pointer: operator === 'template' ? under.pointer : pointer };
  if (operator === 'enum') return fail('an "enum" stands alone; it has no keys beside it');
  if (under.kind === 'nothing') return { kind: 'object', keys, pointer };
  return lay(keys, under, pointer);
}

/** Keys over an object: what both have as objects is merged, else the key wins. */
function lay(keys: ReadonlyMap<string, Node>, under: Node, pointer: string): ObjectNode {
  if (under.kind !== 'object') return { kind: 'object', keys, under, pointer };
  const merged = new Map(under.keys);
  for (const [key, node] of keys) {
    const below = merged.get(key);
    const merges =
      node.kind === 'object' &&
      node.under === undefined &&
      (below?.kind === 'object' || below?.kind === 'convert');
    merged.set(key, merges ? lay(node.keys, below, node.pointer) : node);
  }
  return { ...under, keys: merged, pointer };
}

function readOperator(
  operator: (typeof OPERATORS)[number],
  value: unknown,
  pointer: string,
  context: ReadContext,
  open: readonly string[],
  depth: number,
): Node {
  const fail = (message: string, at = pointer): Node => {
    context.problems.push({ severity: 'error', pointer: at, message });
    return { kind: 'nothing', pointer };
  };
  const read = (child: unknown, at: string): Node => readNode(child, at, context, open, depth + 1);
  const known = (names: readonly string[]): void => {
    if (!isRecord(value)) return;
    for (const key of Object.keys(value)) {
      if (!names.includes(key))
        fail(`"${operator}" has no "${key}"${suggestion(key, names)}`, pointerTo(pointer, key));
    }
  };

  switch (operator) {
    case 'template': {
      const names = Object.keys(context.templates);
      if (typeof value !== 'string') return fail('"template" takes the name of a template');
      if (!hasOwn(context.templates, value)) return fail(`no template "${value}"${suggestion(value, names)}`);
      if (open.includes(value))
        return fail(`template "${value}" uses itself (${[...open, value].join(' ► ')})`);
      const at = pointerTo('/custom_source_events/templates', value);
      return readNode(context.templates[value], at, context, [...open, value], depth + 1);
    }
    case 'first':
      if (!Array.isArray(value) || value.length === 0) return fail('"first" takes a list of nodes');
      return { kind: 'first', nodes: value.map((item, i) => read(item, pointerTo(pointer, i))), pointer };
    case 'convert': {
      known(['evaluate', 'to']);
      if (!isRecord(value) || !hasOwn(value, 'evaluate')) return fail('"convert" takes { evaluate, to }');
      const name = value.to;
      const converter = typeof name === 'string' ? converters.get(name) : undefined;
      const evaluate = read(value.evaluate, pointerTo(pointer, 'evaluate'));
      if (converter === undefined) {
        const near = typeof name === 'string' ? suggestion(name, converters.keys()) : '';
        return fail(`no converter ${JSON.stringify(name ?? null)}${near}`, pointerTo(pointer, 'to'));
      }
      return { kind: 'convert', evaluate, converter, pointer };
    }
    case 'enum': {
      known(['evaluate', 'values', 'other']);
      const values = isRecord(value) ? value.values : undefined;
      if (!isRecord(value) || !hasOwn(value, 'evaluate') || !isRecord(values)) {
        return fail('"enum" takes { evaluate, values, other }');
      }
      const at = pointerTo(pointer, 'values');
      return {
        kind: 'enum',
        evaluate: read(value.evaluate, pointerTo(pointer, 'evaluate')),
        values: new Map(Object.entries(values).map(([key, node]) => [key, read(node, pointerTo(at, key))])),
        ...(hasOwn(value, 'other') && { other: read(value.other, pointerTo(pointer, 'other')) }),
        pointer,
      };
    }
  }
}
