/** Event XML: one `<Event>` of the Windows event schema, as wevtutil, Get-WinEvent and the agent's xml2 write it. */
import { XMLParser } from 'fast-xml-parser';
import { newFields, type Fields } from '../sysmon/event.ts';
import { instantText } from '../sysmon/instant.ts';
import { levelCaption } from '../sysmon/level.ts';
import type { Carried, Envelope, Refused } from './form.ts';
import { isJsonObject, leavesOf, textOf, type JsonObject, PATH_LENGTH_MAX } from './json.ts';

const ATTRIBUTE = '@';
const TEXT = '#text';

/** The entities that XML itself declares. */
const ENTITIES: ReadonlyMap<string | undefined, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const REFERENCE = /&(?:([a-z]+)|#(\d+)|#x([\dA-Fa-f]+));/g;
const CODE_POINT_MAX = 0x10ffff;

/**
 * Text with its references put in. Also those to characters that XML 1.0 forbids and the parser's own decoder
 * deletes: control characters, and the halves of a surrogate pair. A reference to nothing stays as it is written.
 */
const decodeReferences = (text: string): string =>
  text.replace(REFERENCE, (written, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return ENTITIES.get(name) ?? written;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code <= CODE_POINT_MAX ? String.fromCodePoint(code) : written;
  });

const nothing = (): void => undefined;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE,
  textNodeName: TEXT,
  alwaysCreateTextNode: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Values are what Sysmon wrote: no numbers out of text, no blanks cut off.
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // A document that declares entities of its own is turned away before it comes here.
  entityDecoder: {
    decode: decodeReferences,
    reset: nothing,
    setXmlVersion: nothing,
    addInputEntities: nothing,
    setExternalEntities: nothing,
  },
  maxNestedTags: 64,
  isArray: (name) => name === 'Data',
});

/** A document type declares entities. No event has one, and `<!` cannot stand in text. */
const DOCTYPE = /<!(?:DOCTYPE|ENTITY)/i;

const parseXml = (text: string): JsonObject | undefined => {
  if (DOCTYPE.test(text)) return undefined;
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- without it, ill-formed XML is taken for an event
    const document: unknown = parser.parse(text, true);
    return isJsonObject(document) ? document : undefined;
  } catch {
    return undefined; // not well formed, or nested deeper than any event
  }
};

/** An element by name; an empty one where there is none. Of several the first. */
const child = (parent: JsonObject, name: string): JsonObject => {
  const value: unknown = Array.isArray(parent[name]) ? (parent[name] as unknown[])[0] : parent[name]; // true: isArray said so
  return isJsonObject(value) ? value : {};
};

const TEXT_LEAF = /\.#text$/;

const textIn = (element: JsonObject, name: string = TEXT): string => {
  const value = element[name];
  return typeof value === 'string' ? value : '';
};

/** The parts of System that have a place in the envelope, with the attribute that holds them. */
const ENVELOPE_PARTS = [
  ['TimeCreated', 'TimeCreated', `${ATTRIBUTE}SystemTime`],
  ['MachineName', 'Computer', TEXT],
  ['LogName', 'Channel', TEXT],
  ['Index', 'EventRecordID', TEXT],
  ['UserName', 'Security', `${ATTRIBUTE}UserID`],
  ['LevelDisplayName', 'Level', TEXT],
  ['Keywords', 'Keywords', TEXT],
] as const;

/** SystemTime is UTC, by definition of the event schema, whether it says so or not. */
const readEnvelope = (system: JsonObject, userDefined: Fields): Envelope => {
  const envelope: Envelope = {};
  for (const [key, element, part] of ENVELOPE_PARTS) {
    const text = textIn(child(system, element), part).trim();
    if (text === '') continue;
    if (key === 'LevelDisplayName') envelope[key] = levelCaption(text) ?? text;
    else if (key === 'TimeCreated') {
      const instant = instantText(text, { assumeUtc: true });
      if (instant === undefined) userDefined[key] = text;
      else envelope[key] = instant;
    } else envelope[key] = text;
  }
  return envelope;
};

const USED_PARTS: ReadonlySet<string> = new Set([
  ...ENVELOPE_PARTS.map(([, element, part]) => `${element}${part}`),
  `EventID${TEXT}`,
  `Provider${ATTRIBUTE}Name`,
]);

/** The rest of System: text under the element's name, attributes under the element's and their own. */
const readSystem = (system: JsonObject, userDefined: Fields): void => {
  for (const element of Object.keys(system)) {
    if (element.length > PATH_LENGTH_MAX) {
      userDefined[element] = textOf(system[element]);
      continue;
    }
    for (const [part, value] of Object.entries(child(system, element))) {
      const name = part === TEXT ? element : element + part.slice(ATTRIBUTE.length);
      const text = textOf(value).trim();
      if (text !== '' && !USED_PARTS.has(element + part)) userDefined[name] = text;
    }
  }
};

