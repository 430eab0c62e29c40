/**
 * The mapping of EventID 1 in DuckDB's SQL: what `OCSFmapping.json` says of it, for messages as real hosts render
 * them. It does less than the project: it trusts that no value has a line break and that no name is out of order,
 * and looks for no ATT&CK technique in RuleName. All that it gives is compared with the project's records.
 */
import type { Column } from '../../src/ocsf/column.ts';
import { selectList } from './record-sql.ts';
import type { Expressions } from './record-sql.ts';

const FIELDS_BEFORE_ORIGINAL_FILE_NAME =
  'RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company'.split(' ');
const FIELDS_AFTER_ORIGINAL_FILE_NAME = (
  'CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ' +
  'ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser'
).split(' ');

/** Empty and `-` are absent. */
const field = (name: string, position: string): string =>
  `nullif(nullif(substr(lines[${position}], ${name.length + 3}), ''), '-') AS "${name}"`;

const fieldList = [
  ...FIELDS_BEFORE_ORIGINAL_FILE_NAME.map((name, i) => field(name, String(i + 2))),
  `CASE WHEN shift = 1 THEN nullif(nullif(substr(lines[11], 19), ''), '-') END AS "OriginalFileName"`,
  ...FIELDS_AFTER_ORIGINAL_FILE_NAME.map((name, i) => field(name, `${i + 11} + shift`)),
].join(', ');

const fileName = (path: string): string => `parse_filename(${path}, false, 'both_slash')`;
const folder = (path: string): string => `nullif(parse_dirpath(${path}, 'both_slash'), '')`;

const accountSql = (name: string, text: string): string => `
  nullif(substr(${text}, strpos(${text}, '\\') + 1), '') AS ${name}_name,
  CASE WHEN strpos(${text}, '\\') > 1 THEN substr(${text}, 1, strpos(${text}, '\\') - 1) END AS ${name}_domain,
  ${text} IN ('NT AUTHORITY\\SYSTEM', 'NT AUTHORITY\\LOCAL SERVICE', 'NT AUTHORITY\\NETWORK SERVICE')
    OR ends_with(${text}, '$') AS ${name}_is_system`;

const account = (path: string, name: string): Record<string, string> => ({
  [`${path}.name`]: `${name}_name`,
  [`${path}.domain`]: `${name}_domain`,
  [`${path}.type_id`]: `CASE WHEN ${name}_is_system THEN 3 END`,
  [`${path}.type`]: `CASE WHEN ${name}_is_system THEN 'System' END`,
});

const fileSql = (
  path: string,
  image: string,
  name: string,
  parentFolder: string,
): Record<string, string> => ({
  [`${path}.name`]: name,
  [`${path}.path`]: `CASE WHEN ${name} <> ${image} THEN ${image} END`, // `System` is a name, and no path
  [`${path}.parent_folder`]: parentFolder,
  [`${path}.type_id`]: `CASE WHEN ${image} IS NOT NULL THEN 1 END`,
  [`${path}.type`]: `CASE WHEN ${image} IS NOT NULL THEN 'Regular File' END`,
});

const parent = (path: string): Record<string, string> => ({
  [`${path}.uid`]: '"ParentProcessGuid"',
  [`${path}.pid`]: '"ParentProcessId"',
  [`${path}.name`]: 'parent_name',
  ...fileSql(`${path}.file`, '"ParentImage"', 'parent_name', 'parent_folder'),
  [`${path}.cmd_line`]: '"ParentCommandLine"',
});

const observable = (name: string, typeId: number, type: string, value: string): string =>
  `struct_pack(name := '${name}', type_id := ${typeId}::BIGINT, type := '${type}', value := ${value})`;

const once = (value: string, before: string): string =>
  `CASE WHEN ${value} IS DISTINCT FROM ${before} THEN ${value} END`;

const observables = `list_concat(list_filter([
    ${observable('device.hostname', 1, 'Hostname', '"MachineName"')},
    ${observable('actor.user.name', 4, 'User Name', 'parent_user_name')},
    ${observable('process.user.name', 4, 'User Name', once('user_name', 'parent_user_name'))},
    ${observable('actor.process.name', 9, 'Process Name', 'parent_name')},
    ${observable('process.name', 9, 'Process Name', once('image_name', 'parent_name'))},
    ${observable('actor.process.file.name', 7, 'File Name', 'parent_name')},
    ${observable('process.file.name', 7, 'File Name', once('image_name', 'parent_name'))}
  ], lambda o: o.value IS NOT NULL),
  list_transform(fingerprints, lambda h: ${observable('process.file.hashes.value', 8, 'Hash', 'h.value')}))`;

const unmapped = `map_from_entries(list_filter([
    struct_pack(k := 'OriginalFileName', v := "OriginalFileName"),
    struct_pack(k := 'CurrentDirectory', v := "CurrentDirectory"),
    struct_pack(k := 'TerminalSessionId', v := "TerminalSessionId"),
    struct_pack(k := 'Product', v := CASE WHEN "Company" IS NULL THEN "Product" END),
    struct_pack(k := 'UserName', v := nullif("UserName", '-'))
  ], lambda e: e.v IS NOT NULL))`;

