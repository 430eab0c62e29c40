/**
 * Parquet objects as Security Lake asks for them: zstd, pages of at most 1 MB uncompressed, row groups of at most
 * 256 MB, rows ordered by time.
 * https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources-best-practices.html
 */
import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column, OcsfRecord } from '../ocsf/column.ts';
import { type Leaf, leavesOf, planPages } from './page-plan.ts';
import { parquetSchema } from './parquet-schema.ts';
import { rowEncoder, type WriterGroup, type WriterValue } from './writer-value.ts';

/** Uncompressed, without the header. A value, or a row's list, that alone is larger gets a page for itself. */
export const PAGE_BYTES_MAX = 1_000_000;

export interface ParquetOptions {
  /** 1 to 22; default 3, zstd's own. */
  readonly zstdLevel?: number;
  /** Default 100,000. */
  readonly rowGroupRowsMax?: number;
  /**
   * Default 64 MB of text in UTF-16 units: at three bytes a unit and not compressed at all, a row group still is
   * below Security Lake's 256 MB.
   */
  readonly rowGroupBytesMax?: number;
  /** Default {@link PAGE_BYTES_MAX}. */
  readonly pageBytesMax?: number;
}

/**
 * One Parquet object with these columns, whatever the rows hold; the same rows give the same bytes.
 * Rows are taken one row group at a time, in the order given (see {@link sortByTime}).
 * Unpaired surrogates in text become U+FFFD, as UTF-8 cannot hold them.
 * @throws ColumnError when the columns make no table, or a row is not of these columns
 */
export function encodeParquet(
  columns: readonly Column[],
  rows: Iterable<OcsfRecord>,
  options: ParquetOptions = {},
): Uint8Array {
  const { zstdLevel = 3, pageBytesMax = PAGE_BYTES_MAX } = options;
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: parquetSchema(columns),
    codec: 'ZSTD',
    compressors: { ZSTD: (page) => zstd(page, zstdLevel) },
    createdBy: 'sysmon-lake',
  });
  const leaves = leavesOf(columns);
  for (const group of rowGroups(columns, rows, options)) {
    const columnData = columns.map(({ name }) => group.map((row) => row[name]));
    writeRowGroup(file, columns, leaves, columnData, pageBytesMax);
  }
  void file.finish(); // into memory: nothing to wait for
  return writer.getBytes();
}

/** With the size known in advance zstd sizes its tables to the page, and the frame says how long its content is. */
const zstd = (page: Uint8Array, level: number): Uint8Array =>
  zstdCompressSync(page, {
    params: { [constants.ZSTD_c_compressionLevel]: level },
    pledgedSrcSize: page.length,
  });

function* rowGroups(
  columns: readonly Column[],
  rows: Iterable<OcsfRecord>,
  { rowGroupRowsMax = 100_000, rowGroupBytesMax = 64_000_000 }: ParquetOptions,
): Generator<WriterGroup[]> {
  const encode = rowEncoder(columns);
  const count = { bytes: 0 };
  let group: WriterGroup[] = [];
  for (const row of rows) {
    const bytesBefore = count.bytes;
    const encoded = encode(row, count);
    if (group.length >= rowGroupRowsMax || (group.length > 0 && count.bytes > rowGroupBytesMax)) {
      yield group;
      group = [];
      count.bytes -= bytesBefore;
    }
    group.push(encoded);
  }
  if (group.length > 0) yield group;
}

/** Writes one row group, or two halves of it where its pages could not keep to the limit. */
function writeRowGroup(
  file: ParquetWriter,
  columns: readonly Column[],
  leaves: readonly Leaf[],
  columnData: readonly WriterValue[][],
  pageBytesMax: number,
): void {
  const rowCount = columnData[0]?.length ?? 0;
  const plan = planPages(leaves, columnData, rowCount, pageBytesMax);
  if (plan === undefined) {
    const middle = rowCount >> 1;
    for (const [start, end] of [
      [0, middle],
      [middle, rowCount],
    ] as const) {
      const half = columnData.map((data) => data.slice(start, end));
      writeRowGroup(file, columns, leaves, half, pageBytesMax);
    }
    return;
  }
  void file.write({
    columnData: columns.map(({ name }, index) => ({ name, data: columnData[index] ?? [] })),
    rowGroupSize: rowCount,
    ...plan,
  });
}

const timeOf = ({ time }: OcsfRecord): number => (typeof time === 'number' ? time : Infinity);

const uidOf = ({ metadata }: OcsfRecord): string => {
  if (typeof metadata !== 'object' || !('uid' in metadata)) return '';
  return typeof metadata.uid === 'string' ? metadata.uid : '';
};

const compare = <T extends number | string>(left: T, right: T): number =>
  left < right ? -1 : left > right ? 1 : 0;

/**
 * The rows in a new array, ordered by `time`; equal times by `metadata.uid`, and events sent twice by all that
 * they hold, so that the order in which they arrived does not show. Rows without a time come last.
 */
export const sortByTime = (rows: readonly OcsfRecord[]): OcsfRecord[] =>
  rows.toSorted(
    (left, right) =>
      compare(timeOf(left), timeOf(right)) ||
      compare(uidOf(left), uidOf(right)) ||
      compare(JSON.stringify(left), JSON.stringify(right)),
  );
