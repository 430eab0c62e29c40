/** Leaves: a literal, the text of a path, or what a converter makes of it, typed by the attribute they stand at. */
import type { OcsfAttribute } from '../ocsf/schema.ts';
import type { OcsfValue } from '../ocsf/column.ts';
import { objectWriter } from '../ocsf/row.ts';
import type { Place } from '../ocsf/row.ts';
import { isAbsent } from '../sysmon/event.ts';
import { asText, coerceLiteral, coercion, fits } from './coerce.ts';
import { addLeaf, fail, inSlot, NOTHING, warn } from './compile-context.ts';
import type { CompileContext, Compiled, Evaluate, Fill } from './compile-context.ts';
import { compileAttribute, compileEnum, compileFirst } from './compile-node.ts';
import { conversion } from './conversion.ts';
import type { Conversion } from './conversion.ts';
import type { Node } from './node.ts';
import { outputType } from './output.ts';
import { findPath } from './path.ts';
import { textOf } from './text.ts';
import { unifyTypes } from './unify.ts';

export function compileScalar(
  node: Node,
  attribute: OcsfAttribute | undefined,
  path: string,
  place: Place,
  context: CompileContext,
): Compiled {
  // Which of several nodes it is depends on the event, and so do the constants in it.
  const chosen = { ...context, constants: undefined };
  switch (node.kind) {
    case 'literal':
      return compileLiteral(node, attribute, path, place, context);
    case 'path':
      return compilePath(node, attribute, path, place, context, false);
    case 'convert':
      return compileConvert(node, attribute, path, place, context);
    case 'first':
      return compileFirst(node, path, context, (inner) =>
        compileScalar(inner, attribute, path, place, chosen),
      );
    case 'enum':
      addLeaf(context, path, node);
      return compileEnum(node, path, { ...context, leaves: [] }, (value) =>
        compileAttribute(value, attribute, path, place, { ...chosen, leaves: [] }),
      );
    default:
      return compileAttribute(node, undefined, path, place, context);
  }
}

function compileLiteral(
  node: Extract<Node, { kind: 'literal' }>,
  attribute: OcsfAttribute | undefined,
  path: string,
  place: Place,
  context: CompileContext,
): Compiled {
  const to = attribute === undefined ? asText : coercion(context.schema, attribute, context.parseTime);
  const value = coerceLiteral(node.value, to);
  if (value === undefined) {
    fail(
      context,
      node,
      `${JSON.stringify(node.value)} is no ${attribute?.type ?? 'text'}, which OCSF wants at ${path}`,
    );
    return NOTHING;
  }
  addLeaf(context, path, node);
  return { ...inSlot(place, () => value, to.column), constant: value };
}

/** The text of a path as the attribute's type; `many`: every value that a JSONPath finds. */
export function compilePath(
  node: Extract<Node, { kind: 'path' }>,
  attribute: OcsfAttribute | undefined,
  path: string,
  place: Place,
  context: CompileContext,
  many: boolean,
): Compiled {
  addLeaf(context, path, node);
  const { column, convert, keepsAll } =
    attribute === undefined ? asText : coercion(context.schema, attribute, context.parseTime);
  const { ref } = node;
  if (ref.kind === 'jsonpath') {
    const evaluate: Evaluate = (scope) => {
      const values: OcsfValue[] = [];
      for (const found of findPath(ref.path, scope.event, scope.process)) {
        const text = textOf(found.value);
        if (isAbsent(text)) continue;
        const value = convert(text);
        const source = found.source && context.sources.find(found.source);
        if (value === undefined) scope.failed.push(path);
        else values.push(value);
        if (value !== undefined && source !== undefined) scope.kept.push(source);
        if (value !== undefined && !many) break;
      }
      return many ? values : values[0];
    };
    return inSlot(place, evaluate, column);
  }
  const read = context.text(node);
  const evaluate: Evaluate = (scope) => {
    const text = read(scope);
    if (text === undefined) return undefined;
    const value = convert(text);
    if (value === undefined) scope.failed.push(path);
    else if (keepsAll === undefined || keepsAll(text)) scope.kept.push(scope.source);
    return value;
  };
  return inSlot(place, evaluate, column);
}

const REFUSED: Conversion = { value: undefined, lost: false };

/** What a converter makes of a text. */
export function compileConvert(
  node: Extract<Node, { kind: 'convert' }>,
  attribute: OcsfAttribute | undefined,
  path: string,
  place: Place,
  context: CompileContext,
): Compiled {
  const { converter } = node;
  const { schema } = context;
  const read = context.text(node.evaluate);
  const type = outputType(converter, schema);
  addLeaf(context, path, node, converter.name);
  const wanted = attribute && coercion(schema, attribute, context.parseTime);
  if (attribute !== undefined && wanted !== undefined) {
    if (unifyTypes(type.kind === 'list' ? type.element : type, wanted.column) === undefined) {
      warn(
        context,
        node,
        `OCSF wants ${attribute.type} at ${path}, which converter ${converter.name} does not give`,
      );
    }
  }
  const convert = conversion(converter, schema);
  // No converter gives a text that is longer than the one it was given.
  const lengthMax = schema.types.string_t?.maxLength ?? Number.POSITIVE_INFINITY;
  const evaluate: Evaluate = (scope) => {
    const text = read(scope);
    if (text === undefined) return undefined;
    const { source } = scope;
    const { value, lost } = fits(text, lengthMax) ? convert(text) : REFUSED;
    // A converter says with an empty list or text that there is nothing, and that this is as it should be.
    const isNothing = value === '' || (Array.isArray(value) && value.length === 0);
    if (value === undefined || (!isNothing && wanted?.accepts?.(value) === false)) {
      scope.failed.push(path);
      return undefined;
    }
    if (lost) scope.failed.push(path);
    else if (converter.lossless && source >= 0) scope.kept.push(source);
    return isNothing ? undefined : value;
  };
  if (type.kind !== 'struct') return inSlot(place, evaluate, type);
  const put = objectWriter(type.fields, context.places, `${path}.`);
  const fill: Fill = (row, scope) => {
    const object = evaluate(scope);
    if (object === undefined) return false;
    put(row, object as Readonly<Record<string, OcsfValue>>); // true: what a converter of structs gives
    return true;
  };
  return { fill, type };
}
