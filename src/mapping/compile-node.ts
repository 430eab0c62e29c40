/**
 * Compiles a node into a function from an event to the value of one attribute, and into the type of its column.
 * Types come from OCSF: from the attribute at which the node stands.
 */
import type { ColumnType, OcsfRecord, OcsfValue } from '../ocsf/column.ts';
import type { Place } from '../ocsf/row.ts';
import type { OcsfAttribute, OcsfObject } from '../ocsf/schema.ts';
import { NOTHING, addLeaf, fail, compileValue, inSlot, warn } from './compile-context.ts';
import type { CompileContext, Compiled, Evaluate, Fill } from './compile-context.ts';
import { compileObject } from './compile-object.ts';
import { compileConvert, compilePath, compileScalar } from './compile-scalar.ts';
import type { Node } from './node.ts';
import type { Scope } from './scope.ts';
import { unifyTypes } from './unify.ts';

/** Compiles a node at an attribute; `attribute` is undefined where OCSF has none of that name. */
export function compileAttribute(
  node: Node,
  attribute: OcsfAttribute | undefined,
  path: string,
  place: Place,
  context: CompileContext,
): Compiled {
  if (node.kind === 'nothing') return NOTHING;
  if (attribute?.isArray) return compileList(node, attribute, path, place, context);
  if (attribute?.type === 'json_t') return compileJson(node, path, place, context);
  if (attribute?.type === 'object_t') {
    const object = context.schema.objects[attribute.object ?? ''];
    const open = object === undefined || Object.keys(object.attributes).length === 0;
    if (open) return compileJson(node, path, place, context);
    return compileObjectNode(node, object, attribute.requirement === 'required', path, place, context);
  }
  if (node.kind !== 'object' && node.kind !== 'list')
    return compileScalar(node, attribute, path, place, context);
  if (attribute !== undefined) {
    warn(context, node, `OCSF wants ${attribute.type} at ${path}; the ${node.kind} is kept as it is`);
  }
  return node.kind === 'object'
    ? compileObject(node, undefined, true, path, place, context)
    : compileList(node, undefined, path, place, context);
}

/** A list: every item that is present. Where OCSF wants a list, a single value becomes a list of one. */
function compileList(
  node: Node,
  attribute: OcsfAttribute | undefined,
  path: string,
  place: Place,
  context: CompileContext,
): Compiled {
  const element = attribute && withoutArray(attribute);
  if (node.kind === 'literal' || node.kind === 'path' || node.kind === 'object') {
    warn(context, node, `OCSF wants a list at ${path}; the value is taken as a list of one`);
  }
  const items = (node.kind === 'list' ? node.items : [node]).map((item) =>
    compileItem(item, element, path, context),
  );
  let type: ColumnType | undefined;
  for (const item of items) {
    const one = item.type?.kind === 'list' ? item.type.element : item.type;
    type = bothTypes(type, one, node, path, context);
  }
  if (type === undefined) return NOTHING;
  const evaluate = present(items.map((item) => item.evaluate));
  return inSlot(place, evaluate, { kind: 'list', element: type });
}

/** An item of a list, as the value that a record has for it. */
function compileItem(
  item: Node,
  element: OcsfAttribute | undefined,
  path: string,
  context: CompileContext,
): { readonly evaluate: Evaluate; readonly type: ColumnType | undefined } {
  if (item.kind === 'path' && item.ref.kind === 'jsonpath' && element?.type !== 'object_t') {
    return compileValue(path, context, (place, own) => compilePath(item, element, path, place, own, true));
  }
  return compileValue(path, context, (place, own) => compileAttribute(item, element, path, place, own));
}

function withoutArray(attribute: OcsfAttribute): OcsfAttribute {
  const { isArray, ...element } = attribute;
  return isArray === undefined ? attribute : element;
}

