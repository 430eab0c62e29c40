/** Objects: their keys, the captions beside their ids, and the rule that OCSF's requirements are met or nothing is stored. */
import type { Column } from '../ocsf/column.ts';
import { clear, isPresent } from '../ocsf/row.ts';
import type { Place, Row } from '../ocsf/row.ts';
import type { OcsfItem } from '../ocsf/schema.ts';
import { OCSF_VERSIONS, ocsfSchema } from '../ocsf/schemas.ts';
import { NOTHING, warn } from './compile-context.ts';
import type { CompileContext, Compiled, Fill } from './compile-context.ts';
import { compileAttribute } from './compile-node.ts';
import { compileConvert } from './compile-scalar.ts';
import type { Node } from './node.ts';
import { suggestion } from './problem.ts';

type ObjectNode = Extract<Node, { kind: 'object' }>;

export interface CompiledObject {
  /** Each puts its attribute into the row, if there is a value for it. In their order: later ones go over earlier ones. */
  readonly fills: readonly Fill[];
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
  place: Place,
  context: CompileContext,
): Compiled {
  const { fills, columns } = compileKeys(node, item, path, context);
  const stated = new Set(columns.map((column) => column.name));
  const at = (name: string): Place => context.places.at(`${path}.${name}`);
  const refuses = item && !required ? requirements(item, stated, at) : undefined;
  if (columns.length === 0) return NOTHING;
  const fill: Fill = (row, scope) => {
    const mark = scope.kept.length;
    for (const put of fills) put(row, scope);
    if (!isPresent(row, place)) return false;
    if (refuses?.(row) !== true) return true;
    clear(row, place);
    scope.kept.length = mark;
    return false;
  };
  return { fill, type: { kind: 'struct', fields: columns } };
}

/** The keys of an object, each as a function that puts it into the row, and their columns. */
export function compileKeys(
  node: ObjectNode,
  item: OcsfItem | undefined,
  path: string,
  context: CompileContext,
): CompiledObject {
  const columns = new Map<string, Column>();
  const fills: Fill[] = [];
  if (node.under !== undefined) underlay(node, node.under, item, path, context, { fills, columns });
  // What lies over a converter's object is put there after it.
  const inner = node.under === undefined ? context : { ...context, constants: undefined };
  for (const [name, child] of node.keys) {
    const attribute = item?.attributes[name];
    const at = path === '' ? name : `${path}.${name}`;
    const place = context.places.at(at);
    if (item !== undefined && attribute === undefined && child.kind !== 'nothing') {
      // One file serves every version: what only another version has is left out, and its fields go to `unmapped`.
      if (otherVersionHas(item, name, context)) continue;
      const near = suggestion(name, Object.keys(item.attributes));
      warn(context, child, `OCSF has no ${name} in ${item.name}${near}; the value is kept as text`);
    }
    if (child.kind === 'nothing' && columns.delete(name)) {
      fills.push((row) => {
        clear(row, place);
        return false;
      });
      continue;
    }
    const { fill, type, constant } = compileAttribute(child, attribute, at, place, inner);
    if (type === undefined) continue;
    columns.set(name, { name, type });
    const isConstant = constant !== undefined && inner.constants !== undefined;
    if (isConstant) inner.constants.set(place, constant);
    else fills.push(fill);
    const sibling = attribute?.enum && attribute.sibling;
    if (
      attribute?.enum &&
      sibling &&
      !node.keys.has(sibling) &&
      item?.attributes[sibling] &&
      type.kind === 'bigint'
    ) {
      columns.set(sibling, { name: sibling, type: { kind: 'string' } });
      const captionAt = context.places.at(path === '' ? sibling : `${path}.${sibling}`);
      const captions = captionsOf(attribute.enum);
      const caption = isConstant ? captions.get(Number(constant)) : undefined;
      if (!isConstant) fills.push(fillCaption(place, captionAt, captions));
      else if (caption !== undefined) inner.constants.set(captionAt, caption);
    }
  }
  return { fills, columns: [...columns.values()] };
}

const captionMaps = new WeakMap<Readonly<Record<string, string>>, ReadonlyMap<number, string>>();

/** Captions by their ids; made once for each enum of a schema, as every entry has the same ones. */
export function captionsOf(captions: Readonly<Record<string, string>>): ReadonlyMap<number, string> {
  const known = captionMaps.get(captions);
  if (known !== undefined) return known;
  const byId = new Map(Object.entries(captions).map(([key, caption]) => [Number(key), caption]));
  byId.delete(OTHER);
  captionMaps.set(captions, byId);
  return byId;
}

/** The caption of an id. One that lay underneath belonged to another id and goes. */
export function fillCaption(id: Place, sibling: Place, captions: ReadonlyMap<number, string>): Fill {
  return (row) => {
    const value = row[id.start];
    if (typeof value !== 'number') return false;
    row[sibling.start] = captions.get(value);
    return true;
  };
}

/** An operator that gives an object: its attributes come first, keys beside it are laid over them. */
function underlay(
  node: ObjectNode,
  under: Node,
  item: OcsfItem | undefined,
  path: string,
  context: CompileContext,
  { fills, columns }: { readonly fills: Fill[]; readonly columns: Map<string, Column> },
): void {
  const compiled =
    under.kind === 'convert'
      ? compileConvert(under, undefined, path, context.places.at(path), context)
      : NOTHING;
  if (compiled.type?.kind !== 'struct') {
    warn(context, under, `gives no object at ${path}; only the keys beside it are used`);
    return;
  }
  for (const field of compiled.type.fields) columns.set(field.name, field);
  // Ids and their captions are the converter's own words; all else is text of the field, which must not be lost.
  const ids = Object.entries(item?.attributes ?? {}).filter(([, attribute]) => attribute.enum !== undefined);
  const ownWords = new Set(ids.flatMap(([name, { sibling }]) => [name, sibling]));
  const covers = compiled.type.fields.some(({ name }) => node.keys.has(name) && !ownWords.has(name));
  fills.push((row, scope) => {
    const mark = scope.kept.length;
    const isFilled = compiled.fill(row, scope);
    if (covers) scope.kept.length = mark;
    return isFilled;
  });
}

/** Whether an object breaks a requirement that the mapping can meet; undefined where it states none. */
function requirements(
  item: OcsfItem,
  stated: ReadonlySet<string>,
  at: (name: string) => Place,
): ((row: Row) => boolean) | undefined {
  const required = Object.keys(item.attributes).filter((name) => {
    const attribute = item.attributes[name];
    return attribute?.requirement === 'required' && attribute.profiles === undefined;
  });
  const oneOf = item.constraints?.at_least_one ?? [];
  const all = required.every((name) => stated.has(name)) ? required.map(at) : [];
  const some = oneOf.filter((name) => stated.has(name)).map(at);
  if (all.length === 0 && some.length === 0) return undefined;
  return (row) =>
    all.some((place) => !isPresent(row, place)) ||
    (some.length > 0 && some.every((place) => !isPresent(row, place)));
}

function otherVersionHas(item: OcsfItem, name: string, { schema }: CompileContext): boolean {
  return OCSF_VERSIONS.some((version) => {
    const other = version === schema.version ? undefined : ocsfSchema(version);
    const same = 'uid' in item ? other?.classes[item.name] : other?.objects[item.name];
    return same !== undefined && Object.hasOwn(same.attributes, name);
  });
}
