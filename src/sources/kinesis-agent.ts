/** Kinesis Agent for Windows: one JSON object per event (Format json), decorated with keys that the user configured. */
import { newFields, ENVELOPE_KEYS, type Fields } from '../sysmon/event.ts';
import { instantText } from '../sysmon/instant.ts';
import type { Envelope, Form } from './form.ts';
import { fieldsOf, isJsonObject, textOf, type JsonObject } from './json.ts';

const OWN_KEYS: ReadonlySet<string> = new Set([...ENVELOPE_KEYS, 'EventId', 'Description', 'EventData']);

/** The envelope of a record. Anything but text goes to `userDefined`, and so does a time that is no instant. */
const readEnvelope = (document: JsonObject, userDefined: Fields): Envelope => {
  const envelope: Envelope = {};
  for (const key of ENVELOPE_KEYS) {
    const value = document[key];
    if (value === undefined || value === null || value === '') continue;
    const text = textOf(value);
    if (key === 'ProviderName') continue;
    if (key === 'TimeCreated') {
      const instant = typeof value === 'string' ? instantText(value) : undefined;
      if (instant === undefined) userDefined[key] = text;
      else envelope[key] = instant;
    } else if (typeof value === 'object') userDefined[key] = text;
    else envelope[key] = text;
  }
  return envelope;
};

/** Decoration: every other key of the record; those of an object `UserDefined` stand beside them. */
const readDecoration = (document: JsonObject, userDefined: Fields): void => {
  const nested = document.UserDefined;
  const isNested = isJsonObject(nested);
  for (const key in document) {
    if (OWN_KEYS.has(key)) continue;
    const value = document[key];
    if (value === null || (isNested && key === 'UserDefined')) continue;
    userDefined[key] = textOf(value);
  }
  if (!isNested) return;
  for (const [key, value] of Object.entries(nested)) {
    if (value !== null) userDefined[key] ??= textOf(value);
  }
};

/**
 * Kinesis Agent's JSON. `Description` is a rendered message, or already an object. `EventData` holds the event's true
 * values, which the source option IncludeEventData adds in the order of the manifest. The source document's example
 * has no more than `EventId`, `Description` and a decoration, so no other part of the envelope is asked for.
 */
export const kinesisAgent: Form = {
  name: 'kinesis-agent',
  recognises: ({ EventId, Description, Index, LevelDisplayName }) =>
    EventId !== undefined ||
    (Description !== undefined && Index !== undefined && LevelDisplayName !== undefined),
  read: (document) => {
    const { EventId, Description, EventData, ProviderName } = document;
    const userDefined = newFields();
    const envelope = readEnvelope(document, userDefined);
    readDecoration(document, userDefined);
    const named = isJsonObject(Description) ? fieldsOf(Description) : undefined;
    // as: isArray said so, of a value that could be anything
    const positional = Array.isArray(EventData) ? (EventData as readonly unknown[]) : undefined;
    if (positional === undefined && EventData !== undefined && EventData !== null) {
      userDefined.EventData = textOf(EventData);
    }
    const message = textOf(named === undefined ? Description : undefined);
    return {
      provider: ProviderName,
      eventId: EventId,
      envelope,
      ...(named && { named }),
      ...(positional && { positional }),
      message,
      userDefined,
      partialEnvelope: true,
    };
  },
};
