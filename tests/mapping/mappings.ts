/** Small mappings and events for the tests of the mapping language. */
import { compileMappingText } from '../../src/mapping/load.ts';
import type { CompiledMapping, Join } from '../../src/mapping/compile.ts';
import type { Problem } from '../../src/mapping/problem.ts';
import type { Fields, SysmonEvent } from '../../src/sysmon/event.ts';

export const UTC_TIME = '2020-06-10 02:50:54.631';
export const TIME_MS = Date.UTC(2020, 5, 10, 2, 50, 54, 631);

export const fields = (values: Readonly<Record<string, string>> = {}): Fields =>
  Object.assign(Object.create(null) as Fields, values); // true: filled in the same breath

/** An event with a time and whatever else a test is about. */
export const eventOf = (
  Description: Readonly<Record<string, string>>,
  rest: Omit<Partial<SysmonEvent>, 'Description' | 'UserDefined'> & {
    UserDefined?: Readonly<Record<string, string>>;
  } = {},
): SysmonEvent => ({
  EventId: 1,
  ...rest,
  Description: fields({ UtcTime: UTC_TIME, ...Description }),
  UserDefined: fields(rest.UserDefined),
});

export interface FileOptions {
  readonly templates?: Readonly<Record<string, unknown>>;
  readonly schema?: string;
  readonly version?: string;
  readonly format?: string;
  /** The path of `timestamp`. */
  readonly timestamp?: string;
}

const frame = (
  ocsfMapping: unknown,
  { templates, format = '%Y-%m-%d %H:%M:%S.%f', timestamp = '$.Description.UtcTime' }: FileOptions,
): string =>
  JSON.stringify({
    custom_source_events: {
      source_name: 'windows-sysmon',
      matched_field: '$.EventId',
      timestamp: { field: timestamp, format },
      ...(templates && { templates }),
      ocsf_mapping: ocsfMapping,
    },
  });

/** The text of a mapping file with these entries. */
export const entriesText = (entries: Readonly<Record<string, unknown>>, options: FileOptions = {}): string =>
  frame(entries, options);

/** The text of a mapping file with one entry, for EventID 1; it names the OCSF version, and its time is the event's. */
export const nodeText = (node: Readonly<Record<string, unknown>>, options: FileOptions = {}): string => {
  const { schema = 'process_activity', version = '1.1.0' } = options;
  const metadata = { version, product: { vendor_name: 'Microsoft Sysinternals' } };
  return frame(
    { '1': { schema, schema_mapping: { metadata, time: '$.Description.UtcTime', ...node } } },
    options,
  );
};

export const problemsOf = (text: string): readonly Problem[] => compileMappingText(text).problems;

/** The messages of the errors, or of the warnings, with the pointers that they are at. */
export const told = (text: string, severity: Problem['severity']): [string, string][] =>
  problemsOf(text)
    .filter((problem) => problem.severity === severity)
    .map(({ pointer, message }) => [pointer, message]);

export const compiled = (text: string): CompiledMapping => {
  const { mapping, problems } = compileMappingText(text);
  if (mapping === undefined) throw new Error(JSON.stringify(problems));
  return mapping;
};

/** What the one entry of a mapping makes of an event. The record as plain JSON, to be compared. */
export const mapWith = (
  node: Readonly<Record<string, unknown>>,
  event: SysmonEvent,
  options: FileOptions & { readonly join?: Join } = {},
): { record: Record<string, unknown>; failed: readonly string[]; timeMs: number | undefined } => {
  const entry = compiled(nodeText(node, options)).find(event);
  if (entry === undefined) throw new Error('no entry for this event');
  const { record, failed, timeMs } = entry.map(event, options.join);
  return { record: JSON.parse(JSON.stringify(record)) as Record<string, unknown>, failed, timeMs };
};

/** One attribute of the record that a mapping makes of an event. */
export const attributeOf = (
  name: string,
  node: unknown,
  Description: Readonly<Record<string, string>>,
  options: FileOptions = {},
): unknown => mapWith({ [name]: node }, eventOf(Description), options).record[name];
