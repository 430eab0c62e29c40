/** The mapping file as it stands on disk: its frame is read and checked here, its nodes in node.ts. */
import * as z from 'zod';
import { compileTimeFormat } from '../sysmon/time.ts';
import { readNode } from './node.ts';
import type { Node, ReadContext } from './node.ts';
import { formatPath, parsePath } from './path.ts';
import type { PathRef } from './path.ts';
import { pointerTo, suggestion } from './problem.ts';
import type { Problem } from './problem.ts';

/** One entry of `ocsf_mapping`: how an event becomes a record of one class. */
export interface EntryFile {
  /** Value of the matched field that the entry is for. */
  readonly key: string;
  readonly schema: string;
  readonly when: readonly Condition[];
  readonly node: Node;
  readonly pointer: string;
}

/** One field that chooses the entry. */
export interface Condition {
  readonly ref: PathRef;
  readonly values: readonly string[];
  readonly pointer: string;
}

export interface MappingFile {
  readonly sourceName: string;
  readonly matchedField: PathRef;
  readonly timestamp: { readonly ref: PathRef; readonly parse: (text: string) => number | undefined };
  readonly entries: readonly EntryFile[];
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const object = z.record(z.string(), z.unknown());

/** What stands at each key of the file's frame; nodes are read in node.ts. */
const ROOT = { $schema: z.string().optional(), custom_source_events: object };
const FRAME = {
  source_name: z.string().min(1, 'is empty'),
  matched_field: z.string(),
  timestamp: object,
  templates: object.optional(),
  ocsf_mapping: object,
};
const TIMESTAMP = { field: z.string(), format: z.string() };
const ENTRY = {
  schema: z.string(),
  schema_mapping: object,
  when: z.record(z.string(), z.union([scalar, z.array(scalar).min(1)])).optional(),
};

type Fail = (pointer: string, message: string) => void;

/** A schema's name is a folder of the lake and the name of an OCSF class. */
const SCHEMA_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/**
 * Reads the text of a mapping file. Where there is an error among the problems, the file holds what else could be
 * read, so that it too is looked at; it is undefined where nothing could.
 */
export function readMappingFile(text: string): { file: MappingFile | undefined; problems: Problem[] } {
  const problems: Problem[] = [];
  const fail: Fail = (pointer, message) => void problems.push({ severity: 'error', pointer, message });
  const document = parseJson(text, fail);
  if (document === undefined) return { file: undefined, problems };
  const root = readKeys(ROOT, document, '', fail);
  if (root.custom_source_events === undefined) return { file: undefined, problems };

  const at = '/custom_source_events';
  const frame = readKeys(FRAME, root.custom_source_events, at, fail);
  const templates = frame.templates ?? {};
  const context: ReadContext = { templates, problems, size: { nodes: 0 } };
  for (const name of Object.keys(templates)) {
    // Read for its problems even where no entry uses it.
    readNode({ template: name }, `${at}/templates`, context);
  }
  const entries: EntryFile[] = [];
  for (const [key, value] of Object.entries(frame.ocsf_mapping ?? {})) {
    const pointer = pointerTo(`${at}/ocsf_mapping`, key);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length === 0) fail(pointer, 'maps no event');
    list.forEach((one, i) => {
      const before = problems.length;
      const entry = readEntry(key, one, Array.isArray(value) ? `${pointer}/${i}` : pointer, context);
      if (entry !== undefined && problems.length === before) entries.push(entry);
    });
  }
  if (frame.ocsf_mapping !== undefined && Object.keys(frame.ocsf_mapping).length === 0) {
    fail(`${at}/ocsf_mapping`, 'maps no event');
  }
  const { matched_field: matched, source_name: sourceName = '' } = frame;
  const timestamp = frame.timestamp ? readKeys(TIMESTAMP, frame.timestamp, `${at}/timestamp`, fail) : {};
  const file: MappingFile = {
    sourceName,
    matchedField: readField(matched, `${at}/matched_field`, fail),
    timestamp: {
      ref: readField(timestamp.field, `${at}/timestamp/field`, fail),
      parse: readFormat(timestamp.format, `${at}/timestamp/format`, fail),
    },
    entries,
  };
  return { file, problems };
}

