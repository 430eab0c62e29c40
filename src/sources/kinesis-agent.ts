/** Kinesis Agent for Windows: one JSON object an event (Format json), decorated with keys of the user's own. */
import { newFields, ENVELOPE_KEYS, type Fields } from '../sysmon/event.ts';
import { namePositional } from '../sysmon/event-data.ts';
import { assemble, isSysmonProvider, readEventId, type Envelope } from './assemble.ts';
import { fieldsOf, isJsonObject, textOf, type JsonObject } from './json.ts';
import { fieldsOfRendered, readRendered, type Rendered } from './rendered.ts';
import type { Decoded } from './source.ts';

const OWN_KEYS: ReadonlySet<string> = new Set([...ENVELOPE_KEYS, 'EventId', 'Description', 'EventData']);

/** The event's true values, which the source option IncludeEventData adds in the order of the manifest. */
const readEventData = (
  eventId: number,
  value: unknown,
  rendered: Rendered | undefined,
): Fields | undefined => {
  if (!Array.isArray(value)) return undefined;
  const values: readonly unknown[] = value;
  if (rendered === undefined || rendered.names.length === 0) return namePositional(eventId, values);
  if (rendered.unfilled.size === 0) {
    const { names } = rendered;
    if (values.length === names.length) return namePositional(eventId, values, names);
    // A line break in a value can give the message a name that the event has not, but no value.
    return values.length < names.length ? namePositional(eventId, values) : undefined;
  }
  // A newer manifest renders more names than the event has values, so their number tells more than the names.
  const filled = rendered.names.filter((name) => !rendered.unfilled.has(name));
  return namePositional(eventId, values) ?? namePositional(eventId, values, filled);
};

/** The envelope of a record. What is no text goes to `userDefined`, and so does a time that is a number. */
const readEnvelope = (document: JsonObject, userDefined: Fields): Envelope => {
  const envelope: Envelope = {};
  for (const key of ENVELOPE_KEYS) {
    const value = document[key];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value === 'string') envelope[key] = value;
    else if (typeof value === 'object' || key === 'TimeCreated') userDefined[key] = textOf(value);
    else envelope[key] = textOf(value);
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
 * The event that a record of Kinesis Agent holds.
 *
 * `document` is the parsed record. `Description` is a rendered message, or already an object; where it is null
 * or empty, `EventData` alone has to do. The values of `EventData` win over rendered ones; a description beside
 * them that is no Sysmon message goes to UserDefined as `RenderedDescription`. Never throws.
 */
export const decodeKinesisAgent = (document: unknown): Decoded => {
  if (!isJsonObject(document)) return { reason: 'not_an_event' };
  const { EventId, Description, EventData, ProviderName } = document;
  if (EventId === undefined && Description === undefined) return { reason: 'not_an_event' };
  if (ProviderName !== undefined && ProviderName !== null && !isSysmonProvider(ProviderName)) {
    return { reason: 'not_sysmon' };
  }
  const eventId = readEventId(EventId);
  if (eventId === undefined) return { reason: 'no_event_id' };

  const userDefined = newFields();
  const envelope = readEnvelope(document, userDefined);
  readDecoration(document, userDefined);

  const rendered = typeof Description === 'string' ? readRendered(eventId, Description) : undefined;
  const named = isJsonObject(Description) ? fieldsOf(Description) : undefined;
  const values = named === undefined ? readEventData(eventId, EventData, rendered) : undefined;
  // Not under its own name, which is also that of a field.
  const unread = named === undefined && rendered === undefined ? textOf(Description) : '';
  if (unread !== '') {
    const isTaken = userDefined.RenderedDescription !== undefined;
    userDefined[isTaken ? 'envelope.RenderedDescription' : 'RenderedDescription'] = unread;
  }
  if (values === undefined && EventData !== undefined && EventData !== null) {
    userDefined.EventData = textOf(EventData);
  }
  if (named !== undefined) return assemble(eventId, named, envelope, userDefined);
  if (values !== undefined) return assemble(eventId, values, envelope, userDefined);
  if (rendered === undefined) return { reason: 'no_message' };
  return assemble(eventId, fieldsOfRendered(eventId, rendered), envelope, userDefined, rendered.ambiguous);
};
