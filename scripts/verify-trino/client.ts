/** Statements to Trino, by its REST protocol. https://trino.io/docs/current/develop/client-protocol.html */
import { z } from 'zod';

const page = z.object({
  nextUri: z.string().optional(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })).optional(),
  data: z.array(z.array(z.unknown())).optional(),
  stats: z.object({ processedRows: z.number().default(0), totalSplits: z.number().default(0) }),
  error: z.object({ message: z.string() }).optional(),
});

export interface TrinoResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  /** Rows that were read from objects, after partitions were pruned. */
  readonly readRows: number;
}

export interface TrinoClient {
  /** Throws with what Trino says is wrong. */
  query(sql: string): Promise<TrinoResult>;
}

export function trinoClient(port: number, schema: string): TrinoClient {
  const headers = { 'X-Trino-User': 'verify', 'X-Trino-Catalog': 'hive', 'X-Trino-Schema': schema };
  const send = async (url: string, init?: RequestInit): Promise<z.infer<typeof page>> =>
    page.parse(await (await fetch(url, init)).json());
  return {
    async query(sql) {
      let answer = await send(`http://127.0.0.1:${port}/v1/statement`, {
        method: 'POST',
        headers,
        body: sql,
      });
      const rows: unknown[][] = [];
      let columns: TrinoResult['columns'] = [];
      for (;;) {
        rows.push(...(answer.data ?? []));
        columns = answer.columns ?? columns;
        if (answer.error !== undefined) throw new Error(answer.error.message);
        if (answer.nextUri === undefined) return { columns, rows, readRows: answer.stats.processedRows };
        answer = await send(answer.nextUri);
      }
    },
  };
}
