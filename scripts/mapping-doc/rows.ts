/** One row of the page for each attribute of an entry: what it is filled from, its type, its requirement. */
import type { CompiledEntry } from '../../src/mapping/compile.ts';
import type { Shape } from '../../src/mapping/converter.ts';
import { converters } from '../../src/mapping/converters.ts';
import type { Node } from '../../src/mapping/node.ts';
import { formatPath } from '../../src/mapping/path.ts';
import type { PathRef } from '../../src/mapping/path.ts';
import { attributeAt, captionOf } from '../../src/ocsf/attributes.ts';
import type { OcsfAttribute } from '../../src/ocsf/schema.ts';
import { code } from './markdown.ts';

export interface Row {
  /** Dotted path of the attribute. */
  readonly attribute: string;
  /** The attribute as the page shows it: with those that its converter gives. */
  readonly shown: string;
  /** What it is filled from. */
  readonly from: string;
  /** Fields of the event that it reads, as the page writes them. */
  readonly reads: readonly string[];
  /** As Markdown. */
  readonly type: string;
  readonly requirement: string;
}

/** Rows are the same when they say the same of the same attribute; requirements differ by class. */
export const rowKey = ({ shown, from }: Row): string => `${shown}\0${from}`;

/** A field of the event by its bare name; every other path as the mapping spells it. */
export const fieldName = (ref: PathRef): string => (ref.kind === 'Description' ? ref.name : formatPath(ref));

/** Told in the line above an event's table, not in it. */
const IN_HEAD = ['class_uid', 'category_uid', 'activity_id', 'activity_name'];

/** The rows of an entry, sorted by the object they belong to, in the order of the mapping. */
export function rowsOf(entry: CompiledEntry): Row[] {
  const nodes = nodesByPointer(entry.node);
  const byAttribute = Map.groupBy(
    entry.leaves.filter(({ attribute }) => !IN_HEAD.includes(attribute)),
    ({ attribute }) => attribute,
  );
  const rows = [...byAttribute].map(([attribute, leaves]): Row => {
    const known = attributeOf(entry, attribute);
    const from = leaves.map(({ pointer, reads, converter }, i) => {
      const node = nodes.get(pointer);
      const text =
        node === undefined ? reads.map((ref) => code(fieldName(ref))).join(', ') : tell(node, known);
      const choice = i > 0 && /\/first\/\d+$/.test(pointer);
      const by = node === undefined && converter !== undefined ? ` (${code(converter)})` : '';
      return `${i === 0 ? '' : choice ? ', else ' : ', '}${text}${by}`;
    });
    const inner = leaves
      .flatMap(({ converter }) => shapeOf(converter))
      .filter((name) => !byAttribute.has(`${attribute}.${name}`));
    const shown = code(attribute) + (inner.length > 0 ? ` { ${[...new Set(inner)].join(', ')} }` : '');
    const reads = [...new Set(leaves.flatMap((leaf) => leaf.reads.map(fieldName)))];
    return { attribute, shown, from: from.join(''), reads, ...factsOf(entry, attribute) };
  });
  return [...Map.groupBy(rows, ({ attribute }) => attribute.split('.', 1)[0]).values()].flat();
}

/** The node of an entry at an attribute, or undefined where there is none. */
export function nodeAt(entry: CompiledEntry, ...path: readonly string[]): Node | undefined {
  let at: Node | undefined = entry.node;
  for (const key of path) at = at?.kind === 'object' ? at.keys.get(key) : undefined;
  return at;
}

/** What a node gives, in words; ids with OCSF's captions, unless the caption is the word that stands before it. */
export function tell(node: Node, attribute: OcsfAttribute | undefined, before?: string): string {
  switch (node.kind) {
    case 'literal': {
      const caption = attribute && captionOf(attribute, String(node.value));
      return caption === undefined || caption === before
        ? code(String(node.value))
        : `${code(String(node.value))} ${caption}`;
    }
    case 'path':
      return code(fieldName(node.ref));
    case 'convert':
      return `${tell(node.evaluate, undefined)} (${code(node.converter.name)})`;
    case 'first':
      return node.nodes.map((choice) => tell(choice, attribute)).join(', else ');
    case 'enum': {
      const values = Array.from(node.values, ([key, value]) =>
        value.kind === 'nothing'
          ? []
          : [`${key === '' ? 'absent' : code(key)} ► ${tell(value, attribute, key)}`],
      ).flat();
      if (node.other) values.push(`else ${tell(node.other, attribute)}`);
      return `${tell(node.evaluate, undefined)}: ${values.join(', ')}`;
    }
    default:
      return node.kind === 'list' ? node.items.map((item) => tell(item, attribute)).join(', ') : 'an object';
  }
}

const attributeOf = (entry: CompiledEntry, attribute: string): OcsfAttribute | undefined =>
  attributeAt(entry.ocsf, entry.ocsfClass, attribute.split('.'));

function factsOf(entry: CompiledEntry, attribute: string): { type: string; requirement: string } {
  if (attribute.startsWith('unmapped.')) return { type: 'text', requirement: '' };
  const known = attributeOf(entry, attribute);
  if (known === undefined) {
    // Below an attribute whose shape OCSF leaves open.
    const open = attributeOf(entry, attribute.slice(0, attribute.lastIndexOf('.')));
    return { type: open === undefined ? 'text' : `in ${code(open.type)}`, requirement: '' };
  }
  const name = known.object ?? known.type;
  return { type: code(known.isArray ? `${name}[]` : name), requirement: known.requirement };
}

/** The attributes of the object that a converter gives; none where it gives a scalar. */
function shapeOf(converter: string | undefined): string[] {
  const output = converter === undefined ? undefined : converters.get(converter)?.output;
  const names = (shape: Shape): string[] =>
    Object.entries(shape).flatMap(([name, inner]) =>
      inner === true ? [name] : names(inner).map((below) => `${name}.${below}`),
    );
  return output !== undefined && 'shape' in output ? names(output.shape) : [];
}

function nodesByPointer(root: Node): Map<string, Node> {
  const found = new Map<string, Node>();
  const visit = (node: Node): void => {
    found.set(node.pointer, node);
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return found;
}

/** The nodes right below a node. */
export function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case 'object':
      return [...(node.under ? [node.under] : []), ...node.keys.values()];
    case 'list':
      return [...node.items];
    case 'first':
      return [...node.nodes];
    case 'convert':
      return [node.evaluate];
    case 'enum':
      return [node.evaluate, ...node.values.values(), ...(node.other ? [node.other] : [])];
    default:
      return [];
  }
}
