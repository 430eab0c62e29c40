/** Registration over the wire: what it makes, that it may be cut anywhere, and what it refuses. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Layout } from '../../src/lake/layout.ts';
import { IAM_ACTIONS } from '../../src/register/call-error.ts';
import type { Operation } from '../../src/register/call-error.ts';
import type { Drop } from '../servers/faults.ts';
import { ACCOUNT, isWrite } from '../servers/lake-account.ts';
import { BUCKET } from '../servers/securitylake.ts';
import {
  CLASSES,
  crawlerIn,
  cutAt,
  fewIn,
  GLUE_ROLE,
  MOTO,
  openWorld,
  PROVIDER,
  wantedIn,
  type World,
} from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const LAYOUTS: readonly Layout[] = ['per-schema', 'per-source'];
const TABLE = 'amazon_security_lake_table_eu_central_1_ext_windows_sysmon';
const DATABASE = 'amazon_security_lake_glue_db_eu_central_1';

/** What a world has after one run that nobody disturbed, and how many requests that took. */
async function undisturbed(
  layout: Layout,
): Promise<{ endState: unknown; requests: number; operations: string[] }> {
  const other = await openWorld();
  try {
    await other.register({ wanted: fewIn(layout) });
    const operations = other.account.requests.map(({ operation }) => operation);
    return { endState: await other.endState(), requests: operations.length, operations };
  } finally {
    await other.close();
  }
}

