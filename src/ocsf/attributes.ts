/**
 * Reading the tables: which attributes a record may use, what stands at a path, and what an id is called.
 */

import type { OcsfAttribute, OcsfItem, OcsfSchema } from './schema.ts';

export type VisibleAttributes = ReadonlyMap<string, OcsfAttribute>;

interface ItemView {
  /** The profiles that any attribute of the item belongs to. No other profile changes what is visible. */
  readonly profiles: readonly string[];
  /** By a bit for each of `profiles`. */
  readonly visible: Map<number, VisibleAttributes>;
}

// Bounded by the tables, whatever profiles the records name: an item knows at most ten, most know none.
const views = new WeakMap<OcsfItem, ItemView>();

function viewOf(item: OcsfItem): ItemView {
  const known = views.get(item);
  if (known) return known;
  const profiles = new Set(Object.values(item.attributes).flatMap((attribute) => attribute.profiles ?? []));
  const view: ItemView = { profiles: [...profiles], visible: new Map() };
  views.set(item, view);
  return view;
}

/**
 * The attributes of a class or object in a record whose metadata.profiles are these, by name. An attribute that
 * belongs to profiles is there when the record names one of them. The same profiles, in any order, give the same map.
 */
export function visibleAttributes(item: OcsfItem, profiles: readonly unknown[]): VisibleAttributes {
  const view = viewOf(item);
  const mask = view.profiles.reduce(
    (bits, profile, index) => (profiles.includes(profile) ? bits | (1 << index) : bits),
    0,
  );
  const known = view.visible.get(mask);
  if (known) return known;
  const visible = new Map(
    Object.entries(item.attributes).filter(
      ([, attribute]) =>
        attribute.profiles === undefined || attribute.profiles.some((profile) => profiles.includes(profile)),
    ),
  );
  view.visible.set(mask, visible);
  return visible;
}

/**
 * The attribute that a path such as ['actor', 'process', 'file'] leads to, through objects and through the elements
 * of arrays, with every profile switched on. Undefined when the path leaves the schema, is empty, or goes on below a
 * scalar or below an object whose attributes are open.
 */
export function attributeAt(
  schema: OcsfSchema,
  item: OcsfItem,
  path: readonly string[],
): OcsfAttribute | undefined {
  let at: OcsfItem | undefined = item;
  let attribute: OcsfAttribute | undefined;
  for (const name of path) {
    // A name may be any text; hasOwn keeps `constructor` from finding what every JavaScript object inherits.
    if (!at || !Object.hasOwn(at.attributes, name)) return undefined;
    attribute = at.attributes[name];
    at = attribute?.object === undefined ? undefined : schema.objects[attribute.object];
  }
  return attribute;
}

/** What OCSF calls this id of the attribute; undefined for an id that it does not list, or without a list. */
export function captionOf(attribute: OcsfAttribute, id: number | string): string | undefined {
  return attribute.enum !== undefined && Object.hasOwn(attribute.enum, id) ? attribute.enum[id] : undefined;
}
