/** What tests of forms share: the parts of a document, which of its values are in none of them, hostile documents. */
import fc from 'fast-check';
import type { Carried, Form, Wrapped } from '../../src/sources/form.ts';
import { isJsonObject, textOf, type JsonObject } from '../../src/sources/json.ts';

/** The parts of an event; throws where the form finds none. */
export const carriedBy = (form: Form, document: JsonObject): Carried => {
  const parts = form.read(document);
  if ('reason' in parts || 'inner' in parts)
    throw new Error(`no parts of an event: ${JSON.stringify(parts)}`);
  return parts;
};

export const wrappedBy = (form: Form, document: JsonObject): Wrapped => {
  const parts = form.read(document);
  if ('reason' in parts || !('inner' in parts)) throw new Error(`no wrapping: ${JSON.stringify(parts)}`);
  return parts;
};

/** Numbers, booleans and texts at any depth, as text. */
const valuesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(valuesIn);
  if (isJsonObject(value)) return Object.values(value).flatMap(valuesIn);
  const text = textOf(value);
  return text === '' ? [] : [text];
};

/** The values of a document that stand in none of its parts. */
export const lostFrom = (document: JsonObject, parts: Carried | Wrapped): string[] => {
  const said = JSON.stringify(parts);
  return valuesIn(document).filter((text) => !said.includes(JSON.stringify(text).slice(1, -1)));
};

const AWKWARD: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  true,
  [],
  {},
  [[]],
  [null],
  { '#text': {} },
  { a: { b: [1] } },
  'text',
  '<Event><System/></Event>',
  '{"Event":{}}',
];

/** A document with some of its members, at any depth, replaced by what does not belong there. */
export const damaged = (document: JsonObject): fc.Arbitrary<JsonObject> =>
  fc.infiniteStream(fc.nat(11)).map((choices) => {
    const next = (): number => Number(choices.next().value);
    const damage = (value: unknown): unknown => {
      if (next() === 0) return AWKWARD[next() % AWKWARD.length];
      if (Array.isArray(value)) return value.map(damage);
      if (!isJsonObject(value)) return value;
      const members = Object.entries(value).map(([name, member]) => [name, damage(member)] as const);
      const more = next() === 0 ? [[next() === 0 ? '' : '__proto__', damage('more')] as const] : [];
      return Object.fromEntries([...members, ...more]);
    };
    const members = Object.entries(document).map(([name, member]) => [name, damage(member)] as const);
    return Object.fromEntries(members);
  });
