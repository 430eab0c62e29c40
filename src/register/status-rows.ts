/** One line for each thing that belongs to a source: whether it is there, and what differs. */
import { crawlerUpdate } from './crawler-settings.ts';
import { markText, readMark } from './mark.ts';
import { glueNamesOf, pathOf, predictedSource } from './names.ts';
import { elsewhere, foreign, OTHER_CREDENTIALS } from './plan.ts';
import type { Context, SourceState } from './plan.ts';
import type { TableSchemaError } from './registration-error.ts';
import { tableDifference } from './table-schema.ts';
import type { SourceFound, TableFound } from './services.ts';
import type { WantedSource } from './wanted.ts';

/** `not yet` is in order: tables come with the first objects. `not known`: AWS does not tell it. */
export type RowState = 'in order' | 'missing' | 'differs' | 'not yet' | 'not known';

export interface StatusRow {
  readonly what: 'source' | 'event classes' | 'crawler' | 'table';
  readonly name: string;
  readonly state: RowState;
  /** Where it is in order, what it is; else what differs, and what to do. One line. */
  readonly detail: string;
}

/** What is wanted of the source; without a provider, what cannot be told without one is not held against anything. */
export type StatusContext = Omit<Context, 'provider'> & { readonly provider?: Context['provider'] };

const MAKES_IT = '`sysmon-lake register` makes it';

export function sourceRow(wanted: WantedSource, state: SourceState, context: StatusContext): StatusRow {
  const { source, crawler } = state;
  const row = { what: 'source', name: wanted.sourceName } as const;
  if (source === undefined) return { ...row, state: 'missing', detail: MAKES_IT };
  const { caller, provider } = context;
  if (provider !== undefined) {
    const error = foreign(wanted, state, { ...context, provider });
    if (error !== undefined) return { ...row, state: 'differs', detail: error.message };
  } else {
    const principal = readMark(crawler?.Description)?.principal ?? caller.account;
    const account = elsewhere(source, caller, principal);
    if (account !== undefined)
      return { ...row, state: 'differs', detail: `it is of account ${account}; ${OTHER_CREDENTIALS}` };
  }
  return { ...row, state: 'in order', detail: pathOf(source.location ?? 'its location is not told') };
}

/** @param found as Security Lake tells them; undefined where it does not */
export function eventClassesRow(
  { sourceName, eventClasses }: WantedSource,
  found: readonly string[] | undefined,
): StatusRow {
  const row = { what: 'event classes', name: sourceName } as const;
  if (found === undefined) return { ...row, state: 'not known', detail: 'Security Lake does not tell them' };
  const missing = eventClasses.filter((name) => !found.includes(name));
  const more = found.filter((name) => !eventClasses.includes(name));
  const parts = [
    ...(missing.length > 0 ? [`without ${missing.join(' ')}`] : []),
    ...(more.length > 0 ? [`with ${more.join(' ')}`] : []),
  ];
  if (parts.length === 0) return { ...row, state: 'in order', detail: found.join(' ') };
  const remedy =
    'they limit nothing, and Security Lake cannot change them; unregister and register again to have them right';
  return { ...row, state: 'differs', detail: `${parts.join(', ')}; ${remedy}` };
}

export function crawlerRow(wanted: WantedSource, state: SourceState, context: StatusContext): StatusRow {
  const { sourceName } = wanted;
  const { source, crawler } = state;
  const { caller, provider, layout, tablePrefix } = context;
  const names = glueNamesOf(source ?? predictedSource(sourceName, undefined, caller), caller);
  const row = { what: 'crawler', name: names.crawlerName } as const;
  if (crawler === undefined) return { ...row, state: 'missing', detail: MAKES_IT };
  const running = crawler.State === 'READY' ? '' : ' (it is running)';
  if (source === undefined) return { ...row, state: 'differs', detail: `${LEFT_BEHIND}${running}` };
  const update = crawlerUpdate(
    {
      layout,
      names,
      location: source.location ?? '',
      glueRoleArn: provider?.glueRoleArn ?? crawler.Role ?? '',
      mark: wantedMark(sourceName, crawler.Description, context),
      ...(tablePrefix !== undefined && { tablePrefix }),
    },
    crawler,
  );
  if (update === undefined)
    return { ...row, state: 'in order', detail: `${crawler.Schedule ?? 'no schedule'}${running}` };
  const differing = Object.keys(update).filter((key) => key !== 'Name');
  const detail = `${differing.join(', ')}; \`sysmon-lake register\` sets them${running}`;
  return { ...row, state: 'differs', detail };
}

/** Without a provider any mark will do. */
function wantedMark(sourceName: string, description: string | undefined, context: StatusContext): string {
  const { provider, caller } = context;
  if (provider === undefined) return readMark(description) === undefined ? MARKED : (description ?? '');
  return markText({
    sourceName,
    principal: provider.principal ?? caller.account,
    externalId: provider.externalId,
  });
}

const MARKED = 'as `register` writes it';

const LEFT_BEHIND = 'an earlier source left it; `sysmon-lake register` or `unregister` takes it away';

/** What a source's tables are called: that of the source itself, or one for each class whose name begins so. */
export function tableNamesOf(
  tableName: string,
  { layout, tablePrefix }: Pick<StatusContext, 'layout' | 'tablePrefix'>,
): { readonly prefix: string; readonly nameOf: (schema: string) => string } {
  if (layout === 'per-source') return { prefix: tableName, nameOf: () => tableName };
  const prefix = tablePrefix ?? `${tableName}_`;
  return { prefix, nameOf: (schema) => prefix + schema };
}

type TableContext = Pick<StatusContext, 'layout' | 'tablePrefix' | 'caller'>;

/** A row for the table of each class. */
export function tableRows(
  wanted: WantedSource,
  source: SourceFound,
  tables: readonly TableFound[],
  context: TableContext,
): StatusRow[] {
  return tablesOf(wanted, source, tables, context).map(({ name, table, error }): StatusRow => {
    const row = { what: 'table', name } as const;
    if (table === undefined) return { ...row, state: 'not yet', detail: NOT_YET };
    if (error !== undefined) return { ...row, state: 'differs', detail: error.message };
    return { ...row, state: 'in order', detail: `${table.columns.length} columns` };
  });
}

/** What is wrong with the tables that are there. */
export const tableErrors = (...args: Parameters<typeof tableRows>): TableSchemaError[] =>
  tablesOf(...args).flatMap(({ error }) => (error === undefined ? [] : [error]));

interface TableOfClass {
  readonly name: string;
  /** Undefined where there is none, or none with columns: that of the source has none before the crawler has run. */
  readonly table: TableFound | undefined;
  readonly error: TableSchemaError | undefined;
}

function tablesOf(
  wanted: WantedSource,
  source: SourceFound,
  tables: readonly TableFound[],
  context: TableContext,
): TableOfClass[] {
  const names = glueNamesOf(source, context.caller);
  const { nameOf } = tableNamesOf(names.tableName, context);
  return wanted.classes.map(({ schema, columns }) => {
    const name = nameOf(schema);
    const table = tables.find((one) => one.name === name && one.columns.length > 0);
    return { name, table, error: table && tableDifference(names, table, columns) };
  });
}

const NOT_YET = 'it comes when the crawler has run over the first objects';
