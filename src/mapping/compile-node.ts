/**
 * Compiles a node into a function from an event to the value of one attribute, and into the type of its column.
 * Types come from OCSF: from the attribute at which the node stands.
 */
import type { ColumnType, OcsfRecord, OcsfValue } from '../ocsf/column.ts';
import type { OcsfAttribute, OcsfObject } from '../ocsf/schema.ts';
import { NOTHING, addLeaf, fail, warn } from './compile-context.ts';
import type { CompileContext, Compiled, Evaluate } from './compile-context.ts';
import { compileObject } from './compile-object.ts';
import { compileConvert, compilePath, compileScalar } from './compile-scalar.ts';
import type { Node } from './node.ts';
import { unifyTypes } from './unify.ts';

/** Compiles a node at an attribute; `attribute` is undefined where OCSF has none of that name. */
export function compileAttribute(
  node: Node,
  attribute: OcsfAttribute | undefined,
  path: string,
  context: CompileContext,
): Compiled {
  if (node.kind === 'nothing') return NOTHING;
  if (attribute?.isArray) return compileList(node, attribute, path, context);
  if (attribute?.type === 'json_t') return compileJson(node, path, context);
  if (attribute?.type === 'object_t') {
    const object = context.schema.objects[attribute.object ?? ''];
    const open = object === undefined || Object.keys(object.attributes).length === 0;
    if (open) return compileJson(node, path, context);
    return compileObjectNode(node, object, attribute.requirement === 'required', path, context);
  }
  if (node.kind !== 'object' && node.kind !== 'list') return compileScalar(node, attribute, path, context);
  if (attribute !== undefined) {
    warn(context, node, `OCSF wants ${attribute.type} at ${path}; the ${node.kind} is kept as it is`);
  }
  return node.kind === 'object'
    ? compileObject(node, undefined, true, path, context)
    : compileList(node, undefined, path, context);
}

/** A list: every item that is present. Where OCSF wants a list, a single value becomes a list of one. */
function compileList(
  node: Node,
  attribute: OcsfAttribute | undefined,
  path: string,
  context: CompileContext,
): Compiled {
  const element = attribute && withoutArray(attribute);
  if (node.kind === 'literal' || node.kind === 'path' || node.kind === 'object') {
    warn(context, node, `OCSF wants a list at ${path}; the value is taken as a list of one`);
  }
  const items = (node.kind === 'list' ? node.items : [node]).map((item) =>
    item.kind === 'path' && item.ref.kind === 'jsonpath' && element?.type !== 'object_t'
      ? compilePath(item, element, path, context, true)
      : compileAttribute(item, element, path, context),
  );
  let type: ColumnType | undefined;
  for (const item of items) {
    const one = item.type?.kind === 'list' ? item.type.element : item.type;
    type = bothTypes(type, one, node, path, context);
  }
  if (type === undefined) return NOTHING;
  const evaluates = items.map((item) => item.evaluate);
  return {
    evaluate: (scope) => present(evaluates.map((evaluate) => evaluate(scope))),
    type: { kind: 'list', element: type },
  };
}

function withoutArray(attribute: OcsfAttribute): OcsfAttribute {
  const { isArray, ...element } = attribute;
  return isArray === undefined ? attribute : element;
}

/** The values that are there, lists among them taken apart; nothing where there are none. */
function present(values: readonly (OcsfValue | undefined)[]): OcsfValue[] | undefined {
  const some: OcsfValue[] = [];
  for (const value of values) {
    if (isList(value)) some.push(...value);
    else if (value !== undefined) some.push(value);
  }
  return some.length > 0 ? some : undefined;
}

const isList = (value: OcsfValue | undefined): value is readonly OcsfValue[] => Array.isArray(value);

function bothTypes(
  a: ColumnType | undefined,
  b: ColumnType | undefined,
  node: Node,
  path: string,
  context: CompileContext,
): ColumnType | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const both = unifyTypes(a, b);
  if (both === undefined)
    fail(context, node, `gives ${a.kind} and ${b.kind} at ${path}; a column has one type`);
  return both;
}

