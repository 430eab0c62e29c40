/**
 * Lists and maps, taken apart into columns with repetition and definition levels, as Dremel does.
 * https://github.com/apache/parquet-format/blob/master/README.md#nested-encoding
 */
import type { Column, ColumnType, OcsfValue } from '../ocsf/column.ts';
import type { MapPairs } from '../ocsf/row.ts';
import { Leaf } from './leaf.ts';
import type { LeafKind } from './leaf.ts';
import { ColumnError } from './schema.ts';

/** What takes the values of one attribute. Levels are those of the group that it is in. */
export interface Sink {
  readonly absent: (repetition: number, definition: number) => void;
  readonly present: (value: OcsfValue, repetition: number, definition: number) => void;
}

export interface Place {
  readonly path: readonly string[];
  readonly definition: number;
  readonly repetition: number;
}

/** The sink of a type at a place of the schema; the leaves under it are added in the order of the schema. */
export function sinkOf(type: ColumnType, place: Place, leaves: Leaf[]): Sink {
  switch (type.kind) {
    case 'struct':
      return structSink(type.fields, place, leaves);
    case 'list':
      return listSink(type.element, place, leaves);
    case 'map':
      return mapSink(place, leaves);
    default:
      return leafAt(type.kind, place, leaves);
  }
}

/** The leaf of a scalar at a place of the schema. */
export function leafAt(kind: LeafKind, { path, definition, repetition }: Place, leaves: Leaf[]): Leaf {
  return addLeaf({ path, kind, definitionMax: definition + 1, repetitionMax: repetition }, leaves);
}

function addLeaf(shape: Leaf['shape'], leaves: Leaf[]): Leaf {
  const leaf = new Leaf(shape);
  leaves.push(leaf);
  return leaf;
}

const wrong = ({ path }: Place, kind: string): ColumnError =>
  new ColumnError(path.join('.'), `a value is not of its type, ${kind}`);

function structSink(fields: readonly Column[], place: Place, leaves: Leaf[]): Sink {
  const sinks = fields.map(({ name, type }) => {
    const inner = { ...place, path: [...place.path, name], definition: place.definition + 1 };
    return { name, sink: sinkOf(type, inner, leaves) };
  });
  return {
    absent: (repetition, definition) => {
      for (const { sink } of sinks) sink.absent(repetition, definition);
    },
    present: (value, repetition, definition) => {
      if (typeof value !== 'object' || Array.isArray(value)) throw wrong(place, 'struct');
      const object = value as Readonly<Record<string, OcsfValue>>; // true: an object that is no array
      let found = 0;
      for (const { name, sink } of sinks) {
        const inner = object[name];
        if (inner === undefined) sink.absent(repetition, definition + 1);
        else {
          sink.present(inner, repetition, definition + 1);
          found++;
        }
      }
      // The columns and the values come from the same mapping: to drop one would hide a defect.
      for (const name in object) if (object[name] !== undefined) found--;
      if (found !== 0) throw new ColumnError(place.path.join('.'), 'has a value that no column is for');
    },
  };
}

function listSink(element: ColumnType, place: Place, leaves: Leaf[]): Sink {
  const inner: Place = {
    path: [...place.path, 'list', 'element'],
    definition: place.definition + 2,
    repetition: place.repetition + 1,
  };
  const sink = sinkOf(element, inner, leaves);
  return {
    absent: (repetition, definition) => sink.absent(repetition, definition),
    present: (value, repetition, definition) => {
      if (!Array.isArray(value)) throw wrong(place, 'list');
      const items = value as readonly OcsfValue[]; // true: OcsfValue's only array
      if (items.length === 0) sink.absent(repetition, definition + 1);
      items.forEach((item, i) => {
        sink.present(item, i === 0 ? repetition : inner.repetition, definition + 2);
      });
    },
  };
}

/** Keys are required, so that their level is that of the entry itself. */
function mapSink(place: Place, leaves: Leaf[]): Sink {
  const { path, definition, repetition } = place;
  const inner = { kind: 'string', repetitionMax: repetition + 1 } as const;
  const at = (name: string): string[] => [...path, 'key_value', name];
  const keys = addLeaf({ ...inner, path: at('key'), definitionMax: definition + 2 }, leaves);
  const values = addLeaf({ ...inner, path: at('value'), definitionMax: definition + 3 }, leaves);
  const absent: Sink['absent'] = (...levels) => {
    keys.absent(...levels);
    values.absent(...levels);
  };
  return {
    absent,
    present: (value, outer, level) => {
      const pairs = pairsOf(value);
      if (pairs === undefined) throw wrong(place, 'map');
      if (pairs.length === 0) absent(outer, level + 1);
      for (let i = 0; i < pairs.length; i += 2) {
        const own = i === 0 ? outer : inner.repetitionMax;
        keys.present(pairs[i] ?? '', own);
        values.present(pairs[i + 1] ?? '', own);
      }
    },
  };
}

/** A map is pairs in a row, and an object within a list. */
function pairsOf(value: OcsfValue): MapPairs | undefined {
  if (Array.isArray(value)) return value as MapPairs; // true: what a row has for a map
  if (typeof value !== 'object') return undefined;
  return Object.entries(value as Readonly<Record<string, string>>).flat(); // true: what a record has for a map
}
