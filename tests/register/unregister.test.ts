/** Taking a registration away over the wire: what goes, what stays, and whose it must be. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Layout } from '../../src/lake/layout.ts';
import { unregister } from '../../src/register/unregister.ts';
import type { Unregistered, UnregisterOptions } from '../../src/register/unregister.ts';
import type { Services } from '../../src/register/services.ts';
import { crawlerIn, cutAt, GLUE_ROLE, MOTO, openWorld, wantedIn, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const LAYOUTS: readonly Layout[] = ['per-schema', 'per-source'];
const DATABASE = 'amazon_security_lake_glue_db_eu_central_1';

const remove = (
  options: Partial<UnregisterOptions> = {},
  of: World = world,
  services: Services = of.services(),
): Promise<Unregistered> => unregister({ wanted: wantedIn('per-schema'), ...options }, services);

const tableCount = async (of: World): Promise<number> => {
  const { body } = await of.account.glue.handle('GetTables', { DatabaseName: DATABASE, Expression: '.*' });
  return (body.TableList as readonly unknown[]).length;
};

/** Nothing of a registration is left but its tables. */
async function isGone(of: World, layout: Layout): Promise<boolean> {
  const names = wantedIn(layout).sources.map(({ sourceName }) => sourceName);
  const crawlers = await Promise.all(names.map((name) => crawlerIn(of.account, name)));
  return of.account.lake.sources.size === 0 && crawlers.every((crawler) => crawler === undefined);
}

describe('unregister', () => {
  it.each(LAYOUTS)(
    'deletes sources and crawlers, leaves tables, and has nothing to do again (%s)',
    async (layout) => {
      const wanted = wantedIn(layout);
      await world.register({ wanted });
      const tables = await tableCount(world);
      world.writes();
      await remove({ wanted });
      expect(world.writes()).toEqual(
        wanted.sources.flatMap(() => ['DeleteCustomLogSource', 'DeleteCrawler']),
      );
      expect(await isGone(world, layout)).toBe(true);
      expect(await tableCount(world)).toBe(tables);
      expect((await remove({ wanted })).steps).toEqual([]);
      expect(world.writes()).toEqual([]);
    },
  );

  it('tells in a dry run what it would delete', async () => {
    await world.register();
    world.writes();
    const { steps } = await remove({ dryRun: true });
    expect(steps.map(({ operation }) => operation)).toEqual(['DeleteCustomLogSource', 'DeleteCrawler']);
    expect(world.writes()).toEqual([]);
  });

  it.each(['drop-before', 'drop-after'] as const)(
    'cut at each call is finished by the next run (%s)',
    async (drop) => {
      const whole = await openWorld();
      await whole.register();
      const before = whole.account.requests.length;
      await remove({}, whole);
      const requests = whole.account.requests.length - before;
      await whole.close();
      expect(requests).toBeGreaterThan(3);
      for (let k = 1; k <= requests; k++) {
        const cut = await openWorld();
        try {
          await cut.register();
          const fault = cutAt(cut, k, drop);
          await expect(remove({}, cut)).rejects.toThrow();
          fault.stop();
          await remove({}, cut);
          expect({ k, isGone: await isGone(cut, 'per-schema') }).toEqual({ k, isGone: true });
        } finally {
          await cut.close();
        }
      }
    },
  );

  it.each(['DeleteCustomLogSource', 'DeleteCrawler'])(
    'lets a lost answer of %s be asked for again',
    async (name) => {
      await world.register();
      const lost = world.account.fail(({ operation }) => (operation === name ? 'drop-after' : undefined), 1);
      await remove({}, world, world.services(3));
      expect(lost.count).toBe(1);
      expect(await isGone(world, 'per-schema')).toBe(true);
    },
  );

  it('makes room for a registration of the same name', async () => {
    await world.register();
    const before = await world.endState();
    await remove();
    await world.register();
    expect(await world.endState()).toEqual(before);
  });

  const makeUnmarked = (): Promise<unknown> =>
    world.services().securityLake.create({
      sourceName: 'windows-sysmon',
      configuration: {
        crawlerConfiguration: { roleArn: GLUE_ROLE },
        providerIdentity: { externalId: 'an-id', principal: '123456789012' },
      },
    });

  it('leaves a source that register did not make, unless the role of its crawler is given', async () => {
    await makeUnmarked();
    world.writes();
    await expect(remove()).rejects.toThrow(
      'custom source windows-sysmon belongs to someone else: its crawler does not say that `register` made it; ' +
        'if it is yours, give the role of its crawler as --glue-role',
    );
    await expect(remove({ glueRoleArn: `${GLUE_ROLE}-other` })).rejects.toThrow(
      'runs as the role windows-sysmon-glue',
    );
    expect(world.writes()).toEqual([]);
    await remove({ glueRoleArn: GLUE_ROLE });
    expect(await isGone(world, 'per-schema')).toBe(true);
  });

  it('leaves a source of another account', async () => {
    await world.register();
    const { lake } = world.account;
    lake.sources.set('windows-sysmon', { ...lake.sources.get('windows-sysmon')!, account: '210987654321' });
    world.writes();
    await expect(remove()).rejects.toThrow('it is of account 210987654321');
    expect(world.writes()).toEqual([]);
  });

  // moto's crawls end as they begin.
  (MOTO === undefined ? it : it.skip)(
    'leaves a source whose crawler is running to the next run',
    async () => {
      await world.register();
      world.account.memory!.setState('windows-sysmon', 'RUNNING');
      world.writes();
      const { failures } = await remove();
      expect(failures.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^crawler windows-sysmon is running/),
      ]);
      expect(world.writes()).toEqual([]);
      world.account.memory!.setState('windows-sysmon', 'READY');
      await remove();
      expect(await isGone(world, 'per-schema')).toBe(true);
    },
  );
});
