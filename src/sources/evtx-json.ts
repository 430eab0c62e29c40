/**
 * The JSON of evtx_dump, Chainsaw and Hayabusa, and of this project's own reader of binary event logs: the elements of
 * Event XML as keys, attributes under `#attributes` or `<Element>_attributes`, numbers and booleans as JSON values.
 */
import { newFields, type Fields } from '../sysmon/event.ts';
import { valueText } from '../sysmon/field-value.ts';
import { instantText } from '../sysmon/instant.ts';
import { levelCaption } from '../sysmon/level.ts';
import type { Carried, Envelope, Form } from './form.ts';
import { isJsonObject, leavesOf, textOf, without, type JsonObject } from './json.ts';

const ATTRIBUTES = '#attributes';
const TEXT = '#text';
const ATTRIBUTES_SUFFIX = '_attributes';

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
        else parts.set(name === TEXT ? key : `${key}.${name}`, inner);
      }
    } else parts.set(key, value);
  }
  return parts;
};

/** Takes what has a place in the envelope out of the parts of System. SystemTime is UTC, whether it says so or not. */
const takeEnvelope = (parts: Map<string, unknown>): Envelope => {
  const envelope: Envelope = {};
  const take = (name: string): string => {
    const text = textOf(parts.get(name)).trim();
    parts.delete(name);
    return text;
  };
  const put = (key: keyof Envelope, text: string): void => {
    if (text !== '') envelope[key] = text;
  };
  const time = parts.get('TimeCreated.SystemTime');
  const instant = typeof time === 'string' ? instantText(time, { assumeUtc: true }) : undefined;
  if (instant !== undefined) {
    parts.delete('TimeCreated.SystemTime');
    envelope.TimeCreated = instant;
  }
  put('MachineName', take('Computer'));
  put('LogName', take('Channel'));
  put('Index', take('EventRecordID'));
  put('UserName', take('Security.UserID'));
  put('Keywords', take('Keywords'));
  const level = take('Level');
  put('LevelDisplayName', levelCaption(level) ?? level);
  return envelope;
};

/** Values without names: a list, or one value, under `Data` or its `#text`. */
const unnamedIn = (data: unknown): readonly unknown[] | undefined => {
  if (data === undefined || data === null) return undefined;
  const value = isJsonObject(data) ? data[TEXT] : data;
  return Array.isArray(value) ? value : value === undefined ? undefined : [value];
};

const readEventData = (element: unknown, userDefined: Fields): Pick<Carried, 'named' | 'positional'> => {
  if (!isJsonObject(element)) return {};
  const named = newFields();
  for (const [name, value] of Object.entries(element)) {
    if (name === 'Data' || name === ATTRIBUTES || name.endsWith(ATTRIBUTES_SUFFIX)) continue;
    named[name] =
      isJsonObject(value) && TEXT in value ? valueText(name, value[TEXT]) : valueText(name, value);
  }
  const unnamed = unnamedIn(element.Data);
  if (Object.keys(named).length === 0) return unnamed === undefined ? {} : { positional: unnamed };
  if (unnamed !== undefined) userDefined['EventData.Data'] = JSON.stringify(unnamed);
  return { named };
};

const keep = (userDefined: Fields, element: JsonObject, placed: readonly string[]): void => {
  for (const [key, value] of Object.entries(element)) {
    if (placed.includes(key)) continue;
    for (const [path, leaf] of leavesOf({ [key]: value })) {
      const text = textOf(leaf);
      if (text !== '' && !path.endsWith('xmlns')) userDefined[path] = text;
    }
  }
};

/** `{Event: …}`, or the same below `document.data`, as Chainsaw's hunts print it. */
const eventOf = (document: JsonObject): JsonObject | undefined => {
  const { Event: event } = document;
  return isJsonObject(event) && (isJsonObject(event.System) || isJsonObject(event.EventData))
    ? event
    : undefined;
};

const huntedIn = ({ document: hunted }: JsonObject): JsonObject | undefined =>
  isJsonObject(hunted) && isJsonObject(hunted.data) && eventOf(hunted.data) !== undefined
    ? hunted.data
    : undefined;

export const evtxJson: Form = {
  name: 'evtx-json',
  recognises: (document) => eventOf(document) !== undefined || huntedIn(document) !== undefined,
  read: (document) => {
    const hunted = huntedIn(document);
    const userDefined = newFields();
    if (hunted !== undefined) {
      keep(userDefined, without(document, 'document'), []);
      return { inner: hunted, userDefined };
    }
    const event = eventOf(document) ?? {};
    const parts = partsOf(isJsonObject(event.System) ? event.System : {});
    const envelope = takeEnvelope(parts);
    const provider = parts.get('Provider.Name');
    const eventId = parts.get('EventID');
    parts.delete('Provider.Name');
    parts.delete('EventID');
    for (const [name, value] of parts) {
      const text = textOf(value);
      if (text !== '') userDefined[name.replace('.', '')] = text;
    }
    const values = readEventData(event.EventData, userDefined);
    const info = isJsonObject(event.RenderingInfo) ? event.RenderingInfo : {};
    keep(userDefined, event, ['System', 'EventData', 'RenderingInfo', ATTRIBUTES]);
    keep(userDefined, document, ['Event', `Event${ATTRIBUTES_SUFFIX}`]);
    keep(userDefined, { RenderingInfo: { ...info, Message: null } }, []);
    const message = typeof info.Message === 'string' ? info.Message : undefined;
    return {
      provider,
      eventId,
      envelope,
      ...values,
      ...(message !== undefined && { message }),
      keepAs: { message: 'RenderingInfo.Message' },
      userDefined,
    };
  },
};
