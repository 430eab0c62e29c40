/** What the views of queries/ show, over the lakes of both mapping files. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readQueryFiles } from '../../src/cli/query-files.ts';
import { loadMapping } from '../../src/mapping/load.ts';
import { catalogue } from '../../src/sysmon/catalogue.ts';
import { ask, guid, lakeOf, MAPPINGS, ROOT, sysmonEvent } from './query-lake.ts';
import type { Event, Row } from './query-lake.ts';

const launch = (number: number, parent: number, image: string, parentImage: string): Event =>
  sysmonEvent({
    id: 1,
    seconds: number,
    fields: {
      ProcessGuid: guid(number),
      ProcessId: String(number),
      Image: `C:\\${image}`,
      CommandLine: `${image} /now`,
      ParentProcessGuid: guid(parent),
      ParentProcessId: String(parent),
      ParentImage: `C:\\${parentImage}`,
      ParentCommandLine: `${parentImage} /before`,
      ParentUser: 'CORP\\parent',
    },
  });

const connect = (process: number, ip: string): Event =>
  sysmonEvent({
    id: 3,
    seconds: 60,
    fields: { ProcessGuid: guid(process), Image: 'C:\\a.exe', User: '-', DestinationIp: ip },
  });

describe.each(MAPPINGS)('over a lake that %s wrote', (file) => {
  describe('network_with_process', () => {
    it('shows each connection once, and how its process was found', async () => {
      const dir = await lakeOf(
        [
          [launch(1, 9, 'hit.exe', 'p.exe'), connect(1, '203.0.113.1'), connect(2, '203.0.113.2')],
          [connect(3, '203.0.113.3')],
          [
            launch(2, 9, 'query.exe', 'p.exe'),
            // A launch that came twice does not repeat the connections of its process.
            launch(2, 9, 'query.exe', 'p.exe'),
          ],
        ],
        { file, forget: true },
      );
      const rows = await ask(dir, 'SELECT * FROM network_with_process ORDER BY DST_IP_ADDR');
      expect(
        rows.map((row) => [
          row.DST_IP_ADDR,
          row.JOIN_OUTCOME,
          row.PROCESS_COMMAND_LINE,
          row.host,
          row.eventday,
        ]),
      ).toEqual([
        ['203.0.113.1', 'hit', 'hit.exe /now', 'ws01.corp.example', '20260102'],
        ['203.0.113.2', 'query', 'query.exe /now', 'ws01.corp.example', '20260102'],
        ['203.0.113.3', 'miss', null, 'ws01.corp.example', '20260102'],
      ]);
    });

    it('says of a process that is found at query time what the join would have said', async () => {
      const story = [launch(1, 9, 'a.exe', 'p.exe')];
      const connection = connect(1, '203.0.113.1');
      const joined = await lakeOf([[...story, connection]], { file });
      const found = await lakeOf([story, [connection]], { file, forget: true });
      const sql = 'SELECT * FROM network_with_process';
      const [one] = await ask(joined, sql);
      const [other] = await ask(found, sql);
      expect(one!.HASHES).toMatch(/^MD5=(0A)+,SHA256=(0B)+,IMPHASH=(0C)+$/);
      expect(one!.USER_ACCOUNT).toBe('CORP\\jdoe');
      expect(other).toEqual({ ...one, JOIN_OUTCOME: 'query' });
    });

    it('begins with the columns of sysmon_join, which shows those that were joined when they were written', async () => {
      const dir = await lakeOf(
        [[launch(1, 9, 'a.exe', 'p.exe'), connect(1, '203.0.113.1'), connect(2, '203.0.113.2')]],
        {
          file,
        },
      );
      const [row] = await ask(dir, "SELECT * FROM network_with_process WHERE JOIN_OUTCOME = 'hit'");
      const rows = await ask(dir, 'SELECT * FROM sysmon_join');
      expect(rows.length).toBe(1);
      expect(Object.keys(rows[0]!).length).toBe(30);
      expect(Object.entries(row!).slice(0, 30)).toEqual(Object.entries(rows[0]!));
    });
  });

  describe('process_tree', () => {
    // 0 is known from its child alone; 12 is deeper than the view goes.
    const line = Array.from({ length: 12 }, (_, i) => launch(i + 1, i, `${i + 1}.exe`, `${i}.exe`));

    it('shows a process and its ancestors, a generation each', async () => {
      const dir = await lakeOf([line.slice(0, 3)], { file });
      const rows = await ask(
        dir,
        `SELECT generation, guid, pid, image, command_line, user_account, lineage FROM process_tree
         WHERE process_guid = '${guid(3)}' ORDER BY generation`,
      );
      const row = (generation: number, command_line: string, user_account: string): Row => ({
        generation,
        guid: guid(3 - generation),
        pid: 3 - generation,
        image: `C:\\${3 - generation}.exe`,
        command_line,
        user_account,
        lineage: '0.exe > 1.exe > 2.exe > 3.exe',
      });
      expect(rows).toEqual([
        row(0, '3.exe /now', 'CORP\\jdoe'),
        row(1, '2.exe /before', 'CORP\\parent'),
        row(2, '1.exe /before', 'CORP\\parent'),
        row(3, '0.exe /before', 'CORP\\parent'),
      ]);
    });

    it('goes up eight generations, in whatever case GUIDs are, and shows a launch that came twice once', async () => {
      const again = line.map((launched, i) => ({ ...launched, Index: 999_000 + i }));
      const dir = await lakeOf([[...line, ...again]], { file });
      const sql = `SELECT generation FROM process_tree WHERE process_guid = '${guid(12)}' ORDER BY generation`;
      expect((await ask(dir, sql)).map(({ generation }) => generation)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    });
  });

  it('each class has a view that shows an event once', async () => {
    const events = [...catalogue.keys()].map((id) => sysmonEvent({ id }));
    const deleted = sysmonEvent({ id: 12, fields: { EventType: 'DeleteValue' } });
    const dir = await lakeOf([[...events, deleted], events, [deleted]], { file });
    const tables = loadMapping(readFileSync(path.join(ROOT, file), 'utf8')).tables;
    for (const schema of tables.keys()) {
      const [all] = await ask(
        dir,
        `SELECT count(*) AS n, count(DISTINCT metadata.uid) AS uids FROM ${schema}`,
      );
      const [once] = await ask(dir, `SELECT count(*) AS n, max(copy) AS copy FROM ${schema}_distinct`);
      expect([schema, all!.n]).toEqual([schema, 2 * Number(all!.uids)]);
      expect([schema, once]).toEqual([schema, { n: all!.uids, copy: 1 }]);
    }
  });
});

describe('the views of events that the mapping files put into different classes', () => {
  const events = [
    sysmonEvent({ id: 6, fields: { ImageLoaded: 'C:\\a.sys' } }),
    sysmonEvent({ id: 6, fields: { ImageLoaded: 'C:\\b.sys', Signed: 'false', Signature: '-' } }),
    sysmonEvent({ id: 7, fields: { ImageLoaded: 'C:\\a.dll' } }),
    sysmonEvent({
      id: 7,
      fields: { ImageLoaded: 'C:\\b.dll', Signed: 'false', Signature: '-', Hashes: '-' },
    }),
    sysmonEvent({ id: 8, fields: { StartModule: 'C:\\a.dll', TargetImage: 'C:\\target.exe' } }),
    sysmonEvent({ id: 8, fields: { StartModule: '-', TargetImage: '<unknown process>' } }),
    ...['CreateKey', 'DeleteKey', 'DeleteValue'].map((EventType) =>
      sysmonEvent({ id: 12, fields: { EventType } }),
    ),
    sysmonEvent({ id: 13, fields: { Details: '"C:\\a b\\c.exe" /x' } }),
    sysmonEvent({ id: 13, fields: { Details: '-' } }),
    ...['RenameKey', 'RenameValue'].map((EventType) =>
      sysmonEvent({ id: 14, fields: { EventType, NewName: 'HKLM\\SOFTWARE\\Example\\New' } }),
    ),
    ...[19, 20, 21].flatMap((id) =>
      ['Created', 'Modified', 'Deleted'].map((Operation) => sysmonEvent({ id, fields: { Operation } })),
    ),
  ];

  it.each(['driver_load', 'image_load', 'create_remote_thread', 'registry_event', 'wmi_event'])(
    '%s shows the same rows over both',
    async (view) => {
      const sql = `SELECT * FROM ${view} ORDER BY ALL`;
      const [one, other] = await Promise.all(
        MAPPINGS.map(async (file) => ask(await lakeOf([events], { file }), sql)),
      );
      expect(one!.length).toBeGreaterThan(1);
      expect(other).toEqual(one);
    },
  );

  it('show what the events said', async () => {
    const dir = await lakeOf([events]);
    const [driver] = await ask(dir, "SELECT * FROM driver_load WHERE image_loaded = 'C:\\a.sys'");
    expect(driver).toMatchObject({ signed: 'true', signature: 'some Signature', signature_status: 'Valid' });
    const set = await ask(
      dir,
      "SELECT * FROM registry_event WHERE event_type = 'SetValue' AND details IS NOT NULL",
    );
    expect(set).toMatchObject([
      { target_object: 'HKLM\\SOFTWARE\\Example\\Value', details: '"C:\\a b\\c.exe" /x', new_name: null },
    ]);
    const renamed = await ask(
      dir,
      "SELECT * FROM registry_event WHERE event_type LIKE 'Rename%' ORDER BY event_type",
    );
    expect(renamed).toMatchObject(
      ['RenameKey', 'RenameValue'].map((event_type) => ({
        event_type,
        target_object: 'HKLM\\SOFTWARE\\Example\\Value',
        new_name: 'HKLM\\SOFTWARE\\Example\\New',
      })),
    );
    const consumers = await ask(
      dir,
      "SELECT * FROM wmi_event WHERE event_type = 'WmiConsumerEvent' ORDER BY operation",
    );
    expect(consumers.map(({ operation }) => operation)).toEqual(['Created', 'Deleted', 'Modified']);
    expect(consumers[0]).toMatchObject({
      consumer_type: 'some Type',
      destination: 'some Destination',
      query: null,
    });
  });
});

describe('the files', () => {
  it('have one SQL for each view and mapping', async () => {
    const files = await readQueryFiles();
    const views = files.filter(({ kind }) => kind === 'view');
    expect(views.every(({ name, view }) => name === view)).toBe(true);
    for (const mapping of ['class', 'native']) {
      const names = views
        .filter((one) => one.mapping === mapping || one.mapping === 'both')
        .map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
    }
    const only = (mapping: string): string[] =>
      views
        .filter((one) => one.mapping === mapping && !one.name.endsWith('_distinct'))
        .map(({ name }) => name);
    expect(only('native')).toEqual(only('class'));
  });
});
