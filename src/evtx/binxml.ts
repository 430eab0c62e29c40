/**
 * Binary XML: elements, attributes and values as tokens, and templates whose places are filled with the values of an
 * event. Documented by libevtx ("Windows XML Event Log (EVTX) format") and MS-EVEN6, section 2.2.12.
 */
import { DEPTH_MAX, type Budget } from './budget.ts';
import { BinXmlError, Cursor } from './cursor.ts';
import { elementOf } from './element.ts';
import type { Attribute, Element, Instance, Literal, Part, Substitution, Value } from './parts.ts';
import { readValue, sizeOf, VALUE } from './value.ts';

const TOKEN = {
  end: 0x00,
  openElement: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  closeElement: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  charReference: 0x08,
  entityReference: 0x09,
  piTarget: 0x0a,
  piData: 0x0b,
  templateInstance: 0x0c,
  substitution: 0x0d,
  optionalSubstitution: 0x0e,
  fragmentHeader: 0x0f,
} as const;

const HAS_MORE = 0x40;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Where tokens stand: those of a template differ. */
interface Place {
  readonly isTemplate: boolean;
  readonly depth: number;
}

const below = ({ isTemplate, depth }: Place): Place => ({ isTemplate, depth: depth + 1 });

/** Reads the records of one chunk. Its names and templates stand once, and are read once. */
export class ChunkReader {
  readonly #bytes: Buffer;
  readonly #budget: Budget;
  readonly #names = new Map<number, string>();
  readonly #templates = new Map<number, readonly Part[]>();

  constructor(bytes: Buffer, budget: Budget) {
    this.#bytes = bytes;
    this.#budget = budget;
  }

  /** The parts of the record between two offsets. @throws BinXmlError */
  record(start: number, end: number): readonly Part[] {
    return this.#fragment(new Cursor(this.#bytes, start, end), { isTemplate: false, depth: 0 });
  }

  /** A name. Where it is used first it stands in the middle of the tokens. */
  #name(cursor: Cursor): string {
    const offset = cursor.u32();
    const isHere = offset === cursor.at;
    const known = this.#names.get(offset);
    if (known !== undefined && !isHere) return known;
    const own = isHere ? cursor : new Cursor(this.#bytes, offset, this.#bytes.length);
    own.skip(6); // the offset of the next name with the same hash, and the hash
    const name = own.utf16();
    own.skip(2); // a NUL
    this.#budget.spend(name.length);
    this.#names.set(offset, name);
    return name;
  }

