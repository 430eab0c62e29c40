/** An element, with all of its JSON that no value changes: a template is read once and filled for each event. */
import { JsonMembers } from './json-members.ts';
import type { Attribute, Element, Literal, Part } from './parts.ts';
import { isEmpty, jsonOf } from './scalars.ts';

const isLiteral = (part: Part): part is Literal => part.kind === 'literal';

/** The texts of parts without places for values. */
const fixedTexts = (parts: readonly Part[]): Literal['value'][] | undefined =>
  parts.every(isLiteral) ? parts.map(({ value }) => value).filter((value) => !isEmpty(value)) : undefined;

const fixedAttributes = (attributes: readonly Attribute[]): string | undefined => {
  const members = new JsonMembers();
  for (const { name, parts } of attributes) {
    const texts = fixedTexts(parts);
    if (texts === undefined) return undefined;
    if (texts.length > 0) members.add(name, JSON.stringify(name), jsonOf(texts));
  }
  return members.isEmpty ? '' : members.json;
};

const fixedName = (attributes: readonly Attribute[]): string | undefined => {
  const attribute = attributes.find(({ name }) => name === 'Name');
  return attribute === undefined ? '' : fixedTexts(attribute.parts)?.map(String).join('');
};

const areDistinct = (children: readonly Part[]): boolean => {
  const names = new Set(['#attributes', '#text']);
  for (const child of children) {
    if (child.kind === 'literal') continue;
    if (child.kind !== 'element') return false;
    const name = child.name === 'Data' ? child.fixed.dataName : child.name;
    if (name === undefined || name === '' || names.has(name)) return false;
    names.add(name);
  }
  return true;
};

export const elementOf = (
  name: string,
  attributes: readonly Attribute[],
  children: readonly Part[],
): Element => {
  const dataName = name === 'Data' ? fixedName(attributes) : '';
  const fixed = {
    key: JSON.stringify(name),
    attributes: fixedAttributes(attributes),
    dataName,
    dataKey: JSON.stringify(dataName ?? ''),
    isDistinct: areDistinct(children),
  };
  return { kind: 'element', name, attributes, children, fixed };
};
