/** What has to be done for a source: the calls, out of what is wanted and what is there. Nothing is called here. */
import type { Layout } from '../lake/layout.ts';
import { crawlerUpdate, newCrawler } from './crawler-settings.ts';
import type { WantedCrawler } from './crawler-settings.ts';
import { digestOf, markText, readMark, roleNameOf } from './mark.ts';
import { accountOf, glueNamesOf, predictedSource } from './names.ts';
import { ForeignSourceError } from './registration-error.ts';
import type { Caller, CrawlerFound, SourceFound, Step } from './services.ts';
import type { Provider, WantedSource } from './wanted.ts';

/** What there is of a source. */
export interface SourceState {
  readonly source?: SourceFound;
  readonly crawler?: CrawlerFound;
}

/** What holds for all sources of a registration. */
export interface Context {
  readonly layout: Layout;
  readonly caller: Caller;
  readonly provider: Provider;
  readonly sourceVersion?: string;
  readonly tablePrefix?: string;
  /** The bucket of the lake, as far as it is known: sources that are not there yet will lie in it. */
  readonly bucket?: string;
}

const principalIn = ({ caller, provider }: Context): string => provider.principal ?? caller.account;

/** The steps from what is there to what is wanted, in order; none where nothing is missing. */
export function stepsFor(wanted: WantedSource, state: SourceState, context: Context): Step[] {
  const { source, crawler } = state;
  const settings = wantedCrawler(wanted, source, context);
  if (source === undefined) {
    const update = crawlerUpdate(settings, undefined);
    return [
      // Security Lake makes a crawler with the source, and does not take one that an earlier source has left.
      ...(crawler === undefined ? [] : [deleteCrawler(crawler.Name)]),
      createSource(wanted, context),
      ...(update === undefined ? [] : [updateCrawler(update)]),
    ];
  }
  if (crawler === undefined)
    return [{ service: 'glue', operation: 'CreateCrawler', input: newCrawler(settings) }];
  const update = crawlerUpdate(settings, crawler);
  return update === undefined ? [] : [updateCrawler(update)];
}

/** The steps that take a source away. Its data and its tables stay. */
export function stepsToRemove({ source, crawler }: SourceState): Step[] {
  return [
    ...(source === undefined ? [] : [deleteSource(source)]),
    // Security Lake leaves the crawler, which would be in the way of a source of the same name.
    ...(crawler === undefined ? [] : [deleteCrawler(crawler.Name)]),
  ];
}

/**
 * Says whose a source is, where it is not this registration's: of another account, with another provider identity, or
 * with a crawler that `register` did not make and that runs as another role.
 */
export function foreign(
  wanted: WantedSource,
  state: SourceState,
  context: Context,
): ForeignSourceError | undefined {
  const { sourceName } = wanted;
  const { caller, provider, sourceVersion } = context;
  const { source, crawler } = state;
  const error = (evidence: string, remedy: string): ForeignSourceError =>
    new ForeignSourceError(sourceName, evidence, remedy);
  const principal = principalIn(context);

  const inAccount = elsewhere(source, caller, principal);
  if (inAccount !== undefined)
    return error(
      `it is of account ${inAccount}, these credentials are of ${caller.account}`,
      OTHER_CREDENTIALS,
    );
  const version = source?.sourceVersion;
  if (sourceVersion !== undefined && version !== undefined && version !== sourceVersion)
    return error(`it is there in version ${version}`, `give --source-version ${version}, or ${OTHER_NAME}`);

  const mark = readMark(crawler?.Description);
  if (mark !== undefined) {
    if (mark.principal !== principal)
      return error(
        `it was registered for provider ${mark.principal}`,
        `give --provider-principal ${mark.principal}, or ${OTHER_NAME}`,
      );
    if (mark.digest !== digestOf(provider.externalId))
      return error(
        'it was registered with another external id',
        `give that one as --external-id, or ${OTHER_NAME}`,
      );
    return undefined;
  }
  const role = crawler?.Role;
  if (role === undefined || roleNameOf(role) === roleNameOf(provider.glueRoleArn)) return undefined;
  return error(
    `its crawler runs as the role ${roleNameOf(role)}`,
    `if it is yours, give that role as --glue-role, else ${OTHER_NAME}`,
  );
}

export const OTHER_NAME = 'take another --source-name';
export const OTHER_CREDENTIALS = `set credentials of that account, or ${OTHER_NAME}`;

/** The account that a source is of, where that is not the caller's. */
export function elsewhere(
  source: SourceFound | undefined,
  caller: Caller,
  principal: string,
): string | undefined {
  const accounts = [accountOf(source?.providerRoleArn), accountOf(source?.crawlerArn)];
  // It may be listed under the account of whoever provides it.
  if (source?.account !== principal) accounts.push(source?.account);
  return accounts.find((account) => account !== undefined && account !== caller.account);
}

function wantedCrawler(
  { sourceName }: WantedSource,
  source: SourceFound | undefined,
  context: Context,
): WantedCrawler {
  const { caller, provider, layout, tablePrefix } = context;
  const predicted = predictedSource(sourceName, context.bucket, caller);
  return {
    layout,
    names: glueNamesOf(source ?? predicted, caller),
    location: source?.location ?? predicted.location,
    glueRoleArn: provider.glueRoleArn,
    mark: markText({ sourceName, principal: principalIn(context), externalId: provider.externalId }),
    ...(tablePrefix !== undefined && { tablePrefix }),
  };
}

function createSource({ sourceName, eventClasses }: WantedSource, context: Context): Step {
  const { provider, sourceVersion } = context;
  return {
    service: 'securitylake',
    operation: 'CreateCustomLogSource',
    input: {
      sourceName,
      ...(sourceVersion !== undefined && { sourceVersion }),
      ...(eventClasses.length > 0 && { eventClasses }),
      configuration: {
        crawlerConfiguration: { roleArn: provider.glueRoleArn },
        providerIdentity: { externalId: provider.externalId, principal: principalIn(context) },
      },
    },
  };
}

const deleteSource = ({ sourceName, sourceVersion }: SourceFound): Step => ({
  service: 'securitylake',
  operation: 'DeleteCustomLogSource',
  input: { sourceName, ...(sourceVersion !== undefined && { sourceVersion }) },
});

const updateCrawler = (input: Extract<Step, { operation: 'UpdateCrawler' }>['input']): Step => ({
  service: 'glue',
  operation: 'UpdateCrawler',
  input,
});

const deleteCrawler = (Name: string): Step => ({
  service: 'glue',
  operation: 'DeleteCrawler',
  input: { Name },
});
