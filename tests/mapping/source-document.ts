/** The mapping of the source document: as it stands there, and a shortened one of the same form. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENT = join(import.meta.dirname, '../../../shared/seeds/003_51d989baa300cf66.txt');

/** The JSON block of the document that is a mapping; undefined where the document is not at hand. */
export function sourceDocumentMapping(): string | undefined {
  if (!existsSync(DOCUMENT)) return undefined;
  const blocks = readFileSync(DOCUMENT, 'utf8').matchAll(/^ *```json\n(.*?)```/gms);
  for (const [, block = ''] of blocks) if (block.includes('"ocsf_mapping"')) return block;
  return undefined;
}

const metadata = {
  profiles: 'host',
  version: 'v1.1.0',
  product: { name: 'System Monitor (Sysmon)', vendor_name: 'Microsoft Sysinternals', version: 'v15.0' },
};
const activity = (values: Readonly<Record<string, number>>): object => ({
  enum: { evaluate: '$.EventId', values, other: 99 },
});
const processActivity = (sourceInstanceId: string): object => ({
  schema: 'process_activity',
  schema_mapping: {
    metadata,
    severity: 'Informational',
    severity_id: 1,
    category_uid: 1,
    category_name: 'System Activity',
    class_uid: 1007,
    class_name: 'Process Activity',
    type_uid: 100701,
    time: '$.Description.UtcTime',
    activity_id: activity({ '1': 1, '5': 2 }),
    actor: { process: '$.Description.Image' },
    device: { type_id: 6, instance_uid: sourceInstanceId },
    process: {
      pid: '$.Description.ProcessId',
      uid: '$.Description.ProcessGuid',
      name: '$.Description.Image',
      user: '$.Description.User',
      loaded_modules: '$.Description.ImageLoaded',
    },
    unmapped: { rulename: '$.Description.RuleName' },
  },
});
const fileActivity = {
  schema: 'file_activity',
  schema_mapping: {
    metadata,
    severity: 'Informational',
    severity_id: 1,
    category_uid: 1,
    category_name: 'System Activity',
    class_uid: 1001,
    class_name: 'File Activity',
    type_uid: 100101,
    time: '$.Description.UtcTime',
    activity_id: activity({ '11': 1, '23': 4 }),
    actor: { process: '$.Description.Image' },
    device: { type_id: 6, instance_uid: '$.source_instance_id' },
    file: { name: '$.Description.TargetFilename', type_uid: 1 },
    unmapped: {
      rulename: '$.Description.RuleName',
      creation_utc_time: '$.Description.CreationUtcTime',
      process: {
        pid: '$.Description.ProcessId',
        uid: '$.Description.ProcessGuid',
        name: '$.Description.Image',
        user: '$.Description.User',
      },
    },
  },
};

/** A mapping of the form of the document's, for a machine that has only the project. */
export const SHORTENED = JSON.stringify({
  custom_source_events: {
    source_name: 'windows-sysmon',
    matched_field: '$.EventId',
    timestamp: { field: '$.Description.UtcTime', format: '%Y-%m-%d %H:%M:%S.%f' },
    ocsf_mapping: {
      '1': processActivity('$.UserDefined.source_instance_id'),
      '5': processActivity('$.source_instance_id'),
      '11': fileActivity,
      '23': fileActivity,
    },
  },
});
