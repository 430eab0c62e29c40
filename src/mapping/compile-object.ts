/** Objects: their keys, the captions beside their ids, and the rule that OCSF's requirements are met or nothing is stored. */
import type { Column, OcsfRecord, OcsfValue } from '../ocsf/column.ts';
import type { OcsfItem } from '../ocsf/schema.ts';
import { OCSF_VERSIONS, ocsfSchema } from '../ocsf/schemas.ts';
import { NOTHING, warn } from './compile-context.ts';
import type { CompileContext, Compiled, Evaluate } from './compile-context.ts';
import { compileAttribute } from './compile-node.ts';
import { compileConvert } from './compile-scalar.ts';
import type { Node } from './node.ts';
import { suggestion } from './problem.ts';
import type { Scope } from './scope.ts';

type ObjectNode = Extract<Node, { kind: 'object' }>;

/** Puts its attribute into the object, if there is a value for it. */
export type Put = (out: OcsfRecord, scope: Scope) => void;

export interface CompiledObject {
  readonly puts: readonly Put[];
  readonly columns: readonly Column[];
}

/** OCSF's 99 Other: its caption is the source's own word, never the schema's. */
const OTHER = 99;

/**
 * Compiles an object. An object that OCSF would refuse, because the event has no value for what the mapping
 * states of its required attributes, is left out whole, and its fields go to `unmapped`; unless the object is
 * itself `required`, when leaving it out would mend nothing.
 */
export function compileObject(
  node: ObjectNode,
  item: OcsfItem | undefined,
  required: boolean,
  path: string,
  context: CompileContext,
): Compiled {
  const { puts, columns } = compileKeys(node, item, path, context);
  const refuses = item && !required && requirements(item, new Set(columns.map((column) => column.name)));
  if (columns.length === 0) return NOTHING;
  const evaluate: Evaluate = (scope) => {
    const mark = scope.kept.length;
    const out: OcsfRecord = {};
    for (const put of puts) put(out, scope);
    if (isEmpty(out)) return undefined;
    if (refuses && refuses(out)) {
      scope.kept.length = mark;
      return undefined;
    }
    return out;
  };
  return { evaluate, type: { kind: 'struct', fields: columns } };
}

function isEmpty(record: OcsfRecord): boolean {
  for (const _ in record) return false;
  return true;
}

/** The keys of an object, each as a function that puts it, and their columns. */
export function compileKeys(
  node: ObjectNode,
  item: OcsfItem | undefined,
  path: string,
  context: CompileContext,
): CompiledObject {
  const columns = new Map<string, Column>();
  const puts: Put[] = [];
  if (node.under !== undefined) underlay(node, node.under, item, path, context, { puts, columns });
  for (const [name, child] of node.keys) {
    const attribute = item?.attributes[name];
    const at = path === '' ? name : `${path}.${name}`;
    if (item !== undefined && attribute === undefined && child.kind !== 'nothing') {
      // One file serves every version: what only another version has is left out, and its fields go to `unmapped`.
      if (otherVersionHas(item, name, context)) continue;
      const near = suggestion(name, Object.keys(item.attributes));
      warn(context, child, `OCSF has no ${name} in ${item.name}${near}; the value is kept as text`);
    }
    if (child.kind === 'nothing' && columns.delete(name)) {
      puts.push((out) => void Reflect.deleteProperty(out, name));
      continue;
    }
    const { evaluate, type } = compileAttribute(child, attribute, at, context);
    if (type === undefined) continue;
    columns.set(name, { name, type });
    puts.push((out, scope) => {
      const value = evaluate(scope);
      if (value !== undefined) out[name] = value;
    });
    const sibling = attribute?.enum && attribute.sibling;
    if (
      attribute?.enum &&
      sibling &&
      !node.keys.has(sibling) &&
      item?.attributes[sibling] &&
      type.kind === 'bigint'
    ) {
      columns.set(sibling, { name: sibling, type: { kind: 'string' } });
      puts.push(putCaption(name, sibling, attribute.enum));
    }
  }
  return { puts, columns: [...columns.values()] };
}

/** The caption of an id. One that lay underneath belonged to another id and goes. */
export function putCaption(id: string, sibling: string, captions: Readonly<Record<string, string>>): Put {
  return (out) => {
    const value = out[id];
    if (value === undefined) return;
    const caption = value === OTHER ? undefined : captions[JSON.stringify(value)];
    if (caption !== undefined) out[sibling] = caption;
    else if (sibling in out) Reflect.deleteProperty(out, sibling);
  };
}

/** An operator that gives an object: its attributes come first, keys beside it are laid over them. */
function underlay(
  node: ObjectNode,
  under: Node,
  item: OcsfItem | undefined,
  path: string,
  context: CompileContext,
  { puts, columns }: { readonly puts: Put[]; readonly columns: Map<string, Column> },
): void {
  const compiled = under.kind === 'convert' ? compileConvert(under, undefined, path, context) : NOTHING;
  if (compiled.type?.kind !== 'struct') {
    warn(context, under, `gives no object at ${path}; only the keys beside it are used`);
    return;
  }
  for (const field of compiled.type.fields) columns.set(field.name, field);
  // Ids and their captions are the converter's own words; all else is text of the field, which must not be lost.
  const ids = Object.entries(item?.attributes ?? {}).filter(([, attribute]) => attribute.enum !== undefined);
  const ownWords = new Set(ids.flatMap(([name, { sibling }]) => [name, sibling]));
  const covers = compiled.type.fields.some(({ name }) => node.keys.has(name) && !ownWords.has(name));
  puts.push((out, scope) => {
    const mark = scope.kept.length;
    const value = compiled.evaluate(scope);
    if (covers) scope.kept.length = mark;
    if (isRecord(value)) Object.assign(out, value);
  });
}

const isRecord = (value: OcsfValue | undefined): value is Readonly<Record<string, OcsfValue>> =>
  typeof value === 'object' && !Array.isArray(value);

/** Whether an object breaks a requirement that the mapping can meet; undefined where it states none. */
function requirements(
  item: OcsfItem,
  stated: ReadonlySet<string>,
): ((out: OcsfRecord) => boolean) | undefined {
  const required = Object.keys(item.attributes).filter((name) => {
    const attribute = item.attributes[name];
    return attribute?.requirement === 'required' && attribute.profiles === undefined;
  });
  const oneOf = item.constraints?.at_least_one ?? [];
  const all = required.every((name) => stated.has(name)) ? required : [];
  const some = oneOf.filter((name) => stated.has(name));
  if (all.length === 0 && some.length === 0) return undefined;
  return (out) =>
    all.some((name) => out[name] === undefined) ||
    (some.length > 0 && oneOf.every((name) => out[name] === undefined));
}

function otherVersionHas(item: OcsfItem, name: string, { schema }: CompileContext): boolean {
  return OCSF_VERSIONS.some((version) => {
    const other = version === schema.version ? undefined : ocsfSchema(version);
    const same = 'uid' in item ? other?.classes[item.name] : other?.objects[item.name];
    return same !== undefined && Object.hasOwn(same.attributes, name);
  });
}
