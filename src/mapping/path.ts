/**
 * Paths of a mapping: `$.Description.Image`. A plain property path is a direct read of the event; any other
 * JSONPath is left to jsonpath-plus, with script expressions refused when the file is loaded.
 */
import { JSONPath } from 'jsonpath-plus';
import { ENVELOPE_KEYS } from '../sysmon/event.ts';
import type { EnvelopeKey, Fields, SysmonEvent } from '../sysmon/event.ts';
import { eventTimeOf } from '../sysmon/event-time.ts';

/** Where a plain path reads. */
export type PathRef =
  | { readonly kind: 'EventId' }
  /** When the event happened: eventTimeOf. */
  | { readonly kind: 'EventTime' }
  | { readonly kind: 'Description'; readonly name: string }
  | { readonly kind: 'envelope'; readonly name: EnvelopeKey }
  | { readonly kind: 'UserDefined'; readonly name: string }
  /** A field of the EventID 1 event with the same ProcessGuid. */
  | { readonly kind: 'Process'; readonly name: string }
  | { readonly kind: 'jsonpath'; readonly path: string };

/** A path that cannot be read. */
export class PathError extends Error {
  readonly path: string;
  constructor(path: string, problem: string) {
    super(`"${path}" ${problem}`);
    this.name = 'PathError';
    this.path = path;
  }
}

const SEGMENT = /\.([\p{L}_@][\p{L}\p{N}_@-]*)|\[(?:'([^'\\]*)'|"([^"\\]*)")\]/uy;

function plainSegments(path: string): string[] | undefined {
  const segments: string[] = [];
  SEGMENT.lastIndex = 1;
  while (SEGMENT.lastIndex < path.length) {
    const match = SEGMENT.exec(path);
    if (match === null) return undefined;
    segments.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return segments;
}

const isEnvelopeKey = (name: string): name is EnvelopeKey =>
  (ENVELOPE_KEYS as readonly string[]).includes(name);

/**
 * Reads the text of a path (it begins with `$`).
 * @throws PathError when it does not parse or holds a script expression
 */
export function parsePath(path: string): PathRef {
  const segments = plainSegments(path);
  const [root, name, ...rest] = segments ?? [];
  if (root === undefined) return jsonPath(path);
  if (name === undefined) {
    if (root === 'EventId' || root === 'EventTime') return { kind: root };
    if (root === 'Description' || root === 'Process' || root === 'UserDefined') return jsonPath(path);
    return isEnvelopeKey(root) ? { kind: 'envelope', name: root } : { kind: 'UserDefined', name: root };
  }
  if (root === 'Description' || root === 'Process') {
    return rest.length === 0 ? { kind: root, name } : jsonPath(path);
  }
  // Carriers nest what they add; it is kept under names that are joined with a dot.
  return {
    kind: 'UserDefined',
    name: (root === 'UserDefined' ? [name] : [root, name]).concat(rest).join('.'),
  };
}

/** First keys that stand for something else than what a carrier added. */
const isOwnKey = (name: string): boolean =>
  isEnvelopeKey(name) || ['EventId', 'EventTime', 'Description', 'Process', 'UserDefined'].includes(name);

/** A path as a mapping spells it; no two places have the same. */
export function formatPath(ref: PathRef): string {
  switch (ref.kind) {
    case 'EventId':
    case 'EventTime':
      return `$.${ref.kind}`;
    case 'envelope':
      return `$.${ref.name}`;
    case 'jsonpath':
      return ref.path;
    case 'UserDefined':
      if (!/^[\p{L}_@][\p{L}\p{N}_@-]*$/u.test(ref.name)) return `$['${ref.name}']`;
      return isOwnKey(ref.name) ? `$.UserDefined.${ref.name}` : `$.${ref.name}`;
    default:
      return `$.${ref.kind}.${ref.name}`;
  }
}

/** Whether a path begins in the process that the join found. */
export const isOfProcess = (ref: PathRef): boolean =>
  ref.kind === 'Process' ||
  (ref.kind === 'jsonpath' && /^\$(?:\.{1,2}Process(?![\p{L}\p{N}_@-])|\[(['"])Process\1\])/u.test(ref.path));

/** The text that a plain path finds; undefined where the event has nothing there. */
export function readPath(ref: PathRef, event: SysmonEvent, process: Fields | undefined): string | undefined {
  switch (ref.kind) {
    case 'EventId':
      return String(event.EventId);
    case 'EventTime':
      return eventTimeOf(event)?.text;
    case 'Description':
      return event.Description[ref.name];
    case 'envelope':
      return event[ref.name];
    case 'UserDefined':
      return event.UserDefined[ref.name];
    case 'Process':
      return process?.[ref.name];
    case 'jsonpath':
      return undefined;
  }
}

/** One thing that a JSONPath found, and the plain path of the field it is, where it is one. */
export interface Found {
  readonly value: unknown;
  readonly source: PathRef | undefined;
}

interface Match {
  readonly value: unknown;
  readonly pointer: string;
}

/** Everything that a JSONPath finds in the event. */
export function findPath(path: string, event: SysmonEvent, process: Fields | undefined): Found[] {
  const { UserDefined, ...own } = event;
  const json = { ...UserDefined, ...own, UserDefined, ...(process && { Process: process }) };
  const matches = JSONPath<Match[]>({ path, json, eval: false, resultType: 'all', wrap: true });
  return matches.map(({ value, pointer }) => {
    const source = sourceOf(pointer);
    // `~` and `^` point at a field as well, but give its name or what holds it.
    const isField = source !== undefined && readPath(source, event, process) === value;
    return { value, source: isField ? source : undefined };
  });
}

function sourceOf(pointer: string): PathRef | undefined {
  const [root, name, ...rest] = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (root === undefined || rest.length > 0) return undefined;
  if (name === undefined)
    return isEnvelopeKey(root) ? { kind: 'envelope', name: root } : { kind: 'UserDefined', name: root };
  return root === 'Description' || root === 'Process' || root === 'UserDefined'
    ? { kind: root, name }
    : undefined;
}

/**
 * One step of a JSONPath: a name, `*`, or what brackets select; `..` before it searches; `~` and `^` after it.
 * jsonpath-plus knows no quotes in a list of names.
 */
const STEP =
  /(?:\.{1,2}(?:\*|[\p{L}\p{N}_@$-]+)|(?:\.\.)?\[(?:\*|'[^']*'|"[^"]*"|-?\d*:-?\d*(?::\d*)?|NAME(?:,NAME)*)\])[~^]*/u.source.replaceAll(
    'NAME',
    /(?:-?\d+|[\p{L}_@][\p{L}\p{N}_@-]*)/u.source,
  );
const JSON_PATH = new RegExp(`^\\$(?:${STEP})*$`, 'u');

function jsonPath(path: string): PathRef {
  // `?(…)`, `(…)` and backquoted operators are programs; a mapping is data.
  if (/[(`]|\[\s*\?/.test(path)) {
    throw new PathError(path, 'holds an expression; a path may only name what it reads');
  }
  // jsonpath-plus takes `@name` for a type, quoted or not, and throws at the first event.
  if (/(?:[.[,]|\[['"])@/.test(path)) {
    throw new PathError(path, 'has a name with @ in it, which only a plain path can read');
  }
  // jsonpath-plus itself takes whatever it does not understand for a name, which no event has.
  if (!JSON_PATH.test(path)) throw new PathError(path, 'is not a JSONPath');
  return { kind: 'jsonpath', path };
}
