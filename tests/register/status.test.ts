/** What status says of a registration, over the wire. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Layout } from '../../src/lake/layout.ts';
import { status } from '../../src/register/status.ts';
import type { Status, StatusOptions } from '../../src/register/status.ts';
import { isWrite } from '../servers/lake-account.ts';
import { BUCKET } from '../servers/securitylake.ts';
import { CLASSES, openWorld, PROVIDER, wantedIn, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const TABLE = 'amazon_security_lake_table_eu_central_1_ext_windows_sysmon';
const DATABASE = 'amazon_security_lake_glue_db_eu_central_1';

const look = (options: Partial<StatusOptions> = {}): Promise<Status> =>
  status({ wanted: wantedIn('per-schema'), ...options }, world.services());

const rowOf = ({ rows }: Status, what: string): unknown => rows.find((row) => row.what === what);

/** The table of a class with other types for some of its columns; undefined leaves one out. */
async function makeTable(
  name: string,
  types: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  const Columns = CLASSES[0]!.columns
    .map((column) => ({ Name: column.name, Type: column.name in types ? types[column.name] : column.type }))
    .filter(({ Type }) => Type !== undefined);
  const { status: code } = await world.account.glue.handle('CreateTable', {
    DatabaseName: DATABASE,
    TableInput: { Name: name, StorageDescriptor: { Columns } },
  });
  expect(code).toBe(200);
}

describe('status', () => {
  it('finds nothing before register has run', async () => {
    const found = await look();
    expect(found.isInOrder).toBe(false);
    expect(found.rows).toEqual([
      { what: 'source', name: 'windows-sysmon', state: 'missing', detail: '`sysmon-lake register` makes it' },
    ]);
  });

  it.each(['per-schema', 'per-source'] as readonly Layout[])(
    'is in order after register, and changes nothing (%s)',
    async (layout) => {
      const wanted = wantedIn(layout);
      await world.register({ wanted });
      world.writes();
      for (const options of [{ wanted }, { wanted, provider: PROVIDER }]) {
        const found = await look(options);
        expect(found.rows.filter(({ state }) => state !== 'in order' && state !== 'not yet')).toEqual([]);
        expect(found.isInOrder).toBe(true);
        expect(found.rows.filter(({ what }) => what === 'table')).toHaveLength(6);
      }
      expect(world.account.requests.filter(isWrite).length).toBeGreaterThan(0);
      expect(world.writes()).toEqual([]);
    },
  );

  it('tells where a source is', async () => {
    await world.register();
    expect(rowOf(await look(), 'source')).toMatchObject({ detail: `${BUCKET}/ext/windows-sysmon` });
  });

  it('says what differs in a crawler', async () => {
    await world.register();
    await world.account.glue.handle('UpdateCrawler', {
      Name: 'windows-sysmon',
      TablePrefix: 'x_',
      Schedule: 'cron(0 5 * * ? *)',
    });
    const found = await look();
    expect(found.isInOrder).toBe(false);
    expect(rowOf(found, 'crawler')).toEqual({
      what: 'crawler',
      name: 'windows-sysmon',
      state: 'differs',
      detail: 'TablePrefix, Schedule; `sysmon-lake register` sets them',
    });
  });

  it('says that register did not come to its end', async () => {
    const fault = world.account.fail(({ operation }) =>
      operation === 'UpdateCrawler' ? 'drop-before' : undefined,
    );
    await expect(world.register()).rejects.toThrow();
    fault.stop();
    expect(rowOf(await look(), 'crawler')).toMatchObject({
      state: 'differs',
      detail: expect.stringMatching(/^Description, Targets, TablePrefix, Configuration, Schedule;/),
    });
  });

  it('says that a crawler is gone, and that one is left', async () => {
    await world.register();
    await world.account.glue.handle('DeleteCrawler', { Name: 'windows-sysmon' });
    expect(rowOf(await look(), 'crawler')).toMatchObject({ state: 'missing' });
    await world.register();
    world.account.lake.sources.clear();
    expect(rowOf(await look(), 'crawler')).toMatchObject({
      state: 'differs',
      detail: expect.stringContaining('an earlier source left it'),
    });
  });

  it('says that a source belongs to someone else, as far as it is told who asks', async () => {
    await world.register();
    const found = await look({ provider: { ...PROVIDER, externalId: 'another' } });
    expect(rowOf(found, 'source')).toMatchObject({
      state: 'differs',
      detail: expect.stringContaining('belongs to someone else'),
    });
    const { lake } = world.account;
    lake.sources.set('windows-sysmon', { ...lake.sources.get('windows-sysmon')!, account: '210987654321' });
    expect(rowOf(await look(), 'source')).toMatchObject({
      state: 'differs',
      detail: expect.stringContaining('it is of account 210987654321'),
    });
  });

  it('says which event classes differ', async () => {
    await world.register();
    const { lake } = world.account;
    const eventClasses = ['PROCESS_ACTIVITY', 'SSH_ACTIVITY'];
    lake.sources.set('windows-sysmon', { ...lake.sources.get('windows-sysmon')!, eventClasses });
    const row = rowOf(await look(), 'event classes');
    expect(row).toMatchObject({
      state: 'differs',
      detail: expect.stringMatching(
        /^without FILE_ACTIVITY NETWORK_ACTIVITY KERNEL_ACTIVITY MEMORY_ACTIVITY DNS_ACTIVITY, with SSH_ACTIVITY; they limit nothing/,
      ),
    });
  });

  it.each([
    ['the columns of the mapping', {}, 'in order', /^\d+ columns$/],
    [
      'a column of another type',
      { time: 'string' },
      'differs',
      /: column time is string instead of bigint; .*delete-table/,
    ],
    [
      'a column too few',
      { time: undefined },
      'differs',
      /: column time is missing; run the crawler, which adds them: aws glue start-crawler --name windows-sysmon$/,
    ],
    [
      'another field in a struct',
      { metadata: 'struct<product:struct<name:bigint>>' },
      'differs',
      /: column metadata is …?\S+ instead of …?\S+; .*delete-table/,
    ],
  ])('knows a table with %s', async (_, types, state, detail) => {
    await world.register();
    await makeTable(`${TABLE}_process_activity`, types);
    const found = await look();
    const row = found.rows.find(({ name }) => name === `${TABLE}_process_activity`);
    expect(row).toEqual({
      what: 'table',
      name: `${TABLE}_process_activity`,
      state,
      detail: expect.stringMatching(detail),
    });
    expect(found.isInOrder).toBe(state === 'in order');
  });
});
