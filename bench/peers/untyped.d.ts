/** The part of parquetjs-lite that the benchmark uses. */
declare module 'parquetjs-lite' {
  import type { Writable } from 'node:stream';

  interface Writer {
    appendRow(row: unknown): Promise<void>;
    close(): Promise<void>;
  }
  const parquet: {
    readonly ParquetSchema: new (fields: object) => object;
    readonly ParquetWriter: { openStream(schema: object, stream: Writable): Promise<Writer> };
  };
  export = parquet;
}
