/**
 * Parquet objects as Security Lake asks for them: zstd, pages of at most 1 MB uncompressed, row groups of at most
 * 256 MB; rows ordered by time.
 * https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources-best-practices.html
 */
import type { Column } from '../ocsf/column.ts';
import { newParquetFile } from '../parquet/file.ts';
import type { FileOptions, ParquetFile } from '../parquet/file.ts';

export { RowError } from '../parquet/schema.ts';

/** Uncompressed, without the header. A row that alone is larger gets a page for itself. */
export const PAGE_BYTES_MAX = 1_000_000;
export const ZSTD_LEVEL = 3;

const OPTIONS: FileOptions = {
  zstdLevel: ZSTD_LEVEL,
  rowGroupRowsMax: 100_000,
  // At three bytes a UTF-16 unit and not compressed at all, a row group still is below the 256 MB.
  rowGroupBytesMax: 64_000_000,
  pageBytesMax: PAGE_BYTES_MAX,
};

/**
 * Begins an object of the lake. Unpaired surrogates in text become U+FFFD, as UTF-8 cannot hold them.
 * @throws ColumnError when the columns make no table
 */
export const newLakeObject = (columns: readonly Column[], options: Partial<FileOptions> = {}): ParquetFile =>
  newParquetFile(columns, { ...OPTIONS, ...options });
