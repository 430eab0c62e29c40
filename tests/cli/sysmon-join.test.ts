import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import ipaddr from 'ipaddr.js';
import { openLake, QueryError, type LakeDatabase } from '../../src/cli/lake-database.ts';
import type { OcsfRecord } from '../../src/ocsf/column.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import type { Fields, SysmonEvent } from '../../src/sysmon/event.ts';
import { eventProcessGuid } from '../../src/sysmon/identity.ts';
import { eventTimeOf } from '../../src/sysmon/event-time.ts';
import { parseUtcTime } from '../../src/sysmon/time.ts';
import {
  CONNECTION,
  connection,
  event,
  fields,
  mapped,
  partition,
  PROCESS,
  temporaryFolder,
  text,
  writeRows,
} from './test-lake.ts';

/** SYSMON_JOIN of https://github.com/confluentinc/ksql-recipes-try-it-at-home, sysmon-event-processing. */
const RECIPE =
  'EVENT_DATE_CREATION PROCESS_GUID PROCESS_ID PROCESS_PATH USER_ACCOUNT NETWORK_PROTOCOL NETWORK_CONNECTION_INITIATED ' +
  'SRC_IS_IPV6 SRC_IP_ADDR SRC_HOST_NAME SRC_PORT SRC_PORT_NAME DST_IS_IPV6 DST_IP_ADDR DST_HOST_NAME DST_PORT ' +
  'DST_PORT_NAME SOURCE_NAME LOG_NAME PROCESS_COMMAND_LINE HASHES PARENT_PROCESS_PATH PARENT_PROCESS_COMMAND_LINE ' +
  'USER_LOGON_GUID USER_LOGON_ID USER_SESSION_ID PROCESS_CURRENT_DIRECTORY PROCESS_INTEGRITY_LEVEL ' +
  'PARENT_PROCESS_GUID PARENT_PROCESS_ID';

async function withLake<T>(dir: string, use: (lake: LakeDatabase) => Promise<T>): Promise<T> {
  const lake = await openLake(dir);
  try {
    return await use(lake);
  } finally {
    lake.close();
  }
}

type Row = Record<string, unknown>;

/** The rows of the view over these connections, by column names. */
async function joined(records: readonly OcsfRecord[]): Promise<Row[]> {
  const dir = temporaryFolder();
  writeRows(dir, partition('network_activity'), records);
  const { columns, rows } = await withLake(dir, (lake) => lake.query('SELECT * FROM sysmon_join'));
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
}

