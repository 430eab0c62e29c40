/** The mapping file as it stands on disk: its frame is read and checked here, its nodes in node.ts. */
import { z } from 'zod';
import { compileTimeFormat } from '../sysmon/time.ts';
import { readNode } from './node.ts';
import type { Node } from './node.ts';
import { formatPath, parsePath } from './path.ts';
import type { PathRef } from './path.ts';
import { pointerTo, suggestion } from './problem.ts';
import type { Problem } from './problem.ts';

/** One entry of `ocsf_mapping`: how an event becomes a record of one class. */
export interface EntryFile {
  /** Value of the matched field that the entry is for. */
  readonly key: string;
  readonly schema: string;
  readonly when: readonly { readonly ref: PathRef; readonly values: readonly string[] }[];
  readonly node: Node;
  readonly pointer: string;
}

export interface MappingFile {
  readonly sourceName: string;
  readonly matchedField: PathRef;
  readonly timestamp: { readonly ref: PathRef; readonly parse: (text: string) => number | undefined };
  readonly entries: readonly EntryFile[];
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const entrySchema = z.strictObject({
  schema: z.string(),
  schema_mapping: z.record(z.string(), z.unknown()),
  when: z.record(z.string(), z.union([scalar, z.array(scalar).min(1)])).optional(),
});
const fileSchema = z.strictObject({
  $schema: z.string().optional(),
  custom_source_events: z.strictObject({
    source_name: z.string().min(1),
    matched_field: z.string(),
    timestamp: z.strictObject({ field: z.string(), format: z.string() }),
    templates: z.record(z.string(), z.unknown()).optional(),
    ocsf_mapping: z.record(z.string(), z.union([entrySchema, z.array(entrySchema).min(1)])),
  }),
});

const KNOWN_KEYS = [
  'custom_source_events',
  'source_name',
  'matched_field',
  'timestamp',
  'field',
  'format',
  'templates',
  'ocsf_mapping',
  'schema',
  'schema_mapping',
  'when',
];

/** A schema's name is a folder of the lake and the name of an OCSF class. */
const SCHEMA_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/**
 * Reads the text of a mapping file. The file is given only where there is no error among the problems.
 */
export function readMappingFile(text: string): { file: MappingFile | undefined; problems: Problem[] } {
  const problems: Problem[] = [];
  const fail = (pointer: string, message: string): void => {
    problems.push({ severity: 'error', pointer, message });
  };
  const document = parseJson(text, fail);
  if (document === undefined) return { file: undefined, problems };
  const parsed = fileSchema.safeParse(document);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) frameProblems(issue, '', fail);
    return { file: undefined, problems };
  }

  const frame = parsed.data.custom_source_events;
  const at = '/custom_source_events';
  const readPath = (path: string, pointer: string): PathRef => {
    try {
      if (path.startsWith('$')) return parsePath(path);
      fail(pointer, `"${path}" is no path; a path begins with "$."`);
    } catch (error) {
      fail(pointer, error instanceof Error ? error.message : String(error));
    }
    return { kind: 'UserDefined', name: path };
  };
  const readFormat = (format: string): ((value: string) => number | undefined) => {
    try {
      return compileTimeFormat(format);
    } catch (error) {
      fail(`${at}/timestamp/format`, error instanceof Error ? error.message : String(error));
      return () => undefined;
    }
  };

  const templates = frame.templates ?? {};
  for (const name of Object.keys(templates)) {
    // Read for its problems even where no entry uses it.
    readNode({ template: name }, `${at}/templates`, { templates, problems });
  }
  const entries: EntryFile[] = [];
  for (const [key, value] of Object.entries(frame.ocsf_mapping)) {
    const list = Array.isArray(value) ? value : [value];
    list.forEach((entry, i) => {
      const pointer = pointerTo(`${at}/ocsf_mapping`, key) + (Array.isArray(value) ? `/${i}` : '');
      if (!SCHEMA_NAME.test(entry.schema)) {
        fail(`${pointer}/schema`, 'a schema is named in lower case letters, digits and _, as OCSF names its classes');
      }
      entries.push({
        key,
        schema: entry.schema,
        when: Object.entries(entry.when ?? {}).map(([path, values]) => ({
          ref: readPath(path, pointerTo(`${pointer}/when`, path)),
          values: (Array.isArray(values) ? values : [values]).map(String),
        })),
        node: readNode(entry.schema_mapping, `${pointer}/schema_mapping`, { templates, problems }),
        pointer,
      });
    });
  }
  if (entries.length === 0) fail(`${at}/ocsf_mapping`, 'maps no event');
  const file: MappingFile = {
    sourceName: frame.source_name,
    matchedField: readPath(frame.matched_field, `${at}/matched_field`),
    timestamp: { ref: readPath(frame.timestamp.field, `${at}/timestamp/field`), parse: readFormat(frame.timestamp.format) },
    entries,
  };
  if (file.matchedField.kind === 'jsonpath' || file.timestamp.ref.kind === 'jsonpath') {
    fail(at, `matched_field and timestamp.field name one field each, as ${formatPath({ kind: 'EventId' })} does`);
  }
  const unique = dedupe(problems);
  return { file: unique.some((problem) => problem.severity === 'error') ? undefined : file, problems: unique };
}

function parseJson(text: string, fail: (pointer: string, message: string) => void): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(message)?.[1];
    const line = position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`;
    fail('', `is not JSON${line}: ${message.replace(/,? *"[^]*$/, '').replace(/ in JSON.*$/, '')}`);
    return undefined;
  }
}

/** A zod issue as problems, looking into the alternatives of a union for the one that was meant. */
function frameProblems(
  issue: z.core.$ZodIssue,
  above: string,
  fail: (pointer: string, message: string) => void,
): void {
  const pointer = issue.path.reduce<string>((path, key) => pointerTo(path, String(key)), above);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) fail(pointerTo(pointer, key), `unknown key${suggestion(key, KNOWN_KEYS)}`);
  } else if (issue.code === 'invalid_union') {
    const meant = issue.errors.reduce((a, b) => (depth(b) > depth(a) || b.length < a.length ? b : a));
    for (const inner of meant) frameProblems(inner, pointer, fail);
  } else if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    fail(pointer, `is missing; it should be ${issue.expected}`);
  } else {
    fail(pointer, issue.message.replace(/^Invalid input: /, ''));
  }
}

const depth = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));

/** A template's problem is met at each of its uses; it is told once. */
function dedupe(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [`${problem.pointer}\0${problem.message}`, problem]));
  return [...seen.values()];
}
