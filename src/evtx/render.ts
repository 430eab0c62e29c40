/**
 * An event as JSON, in the shape of evtx_dump (omerbenamram/evtx): attributes under `#attributes`, text beside
 * elements or attributes under `#text`, `<Data Name="X">` as a member X. Values of `<Data>` without a name are a list,
 * empty ones included, because their places count.
 */
import type { Budget } from './budget.ts';
import { BinXmlError } from './cursor.ts';
import { JsonMembers } from './json-members.ts';
import { isFragment, isList, type Attribute, type Element, type Part, type Value } from './parts.ts';
import { isEmpty, jsonOf } from './scalars.ts';
import type { Scalar } from './value.ts';

/** An element, and the values that fill the places in it. */
interface Filled {
  readonly element: Element;
  readonly values: readonly Value[];
}

/** What an element contains; empty texts are left out. */
interface Content {
  readonly texts: readonly Scalar[];
  readonly elements: readonly Filled[];
}

const NOTHING: Content = { texts: [], elements: [] };

const CONTAINERS: ReadonlySet<string> = new Set(['EventData', 'UserData']);

class Renderer {
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  #spend(value: Scalar): void {
    this.#budget.spend(typeof value === 'string' ? value.length : 8);
  }

  #collect(parts: readonly Part[], values: readonly Value[], texts: Scalar[], elements: Filled[]): void {
    for (const part of parts) {
      if (part.kind === 'element') {
        this.#budget.spend(part.name.length);
        elements.push({ element: part, values });
      } else if (part.kind === 'instance') this.#collect(part.parts, part.values, texts, elements);
      else {
        const value = part.kind === 'literal' ? part.value : (values[part.index] ?? null);
        if (isFragment(value)) this.#collect(value.parts, [], texts, elements);
        else {
          const text = isList(value) ? value.map(String).join(',') : value;
          this.#spend(text);
          if (!isEmpty(text)) texts.push(text);
        }
      }
    }
  }

  #content(parts: readonly Part[], values: readonly Value[]): Content {
    if (parts.length === 0) return NOTHING;
    const texts: Scalar[] = [];
    const elements: Filled[] = [];
    this.#collect(parts, values, texts, elements);
    return { texts, elements };
  }

  #attributeTexts({ parts }: Attribute, values: readonly Value[]): readonly Scalar[] {
    return this.#content(parts, values).texts;
  }

  #dataName({ attributes, fixed }: Element, values: readonly Value[]): string {
    if (fixed.dataName !== undefined) return fixed.dataName;
    const attribute = attributes.find(({ name }) => name === 'Name');
    return attribute === undefined ? '' : this.#attributeTexts(attribute, values).map(String).join('');
  }

  /** The contents of an element: one, or those that the items of an array repeat it with. */
  #contents({ element, values }: Filled): readonly Content[] {
    const items = arrayIn(element, values);
    if (items === undefined) return [this.#content(element.children, values)];
    return items.map((item) => {
      this.#spend(item);
      return isEmpty(item) ? NOTHING : { texts: [item], elements: [] };
    });
  }

  /** The JSON of an element that has nothing but one value; undefined for all others. */
  #plain({ attributes, children }: Element, values: readonly Value[], isData: boolean): string | undefined {
    const [part] = children;
    if (part?.kind !== 'substitution' || children.length > 1 || (attributes.length > 0 && !isData))
      return undefined;
    const value = values[part.index] ?? null;
    if (typeof value === 'object' && value !== null) return undefined;
    this.#spend(value);
    if (isEmpty(value)) return isData ? '""' : 'null';
    return JSON.stringify(value);
  }

  /** Adds the elements of a parent as members. */
  #members(
    elements: readonly Filled[],
    members: JsonMembers,
    isContainer: boolean,
    isDistinct: boolean,
  ): void {
    const unnamed: string[] = [];
    for (const filled of elements) {
      const { element, values } = filled;
      const isData = isContainer && element.name === 'Data';
      if (isDistinct) {
        const json = this.#plain(element, values, isData);
        if (json !== undefined) {
          members.addDistinct(isData ? element.fixed.dataKey : element.fixed.key, json);
          continue;
        }
      }
      const name = isData ? this.#dataName(element, values) : element.name;
      for (const content of this.#contents(filled)) {
        const json = isData ? this.#dataValue(filled, content) : this.#value(filled, content);
        if (isData && name === '') unnamed.push(json);
        else members.add(name, JSON.stringify(name), json);
      }
    }
    if (unnamed.length > 0) {
      const text = unnamed.length === 1 ? unnamed.join() : `[${unnamed.join()}]`;
      members.add('Data', '"Data"', `{"#text":${text}}`);
    }
  }

  #attributes({ attributes, fixed }: Element, values: readonly Value[]): string {
    if (fixed.attributes !== undefined) {
      this.#budget.spend(fixed.attributes.length);
      return fixed.attributes;
    }
    const members = new JsonMembers();
    for (const attribute of attributes) {
      const texts = this.#attributeTexts(attribute, values);
      if (texts.length > 0) members.add(attribute.name, JSON.stringify(attribute.name), jsonOf(texts));
    }
    return members.isEmpty ? '' : members.json;
  }

  #value(filled: Filled, content: Content): string {
    const attributes = this.#attributes(filled.element, filled.values);
    if (attributes === '' && content.elements.length === 0) return jsonOf(content.texts);
    return this.#object(filled.element, attributes, content);
  }

  /** The value of a Data element, whose name is that of the member. An empty one keeps its place. */
  #dataValue({ element }: Filled, content: Content): string {
    if (content.elements.length > 0) return this.#object(element, '', content);
    return content.texts.length === 0 ? '""' : jsonOf(content.texts);
  }

  #object({ name, fixed }: Element, attributes: string, { texts, elements }: Content): string {
    const members = new JsonMembers();
    if (attributes !== '') members.add('#attributes', '"#attributes"', attributes);
    if (texts.length > 0) members.add('#text', '"#text"', jsonOf(texts));
    const isDistinct = fixed.isDistinct && !elements.some((one) => arrayIn(one.element, one.values));
    this.#members(elements, members, CONTAINERS.has(name), isDistinct);
    return members.json;
  }

  event(parts: readonly Part[]): string {
    const { texts, elements } = this.#content(parts, []);
    const [root] = elements;
    if (root?.element.name !== 'Event' || elements.length > 1 || texts.length > 0) {
      throw new BinXmlError('there is not one event');
    }
    return `{"Event":${this.#value(root, this.#content(root.element.children, root.values))}}`;
  }
}

/** The items of an array that is all there is in an element: each of them repeats the element (MS-EVEN6, 3.1.4.7.5). */
const arrayIn = ({ children }: Element, values: readonly Value[]): readonly Scalar[] | undefined => {
  const [part] = children;
  if (children.length !== 1 || part?.kind !== 'substitution') return undefined;
  const value = values[part.index];
  return isList(value) ? value : undefined;
};

/** The JSON text of an event out of the parts of its record. @throws BinXmlError */
export const renderEvent = (parts: readonly Part[], budget: Budget): string =>
  new Renderer(budget).event(parts);
