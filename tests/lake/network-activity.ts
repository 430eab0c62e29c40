/** Rows like those of a busy network sensor, made from a number: small, nested, with lists and a map. */
import type { Column, ColumnType, OcsfRecord } from '../../src/ocsf/column.ts';

const string = { kind: 'string' } as const;
const bigint = { kind: 'bigint' } as const;
const struct = (fields: Readonly<Record<string, ColumnType>>): ColumnType => ({
  kind: 'struct',
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});

export const columns: readonly Column[] = Object.entries({
  time: bigint,
  class_uid: bigint,
  metadata: struct({ uid: string, version: string, profiles: { kind: 'list', element: string } }),
  actor: struct({ process: struct({ pid: bigint, cmd_line: string, file: struct({ path: string }) }) }),
  dst_endpoint: struct({ ip: string, port: bigint }),
  is_alert: { kind: 'boolean' },
  observables: { kind: 'list', element: struct({ name: string, type_id: bigint, value: string }) },
  unmapped: { kind: 'map' },
} satisfies Record<string, ColumnType>).map(([name, type]) => ({ name, type }));

/** A number that looks random and is the same each time. */
const mix = (seed: number): number => {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

export const START_MS = Date.UTC(2024, 0, 15);

/** The row of this number; rows of rising numbers have rising times. */
export function networkRow(index: number): OcsfRecord {
  const random = mix(index);
  const host = random % 500;
  const ip = `10.${random & 255}.${(random >>> 8) & 255}.${(random >>> 16) & 255}`;
  return {
    time: START_MS + index * 7,
    class_uid: 4001,
    metadata: {
      uid: `${random.toString(16).padStart(8, '0')}${index.toString(16).padStart(8, '0')}`,
      version: '1.1.0',
      ...(index % 3 === 0 ? { profiles: ['host'] } : {}),
    },
    actor: {
      process: {
        pid: random % 30000,
        ...(index % 4 === 0
          ? { cmd_line: `C:\\Windows\\System32\\svchost.exe -k netsvcs -p -s ${String(random)}` }
          : {}),
        file: { path: `C:\\Program Files\\Vendor ${String(host)}\\agent.exe` },
      },
    },
    dst_endpoint: { ip, port: [53, 80, 443, 8080][random & 3] ?? 0 },
    ...(index % 5 === 0 ? { is_alert: index % 10 === 0 } : {}),
    observables: [
      { name: 'dst_endpoint.ip', type_id: 2, value: ip },
      ...(index % 7 === 0 ? [{ name: 'device.hostname', type_id: 1, value: `host-${String(host)}` }] : []),
    ],
    unmapped: {
      RuleName: 'Usermode',
      SourcePort: String(random % 65536),
      ...(index % 2 ? { join: 'hit' } : {}),
    },
  };
}

export function* networkRows(count: number): Generator<OcsfRecord> {
  for (let index = 0; index < count; index += 1) yield networkRow(index);
}