/** A place that OCSF leaves open: any shape, kept as JSON. */
function compileJson(node: Node, path: string, context: CompileContext): Compiled {
  const type: ColumnType = { kind: 'json' };
  if (node.kind === 'list') {
    const items = node.items.map((item) => compileJson(item, path, context).evaluate);
    return { evaluate: (scope) => present(items.map((item) => item(scope))), type };
  }
  if (node.kind !== 'object' || node.under !== undefined) {
    const { evaluate } = compileScalar(node, { type: 'json_t', requirement: 'optional' }, path, context);
    return { evaluate, type };
  }
  const keys = Array.from(
    node.keys,
    ([key, child]) => [key, compileJson(child, `${path}.${key}`, context).evaluate] as const,
  );
  const evaluate: Evaluate = (scope) => {
    const out: OcsfRecord = {};
    for (const [key, child] of keys) {
      const value = child(scope);
      if (value !== undefined) out[key] = value;
    }
    return Object.keys(out).length > 0 ? out : undefined;
  };
  return { evaluate, type };
}

/** A place for an OCSF object. */
function compileObjectNode(
  node: Node,
  item: OcsfObject,
  required: boolean,
  path: string,
  context: CompileContext,
): Compiled {
  const inner = (child: Node): Compiled => compileObjectNode(child, item, required, path, context);
  switch (node.kind) {
    case 'nothing':
      return NOTHING;
    case 'object':
      return compileObject(node, item, required, path, context);
    case 'first':
      return compileFirst(node, path, context, inner);
    case 'enum':
      addLeaf(context, path, node.evaluate);
      return compileEnum(node, path, context, inner);
    case 'convert': {
      const { output, name } = node.converter;
      if (!('object' in output)) break;
      if (output.object !== item.name) {
        warn(context, node, `OCSF wants ${item.name} at ${path}, which converter ${name} does not give`);
      }
      return compileConvert(node, undefined, path, context);
    }
    default:
  }
  warn(context, node, `OCSF wants an object (${item.name}) at ${path}; the value is kept as text`);
  return compileScalar(node, undefined, path, context);
}

/** The first of the nodes that is present. */
export function compileFirst(
  node: Extract<Node, { kind: 'first' }>,
  path: string,
  context: CompileContext,
  compile: (node: Node) => Compiled,
): Compiled {
  const choices = node.nodes.map(compile);
  const type = choices.reduce<ColumnType | undefined>(
    (known, choice) => bothTypes(known, choice.type, node, path, context),
    undefined,
  );
  const evaluate: Evaluate = (scope) => {
    for (const choice of choices) {
      const value = choice.evaluate(scope);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return { evaluate, type };
}

/** The node that stands beside the text of `evaluate`; `""` stands beside an absent one. */
export function compileEnum(
  node: Extract<Node, { kind: 'enum' }>,
  path: string,
  context: CompileContext,
  compile: (node: Node) => Compiled,
): Compiled {
  const source = context.text(node.evaluate);
  let type: ColumnType | undefined;
  const choice = (child: Node): Evaluate => {
    const compiled = compile(child);
    type = bothTypes(type, compiled.type, node, path, context);
    return compiled.evaluate;
  };
  const values = new Map(
    Array.from(node.values, ([key, child]) => [
      key,
      { choose: choice(child), tells: tellsItsKey(child, node) },
    ]),
  );
  const other = node.other && choice(node.other);
  const evaluate: Evaluate = (scope) => {
    const text = source(scope);
    const chosen = values.get(text ?? '');
    if (chosen === undefined) return other?.(scope);
    if (chosen.tells && text !== undefined && scope.source >= 0) scope.kept.push(scope.source);
    return chosen.choose(scope);
  };
  return { evaluate, type };
}

/** Whether the text of an enum can be told from this value: a literal that stands beside one key alone. */
function tellsItsKey(child: Node, { values, other }: Extract<Node, { kind: 'enum' }>): boolean {
  if (child.kind !== 'literal') return false;
  const all = [...values.values(), ...(other ? [other] : [])];
  return all.every((node) => node === child || (node.kind === 'literal' && node.value !== child.value));
}