  /** Parts up to the end token, or the end of the bytes. */
  #fragment(cursor: Cursor, place: Place): Part[] {
    const parts: Part[] = [];
    while (cursor.at < cursor.end) {
      const token = cursor.u8();
      if (token === TOKEN.end) break;
      this.#part(cursor, token, place, parts);
    }
    return parts;
  }

  /** Parts up to the end of the element that they are in. */
  #children(cursor: Cursor, place: Place): Part[] {
    if (place.depth > DEPTH_MAX) throw new BinXmlError('elements are nested too deep');
    const parts: Part[] = [];
    for (let token = cursor.u8(); token !== TOKEN.closeElement; token = cursor.u8())
      this.#part(cursor, token, place, parts);
    return parts;
  }

  #part(cursor: Cursor, token: number, place: Place, parts: Part[]): void {
    this.#budget.spend(0);
    switch (token & ~HAS_MORE) {
      case TOKEN.fragmentHeader:
        cursor.skip(3); // the version and flags
        return;
      case TOKEN.openElement:
        parts.push(this.#element(cursor, (token & HAS_MORE) !== 0, place));
        return;
      case TOKEN.templateInstance:
        // A template within a template could be one within itself. Windows writes none.
        if (place.isTemplate) throw new BinXmlError('a template contains another one');
        parts.push(this.#instance(cursor, place));
        return;
      case TOKEN.piTarget:
        this.#name(cursor);
        return;
      case TOKEN.piData:
        cursor.utf16();
        return;
      default:
        parts.push(this.#text(cursor, token & ~HAS_MORE));
    }
  }

  #literal(value: Literal['value']): Literal {
    this.#budget.spend(typeof value === 'string' ? value.length : 0);
    return { kind: 'literal', value };
  }

  #text(cursor: Cursor, token: number): Literal | Substitution {
    switch (token) {
      case TOKEN.value: {
        const type = cursor.u8();
        if (type === VALUE.string) return this.#literal(cursor.utf16());
        const size = sizeOf(type);
        if (size === undefined) throw new BinXmlError('a value in a template has an unknown type');
        const value = readValue(type, this.#bytes, cursor.skip(size), size);
        return this.#literal(Array.isArray(value) ? null : (value as Literal['value'])); // true: it is no array
      }
      case TOKEN.cdata:
        return this.#literal(cursor.utf16());
      case TOKEN.charReference:
        return this.#literal(String.fromCharCode(cursor.u16()));
      case TOKEN.entityReference: {
        const name = this.#name(cursor);
        return this.#literal(ENTITIES.get(name) ?? `&${name};`);
      }
      case TOKEN.substitution:
      case TOKEN.optionalSubstitution: {
        const index = cursor.u16();
        cursor.skip(1); // the type: that of the value counts
        return { kind: 'substitution', index, isOptional: token === TOKEN.optionalSubstitution };
      }
      default:
        throw new BinXmlError('a token is unknown');
    }
  }

  #element(cursor: Cursor, hasAttributes: boolean, place: Place): Element {
    if (place.isTemplate) cursor.skip(2); // the dependency identifier
    cursor.skip(4); // the size
    const name = this.#name(cursor);
    const attributes = hasAttributes ? this.#attributes(cursor) : [];
    const close = cursor.u8();
    if (close === TOKEN.closeEmpty) return elementOf(name, attributes, []);
    if (close !== TOKEN.closeStart) throw new BinXmlError('an element does not begin');
    return elementOf(name, attributes, this.#children(cursor, below(place)));
  }

  #attributes(cursor: Cursor): Attribute[] {
    const size = cursor.u32();
    const own = new Cursor(this.#bytes, cursor.skip(size), cursor.at);
    const attributes: Attribute[] = [];
    let parts: Part[] = [];
    while (own.at < own.end) {
      const token = own.u8() & ~HAS_MORE;
      if (token === TOKEN.attribute) {
        parts = [];
        attributes.push({ name: this.#name(own), parts });
      } else if (attributes.length > 0) parts.push(this.#text(own, token));
      else throw new BinXmlError('an attribute does not begin');
      this.#budget.spend(0);
    }
    return attributes;
  }

  /** The definition of a template. Where it is used first it stands in the middle of the record. */
  #template(cursor: Cursor, depth: number): readonly Part[] {
    const offset = cursor.u32();
    const isHere = offset === cursor.at;
    const known = isHere ? undefined : this.#templates.get(offset);
    if (known !== undefined) return known;
    const own = isHere ? cursor : new Cursor(this.#bytes, offset, this.#bytes.length);
    own.skip(20); // the offset of the next template, and the GUID
    const size = own.u32();
    const start = own.skip(size);
    const parts = this.#fragment(new Cursor(this.#bytes, start, start + size), { isTemplate: true, depth });
    this.#templates.set(offset, parts);
    return parts;
  }

  #instance(cursor: Cursor, { depth }: Place): Instance {
    if (depth > DEPTH_MAX) throw new BinXmlError('templates are nested too deep');
    cursor.skip(5); // an unknown byte, and the identifier
    const parts = this.#template(cursor, depth + 1);
    const count = cursor.u32();
    // Each value has four bytes that describe it, and stands behind all of these.
    let descriptor = cursor.skip(4 * count);
    const values: Value[] = [];
    for (; values.length < count; descriptor += 4) {
      const size = this.#bytes.readUInt16LE(descriptor);
      const type = this.#bytes.readUInt8(descriptor + 2);
      const start = cursor.skip(size);
      this.#budget.spend(0);
      if (type !== VALUE.binXml) values.push(readValue(type, this.#bytes, start, size));
      else {
        const own = new Cursor(this.#bytes, start, start + size);
        values.push({ parts: this.#fragment(own, { isTemplate: false, depth: depth + 1 }) });
      }
    }
    return { kind: 'instance', parts, values };
  }
}