function readEntry(
  key: string,
  value: unknown,
  pointer: string,
  context: ReadContext,
): EntryFile | undefined {
  const fail: Fail = (where, message) =>
    void context.problems.push({ severity: 'error', pointer: where, message });
  const { schema, schema_mapping: mapping, when = {} } = readKeys(ENTRY, value, pointer, fail);
  if (schema !== undefined && !SCHEMA_NAME.test(schema)) {
    fail(
      `${pointer}/schema`,
      'a schema is named in lower case letters, digits and _, as OCSF names its classes',
    );
  }
  const conditions = Object.entries(when).map(([path, values]): Condition => {
    const at = pointerTo(`${pointer}/when`, path);
    const texts = (Array.isArray(values) ? values : [values]).map(String);
    return { ref: readField(path, at, fail), values: texts, pointer: at };
  });
  if (mapping === undefined) return undefined;
  const node = readNode(mapping, `${pointer}/schema_mapping`, context);
  return schema === undefined ? undefined : { key, schema, when: conditions, node, pointer };
}

/** A path that names one field of the event itself: what an event is matched, chosen and dated by. */
function readField(path: string | undefined, pointer: string, fail: Fail): PathRef {
  const nothing: PathRef = { kind: 'UserDefined', name: '' };
  if (path === undefined) return nothing;
  if (!path.startsWith('$')) {
    fail(pointer, `"${path}" is no path; a path begins with "$."`);
    return nothing;
  }
  try {
    const ref = parsePath(path);
    if (ref.kind !== 'jsonpath' && ref.kind !== 'Process') return ref;
    fail(
      pointer,
      `"${path}" does not name one field of the event, as ${formatPath({ kind: 'EventId' })} does`,
    );
  } catch (error) {
    fail(pointer, error instanceof Error ? error.message : String(error));
  }
  return nothing;
}

function readFormat(
  format: string | undefined,
  pointer: string,
  fail: Fail,
): (value: string) => number | undefined {
  try {
    if (format !== undefined) return compileTimeFormat(format);
  } catch (error) {
    fail(pointer, error instanceof Error ? error.message : String(error));
  }
  return () => undefined;
}

function parseJson(text: string, fail: Fail): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(message)?.[1];
    const line =
      position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`;
    fail('', `is not JSON${line}: ${message.replace(/,? *"[^]*$/, '').replace(/ in JSON.*$/, '')}`);
    return undefined;
  }
}

/** The values of an object that are as its shape wants them. What is wrong is told; the rest is read all the same. */
function readKeys<S extends Readonly<Record<string, z.ZodType>>>(
  shape: S,
  value: unknown,
  pointer: string,
  fail: Fail,
): { [K in keyof S]?: z.output<S[K]> } {
  const keys = object.safeParse(value);
  if (!keys.success) {
    for (const issue of keys.error.issues) frameProblems(issue, pointer, fail);
    return {};
  }
  const names = Object.keys(shape);
  for (const key of Object.keys(keys.data)) {
    if (!names.includes(key)) fail(pointerTo(pointer, key), `unknown key${suggestion(key, names)}`);
  }
  const read: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    const parsed = schema.safeParse(keys.data[key]);
    if (parsed.success) read[key] = parsed.data;
    else for (const issue of parsed.error.issues) frameProblems(issue, pointerTo(pointer, key), fail);
  }
  return read as { [K in keyof S]?: z.output<S[K]> }; // true: each value comes from its own schema of the shape
}

/** A zod issue as problems, looking into the alternatives of a union for the one that was meant. */
function frameProblems(issue: z.core.$ZodIssue, above: string, fail: Fail): void {
  const pointer = issue.path.reduce<string>((path, key) => pointerTo(path, String(key)), above);
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find((inner) => inner.every(({ path }) => path.length > 0));
    if (meant === undefined) fail(pointer, 'expected a text, a number, true or false, or a list of these');
    else for (const inner of meant) frameProblems(inner, pointer, fail);
  } else if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    fail(pointer, `is missing; it should be ${jsonType(issue.expected)}`);
  } else {
    fail(pointer, jsonType(issue.message.replace(/^Invalid input: /, '')));
  }
}

/** zod calls a record what JSON calls an object. */
const jsonType = (text: string): string => text.replace('record', 'object');