describe('register', () => {
  it('makes the source, with the classes of the mapping and the provider identity', async () => {
    const { sources } = await world.register();
    expect([...world.account.lake.sources.keys()]).toEqual(['windows-sysmon']);
    const { eventClasses, configuration } = world.account.lake.sources.get('windows-sysmon')!;
    expect(eventClasses).toEqual(
      ['PROCESS', 'FILE', 'NETWORK', 'KERNEL', 'MEMORY', 'DNS'].map((name) => `${name}_ACTIVITY`),
    );
    expect(configuration).toEqual({
      crawlerConfiguration: { roleArn: GLUE_ROLE },
      providerIdentity: { externalId: 'an-external-id', principal: ACCOUNT },
    });
    expect(sources[0]!.source.location).toBe(`s3://${BUCKET}/ext/windows-sysmon/`);
  });

  it("brings the crawler to the sample's settings and keeps what else is in its configuration", async () => {
    await world.register();
    expect(await crawlerIn(world.account, 'windows-sysmon')).toEqual({
      Role: 'windows-sysmon-glue',
      DatabaseName: DATABASE,
      Description: expect.stringMatching(
        /^sysmon-lake: custom source windows-sysmon, provider 123456789012, external id sha256:[0-9a-f]{16}$/,
      ),
      Targets: { S3Targets: [{ Path: `s3://${BUCKET}/ext/windows-sysmon/` }] },
      TablePrefix: `${TABLE}_`,
      Configuration: {
        Version: 1,
        CreatePartitionIndex: true,
        CrawlerOutput: { Partitions: { AddOrUpdateBehavior: 'InheritFromTable' } },
        Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas', TableLevelConfiguration: 4 },
      },
      Schedule: 'cron(0 0 1 * ? *)',
    });
  });

  it('makes a source for each class in the layout per-source, and leaves the crawlers their targets', async () => {
    await world.register({ wanted: wantedIn('per-source') });
    const { sources } = world.account.lake;
    expect([...sources.keys()]).toEqual(
      ['process', 'file', 'network', 'kernel', 'memory', 'dns'].map((name) => `sysmon-${name}`),
    );
    expect(sources.get('sysmon-dns')!.eventClasses).toEqual(['DNS_ACTIVITY']);
    const crawler = await crawlerIn(world.account, 'sysmon-dns');
    expect(crawler).toMatchObject({
      Targets: { CatalogTargets: [{ DatabaseName: DATABASE }] },
      Description: expect.stringContaining('custom source sysmon-dns'),
      Configuration: { Version: 1, CreatePartitionIndex: true },
    });
  });

  it.each(LAYOUTS)('run twice changes nothing the second time (%s)', async (layout) => {
    await world.register({ wanted: wantedIn(layout) });
    const once = await world.endState();
    world.writes();
    const again = await world.register({ wanted: wantedIn(layout) });
    expect(world.writes()).toEqual([]);
    expect(again.sources.flatMap(({ steps }) => steps)).toEqual([]);
    expect(await world.endState()).toEqual(once);
  });

  it.each(
    LAYOUTS.flatMap((layout) =>
      (['drop-before', 'drop-after'] as const).map((drop) => [layout, drop] as const),
    ),
  )('cut at each call is finished by the next run (%s, %s)', async (layout: Layout, drop: Drop) => {
    const { endState, requests } = await undisturbed(layout);
    expect(requests).toBeGreaterThan(5);
    for (let k = 1; k <= requests; k++) {
      const cut = await openWorld();
      try {
        const fault = cutAt(cut, k, drop);
        await expect(cut.register({ wanted: fewIn(layout) })).rejects.toThrow();
        fault.stop();
        const { failures } = await cut.register({ wanted: fewIn(layout) });
        expect(failures).toEqual([]);
        expect({ k, state: await cut.endState() }).toEqual({ k, state: endState });
      } finally {
        await cut.close();
      }
    }
  });

  it("comes to the same end where an answer is lost and the SDK's own retry asks again", async () => {
    const { endState, operations } = await undisturbed('per-schema');
    for (const k of operations.keys()) {
      const lossy = await openWorld();
      try {
        let n = 0;
        lossy.account.fail(() => (n++ === k ? 'drop-after' : undefined));
        await lossy.register({}, lossy.services(3));
        expect({ k, state: await lossy.endState() }).toEqual({ k, state: endState });
      } finally {
        await lossy.close();
      }
    }
  });

  it.each(LAYOUTS)(
    'in a dry run makes no call that changes anything, and tells those it would make (%s)',
    async (layout) => {
      const dry = await world.register({ wanted: wantedIn(layout), dryRun: true });
      expect(world.account.requests.filter(isWrite)).toEqual([]);
      expect(world.account.lake.sources.size).toBe(0);
      const told = dry.sources.flatMap(({ steps }) => steps);
      const made = (await world.register({ wanted: wantedIn(layout) })).sources.flatMap(({ steps }) => steps);
      const named = (steps: typeof told): unknown[] =>
        steps.map(({ operation, input }) => [operation, 'Name' in input ? input.Name : input]);
      expect(named(told)).toEqual(named(made));
      const then = await world.register({ wanted: wantedIn(layout), dryRun: true });
      expect(then.sources.flatMap(({ steps }) => steps)).toEqual([]);
    },
  );

  it('tells in a dry run the settings that the crawler then has', async () => {
    const dry = await world.register({ dryRun: true });
    const update = dry.sources[0]!.steps.find(({ operation }) => operation === 'UpdateCrawler')!;
    await world.register();
    const crawler = await crawlerIn(world.account, 'windows-sysmon');
    expect(update.input).toMatchObject({ Targets: crawler!.Targets, TablePrefix: crawler!.TablePrefix });
  });

  it('changes only what differs', async () => {
    await world.register();
    await world.account.glue.handle('UpdateCrawler', {
      Name: 'windows-sysmon',
      Schedule: 'cron(0 5 * * ? *)',
    });
    const { sources } = await world.register();
    expect(sources[0]!.steps).toEqual([
      {
        service: 'glue',
        operation: 'UpdateCrawler',
        input: { Name: 'windows-sysmon', Schedule: 'cron(0 0 1 * ? *)' },
      },
    ]);
  });

  it('goes on from a source that the commands of the sample have made', async () => {
    await world.services().securityLake.create({
      sourceName: 'windows-sysmon',
      eventClasses: ['FILE_ACTIVITY'],
      configuration: {
        crawlerConfiguration: { roleArn: GLUE_ROLE },
        providerIdentity: { externalId: 'an-external-id', principal: ACCOUNT },
      },
    });
    world.writes();
    await world.register();
    expect(world.writes()).toEqual(['UpdateCrawler']);
  });

  it.each(LAYOUTS)('makes a crawler that somebody has deleted (%s)', async (layout) => {
    const wanted = wantedIn(layout);
    await world.register({ wanted });
    const name = wanted.sources[0]!.sourceName;
    const before = await crawlerIn(world.account, name);
    await world.account.glue.handle('DeleteCrawler', { Name: name });
    world.writes();
    await world.register({ wanted });
    expect(world.writes()).toEqual(['CreateCrawler']);
    // Security Lake's own switch in the configuration is not register's.
    const { Configuration } = (await crawlerIn(world.account, name))!;
    expect(await crawlerIn(world.account, name)).toEqual({ ...before, Configuration });
    await world.register({ wanted });
    expect(world.writes()).toEqual([]);
  });

  it('takes away the crawler that an earlier source has left, which would be in the way', async () => {
    await world.register();
    world.account.lake.sources.clear();
    world.writes();
    await world.register();
    expect(world.writes()).toEqual(['DeleteCrawler', 'CreateCustomLogSource', 'UpdateCrawler']);
  });

  it('takes another role for the crawler of a source that it has made', async () => {
    await world.register();
    const glueRoleArn = 'arn:aws:iam::123456789012:role/another';
    const { sources } = await world.register({ provider: { ...PROVIDER, glueRoleArn } });
    expect(sources[0]!.steps.map(({ input }) => input)).toEqual([
      { Name: 'windows-sysmon', Role: glueRoleArn },
    ]);
  });

  it('gives version and table prefix on', async () => {
    await world.register({ sourceVersion: '1.0', tablePrefix: 'sysmon_' });
    const { resource } = world.account.lake.sources.get('windows-sysmon')!;
    expect(resource).toMatchObject({ sourceVersion: '1.0' });
    expect(await crawlerIn(world.account, 'windows-sysmon')).toMatchObject({ TablePrefix: 'sysmon_' });
  });

  it('waits while Security Lake is busy with another source', async () => {
    const busy = { status: 409, code: 'ConflictException' };
    world.account.fail(({ operation }) => (operation === 'CreateCustomLogSource' ? busy : undefined), 2);
    await world.register();
    expect(world.waits).toEqual([1000, 2000]);
    expect(world.account.lake.sources.size).toBe(1);
  });

  it('gives up on a conflict that stays, and says so', async () => {
    const busy = { status: 409, code: 'ConflictException' };
    world.account.fail(({ operation }) => (operation === 'CreateCustomLogSource' ? busy : undefined));
    await expect(world.register()).rejects.toThrow(
      'securitylake:CreateCustomLogSource: another change is under way; run the same command again later (ConflictException: injected)',
    );
    expect(world.waits).toEqual([1000, 2000, 4000, 8000]);
  });

  it('leaves it to the next run where the new crawler does not show yet', async () => {
    const hidden = { status: 400, code: 'EntityNotFoundException' };
    const fault = world.account.fail(({ operation }) => (operation === 'GetCrawler' ? hidden : undefined));
    await expect(world.register()).rejects.toThrow(
      'custom source windows-sysmon is there, and its crawler is not yet; run the same command again, which finishes the rest',
    );
    fault.stop();
    world.writes();
    await world.register();
    expect(world.writes()).toEqual(['UpdateCrawler']);
  });
});

