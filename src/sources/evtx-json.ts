/**
 * The JSON of evtx_dump, Chainsaw and Hayabusa, and of this project's own reader of binary event logs: the elements of
 * Event XML as keys, attributes under `#attributes` or `<Element>_attributes`, numbers and booleans as JSON values.
 * Also python-evtx's, whose attributes begin with `@` and whose `Data` elements are a list.
 */
import { newFields, type Fields } from '../sysmon/event.ts';
import { valueText } from '../sysmon/field-value.ts';
import { instantText } from '../sysmon/instant.ts';
import { levelCaption } from '../sysmon/level.ts';
import { normaliseGuid } from '../sysmon/process-guid.ts';
import type { Carried, Envelope, Form } from './form.ts';
import { isJsonObject, leavesOf, textOf, without, type JsonObject } from './json.ts';

const ATTRIBUTES = '#attributes';
const TEXT = '#text';
const ATTRIBUTES_SUFFIX = '_attributes';
const ATTRIBUTE_PREFIX = '@';

/** The text of each element of System, and of each attribute under the element's name and its own. */
const partsOf = (system: JsonObject): Map<string, unknown> => {
  const parts = new Map<string, unknown>();
  const addAttributes = (element: string, attributes: unknown): void => {
    if (!isJsonObject(attributes)) return;
    for (const [name, value] of Object.entries(attributes)) parts.set(`${element}.${name}`, value);
  };
  for (const [key, value] of Object.entries(system)) {
    if (key.endsWith(ATTRIBUTES_SUFFIX)) addAttributes(key.slice(0, -ATTRIBUTES_SUFFIX.length), value);
    else if (isJsonObject(value)) {
      for (const [name, inner] of Object.entries(value)) {
        if (name === ATTRIBUTES) addAttributes(key, inner);
        else if (name === TEXT) parts.set(key, inner);
        else parts.set(`${key}.${name.startsWith(ATTRIBUTE_PREFIX) ? name.slice(1) : name}`, inner);
      }
    } else parts.set(key, value);
  }
  return parts;
};

/** Takes what has a place in the envelope out of the parts of System. SystemTime is UTC, whether it says so or not. */
const takeEnvelope = (parts: Map<string, unknown>, userDefined: Fields): Envelope => {
  const envelope: Envelope = {};
  const take = (name: string): string => {
    const text = textOf(parts.get(name)).trim();
    parts.delete(name);
    return text;
  };
  const put = (key: keyof Envelope, text: string): void => {
    if (text !== '') envelope[key] = text;
  };
  const time = take('TimeCreated.SystemTime');
  const instant = instantText(time, { assumeUtc: true });
  if (instant !== undefined) envelope.TimeCreated = instant;
  else if (time !== '') userDefined.TimeCreated = time;
  put('MachineName', take('Computer'));
  put('LogName', take('Channel'));
  put('Index', take('EventRecordID'));
  put('UserName', take('Security.UserID'));
  put('Keywords', take('Keywords'));
  const level = take('Level');
  put('LevelDisplayName', levelCaption(level) ?? level);
  return envelope;
};

/** The rest of System, under the names that it has in Event XML; GUIDs as Windows writes them there. */
const keepSystem = (parts: Map<string, unknown>, userDefined: Fields): void => {
  for (const [name, value] of parts) {
    const text = textOf(value).trim();
    const bare = text.startsWith('{') ? undefined : normaliseGuid(text);
    if (text !== '') userDefined[name.replace('.', '')] = bare === undefined ? text : `{${bare}}`;
  }
};

/** The text of an element, whether it has attributes or not. */
const contentOf = (element: unknown): unknown => {
  if (!isJsonObject(element) || Object.hasOwn(element, TEXT))
    return isJsonObject(element) ? element[TEXT] : element;
  const isEmpty = Object.keys(element).every((key) => key === ATTRIBUTES || key.startsWith(ATTRIBUTE_PREFIX));
  return isEmpty ? '' : element;
};

const nameOf = (data: unknown): string => {
  if (!isJsonObject(data)) return '';
  const name = isJsonObject(data[ATTRIBUTES]) ? data[ATTRIBUTES].Name : data['@Name'];
  return typeof name === 'string' ? name : '';
};

const listOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
};

type EventData = Pick<Carried, 'named' | 'positional' | 'repeated'>;

