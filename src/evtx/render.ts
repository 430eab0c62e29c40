/**
 * An event as JSON, in the shape of evtx_dump (omerbenamram/evtx): attributes under `#attributes`, text beside
 * elements or attributes under `#text`, `<Data Name="X">` as a member X. Values of `<Data>` without a name are a list,
 * empty ones included, because their places count.
 */
import type { Attribute, Element, Part, Value } from './binxml.ts';
import { BinXmlError } from './cursor.ts';
import type { JsonValue } from './value.ts';

type Json = JsonValue | { readonly [name: string]: Json };
type JsonObject = Record<string, Json>;

/** Elements and values of one event, with those of templates each time they are filled. */
const STEPS_MAX = 50_000;
/** Characters of one event's values: a record has 64 KiB, and no event shows a value more than a few times. */
const CHARACTERS_MAX = 1024 * 1024;

const newObject = (): JsonObject => Object.create(null) as JsonObject; // true: it has no members yet

/** Puts a member; of a name that stands several times, the others get a number behind it, as evtx_dump writes them. */
const put = (object: JsonObject, name: string, value: Json): void => {
  let free = name;
  for (let n = 1; free in object; n++) free = `${name}_${n}`;
  object[free] = value;
};

const textOf = (value: JsonValue): string => {
  if (typeof value === 'string') return value;
  return value === null ? '' : Array.isArray(value) ? value.map(textOf).join(',') : JSON.stringify(value);
};

class Renderer {
  #steps = 0;
  #characters = 0;

  /** The texts and elements that parts come to, with their places filled. */
  #fill(parts: readonly Part[], values: readonly Value[], texts: JsonValue[], elements: Filled[]): void {
    for (const part of parts) {
      if (++this.#steps > STEPS_MAX) throw new BinXmlError('there are too many elements');
      if (part.kind === 'literal') this.#text(part.value, texts);
      else if (part.kind === 'element') elements.push({ element: part, values });
      else if (part.kind === 'instance') this.#fill(part.parts, part.values, texts, elements);
      else {
        const value = values[part.index];
        if (value === undefined) {
          if (!part.isOptional) throw new BinXmlError('a value is missing');
        } else if ('parts' in value) this.#fill(value.parts, [], texts, elements);
        else if (value.json !== null || !part.isOptional) this.#text(value.json, texts);
      }
    }
  }

  #text(value: JsonValue, texts: JsonValue[]): void {
    this.#characters += typeof value === 'string' ? value.length : 8;
    if (this.#characters > CHARACTERS_MAX) throw new BinXmlError('the event is too large');
    texts.push(value);
  }

  #attributes(attributes: readonly Attribute[], values: readonly Value[]): JsonObject | undefined {
    let object: JsonObject | undefined;
    for (const { name, parts } of attributes) {
      const texts: JsonValue[] = [];
      this.#fill(parts, values, texts, []);
      if (texts.length > 0) put((object ??= newObject()), name, joined(texts));
    }
    return object;
  }

  members(object: JsonObject, parts: readonly Part[], values: readonly Value[]): JsonValue[] {
    const texts: JsonValue[] = [];
    const elements: Filled[] = [];
    this.#fill(parts, values, texts, elements);
    const unnamed: JsonValue[] = [];
    let hasUnnamed = false;
    for (const { element, values: own } of elements) {
      if (element.name !== 'Data') {
        put(object, element.name, this.#element(element, own));
        continue;
      }
      const name = this.#attributes(element.attributes, own)?.Name;
      const content: JsonValue[] = [];
      const inner: Filled[] = [];
      this.#fill(element.children, own, content, inner);
      const value = content.length === 0 ? '' : joined(content);
      if (inner.length > 0) put(object, element.name, this.#element(element, own));
      else if (typeof name === 'string' && name !== '') put(object, name, value);
      else {
        hasUnnamed = true;
        unnamed.push(value ?? '');
      }
    }
    if (hasUnnamed) put(object, 'Data', { '#text': unnamed });
    return texts;
  }

  #element({ attributes, children }: Element, values: readonly Value[]): Json {
    const object = newObject();
    const own = this.#attributes(attributes, values);
    if (own !== undefined) object['#attributes'] = own;
    const texts = this.members(object, children, values);
    const text = texts.length === 0 ? null : joined(texts);
    if (Object.keys(object).length === 0) return text;
    if (text !== null) object['#text'] = text;
    return object;
  }
}

interface Filled {
  readonly element: Element;
  readonly values: readonly Value[];
}

/** One value as it is, several as one text. */
const joined = (texts: readonly JsonValue[]): JsonValue =>
  texts.length === 1 ? (texts[0] ?? null) : texts.map(textOf).join('');

/** The JSON text of an event out of the parts of its record. @throws BinXmlError */
export const renderEvent = (parts: readonly Part[]): string => {
  const root = newObject();
  new Renderer().members(root, parts, []);
  if (!('Event' in root)) throw new BinXmlError('there is no event');
  return JSON.stringify(root);
};