describe('sysmon_join', () => {
  it('has the columns of the recipe in its order', async () => {
    const [row] = await joined([connection()]);
    expect(Object.keys(row!)).toEqual(RECIPE.split(' '));
  });

  it('says of a connection and its process what their events said', async () => {
    expect(await joined([connection()])).toEqual([
      {
        EVENT_DATE_CREATION: Date.parse('2019-02-13T10:58:30.123Z'),
        PROCESS_GUID: CONNECTION.ProcessGuid,
        PROCESS_ID: 4711,
        PROCESS_PATH: 'C:\\Windows\\System32\\svchost.exe',
        USER_ACCOUNT: 'NT AUTHORITY\\SYSTEM',
        NETWORK_PROTOCOL: 'tcp',
        NETWORK_CONNECTION_INITIATED: 'true',
        SRC_IS_IPV6: 'false',
        SRC_IP_ADDR: '10.0.2.15',
        SRC_HOST_NAME: 'MSEDGEWIN10.moffatt.me',
        SRC_PORT: 49712,
        SRC_PORT_NAME: null,
        DST_IS_IPV6: 'false',
        DST_IP_ADDR: '40.83.74.46',
        DST_HOST_NAME: null,
        DST_PORT: 443,
        DST_PORT_NAME: 'https',
        SOURCE_NAME: 'Microsoft-Windows-Sysmon',
        LOG_NAME: 'Microsoft-Windows-Sysmon/Operational',
        PROCESS_COMMAND_LINE: PROCESS.CommandLine,
        HASHES: PROCESS.Hashes,
        PARENT_PROCESS_PATH: 'C:\\Windows\\System32\\services.exe',
        PARENT_PROCESS_COMMAND_LINE: 'C:\\Windows\\system32\\services.exe',
        USER_LOGON_GUID: '{E8E6D1A9-B3B1-5C63-0000-0020E7030000}',
        USER_LOGON_ID: '0x3E7',
        USER_SESSION_ID: 0,
        PROCESS_CURRENT_DIRECTORY: 'C:\\Windows\\system32\\',
        PROCESS_INTEGRITY_LEVEL: 'System',
        PARENT_PROCESS_GUID: PROCESS.ParentProcessGuid,
        PARENT_PROCESS_ID: 532,
      },
    ]);
  });

  it('holds joined connections alone, late ones too', async () => {
    const rows = await joined([
      connection({ DestinationPort: '1' }),
      connection({ DestinationPort: '2' }, { outcome: 'late', process: fields(PROCESS) }),
      connection({ DestinationPort: '3' }, { outcome: 'miss' }),
      { ...mapped(event(3, CONNECTION)), metadata: { event_code: '22' }, unmapped: { join: 'hit' } },
    ]);
    expect(rows.map((row) => row.DST_PORT).toSorted()).toEqual([1, 2]);
  });

  it.each([
    [
      { SourceIsIpv6: 'true', DestinationIsIpv6: 'true', SourceIp: 'fe80::1', DestinationIp: 'ff02::fb' },
      'true',
      'true',
    ],
    [
      { SourceIsIpv6: 'false', DestinationIsIpv6: 'true', SourceIp: '-', DestinationIp: '-' },
      'false',
      'true',
    ],
    [
      { SourceIsIpv6: '-', DestinationIsIpv6: '-', SourceIp: 'fe80::1', DestinationIp: '10.0.0.1' },
      'true',
      'false',
    ],
    [{ SourceIsIpv6: '-', DestinationIsIpv6: '-', SourceIp: '-', DestinationIp: '-' }, null, null],
  ])(
    'takes the version of an address from the event, else from the address: %j',
    async (changes, source, destination) => {
      const [row] = await joined([connection(changes)]);
      expect([row!.SRC_IS_IPV6, row!.DST_IS_IPV6]).toEqual([source, destination]);
    },
  );

  it.each([
    [{ Initiated: 'false' }, {}, { NETWORK_CONNECTION_INITIATED: 'false' }],
    [{ Initiated: '-' }, {}, { NETWORK_CONNECTION_INITIATED: null }],
    [{ User: 'LocalUser' }, {}, { USER_ACCOUNT: 'LocalUser' }],
    [{ User: '-' }, {}, { USER_ACCOUNT: 'NT AUTHORITY\\SYSTEM' }],
    [
      { Image: 'System' },
      { ParentImage: 'System' },
      { PROCESS_PATH: 'System', PARENT_PROCESS_PATH: 'System' },
    ],
    [{}, { Hashes: `MD5=${'A'.repeat(32)}` }, { HASHES: `MD5=${'A'.repeat(32)}` }],
    [{}, { Hashes: `MD5=${'A'.repeat(32)},SHA512=00` }, { HASHES: `MD5=${'A'.repeat(32)},SHA512=00` }],
    [
      {},
      { Hashes: '-', LogonGuid: '-', TerminalSessionId: '-' },
      { HASHES: null, USER_LOGON_GUID: null, USER_SESSION_ID: null },
    ],
  ])('rebuilds what the mapping took apart: %j %j', async (changes, process, expected) => {
    const join = { outcome: 'hit', process: fields({ ...PROCESS, ...process }) } as const;
    expect(await joined([connection(changes, join)])).toEqual([expect.objectContaining(expected)]);
  });

  it('has its columns and no rows in a lake without connections', async () => {
    const dir = temporaryFolder();
    writeRows(dir, partition('process_activity'), [mapped(event(1, PROCESS))]);
    const { columns, rows } = await withLake(dir, (lake) => lake.query('SELECT * FROM sysmon_join'));
    expect(columns.map(({ name }) => name)).toEqual(RECIPE.split(' '));
    expect(rows).toEqual([]);
  });

  it('has the same types with and without connections', async () => {
    const [empty, full] = [temporaryFolder(), temporaryFolder()];
    writeRows(empty, partition('process_activity'), [mapped(event(1, PROCESS))]);
    writeRows(full, partition('network_activity'), [connection()]);
    const [one, other] = await Promise.all(
      [empty, full].map((dir) => withLake(dir, (lake) => lake.query('SELECT * FROM sysmon_join'))),
    );
    expect(one!.columns).toEqual(other!.columns);
  });

  it.each([
    'SELECT * FROM sysmon_join',
    'SELECT count(*) FROM sysmon_join',
    'SELECT HASHES FROM sysmon_join LIMIT 1',
  ])('says what is missing where the connections were mapped otherwise: %s', async (sql) => {
    const dir = temporaryFolder();
    writeRows(dir, partition('network_activity'), [{ note: 'one' }], text('note'));
    await withLake(dir, async (lake) => {
      expect((await lake.query('SELECT note FROM network_activity')).rows).toEqual([['one']]);
      const error: unknown = await lake.query(sql).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(QueryError);
      expect((error as QueryError).message).toMatch(
        /sysmon_join needs the columns that OCSFmapping\.json gives its tables: Binder Error: .* not found/,
      );
    });
  });
});

