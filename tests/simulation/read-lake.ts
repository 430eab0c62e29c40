/** Every object of the lake, read by another reader than the writer's, row by row; and the event that a row is of. */
import { zstdDecompressSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import type { Unit } from './events.ts';
import { LAKE_BUCKET } from './instance.ts';
import type { StoredObject } from './store-service.ts';
import type { Aftermath } from './simulation.ts';

export interface LakeRow {
  readonly object: StoredObject;
  readonly unit: Unit;
  readonly uid: string;
  readonly timeMs: number;
  /** How the join went, as the record says it. */
  readonly join: string | undefined;
  /** The command line that a connection was joined with. */
  readonly joined: string | undefined;
}

/** The attributes that this looks at; every one of them may be missing in a broken product. */
interface Row {
  readonly metadata?: { readonly uid?: string; readonly sequence?: unknown };
  readonly device?: { readonly hostname?: string };
  readonly time?: unknown;
  readonly unmapped?: Readonly<Record<string, string>>;
  readonly actor?: { readonly process?: { readonly cmd_line?: string | null } };
}

/** By host and index: what metadata.uid is to tell apart as well. */
export const eventKey = (host: string | undefined, index: unknown): string =>
  `${host ?? '?'}#${String(index)}`;

export function unitsByEvent({ stream }: Aftermath): Map<string, Unit> {
  const units = stream.shards.flatMap(({ records }) => records.flatMap((record) => record.units));
  return new Map(units.map((unit) => [eventKey(unit.host, unit.index), unit]));
}

/** The rows, and what is wrong with the objects: one that no reader opens, or that has not the columns of its table. */
export async function readLake(aftermath: Aftermath): Promise<{ rows: LakeRow[]; broken: string[] }> {
  const { services, product, plan } = aftermath;
  const events = unitsByEvent(aftermath);
  const { tables } = product.mappings[plan.settings.mapping];
  const rows: LakeRow[] = [];
  const broken: string[] = [];
  for (const object of services.store.objects(LAKE_BUCKET)) {
    let read: Record<string, unknown>[];
    try {
      read = await parquetReadObjects({
        file: Uint8Array.from(object.body).buffer,
        compressors: { ZSTD: (page) => zstdDecompressSync(page) },
      });
    } catch (error) {
      broken.push(`readable: ${object.key} is not: ${String(error)}`);
      continue;
    }
    const schema = /^ext\/windows-sysmon\/([^/]+)\//.exec(object.key)?.[1] ?? '';
    const columns = tables.get(schema)?.columns.map(({ name }) => name) ?? [];
    if (read.length === 0) broken.push(`readable: ${object.key} has no rows`);
    for (const given of read) {
      if (Object.keys(given).join() !== columns.join()) {
        broken.push(`columns: ${object.key} has not those of ${schema}`);
      }
      const row = given as Row; // as: the product's columns, which have just been compared
      const unit = events.get(eventKey(row.device?.hostname, row.metadata?.sequence));
      if (unit === undefined) broken.push(`conservation: ${object.key} has an event that nobody sent`);
      else {
        rows.push({
          object,
          unit,
          uid: row.metadata?.uid ?? '',
          timeMs: Number(row.time),
          join: row.unmapped?.join,
          joined: row.actor?.process?.cmd_line ?? undefined,
        });
      }
    }
  }
  return { rows, broken };
}