/** The values that are there, lists among them taken apart; nothing where there are none. */
const present =
  (items: readonly Evaluate[]): Evaluate =>
  (scope) => {
    let some: OcsfValue[] | undefined;
    for (const evaluate of items) {
      const value = evaluate(scope);
      if (value === undefined) continue;
      some ??= [];
      // One at a time: as arguments, a hundred thousand would not fit the stack.
      if (isList(value)) for (const item of value) some.push(item);
      else some.push(value);
    }
    return some?.length === 0 ? undefined : some;
  };

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
function compileJson(node: Node, path: string, place: Place, context: CompileContext): Compiled {
  const type: ColumnType = { kind: 'json' };
  if (node.kind === 'list') {
    const items = node.items.map((item) => jsonValue(item, path, context));
    return inSlot(place, present(items), type);
  }
  if (node.kind !== 'object' || node.under !== undefined) {
    const attribute = { type: 'json_t', requirement: 'optional' } as const;
    const { evaluate } = compileValue(path, context, (own, inner) =>
      compileScalar(node, attribute, path, own, inner),
    );
    return inSlot(place, evaluate, type);
  }
  const keys = Array.from(
    node.keys,
    ([key, child]) => [key, jsonValue(child, `${path}.${key}`, context)] as const,
  );
  const evaluate: Evaluate = (scope) => {
    const out: OcsfRecord = {};
    for (const [key, child] of keys) {
      const value = child(scope);
      if (value !== undefined) out[key] = value;
    }
    return Object.keys(out).length > 0 ? out : undefined;
  };
  return inSlot(place, evaluate, type);
}

const jsonValue = (node: Node, path: string, context: CompileContext): Evaluate =>
  compileValue(path, context, (place, own) => compileJson(node, path, place, own)).evaluate;

/** A place for an OCSF object. */
function compileObjectNode(
  node: Node,
  item: OcsfObject,
  required: boolean,
  path: string,
  place: Place,
  context: CompileContext,
): Compiled {
  // One of several objects is chosen by the event.
  const chosen = { ...context, constants: undefined };
  const inner = (child: Node): Compiled => compileObjectNode(child, item, required, path, place, chosen);
  switch (node.kind) {
    case 'nothing':
      return NOTHING;
    case 'object':
      return compileObject(node, item, required, path, place, context);
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
      return compileConvert(node, undefined, path, place, context);
    }
    default:
  }
  warn(context, node, `OCSF wants an object (${item.name}) at ${path}; the value is kept as text`);
  return compileScalar(node, undefined, path, place, context);
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
  const fill: Fill = (row, scope) => {
    for (const choice of choices) if (choice.fill(row, scope)) return true;
    return false;
  };
  const alone = choices.flatMap(({ evaluate }) => evaluate ?? []);
  if (alone.length < choices.length) return { fill, type };
  const evaluate: Evaluate = (scope) => {
    for (const choice of alone) {
      const value = choice(scope);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return { fill, evaluate, type };
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
  const choice = (child: Node): Compiled => {
    const compiled = compile(child);
    type = bothTypes(type, compiled.type, node, path, context);
    return compiled;
  };
  const values = new Map(
    Array.from(node.values, ([key, child]) => [
      key,
      { choice: choice(child), tells: tellsItsKey(child, node) },
    ]),
  );
  const other = node.other && choice(node.other);
  const chosen = (scope: Scope): Compiled | undefined => {
    const text = source(scope);
    const value = values.get(text ?? '');
    if (value === undefined) return other;
    if (value.tells && text !== undefined && scope.source >= 0) scope.kept.push(scope.source);
    return value.choice;
  };
  const fill: Fill = (row, scope) => chosen(scope)?.fill(row, scope) ?? false;
  const all = [
    ...Array.from(values.values(), ({ choice: { evaluate } }) => evaluate),
    ...(other ? [other.evaluate] : []),
  ];
  if (all.includes(undefined)) return { fill, type };
  return { fill, evaluate: (scope) => chosen(scope)?.evaluate?.(scope), type };
}

/** Whether the text of an enum can be told from this value: a literal that stands beside one key alone. */
function tellsItsKey(child: Node, { values, other }: Extract<Node, { kind: 'enum' }>): boolean {
  if (child.kind !== 'literal') return false;
  const all = [...values.values(), ...(other ? [other] : [])];
  return all.every((node) => node === child || (node.kind === 'literal' && node.value !== child.value));
}