const DATA = path.join(import.meta.dirname, '../../../shared/data/sysmon-kinesis-agent.ndjson.gz');

/** The join as the recipe makes it, from the text of the two events. */
function recipeRow(network: SysmonEvent, process: Fields): Row {
  const said = (from: Fields, name: string): string | null => {
    const value = from[name];
    return value === undefined || value === '' || value === '-' ? null : value;
  };
  const number = (from: Fields, name: string): number | null => {
    const value = said(from, name);
    return value === null ? null : Number(value);
  };
  // The mapping writes an address as RFC 5952 has it.
  const address = (name: string): string | null => {
    const value = said(n, name);
    return value === null ? null : ipaddr.parse(value).toString();
  };
  const n = network.Description;
  return {
    EVENT_DATE_CREATION: parseUtcTime(eventTimeOf(network)!.text),
    PROCESS_GUID: said(n, 'ProcessGuid'),
    PROCESS_ID: number(n, 'ProcessId'),
    PROCESS_PATH: said(n, 'Image'),
    USER_ACCOUNT: said(n, 'User') ?? said(process, 'User'),
    NETWORK_PROTOCOL: said(n, 'Protocol'),
    NETWORK_CONNECTION_INITIATED: said(n, 'Initiated'),
    SRC_IS_IPV6: said(n, 'SourceIsIpv6'),
    SRC_IP_ADDR: address('SourceIp'),
    SRC_HOST_NAME: said(n, 'SourceHostname'),
    SRC_PORT: number(n, 'SourcePort'),
    SRC_PORT_NAME: said(n, 'SourcePortName'),
    DST_IS_IPV6: said(n, 'DestinationIsIpv6'),
    DST_IP_ADDR: address('DestinationIp'),
    DST_HOST_NAME: said(n, 'DestinationHostname'),
    DST_PORT: number(n, 'DestinationPort'),
    DST_PORT_NAME: said(n, 'DestinationPortName'),
    SOURCE_NAME: network.ProviderName,
    LOG_NAME: network.LogName,
    PROCESS_COMMAND_LINE: said(process, 'CommandLine'),
    HASHES: said(process, 'Hashes'),
    PARENT_PROCESS_PATH: said(process, 'ParentImage'),
    PARENT_PROCESS_COMMAND_LINE: said(process, 'ParentCommandLine'),
    USER_LOGON_GUID: said(process, 'LogonGuid'),
    USER_LOGON_ID: said(process, 'LogonId'),
    USER_SESSION_ID: number(process, 'TerminalSessionId'),
    PROCESS_CURRENT_DIRECTORY: said(process, 'CurrentDirectory'),
    PROCESS_INTEGRITY_LEVEL: said(process, 'IntegrityLevel'),
    PARENT_PROCESS_GUID: said(process, 'ParentProcessGuid'),
    PARENT_PROCESS_ID: number(process, 'ParentProcessId'),
  };
}

describe('sysmon_join over real events', () => {
  (existsSync(DATA) ? it : it.skip)('is the recipe’s join of the same events', async () => {
    const lines = gunzipSync(readFileSync(DATA)).toString('utf8').split('\n');
    const events = lines
      .filter((line) => /"EventI[dD]"\s*:\s*"?[13]\b/.test(line))
      .map((line) => decodeRecord(Buffer.from(line), 'auto').event)
      .filter((one) => one !== undefined);
    const processes = new Map<string, Fields>();
    for (const one of events) {
      const guid = one.EventId === 1 ? eventProcessGuid(one) : undefined;
      if (guid !== undefined) processes.set(guid, one.Description);
    }
    const pairs = events.flatMap((one) => {
      const process = one.EventId === 3 ? processes.get(eventProcessGuid(one) ?? '') : undefined;
      return process === undefined ? [] : [{ network: one, process }];
    });
    expect(pairs.length).toBeGreaterThan(100);
    const records = pairs.map(({ network, process }) => mapped(network, { outcome: 'hit', process }));
    // As JSON and sorted: the view has no order, and two connections can be equal in all of these columns.
    const sorted = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).toSorted();
    const found = sorted(await joined(records));
    const expected = sorted(pairs.map(({ network, process }) => recipeRow(network, process)));
    const differs = expected.findIndex((row, i) => row !== found[i]);
    expect(JSON.parse(found[differs] ?? 'null')).toEqual(JSON.parse(expected[differs] ?? 'null'));
    expect(found.length).toBe(expected.length);
  });
});
