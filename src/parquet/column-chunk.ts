/**
 * A column of a row group in the file: a page of its distinct values where those are few, and pages of its values.
 * https://github.com/apache/parquet-format/blob/master/README.md#data-pages
 */
import { ByteWriter } from './byte-writer.ts';
import { bitWidth, hybridBytesMax, writeHybrid } from './hybrid.ts';
import type { Leaf, LeafKind } from './leaf.ts';
import { boundsOf } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { ThriftWriter } from './thrift.ts';
import { zstdFrame } from './zstd.ts';

/** Numbers of Parquet's Thrift definition. */
export const PLAIN = 0;
const RLE = 3;
const RLE_DICTIONARY = 8;
const DICTIONARY_PAGE = 2;
const DATA_PAGE_V2 = 3;

export interface PageOptions {
  readonly zstdLevel: number;
  /** Of a page, uncompressed, without its header. A row that alone is larger gets a page for itself. */
  readonly pageBytesMax: number;
}

/** What the footer says of a column chunk. */
export interface ColumnChunk {
  readonly encodings: readonly number[];
  readonly entries: number;
  readonly nulls: number;
  readonly bounds: Bounds | undefined;
  readonly uncompressedBytes: number;
  readonly compressedBytes: number;
  readonly dataOffset: number;
  readonly dictionaryOffset: number | undefined;
  readonly dataPages: number;
}

/** What pages are put together in; one for a file. */
export interface Scratch {
  readonly page: ByteWriter;
  readonly header: ThriftWriter;
}

export const newScratch = (): Scratch => ({ page: new ByteWriter(65_536), header: new ThriftWriter() });

/** Writes a column of `rows` rows. */
export function writeColumnChunk(
  out: ByteWriter,
  leaf: Leaf,
  rows: number,
  { page, header }: Scratch,
  options: PageOptions,
): ColumnChunk {
  const start = out.length;
  const { kind } = leaf.shape;
  const { values, definition } = leaf;
  let uncompressedBytes = 0;
  const writePage = (levelBytes: number, writeHeader: (compressedBytes: number) => void): void => {
    const levels = page.view(0, levelBytes);
    const frame = zstdFrame(page.view(levelBytes), options.zstdLevel);
    header.out.clear();
    header.element();
    writeHeader(levels.length + frame.length);
    header.end();
    uncompressedBytes += header.out.length + page.length;
    out.bytes(header.out.view());
    out.bytes(levels);
    out.bytes(frame);
  };

  const sizes = kind === 'boolean' ? undefined : encodeDistinct(page, leaf);
  const isDictionary = sizes !== undefined && pays(leaf, page.length, options.pageBytesMax);
  const bounds = boundsOf(kind, values.values, sizes?.isAscii ?? true);
  const dictionaryOffset = isDictionary ? out.length : undefined;
  if (isDictionary) {
    writePage(0, (compressedBytes) => {
      header.i32(1, DICTIONARY_PAGE);
      header.i32(2, page.length);
      header.i32(3, compressedBytes);
      header.struct(7);
      header.i32(1, values.values.length);
      header.i32(2, PLAIN);
      header.end();
    });
  }
  const encoding = isDictionary ? RLE_DICTIONARY : PLAIN;
  const dataOffset = out.length;
  const width = bitWidth(Math.max(values.values.length - 1, 0));
  let dataPages = 0;
  const cut = isDictionary ? { ...options, indexWidth: width } : options;
  for (const span of pagesOf(leaf, rows, sizes?.bytes, cut)) {
    page.clear();
    leaf.repetition?.write(page, span.firstEntry, span.lastEntry);
    const repetitionBytes = page.length;
    definition.write(page, span.firstEntry, span.lastEntry);
    const levelBytes = page.length;
    if (isDictionary) {
      // A dictionary of one needs no bits, but some readers want one.
      page.byte(Math.max(width, 1));
      writeHybrid(page, values.indexes, span.firstValue, span.lastValue, Math.max(width, 1));
    } else writePlain(page, leaf, span.firstValue, span.lastValue);
    writePage(levelBytes, (compressedBytes) => {
      header.i32(1, DATA_PAGE_V2);
      header.i32(2, page.length);
      header.i32(3, compressedBytes);
      header.struct(8);
      header.i32(1, span.lastEntry - span.firstEntry);
      header.i32(2, span.lastEntry - span.firstEntry - (span.lastValue - span.firstValue));
      header.i32(3, span.rows);
      header.i32(4, encoding);
      header.i32(5, levelBytes - repetitionBytes);
      header.i32(6, repetitionBytes);
      header.end();
    });
    dataPages++;
  }
  return {
    encodings: isDictionary ? [PLAIN, RLE, RLE_DICTIONARY] : [PLAIN, RLE],
    entries: definition.length,
    nulls: definition.length - values.length,
    bounds,
    uncompressedBytes,
    compressedBytes: out.length - start,
    dataOffset,
    dictionaryOffset,
    dataPages,
  };
}

