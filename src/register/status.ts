/** What is there of a registration, and what differs from what is wanted. Reads, and changes nothing. */
import { sourceNamed, stateOf } from './look.ts';
import { glueNamesOf } from './names.ts';
import { crawlerRow, eventClassesRow, sourceRow, tableNamesOf, tableRows } from './status-rows.ts';
import type { StatusContext, StatusRow } from './status-rows.ts';
import type { Caller, Services, SourceFound, TableFound } from './services.ts';
import type { Provider, WantedSources } from './wanted.ts';

export interface StatusOptions {
  readonly wanted: WantedSources;
  /** With it, whose the sources are and what their crawlers run as is looked at too. */
  readonly provider?: Provider;
  readonly sourceVersion?: string;
  readonly tablePrefix?: string;
}

export interface Status {
  readonly caller: Caller;
  readonly rows: readonly StatusRow[];
  /** Nothing is missing or differs. */
  readonly isInOrder: boolean;
}

/** @throws CallError */
export async function status(options: StatusOptions, services: Services): Promise<Status> {
  const { wanted, sourceVersion, provider, tablePrefix } = options;
  const caller = await services.caller();
  const context: StatusContext = {
    layout: wanted.layout,
    caller,
    ...(provider !== undefined && { provider }),
    ...(sourceVersion !== undefined && { sourceVersion }),
    ...(tablePrefix !== undefined && { tablePrefix }),
  };
  const listed = await services.securityLake.sources();
  const found = wanted.sources.map((one) => ({
    one,
    source: sourceNamed(listed, one.sourceName, sourceVersion),
  }));
  const isAny = found.some(({ source }) => source !== undefined);
  const eventClasses = isAny ? await services.securityLake.eventClasses(caller.account) : undefined;
  const rows: StatusRow[] = [];
  for (const { one, source } of found) {
    const state = await stateOf(one.sourceName, source, caller, services);
    rows.push(sourceRow(one, state, context));
    if (source !== undefined) rows.push(eventClassesRow(one, eventClasses?.get(one.sourceName)));
    if (source !== undefined || state.crawler !== undefined) rows.push(crawlerRow(one, state, context));
    if (source === undefined) continue;
    rows.push(...tableRows(one, source, await tablesBelow(source, context, services), context));
  }
  const isInOrder = rows.every(({ state }) => state !== 'missing' && state !== 'differs');
  return { caller, rows, isInOrder };
}

/** The tables that a source may have, as the catalogue has them now. @throws CallError */
export async function tablesBelow(
  source: SourceFound,
  context: Pick<StatusContext, 'layout' | 'tablePrefix' | 'caller'>,
  { glue }: Services,
): Promise<TableFound[]> {
  const { databaseName, tableName } = glueNamesOf(source, context.caller);
  return glue.tables(databaseName, tableNamesOf(tableName, context).prefix);
}
