/**
 * An event as text in a JSON document of another kind: Event XML at any depth (Splunk's `result._raw`, Azure
 * diagnostics' `properties.RawXml`, Fluent Bit's `System`, a raw body of OpenTelemetry), or a line under one of the
 * keys by which log routers pass one on. Tried behind all other forms, so that no value of an event is taken for one.
 */
import { newFields, type Fields } from '../sysmon/event.ts';
import { readCloudWatchText } from './cloudwatch-text.ts';
import type { Form } from './form.ts';
import { leavesOf, textOf, type JsonObject, type Leaves } from './json.ts';
import { stripHeader } from './text-header.ts';

/** The last name of the path of a line that is passed on. */
const LINE_KEY = /(?:^|\.)(?:log|message|msg|body|event|line|_raw|raw|value)$/i;

/** An end is looked for among so many characters, blanks included. */
const END_LENGTH = 64;

const endsAsEvent = (text: string): boolean => /<\/Event>\s*$/.test(text.slice(-END_LENGTH));

const isEventXml = (text: string): boolean =>
  /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<Event[\s>]/.test(text) && endsAsEvent(text);

const isJsonText = (text: string): boolean => /^\s*\{/.test(text) && /\}\s*$/.test(text.slice(-END_LENGTH));

/** JSON, the text of the CloudWatch agent, or an event behind a header. */
const isLine = (text: string): boolean => {
  const body = stripHeader(text)?.body;
  if (body !== undefined && isEventXml(body)) return true;
  return isJsonText(body ?? text) || readCloudWatchText(body ?? text) !== undefined;
};

/** So many values of a list are looked at. */
const LIST_MAX = 1_000;

const textsIn = (leaf: unknown): readonly string[] => {
  if (typeof leaf === 'string') return [leaf];
  if (!Array.isArray(leaf)) return [];
  const items: readonly unknown[] = leaf;
  return items.slice(0, LIST_MAX).filter((item) => typeof item === 'string');
};

interface Found {
  readonly path: string;
  readonly text: string;
}

const findText = (leaves: Leaves): Found | undefined => {
  const events = new Map<string, string>();
  for (const [path, leaf] of leaves) {
    for (const text of textsIn(leaf)) if (isEventXml(text) && !events.has(text)) events.set(text, path);
  }
  const [event, another] = events;
  // Which of several it is cannot be told.
  if (event !== undefined) return another === undefined ? { text: event[0], path: event[1] } : undefined;
  for (const [path, leaf] of leaves) {
    if (typeof leaf === 'string' && LINE_KEY.test(path) && isLine(leaf)) return { path, text: leaf };
  }
  return undefined;
};

/** Renderings of the event that agents put beside its XML: they say nothing that it does not. */
const RENDERINGS: Readonly<Record<string, readonly string[]>> = {
  System: ['Message', 'StringInserts'],
  'properties.RawXml': ['properties.Description'],
};

/** A leaf without the text; undefined where nothing else is in it. */
const withoutText = (leaf: unknown, text: string): unknown => {
  if (leaf === text) return undefined;
  if (!Array.isArray(leaf) || !leaf.includes(text)) return leaf;
  const others: readonly unknown[] = leaf.filter((item) => item !== text);
  return others.length === 0 ? undefined : others;
};

const restOf = (leaves: Leaves, { path, text }: Found): Fields => {
  const rest = newFields();
  for (const [name, leaf] of leaves) {
    const isRendering = Object.hasOwn(RENDERINGS, path) && RENDERINGS[path]?.includes(name) === true;
    const value = isRendering ? '' : textOf(withoutText(leaf, text));
    if (value !== '') rest[name] = value;
  }
  return rest;
};

const read = (document: JsonObject): { found: Found; leaves: Leaves } | undefined => {
  const leaves = leavesOf(document);
  const found = findText(leaves);
  return found && { found, leaves };
};

export const textInJson: Form = {
  name: 'text-in-json',
  recognises: (document) => read(document) !== undefined,
  read: (document) => {
    const parts = read(document);
    if (parts === undefined) return { reason: 'not_an_event' };
    // Nothing can stand in front of an XML declaration.
    return { inner: parts.found.text.trimStart(), userDefined: restOf(parts.leaves, parts.found) };
  },
};