describe('register refuses', () => {
  const theirs = async (change: Parameters<World['register']>[0], message: string): Promise<void> => {
    const before = await world.endState();
    world.writes();
    await expect(world.register(change)).rejects.toThrow(message);
    expect(world.writes()).toEqual([]);
    expect(await world.endState()).toEqual(before);
  };

  it('a source that was registered for another provider', async () => {
    await world.register();
    await theirs(
      { provider: { ...PROVIDER, principal: '210987654321' } },
      `custom source windows-sysmon belongs to someone else: it was registered for provider ${ACCOUNT}; ` +
        `give --provider-principal ${ACCOUNT}, or take another --source-name`,
    );
  });

  it('a source that was registered with another external id', async () => {
    await world.register();
    await theirs(
      { provider: { ...PROVIDER, externalId: 'another' } },
      'custom source windows-sysmon belongs to someone else: it was registered with another external id; ' +
        'give that one as --external-id, or take another --source-name',
    );
  });

  it('a source that somebody else has made, whose crawler runs as a role of theirs', async () => {
    await world.services().securityLake.create({
      sourceName: 'windows-sysmon',
      configuration: {
        crawlerConfiguration: { roleArn: 'arn:aws:iam::123456789012:role/theirs' },
        providerIdentity: { externalId: 'their-id', principal: '210987654321' },
      },
    });
    await theirs(
      {},
      'custom source windows-sysmon belongs to someone else: its crawler runs as the role theirs; ' +
        'if it is yours, give that role as --glue-role, else take another --source-name',
    );
  });

  it('a source of another account, and a version that is not there', async () => {
    await world.register({ sourceVersion: '1.0' });
    await theirs({ sourceVersion: '2.0' }, 'it is there in version 1.0; give --source-version 1.0, or');
    const { lake } = world.account;
    lake.sources.set('windows-sysmon', { ...lake.sources.get('windows-sysmon')!, account: '210987654321' });
    await theirs(
      {},
      `it is of account 210987654321, these credentials are of ${ACCOUNT}; set credentials of that account, or`,
    );
  });

  it('all sources where one is of someone else', async () => {
    await world.services().securityLake.create({
      sourceName: 'sysmon-dns',
      configuration: {
        crawlerConfiguration: { roleArn: 'arn:aws:iam::123456789012:role/theirs' },
        providerIdentity: { externalId: 'their-id', principal: '210987654321' },
      },
    });
    await theirs({ wanted: wantedIn('per-source') }, 'custom source sysmon-dns belongs to someone else');
  });

  it('a name above 20 characters, before any call', () => {
    expect(() => wantedIn('per-schema', 'windows-sysmon-eu-central')).toThrow(
      '--source-name "windows-sysmon-eu-central": Security Lake takes 20 characters, these are 25; use a shorter name',
    );
    expect(
      wantedIn('per-source', 'windows-sysmon-eu-central').sources.map(({ sourceName }) => sourceName),
    ).toContain('central-dns');
  });

  it('a region in which Security Lake is not on', async () => {
    world.account.lake.isOn = false;
    await theirs(
      {},
      'Security Lake is not on in eu-central-1; turn it on there, or give the region of the lake as --region',
    );
  });
});