const EXPRESSIONS: Expressions = {
  values: {
    time: 'time_ms',
    'metadata.version': `'1.1.0'`,
    'metadata.profiles': `['host']`,
    'metadata.product.name': `'Sysmon'`,
    'metadata.product.vendor_name': `'Microsoft Sysinternals'`,
    'metadata.product.uid': `'{5770385F-C22A-43E0-BF4C-06F5698FFBD9}'`,
    'metadata.event_code': `'1'`,
    'metadata.log_name': '"LogName"',
    'metadata.log_provider': '"ProviderName"',
    'metadata.log_level': '"LevelDisplayName"',
    'metadata.original_time': '"UtcTime"',
    'metadata.logged_time': 'logged_ms',
    'metadata.sequence': '"Index"',
    'metadata.labels': 'CASE WHEN "RuleName" IS NOT NULL THEN ["RuleName"] END',
    'metadata.uid': 'uid',
    timezone_offset: '0',
    severity_id: '1',
    severity: `'Informational'`,
    status_id: '1',
    status: `'Success'`,
    'device.hostname': '"MachineName"',
    'device.instance_uid': 'source_instance_id',
    'device.type_id': 'CASE WHEN is_ec2 THEN 6 ELSE 0 END',
    'device.type': `CASE WHEN is_ec2 THEN 'Virtual' ELSE 'Unknown' END`,
    'device.os.name': `'Windows'`,
    'device.os.type_id': '100',
    'device.os.type': `'Windows'`,
    activity_id: '1',
    activity_name: `'Launch'`,
    ...parent('actor.process'),
    ...account('actor.process.user', 'parent_user'),
    ...account('actor.user', 'parent_user'),
    'process.uid': '"ProcessGuid"',
    'process.pid': '"ProcessId"',
    'process.name': 'image_name',
    ...fileSql('process.file', '"Image"', 'image_name', 'image_folder'),
    'process.file.version': '"FileVersion"',
    'process.file.desc': '"Description"',
    'process.file.company_name': '"Company"',
    'process.file.product.name': '"Product"',
    'process.file.product.vendor_name': '"Company"',
    'process.file.product.version': '"FileVersion"',
    'process.file.hashes': 'fingerprints',
    'process.cmd_line': '"CommandLine"',
    'process.created_time': 'time_ms',
    'process.integrity': '"IntegrityLevel"',
    'process.integrity_id': `CASE "IntegrityLevel" WHEN 'Untrusted' THEN 1 WHEN 'Low' THEN 2 WHEN 'Medium' THEN 3
      WHEN 'High' THEN 4 WHEN 'System' THEN 5 WHEN 'Protected' THEN 6 ELSE CASE WHEN "IntegrityLevel" IS NOT NULL THEN 99 END END`,
    'process.session.uid': '"LogonId"',
    'process.session.uuid': `trim("LogonGuid", '{}')`,
    ...account('process.user', 'user'),
    ...parent('process.parent_process'),
    ...account('process.parent_process.user', 'parent_user'),
    class_uid: '1007',
    class_name: `'Process Activity'`,
    category_uid: '1',
    category_name: `'System Activity'`,
    type_uid: '100701',
    type_name: `'Process Activity: Launch'`,
    observables,
    unmapped,
  },
  // OCSF requires a product to have a name and a vendor; it is left out where one of them is not there.
  conditions: { 'process.file.product': '"Product" IS NOT NULL AND "Company" IS NOT NULL' },
};

/** The agent's record; nothing is guessed from the data. */
const RECORD = `{EventId: 'BIGINT', Description: 'VARCHAR', LevelDisplayName: 'VARCHAR', LogName: 'VARCHAR',
  MachineName: 'VARCHAR', ProviderName: 'VARCHAR', TimeCreated: 'VARCHAR', "Index": 'BIGINT', UserName: 'VARCHAR',
  Keywords: 'VARCHAR', source_instance_id: 'VARCHAR'}`;

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** From a file of NDJSON to one Parquet object with these columns, ordered as the project orders its rows. */
export const processCreationSql = (columns: readonly Column[], input: string, output: string): string => `
COPY (
WITH records AS (
  SELECT * EXCLUDE ("Description", "EventId"), string_split("Description", E'\\r\\n') AS lines
  FROM read_ndjson(${text(input)}, columns = ${RECORD}) WHERE "EventId" = 1
), shifted AS (
  SELECT *, CASE WHEN starts_with(lines[11], 'OriginalFileName: ') THEN 1 ELSE 0 END AS shift FROM records
), fields AS (
  SELECT * EXCLUDE (lines, shift), ${fieldList} FROM shifted
), derived AS (
  SELECT *,
    epoch_ms("UtcTime"::TIMESTAMP) AS time_ms,
    epoch_ms("TimeCreated"::TIMESTAMP) AS logged_ms,
    substr(sha256(json_array("MachineName", "LogName", "Index"::VARCHAR, "TimeCreated")::VARCHAR), 1, 32) AS uid,
    coalesce(starts_with(source_instance_id, 'i-'), FALSE) AS is_ec2,
    ${fileName('"Image"')} AS image_name, ${folder('"Image"')} AS image_folder,
    ${fileName('"ParentImage"')} AS parent_name, ${folder('"ParentImage"')} AS parent_folder,
    ${accountSql('user', '"User"')}, ${accountSql('parent_user', '"ParentUser"')},
    list_transform(string_split("Hashes", ','), lambda h: struct_pack(
      algorithm_id := (CASE split_part(h, '=', 1)
        WHEN 'MD5' THEN 1 WHEN 'SHA1' THEN 2 WHEN 'SHA256' THEN 3 ELSE 99 END)::BIGINT,
      algorithm := CASE split_part(h, '=', 1) WHEN 'SHA1' THEN 'SHA-1' WHEN 'SHA256' THEN 'SHA-256'
        ELSE split_part(h, '=', 1) END,
      value := split_part(h, '=', 2))) AS fingerprints
  FROM fields
)
SELECT
  ${selectList(columns, EXPRESSIONS)}
FROM derived ORDER BY time_ms, uid
) TO ${text(output)} (FORMAT parquet, COMPRESSION zstd)`;
