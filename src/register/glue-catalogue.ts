/** Glue through the SDK: crawlers and tables. */
import {
  CreateCrawlerCommand,
  DeleteCrawlerCommand,
  GetCrawlerCommand,
  GlueClient,
  paginateGetTables,
  UpdateCrawlerCommand,
} from '@aws-sdk/client-glue';
import type { Crawler, CrawlerTargets as SdkTargets } from '@aws-sdk/client-glue';
import { called, isCode } from './call-error.ts';
import type { CrawlerFound, CrawlerTargets, Glue, TableFound } from './services.ts';

/** Region of the lake; default: the SDK's. */
export const glueClient = (region?: string): GlueClient =>
  new GlueClient(region === undefined ? {} : { region });

/** Every method rejects with CallError. */
export function glue(client: GlueClient): Glue {
  return {
    async crawler(name) {
      try {
        const { Crawler } = await called('GetCrawler', client.send(new GetCrawlerCommand({ Name: name })));
        return Crawler === undefined ? undefined : crawlerOf(Crawler, name);
      } catch (error) {
        if (isCode(error, 'EntityNotFoundException')) return undefined;
        throw error;
      }
    },
    async updateCrawler({ Targets, ...rest }) {
      const input = { ...rest, ...(Targets !== undefined && { Targets: targetsOf(Targets) }) };
      await called('UpdateCrawler', client.send(new UpdateCrawlerCommand(input)));
    },
    async createCrawler({ Targets, ...rest }) {
      const input = { ...rest, Targets: targetsOf(Targets) };
      await called('CreateCrawler', client.send(new CreateCrawlerCommand(input)));
    },
    async deleteCrawler(input) {
      try {
        await called('DeleteCrawler', client.send(new DeleteCrawlerCommand(input)));
      } catch (error) {
        if (!isCode(error, 'EntityNotFoundException')) throw error;
      }
    },
    async tables(databaseName, prefix) {
      const found: TableFound[] = [];
      // Glue takes a regular expression; the prefix has only letters, digits and _.
      const input = { DatabaseName: databaseName, Expression: `${prefix}.*` };
      const pages = paginateGetTables({ client }, input);
      try {
        for (;;) {
          const { done, value } = await called('GetTables', pages.next());
          if (done === true) return found;
          for (const { Name: name, StorageDescriptor } of value.TableList ?? []) {
            const columns = (StorageDescriptor?.Columns ?? []).map(({ Name = '', Type = '' }) => ({
              name: Name,
              type: Type,
            }));
            if (name?.startsWith(prefix) === true) found.push({ name, columns });
          }
        }
      } catch (error) {
        if (isCode(error, 'EntityNotFoundException')) return [];
        throw error;
      }
    },
  };
}

/** The SDK's types want lists that may be changed. */
const targetsOf = ({ S3Targets, CatalogTargets }: CrawlerTargets): SdkTargets => ({
  ...(S3Targets !== undefined && { S3Targets: [...S3Targets] }),
  ...(CatalogTargets !== undefined && {
    CatalogTargets: CatalogTargets.map((target) => ({ ...target, Tables: [...target.Tables] })),
  }),
});

function crawlerOf(crawler: Crawler, name: string): CrawlerFound {
  const { Role, DatabaseName, Description, TablePrefix, Configuration, Schedule, Targets, State } = crawler;
  const schedule = Schedule?.ScheduleExpression;
  return {
    Name: crawler.Name ?? name,
    State: State ?? 'READY',
    ...(Role !== undefined && { Role }),
    ...(DatabaseName !== undefined && { DatabaseName }),
    ...(Description !== undefined && { Description }),
    ...(TablePrefix !== undefined && { TablePrefix }),
    ...(Configuration !== undefined && { Configuration }),
    ...(schedule !== undefined && { Schedule: schedule }),
    ...(Targets !== undefined && { Targets: { ...Targets } }),
  };
}
