/** Whole Parquet objects, from rows. */
import type { Column } from '../ocsf/column.ts';
import type { Row } from '../ocsf/row.ts';
import { ByteWriter } from './byte-writer.ts';
import { newScratch, writeColumnChunk } from './column-chunk.ts';
import type { PageOptions } from './column-chunk.ts';
import { writeFooter } from './footer.ts';
import type { WrittenRowGroup } from './footer.ts';
import { newRowGroup } from './row-group.ts';
import type { RowGroup } from './row-group.ts';
import { parquetSchema } from './schema.ts';

export interface FileOptions extends PageOptions {
  readonly rowGroupRowsMax: number;
  /** In UTF-16 units of text and bytes of numbers. */
  readonly rowGroupBytesMax: number;
}

/** An object that is being made. Some rows are only looked at when more have come, so they must stay as they are. */
export interface ParquetFile {
  /** @throws RowError when this row or one before it is not of the columns; nothing can be appended after it */
  readonly append: (row: Row) => void;
  /**
   * The bytes; called once.
   * @throws RowError when a row is not of the columns
   */
  readonly finish: () => Uint8Array;
}

const MAGIC = Buffer.from('PAR1');

/**
 * Begins an object with these columns, whatever the rows hold; the same rows give the same bytes.
 * @throws ColumnError when the columns make no table
 */
export function newParquetFile(columns: readonly Column[], options: FileOptions): ParquetFile {
  parquetSchema(columns);
  const out = new ByteWriter(65_536);
  const scratch = newScratch();
  const groups: WrittenRowGroup[] = [];
  let open = newRowGroup(columns);
  let written = 0;
  const shapes = open.leaves.map(({ shape }) => shape);
  out.bytes(MAGIC);

  const write = ({ rows, leaves }: RowGroup): void => {
    const chunks = leaves.map((leaf) => writeColumnChunk(out, leaf, rows, scratch, options));
    groups.push({ rows, chunks });
  };
  return {
    append(row) {
      if (open.rows >= options.rowGroupRowsMax || (open.rows > 0 && open.bytes >= options.rowGroupBytesMax)) {
        write(open);
        written += open.rows;
        open = newRowGroup(columns, written);
      }
      open.append(row);
    },
    finish() {
      if (open.rows > 0) write(open);
      const footer = writeFooter(columns, shapes, groups);
      out.bytes(footer);
      out.uint32(footer.length);
      out.bytes(MAGIC);
      return new Uint8Array(out.view());
    },
  };
}
