/**
 * Binary XML: elements, attributes and values as tokens, and templates whose places are filled with the values of an
 * event. Documented by libevtx ("Windows XML Event Log format") and MS-EVEN6.
 */
import { BinXmlError, Cursor } from './cursor.ts';
import { readValue, VALUE, type JsonValue } from './value.ts';

/** A place that a value of the event fills. An optional one takes its element or attribute away where it is empty. */
export interface Substitution {
  readonly kind: 'substitution';
  readonly index: number;
  readonly isOptional: boolean;
}

export interface Literal {
  readonly kind: 'literal';
  readonly value: JsonValue;
}

export interface Attribute {
  readonly name: string;
  readonly parts: readonly Part[];
}

export interface Element {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly children: readonly Part[];
}

/** A template with the values that fill it. */
export interface Instance {
  readonly kind: 'instance';
  readonly parts: readonly Part[];
  readonly values: readonly Value[];
}

export type Part = Substitution | Literal | Element | Instance;

/** A value of an event: JSON, or elements. */
export type Value = { readonly json: JsonValue } | { readonly parts: readonly Part[] };

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

/** Elements within elements and templates within values. An event needs six. */
const DEPTH_MAX = 64;
/** Tokens of one record, those of templates each time they are read. An event needs some hundreds. */
const TOKENS_MAX = 50_000;
/** Values of one template. The largest event that Windows defines has less than a hundred. */
const VALUES_MAX = 4_096;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The names and templates of one chunk, each read once. */
export class ChunkReader {
  readonly #bytes: Buffer;
  readonly #names = new Map<number, string>();
  readonly #templates = new Map<number, readonly Part[]>();
  #tokens = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The parts of a record. @throws BinXmlError */
  record(start: number, end: number): readonly Part[] {
    this.#tokens = 0;
    return this.#parts(new Cursor(this.#bytes, start, end), 0, false);
  }

  #count(depth: number): void {
    if (depth > DEPTH_MAX) throw new BinXmlError('elements are nested too deep');
    if (++this.#tokens > TOKENS_MAX) throw new BinXmlError('there are too many elements');
  }

  /** A name, which stands in the chunk once: where it is used first, or anywhere else. */
  #name(cursor: Cursor): string {
    const offset = cursor.u32();
    const isHere = offset === cursor.at;
    const known = this.#names.get(offset);
    if (known !== undefined && !isHere) return known;
    const own = isHere ? cursor : new Cursor(this.#bytes, offset, this.#bytes.length);
    own.skip(6); // the next name of its hash, and the hash
    const name = own.utf16(own.u16());
    own.skip(2);
    this.#names.set(offset, name);
    return name;
  }

  /** Parts up to the end of an element, or of a fragment. */
  #parts(cursor: Cursor, depth: number, isValue: boolean): Part[] {
    const parts: Part[] = [];
    while (cursor.at < cursor.end) {
      this.#count(depth);
      const token = cursor.u8();
      switch (token & ~HAS_MORE) {
        case TOKEN.end:
        case TOKEN.closeElement:
          return parts;
        case TOKEN.fragmentHeader:
          cursor.skip(3);
          break;
        case TOKEN.openElement:
          parts.push(this.#element(cursor, (token & HAS_MORE) !== 0, depth, isValue));
          break;
        case TOKEN.templateInstance:
          parts.push(this.#instance(cursor, depth));
          break;
        case TOKEN.piTarget:
          this.#name(cursor);
          break;
        case TOKEN.piData:
          cursor.utf16(cursor.u16());
          break;
        default:
          parts.push(this.#text(cursor, token & ~HAS_MORE));
      }
    }
    return parts;
  }

  #text(cursor: Cursor, token: number): Part {
    switch (token) {
      case TOKEN.value: {
        const type = cursor.u8();
        if (type !== VALUE.string) throw new BinXmlError('a value in a template has an unknown type');
        return { kind: 'literal', value: cursor.utf16(cursor.u16()) };
      }
      case TOKEN.cdata:
        return { kind: 'literal', value: cursor.utf16(cursor.u16()) };
      case TOKEN.charReference:
        return { kind: 'literal', value: String.fromCharCode(cursor.u16()) };
      case TOKEN.entityReference: {
        const name = this.#name(cursor);
        return { kind: 'literal', value: ENTITIES.get(name) ?? `&${name};` };
      }
      case TOKEN.substitution:
      case TOKEN.optionalSubstitution: {
        const index = cursor.u16();
        cursor.skip(1); // the type, which the value has, too
        return { kind: 'substitution', index, isOptional: token === TOKEN.optionalSubstitution };
      }
      default:
        throw new BinXmlError('a token is unknown');
    }
  }

  #element(cursor: Cursor, hasAttributes: boolean, depth: number, isValue: boolean): Element {
    if (!isValue) cursor.skip(2); // the dependency id
    cursor.skip(4); // the size
    const name = this.#name(cursor);
    const attributes = hasAttributes ? this.#attributes(cursor, depth) : [];
    const close = cursor.u8();
    if (close === TOKEN.closeEmpty) return { kind: 'element', name, attributes, children: [] };
    if (close !== TOKEN.closeStart) throw new BinXmlError('an element does not begin');
    return { kind: 'element', name, attributes, children: this.#parts(cursor, depth + 1, isValue) };
  }

  #attributes(cursor: Cursor, depth: number): Attribute[] {
    const size = cursor.u32();
    const end = cursor.at + size;
    if (end > cursor.end) throw new BinXmlError('a size is too large');
    const attributes: Attribute[] = [];
    while (cursor.at < end) {
      this.#count(depth);
      if ((cursor.u8() & ~HAS_MORE) !== TOKEN.attribute) throw new BinXmlError('an attribute does not begin');
      const name = this.#name(cursor);
      const parts: Part[] = [];
      while (cursor.at < end) {
        const token = this.#bytes.readUInt8(cursor.at) & ~HAS_MORE;
        if (token === TOKEN.attribute) break;
        this.#count(depth);
        cursor.skip(1);
        parts.push(this.#text(cursor, token));
      }
      attributes.push({ name, parts });
    }
    return attributes;
  }

  /** The definition of a template: here, where it is used first, or elsewhere in the chunk. */
  #template(cursor: Cursor, offset: number, depth: number): readonly Part[] {
    const isHere = offset === cursor.at;
    const known = this.#templates.get(offset);
    if (known !== undefined && !isHere) return known;
    const own = isHere ? cursor : new Cursor(this.#bytes, offset, this.#bytes.length);
    own.skip(20); // the next template, and the GUID
    const size = own.u32();
    const start = own.skip(size);
    const parts = this.#parts(new Cursor(this.#bytes, start, start + size), depth + 1, false);
    this.#templates.set(offset, parts);
    return parts;
  }

  #instance(cursor: Cursor, depth: number): Instance {
    cursor.skip(5); // a version, and the id
    const parts = this.#template(cursor, cursor.u32(), depth);
    const count = cursor.u32();
    if (count > VALUES_MAX) throw new BinXmlError('there are too many values');
    const described = Array.from({ length: count }, () => {
      const size = cursor.u16();
      const type = cursor.u8();
      cursor.skip(1);
      return { size, type };
    });
    const values = described.map(({ size, type }): Value => {
      const start = cursor.skip(size);
      if (type !== VALUE.binXml) return { json: readValue(type, this.#bytes.subarray(start, start + size)) };
      return { parts: this.#parts(new Cursor(this.#bytes, start, start + size), depth + 1, true) };
    });
    return { kind: 'instance', parts, values };
  }
}