/** Values by name; or all without names, in the order of the manifest. Empty values keep their places. */
const readEventData = (element: unknown, userDefined: Fields): EventData => {
  if (!isJsonObject(element)) {
    const text = textOf(element);
    if (text !== '') userDefined.EventData = text;
    return {};
  }
  const named = newFields();
  const further = new Map<string, string[]>();
  const unnamed: unknown[] = [];
  const add = (name: string, value: unknown): void => {
    // A name that stands twice gets a number behind it.
    const base = Object.hasOwn(named, name) ? name : name.replace(/_\d{1,5}$/, '');
    const text = valueText(base, contentOf(value));
    if (!Object.hasOwn(named, base)) named[name] = text;
    else if (further.get(base)?.push(text) === undefined) further.set(base, [text]);
  };
  for (const [key, value] of Object.entries(element)) {
    if (key === 'Data') {
      const isList = isJsonObject(value) && nameOf(value) === '' && Array.isArray(value[TEXT]);
      for (const data of listOf(isList ? value[TEXT] : value)) {
        const name = nameOf(data);
        if (name === '') unnamed.push(contentOf(data) ?? '');
        else add(name, data);
      }
    } else if (key === 'Binary' || /^[#@]|_attributes$/.test(key))
      keep(userDefined, { EventData: { [key]: value } }, []);
    else add(key, value);
  }
  for (const [name, values] of further) userDefined[`EventData.${name}`] = JSON.stringify(values);
  if (Object.keys(named).length === 0) return unnamed.length === 0 ? {} : { positional: unnamed };
  if (unnamed.length > 0) userDefined.EventData = JSON.stringify(unnamed);
  return further.size === 0 ? { named } : { named, repeated: [...further.keys()] };
};

/** Keeps all members of an element but those that have a place, by the paths that they have in Event XML. */
function keep(userDefined: Fields, element: JsonObject, placed: readonly string[]): void {
  for (const [path, leaf] of leavesOf(without(element, ...placed))) {
    const text = textOf(leaf);
    const name = path.replaceAll(`${ATTRIBUTES}.`, ATTRIBUTE_PREFIX).replace(/\.#text$/, '');
    if (text !== '') userDefined[userDefined[name] === undefined ? name : `Event.${name}`] = text;
  }
}

const eventOf = ({ Event: event }: JsonObject): JsonObject | undefined =>
  isJsonObject(event) && (isJsonObject(event.System) || isJsonObject(event.EventData)) ? event : undefined;

/** The document below `document.data`, as Chainsaw's hunts print it. */
const huntedIn = ({ document: hunted }: JsonObject): JsonObject | undefined =>
  isJsonObject(hunted) && isJsonObject(hunted.data) && eventOf(hunted.data) !== undefined
    ? hunted.data
    : undefined;

/** The namespace of an event is the same in all. */
const PLACED = ['System', 'EventData', ATTRIBUTES, '@xmlns'];

const readEvent = (document: JsonObject, event: JsonObject): Carried => {
  const userDefined = newFields();
  const parts = partsOf(isJsonObject(event.System) ? event.System : {});
  const envelope = takeEnvelope(parts, userDefined);
  const provider = parts.get('Provider.Name');
  const eventId = parts.get('EventID');
  parts.delete('Provider.Name');
  parts.delete('EventID');
  keepSystem(parts, userDefined);
  const values = readEventData(event.EventData, userDefined);
  const info = isJsonObject(event.RenderingInfo) ? event.RenderingInfo : {};
  const message = typeof info.Message === 'string' ? info.Message : undefined;
  const others = message === undefined ? {} : { RenderingInfo: without(info, 'Message') };
  keep(userDefined, { ...event, ...others }, PLACED);
  keep(userDefined, document, ['Event', `Event${ATTRIBUTES_SUFFIX}`]);
  return {
    provider,
    eventId,
    envelope,
    ...values,
    ...(message !== undefined && { message }),
    keepAs: { message: 'RenderingInfo.Message' },
    userDefined,
  };
};

export const evtxJson: Form = {
  name: 'evtx-json',
  recognises: (document) => eventOf(document) !== undefined || huntedIn(document) !== undefined,
  read: (document) => {
    const event = eventOf(document);
    if (event !== undefined) return readEvent(document, event);
    const { document: hunted } = document;
    const inner = huntedIn(document);
    if (inner === undefined || !isJsonObject(hunted)) return { reason: 'not_an_event' };
    const userDefined = newFields();
    keep(userDefined, { ...document, document: without(hunted, 'data') }, []);
    return { inner, userDefined };
  },
};