/** Text as it is; elements of one name as a list; what lies deeper than in any event as it was parsed. */
const textOfLeaf = (leaf: unknown): string => {
  if (!Array.isArray(leaf)) return textOf(leaf).trim();
  const items: readonly unknown[] = leaf;
  const isPlain = (item: unknown): item is JsonObject =>
    isJsonObject(item) && Object.keys(item).length === 1 && TEXT in item;
  return JSON.stringify(items.map((item) => (isPlain(item) ? item[TEXT] : item)));
};

/** Keeps all parts of an element but those that have a place, by their paths; an attribute's is `Element.@Name`. */
const keepParts = (
  prefix: string,
  element: JsonObject,
  placed: readonly string[],
  userDefined: Fields,
): void => {
  for (const [part, value] of Object.entries(element)) {
    if (placed.includes(part)) continue;
    for (const [path, leaf] of leavesOf({ [prefix + part]: value })) {
      const text = textOfLeaf(leaf);
      const name = path.replace(TEXT_LEAF, '');
      if (text !== '') userDefined[userDefined[name] === undefined ? name : `Event.${name}`] = text;
    }
  }
};

type EventData = Pick<Carried, 'named' | 'positional' | 'repeated'>;

/**
 * Named values; or all values unnamed, in the order of the manifest. Of a name that stands twice the first value is
 * the field's, and the others are kept as a list.
 */
const readEventData = (element: JsonObject, userDefined: Fields): EventData => {
  const named = newFields();
  const further = new Map<string, string[]>();
  const unnamed: string[] = [];
  const list: readonly unknown[] = Array.isArray(element.Data) ? element.Data : [];
  for (const data of list) {
    if (!isJsonObject(data)) continue;
    const name = textIn(data, `${ATTRIBUTE}Name`);
    if (name === '') unnamed.push(textIn(data));
    else if (named[name] === undefined) named[name] = textIn(data);
    else if (further.get(name)?.push(textIn(data)) === undefined) further.set(name, [textIn(data)]);
  }
  keepParts('EventData.', element, ['Data'], userDefined);
  for (const [name, values] of further) userDefined[`EventData.${name}`] = JSON.stringify(values);
  if (unnamed.length === 0) return { named, repeated: [...further.keys()] };
  if (unnamed.length === list.length) return { positional: unnamed };
  userDefined.EventData = JSON.stringify(unnamed);
  return { named, repeated: [...further.keys()] };
};

/** The values of an EventData element that stands alone, or in an element around it; undefined where there is none. */
export const readDataElements = (text: string): EventData | undefined => {
  const document = parseXml(text);
  if (document === undefined) return undefined;
  const outer = child(document, 'DataItem');
  const element = child('EventData' in outer ? outer : document, 'EventData');
  return Array.isArray(element.Data) ? readEventData(element, newFields()) : undefined;
};

/** What is read from an event; its namespace is the same in all. */
const PLACED_PARTS = ['System', 'EventData', 'RenderingInfo', `${ATTRIBUTE}xmlns`];

/**
 * The parts of one Event XML document, with or without an XML declaration.
 *
 * EventData has the true values. What System says beyond the envelope goes to UserDefined by its XML names (`Version`,
 * `ExecutionProcessID`, `ProviderGuid`), where it is not empty; so do all other elements, by their paths
 * (`EventData.Binary`, `RenderingInfo.Task`). A document type is refused, so no entity is ever declared or fetched.
 * Never throws.
 */
export const readEventXml = (text: string): Carried | Refused => {
  const document = parseXml(text);
  if (document === undefined) return { reason: 'not_xml' };
  const event = document.Event;
  const roots = Object.keys(document).filter((name) => name !== TEXT);
  if (!isJsonObject(event) || roots.length !== 1) return { reason: 'not_an_event' };

  const system = child(event, 'System');
  const userDefined = newFields();
  const envelope = readEnvelope(system, userDefined);
  readSystem(system, userDefined);
  keepParts('', event, PLACED_PARTS, userDefined);
  for (const part of PLACED_PARTS) {
    const all: unknown = event[part];
    if (Array.isArray(all)) keepParts('', { [part]: all.slice(1) as unknown[] }, [], userDefined); // true: isArray said so
  }
  const info = child(event, 'RenderingInfo');
  keepParts('RenderingInfo.', info, ['Message'], userDefined);
  return {
    provider: textIn(child(system, 'Provider'), `${ATTRIBUTE}Name`).trim(),
    eventId: textIn(child(system, 'EventID')).trim(),
    envelope,
    ...readEventData(child(event, 'EventData'), userDefined),
    message: textIn(child(info, 'Message')),
    keepAs: { message: 'RenderingInfo.Message' },
    userDefined,
  };
};
