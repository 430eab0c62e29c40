/** Security Lake through the SDK. */
import {
  CreateCustomLogSourceCommand,
  DeleteCustomLogSourceCommand,
  ListDataLakesCommand,
  paginateGetDataLakeSources,
  paginateListLogSources,
  SecurityLakeClient,
} from '@aws-sdk/client-securitylake';
import type { CustomLogSourceResource } from '@aws-sdk/client-securitylake';
import { called, isCode } from './call-error.ts';
import type { SecurityLake, SourceFound } from './services.ts';

/** Region of the lake; default: the SDK's. */
export const securityLakeClient = (region?: string): SecurityLakeClient =>
  new SecurityLakeClient(region === undefined ? {} : { region });

/** Every method rejects with CallError. */
export function securityLake(client: SecurityLakeClient): SecurityLake {
  return {
    async bucket() {
      const regions = [await client.config.region()];
      const answer = await called('ListDataLakes', client.send(new ListDataLakesCommand({ regions })));
      const arn = answer.dataLakes?.find(({ s3BucketArn }) => s3BucketArn !== undefined)?.s3BucketArn;
      return arn?.slice(arn.lastIndexOf(':') + 1);
    },
    async sources() {
      const found: SourceFound[] = [];
      const regions = [await client.config.region()];
      const pages = paginateListLogSources({ client }, { regions });
      for (;;) {
        const { done, value } = await called('ListLogSources', pages.next());
        if (done === true) return found;
        for (const { account, sources = [] } of value.sources ?? []) {
          for (const { customLogSource } of sources) {
            if (customLogSource?.sourceName !== undefined) found.push(sourceOf(customLogSource, '', account));
          }
        }
      }
    },
    async eventClasses(account) {
      const classes = new Map<string, readonly string[]>();
      const pages = paginateGetDataLakeSources({ client }, { accounts: [account] });
      for (;;) {
        const { done, value } = await called('GetDataLakeSources', pages.next());
        if (done === true) return classes;
        for (const { sourceName, eventClasses } of value.dataLakeSources ?? []) {
          if (sourceName !== undefined && eventClasses !== undefined) classes.set(sourceName, eventClasses);
        }
      }
    },
    async create(input) {
      const { eventClasses, ...rest } = input;
      const command = new CreateCustomLogSourceCommand({
        ...rest,
        ...(eventClasses !== undefined && { eventClasses: [...eventClasses] }),
      });
      const { source = {} } = await called('CreateCustomLogSource', client.send(command));
      return sourceOf(source, input.sourceName);
    },
    async remove(input) {
      try {
        await called('DeleteCustomLogSource', client.send(new DeleteCustomLogSourceCommand(input)));
      } catch (error) {
        if (!isCode(error, 'ResourceNotFoundException')) throw error;
      }
    },
  };
}

function sourceOf(resource: CustomLogSourceResource, name: string, account?: string): SourceFound {
  const { sourceName = name, sourceVersion, provider, attributes } = resource;
  const { location, roleArn: providerRoleArn } = provider ?? {};
  const { crawlerArn, databaseArn, tableArn } = attributes ?? {};
  return {
    sourceName,
    ...(account !== undefined && { account }),
    ...(sourceVersion !== undefined && { sourceVersion }),
    ...(location !== undefined && { location }),
    ...(providerRoleArn !== undefined && { providerRoleArn }),
    ...(crawlerArn !== undefined && { crawlerArn }),
    ...(databaseArn !== undefined && { databaseArn }),
    ...(tableArn !== undefined && { tableArn }),
  };
}
