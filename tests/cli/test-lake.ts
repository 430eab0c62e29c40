/** Small lakes for tests: events through the real mapping into Parquet objects below a temporary folder. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { encodeRecords } from '../parquet/encode-records.ts';
import type { Join } from '../../src/mapping/compile.ts';
import { loadMapping } from '../../src/mapping/load.ts';
import type { Column, OcsfRecord } from '../../src/ocsf/column.ts';
import { newFields, type Fields, type SysmonEvent } from '../../src/sysmon/event.ts';

export const mapping = loadMapping(
  readFileSync(path.join(import.meta.dirname, '../../OCSFmapping.json'), 'utf8'),
);

const root = mkdtempSync(path.join(tmpdir(), 'sysmon-lake-cli-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A new folder that is gone after the tests of a file. */
export const temporaryFolder = (): string => mkdtempSync(path.join(root, 'lake-'));

export function writeObject(dir: string, key: string, bytes: Uint8Array): string {
  const file = path.join(dir, key);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

export const text = (...names: string[]): Column[] =>
  names.map((name) => ({ name, type: { kind: 'string' } }));

export const partition = (schema: string, name = 'a', source = 'windows-sysmon'): string =>
  `ext/${source}/${schema}/region=eu-central-1/accountId=000123456789/eventDay=20190213/${name}.zstd.parquet`;

/** Writes rows as one object of a class; columns are the mapping's unless others are given. */
export function writeRows(
  dir: string,
  key: string,
  rows: readonly OcsfRecord[],
  columns?: readonly Column[],
): string {
  const schema = key.split('/')[2] ?? '';
  return writeObject(dir, key, encodeRecords(columns ?? mapping.tables.get(schema)!.columns, rows));
}

export const fields = (values: Readonly<Record<string, string>>): Fields =>
  Object.assign(newFields(), values);

export const event = (EventId: number, description: Readonly<Record<string, string>>): SysmonEvent => ({
  EventId,
  Description: fields(description),
  TimeCreated: '2019-02-13T10:58:31.5Z',
  MachineName: 'MSEDGEWIN10',
  LogName: 'Microsoft-Windows-Sysmon/Operational',
  ProviderName: 'Microsoft-Windows-Sysmon',
  Index: '42',
  UserDefined: newFields(),
});

export const mapped = (one: SysmonEvent, join?: Join): OcsfRecord => mapping.find(one)!.map(one, join).record;

export const PROCESS: Readonly<Record<string, string>> = {
  UtcTime: '2019-02-13 10:58:00.000',
  ProcessGuid: '{E8E6D1A9-F2D8-5C63-0000-0010A4D72C00}',
  ProcessId: '4711',
  Image: 'C:\\Windows\\System32\\svchost.exe',
  CommandLine: 'c:\\windows\\system32\\svchost.exe -k netsvcs -p -s PushToInstall',
  CurrentDirectory: 'C:\\Windows\\system32\\',
  User: 'NT AUTHORITY\\SYSTEM',
  LogonGuid: '{E8E6D1A9-B3B1-5C63-0000-0020E7030000}',
  LogonId: '0x3E7',
  TerminalSessionId: '0',
  IntegrityLevel: 'System',
  Hashes:
    'SHA1=A1385CE20AD79F55DF235EFFD9780C31442AA234,MD5=8A0A29438052FAED8A2532DA50455756,' +
    'SHA256=7FD065BAC18C5278777AE44908101CDFED72D26FA741367F0AD4D02020787AB6,IMPHASH=247B9220E5D9B720A82B2C8B5069AD69',
  ParentProcessGuid: '{E8E6D1A9-B3B1-5C63-0000-0010C1820000}',
  ParentProcessId: '532',
  ParentImage: 'C:\\Windows\\System32\\services.exe',
  ParentCommandLine: 'C:\\Windows\\system32\\services.exe',
};

export const CONNECTION: Readonly<Record<string, string>> = {
  UtcTime: '2019-02-13 10:58:30.123',
  ProcessGuid: '{E8E6D1A9-F2D8-5C63-0000-0010A4D72C00}',
  ProcessId: '4711',
  Image: 'C:\\Windows\\System32\\svchost.exe',
  User: 'NT AUTHORITY\\SYSTEM',
  Protocol: 'tcp',
  Initiated: 'true',
  SourceIsIpv6: 'false',
  SourceIp: '10.0.2.15',
  SourceHostname: 'MSEDGEWIN10.moffatt.me',
  SourcePort: '49712',
  SourcePortName: '-',
  DestinationIsIpv6: 'false',
  DestinationIp: '40.83.74.46',
  DestinationHostname: '-',
  DestinationPort: '443',
  DestinationPortName: 'https',
};

/** A connection as it is in the lake, joined with {@link PROCESS} unless told otherwise. */
export const connection = (
  changes: Readonly<Record<string, string>> = {},
  join: Join = { outcome: 'hit', process: fields(PROCESS) },
): OcsfRecord => mapped(event(3, { ...CONNECTION, ...changes }), join);