describe('register says in one line', () => {
  const CALLS: readonly Operation[] = [
    'GetCallerIdentity',
    'ListLogSources',
    'ListDataLakes',
    'GetCrawler',
    'CreateCustomLogSource',
    'UpdateCrawler',
    'GetTables',
  ];

  it.each(CALLS)('which permission %s lacks, and the next run finishes', async (name) => {
    const { endState } = await undisturbed('per-schema');
    const denied = { status: 403, code: 'AccessDeniedException' };
    const fault = world.account.fail(({ operation }) => (operation === name ? denied : undefined));
    const error: unknown = await world.register().catch((reason: unknown) => reason);
    expect(String(error)).toMatch(
      new RegExp(`^CallError: ${IAM_ACTIONS[name]}: access is denied; allow ${IAM_ACTIONS[name]}.*$`),
    );
    expect(String(error)).not.toContain('\n');
    fault.stop();
    await world.register();
    expect(await world.endState()).toEqual(endState);
  });

  const running =
    'crawler windows-sysmon is running, and cannot be changed meanwhile; ' +
    'run the same command again when it has ended, which finishes the rest';

  it('that a crawler has begun to run, and finishes later', async () => {
    const { endState } = await undisturbed('per-schema');
    const fault = world.account.fail(({ operation }) =>
      operation === 'UpdateCrawler' ? { status: 400, code: 'CrawlerRunningException' } : undefined,
    );
    const { failures } = await world.register();
    expect(failures.map(({ message }) => message)).toEqual([running]);
    fault.stop();
    await world.register();
    expect(await world.endState()).toEqual(endState);
  });

  // moto's crawls end as they begin.
  (MOTO === undefined ? it : it.skip)(
    'that a crawler is running, and brings the other sources to their end',
    async () => {
      const wanted = wantedIn('per-source');
      await world.register({ wanted });
      const { memory } = world.account;
      for (const name of ['sysmon-file', 'sysmon-dns'])
        await world.account.glue.handle('UpdateCrawler', { Name: name, Role: 'other' });
      memory!.setState('sysmon-file', 'RUNNING');
      world.writes();
      const { failures } = await world.register({ wanted });
      expect(failures.map(({ message }) => message)).toEqual([
        running.replace('windows-sysmon', 'sysmon-file'),
      ]);
      expect(world.writes()).toEqual(['UpdateCrawler']);
      memory!.setState('sysmon-file', 'READY');
      expect((await world.register({ wanted })).failures).toEqual([]);
      expect(await crawlerIn(world.account, 'sysmon-file')).toMatchObject({ Role: 'windows-sysmon-glue' });
    },
  );

  it('that a running crawler needs no change, by saying nothing', async () => {
    await world.register();
    world.account.memory?.setState('windows-sysmon', 'RUNNING');
    expect((await world.register()).failures).toEqual([]);
  });

  it('which table has another schema, after everything else is done', async () => {
    await world.register();
    const { schema, columns } = CLASSES[0]!;
    const table = (type: string): unknown => ({
      DatabaseName: DATABASE,
      TableInput: {
        Name: `${TABLE}_${schema}`,
        StorageDescriptor: {
          Columns: columns.map(({ name, type: own }) => ({ Name: name, Type: name === 'time' ? type : own })),
        },
      },
    });
    await world.account.glue.handle('CreateTable', table('string') as Readonly<Record<string, unknown>>);
    world.writes();
    const { failures } = await world.register();
    expect(failures.map(({ message }) => message)).toEqual([
      `table ${TABLE}_process_activity has another schema: column time is string instead of bigint; ` +
        'take its definition away, which leaves the data, and have the crawler make it anew: ' +
        `aws glue delete-table --database-name ${DATABASE} --name ${TABLE}_process_activity && ` +
        'aws glue start-crawler --name windows-sysmon',
    ]);
    expect(world.writes()).toEqual([]);
  });
});