interface DistinctSizes {
  /** Of each distinct value, its length included. */
  readonly bytes: Uint32Array | undefined;
  readonly isAscii: boolean;
}

/** Writes the distinct values, as the page of a dictionary has them. */
function encodeDistinct(page: ByteWriter, { values: { values }, shape: { kind } }: Leaf): DistinctSizes {
  page.clear();
  if (kind !== 'string' && kind !== 'json') {
    for (const value of values) writeNumber(page, kind, Number(value));
    return { bytes: undefined, isAscii: true };
  }
  const bytes = new Uint32Array(values.length);
  let isAscii = true;
  for (let i = 0; i < values.length; i++) {
    const text = values[i] as string; // true: what a column of texts holds
    const written = page.lengthAndUtf8(text);
    bytes[i] = written + 4;
    if (written !== text.length) isAscii = false;
  }
  return { bytes, isAscii };
}

/** Whether a dictionary makes the column smaller: it holds at most half as many values, and is one page. */
const pays = ({ values }: Leaf, dictionaryBytes: number, pageBytesMax: number): boolean =>
  values.length > 1 && 2 * values.values.length <= values.length && dictionaryBytes <= pageBytesMax;

function writeNumber(page: ByteWriter, kind: LeafKind, value: number): void {
  if (kind === 'double') page.double(value);
  else page.int64(value);
}

function writePlain(page: ByteWriter, { values, shape: { kind } }: Leaf, start: number, end: number): void {
  const { indexes, values: distinct } = values;
  if (kind === 'boolean') {
    for (let at = start; at < end; at += 8) {
      let bits = 0;
      for (let i = at; i < Math.min(at + 8, end); i++)
        bits |= (distinct[indexes[i] ?? 0] === true ? 1 : 0) << (i - at);
      page.byte(bits);
    }
  } else if (kind === 'string' || kind === 'json') {
    for (let i = start; i < end; i++) page.lengthAndUtf8(distinct[indexes[i] ?? 0] as string); // true: as above
  } else for (let i = start; i < end; i++) writeNumber(page, kind, Number(distinct[indexes[i] ?? 0]));
}

interface PageSpan {
  readonly rows: number;
  readonly firstEntry: number;
  readonly lastEntry: number;
  readonly firstValue: number;
  readonly lastValue: number;
}

/** Where pages begin: at a row, and as late as the limit allows. */
function pagesOf(
  leaf: Leaf,
  rows: number,
  sizes: Uint32Array | undefined,
  { pageBytesMax, indexWidth }: PageOptions & { readonly indexWidth?: number },
): PageSpan[] {
  const { definition, repetition, values, shape } = leaf;
  const entries = definition.length;
  const valuesMax = (count: number, bytes: number): number => {
    if (indexWidth !== undefined) return 1 + hybridBytesMax(count, Math.max(indexWidth, 1));
    return shape.kind === 'boolean' ? Math.ceil(count / 8) : bytes;
  };
  const bytesMax = (entryCount: number, valueCount: number, bytes: number): number =>
    definition.bytesMax(entryCount) + (repetition?.bytesMax(entryCount) ?? 0) + valuesMax(valueCount, bytes);
  const sizeOf = (value: number): number => sizes?.[values.indexes[value] ?? 0] ?? 8;
  let allBytes = 0;
  for (let i = 0; i < values.length; i++) allBytes += sizeOf(i);
  const whole = { rows, firstEntry: 0, lastEntry: entries, firstValue: 0, lastValue: values.length };
  if (bytesMax(entries, values.length, allBytes) <= pageBytesMax) return [whole];

  const spans: PageSpan[] = [];
  let [first, row] = [
    { entry: 0, value: 0, row: 0 },
    { entry: 0, value: 0, bytes: 0, row: 0 },
  ];
  let [value, bytes] = [0, 0];
  const close = (): void => {
    spans.push({
      rows: row.row - first.row,
      firstEntry: first.entry,
      lastEntry: row.entry,
      firstValue: first.value,
      lastValue: row.value,
    });
    first = { entry: row.entry, value: row.value, row: row.row };
    bytes -= row.bytes;
  };
  for (let entry = 0; entry <= entries; entry++) {
    // At the end of each row: if the page with it is too large, the page ends before it.
    if (entry === entries || (entry > 0 && (repetition?.at(entry) ?? 0) === 0)) {
      const tooLarge = bytesMax(entry - first.entry, value - first.value, bytes) > pageBytesMax;
      if (tooLarge && row.row > first.row) close();
      row = { entry, value, bytes, row: row.row + 1 };
    }
    if (entry < entries && definition.at(entry) === shape.definitionMax) bytes += sizeOf(value++);
  }
  close();
  return spans;
}
