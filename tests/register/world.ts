/** A registration under test: the real SDK, over the wire, to a local account; moto is Glue and STS where it is given. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GlueClient } from '@aws-sdk/client-glue';
import { SecurityLakeClient } from '@aws-sdk/client-securitylake';
import { STSClient } from '@aws-sdk/client-sts';
import { catalogTables } from '../../src/catalog/table.ts';
import type { Layout } from '../../src/lake/layout.ts';
import { loadMapping } from '../../src/mapping/load.ts';
import { glue } from '../../src/register/glue-catalogue.ts';
import { roleNameOf } from '../../src/register/mark.ts';
import { register } from '../../src/register/register.ts';
import type { Registered, RegisterOptions } from '../../src/register/register.ts';
import { securityLake } from '../../src/register/securitylake-sources.ts';
import type { Services } from '../../src/register/services.ts';
import { callerOf } from '../../src/register/sts-caller.ts';
import { wantedSources } from '../../src/register/wanted.ts';
import type { ClassColumns, Provider, WantedSources } from '../../src/register/wanted.ts';
import { localConfig } from '../servers/clients.ts';
import type { Drop } from '../servers/faults.ts';
import type { JsonObject } from '../servers/glue.ts';
import { isWrite, startLakeAccount, type LakeAccount } from '../servers/lake-account.ts';

/** Endpoint of a moto server, from scripts/check-moto.sh. */
export const MOTO = process.env.MOTO_ENDPOINT;

export const GLUE_ROLE = 'arn:aws:iam::123456789012:role/service-role/windows-sysmon-glue';
export const PROVIDER: Provider = { glueRoleArn: GLUE_ROLE, externalId: 'an-external-id' };

const MAPPING_FILE = path.resolve(import.meta.dirname, '../../OCSFmapping.json');

export const CLASSES: readonly ClassColumns[] = catalogTables(
  loadMapping(readFileSync(MAPPING_FILE, 'utf8')),
).map(({ name, columns }) => ({
  schema: name,
  columns,
}));

/** The sources of the mapping file that comes along. */
export const wantedIn = (
  layout: Layout,
  sourceName = 'windows-sysmon',
  classes: readonly ClassColumns[] = CLASSES,
): WantedSources => wantedSources({ sourceName, classes, layout });

/** Of the layout per-source two sources, where a test goes through every call of a run. */
export const fewIn = (layout: Layout): WantedSources =>
  wantedIn(layout, 'windows-sysmon', layout === 'per-source' ? CLASSES.slice(0, 2) : CLASSES);

export interface World {
  readonly account: LakeAccount;
  /** Milliseconds that were waited; no time passes. */
  readonly waits: number[];
  /** A process of its own: clients that make each call `attempts` times. */
  readonly services: (attempts?: number) => Services;
  readonly register: (options?: Partial<RegisterOptions>, services?: Services) => Promise<Registered>;
  /** Names of the operations that changed something, since the last time they were asked for. */
  readonly writes: () => string[];
  /** Everything that register decides, as the services have it now. */
  readonly endState: () => Promise<unknown>;
  readonly close: () => Promise<void>;
}

export async function openWorld(): Promise<World> {
  const account = await startLakeAccount(MOTO);
  const waits: number[] = [];
  const clients: { destroy: () => void }[] = [];

  const services = (attempts = 1): Services => {
    const config = { ...localConfig(account.endpoint), maxAttempts: attempts };
    const lake = new SecurityLakeClient(config);
    const catalogue = new GlueClient(config);
    const sts = new STSClient(config);
    clients.push(lake, catalogue, sts);
    return {
      securityLake: securityLake(lake),
      glue: glue(catalogue),
      caller: () => callerOf(sts),
      wait: (waitMs) => Promise.resolve(void waits.push(waitMs)),
    };
  };

  let seen = 0;
  return {
    account,
    waits,
    services,
    register: (options = {}, with_ = services()) =>
      register({ wanted: wantedIn('per-schema'), provider: PROVIDER, ...options }, with_),
    writes() {
      const fresh = account.requests.slice(seen);
      seen = account.requests.length;
      return fresh.filter(isWrite).map(({ operation }) => operation);
    },
    async endState() {
      const sources = [...account.lake.sources].map(([name, kept]) => [name, kept]);
      const crawlers = await Promise.all(
        [...account.lake.sources.keys()].map(async (name) => [name, await crawlerIn(account, name)]),
      );
      return { sources, crawlers };
    },
    async close() {
      clients.forEach((client) => client.destroy());
      await account.close();
    },
  };
}

/** A crawler as its Glue has it, without times and counters; undefined where there is none. */
export async function crawlerIn(
  { glue: backend }: LakeAccount,
  name: string,
): Promise<JsonObject | undefined> {
  const { status, body } = await backend.handle('GetCrawler', { Name: name });
  if (status !== 200) return undefined;
  const crawler = body.Crawler as JsonObject;
  const { Role, DatabaseName, Description, Targets, TablePrefix, Configuration, Schedule } = crawler;
  return {
    Role: roleNameOf(String(Role)),
    DatabaseName,
    Description,
    Targets,
    TablePrefix,
    Configuration: (typeof Configuration === 'string' ? JSON.parse(Configuration) : {}) as unknown,
    Schedule: (Schedule as JsonObject | undefined)?.ScheduleExpression,
  };
}

/** The k-th request (from 1) from now on is cut, and all that come after it, as when a process ends there. */
export function cutAt({ account }: World, k: number, drop: Drop): { stop: () => void } {
  let n = 0;
  return account.fail(() => {
    n++;
    return n < k ? undefined : n === k ? drop : 'drop-before';
  });
}
