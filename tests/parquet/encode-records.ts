/** Parquet objects out of records, as tests write them down. */
import type { Column, OcsfRecord } from '../../src/ocsf/column.ts';
import { newPlaces, objectWriter } from '../../src/ocsf/row.ts';
import type { Row } from '../../src/ocsf/row.ts';
import { newLakeObject } from '../../src/lake/parquet.ts';

/** The rows of records, one at a time. */
export function* rowsOf(columns: readonly Column[], records: Iterable<OcsfRecord>): Generator<Row> {
  const places = newPlaces();
  const put = objectWriter(columns, places);
  const slots = places.link(columns);
  for (const record of records) {
    const row: Row = Array<undefined>(slots).fill(undefined);
    put(row, record);
    yield row;
  }
}

export function encodeRecords(
  columns: readonly Column[],
  records: Iterable<OcsfRecord>,
  options?: Parameters<typeof newLakeObject>[1],
): Uint8Array {
  const file = newLakeObject(columns, options);
  for (const row of rowsOf(columns, records)) file.append(row);
  return file.finish();
}
