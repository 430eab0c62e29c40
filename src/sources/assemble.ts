/** From the parts that a form names to the event: which provider and number it has, and which fields are believed. */
import type { Fields, SysmonEvent } from '../sysmon/event.ts';
import { readFields, type Reading } from '../sysmon/reading.ts';
import { instantMs } from '../sysmon/instant.ts';
import type { Carried } from './form.ts';
import { textOf } from './json.ts';
import type { Decoded, SourceFormat } from './source.ts';

/** Sysmon of Windows, built in or downloaded, and Sysmon for Linux. */
const PROVIDERS: ReadonlySet<string> = new Set(['microsoft-windows-sysmon', 'linux-sysmon']);

/** Whether a provider name is Sysmon's. Windows compares provider names without case. */
export const isSysmonProvider = (name: unknown): boolean =>
  typeof name === 'string' && PROVIDERS.has(name.toLowerCase());

const EVENT_ID = /^(?:0|[1-9]\d{0,4})$/;
const EVENT_ID_MAX = 65_535;

/** The number of an event (16 bits, unsigned), from a number or its decimal text; undefined for all else. */
export const readEventId = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && EVENT_ID.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= EVENT_ID_MAX
    ? number
    : undefined;
};

const isMissing = (value: unknown): boolean => value === undefined || value === null || value === '';

/** What surrounds a document: the envelope of a log service, a syslog header. */
export interface Surroundings {
  readonly userDefined: Fields;
  /** ISO 8601 in UTC. */
  readonly loggedAt?: string;
}

/** Puts what could not be used where it is kept, under a name that is free. */
const keep = (userDefined: Fields, name: string, text: string): void => {
  if (text !== '') userDefined[userDefined[name] === undefined ? name : `envelope.${name}`] = text;
};

const userDefinedOf = (
  carried: Carried,
  reading: Reading,
  surroundings: Surroundings | undefined,
): Fields => {
  const { userDefined, positional, named, message = '', keepAs } = carried;
  if (surroundings !== undefined) {
    for (const [name, value] of Object.entries(surroundings.userDefined)) userDefined[name] ??= value;
  }
  if (!reading.hasUsedValues) {
    if (named !== undefined) {
      for (const [name, value] of Object.entries(named)) keep(userDefined, `EventData.${name}`, value);
    } else if (positional !== undefined) {
      keep(userDefined, keepAs?.positional ?? 'EventData', JSON.stringify(positional));
    }
  }
  // Not under its own name in the agent's JSON, which is also that of a field.
  if (reading.keepsMessage) keep(userDefined, keepAs?.message ?? 'RenderedDescription', message);
  if (reading.rendered !== undefined) keep(userDefined, 'rendered', reading.rendered);
  return userDefined;
};

/**
 * The event out of its parts, or the reason why there is none: never a record from half of a form or half of a text.
 * The time of an envelope can be UtcTime, where the carrier gives no other.
 */
export const assemble = (carried: Carried, format: SourceFormat, surroundings?: Surroundings): Decoded => {
  const { provider, named, positional, message, envelope, partialEnvelope, recover } = carried;
  const lacksProvider = isMissing(provider);
  if (!lacksProvider && !isSysmonProvider(provider)) return { reason: 'not_sysmon' };
  if (isMissing(carried.eventId) && partialEnvelope === undefined) return { reason: 'incomplete_envelope' };
  const eventId = readEventId(carried.eventId);
  if (eventId === undefined) return { reason: 'no_event_id' };
  if (partialEnvelope === undefined && (lacksProvider || isMissing(envelope.MachineName))) {
    return { reason: 'incomplete_envelope' };
  }
  const reading = readFields({
    eventId,
    ...(named && { named }),
    ...(positional && { positional }),
    ...(message !== undefined && { message }),
  });
  if (reading === undefined) {
    const hasValues = (positional?.length ?? 0) > 0 || (named !== undefined && Object.keys(named).length > 0);
    return { reason: hasValues || !isMissing(message) ? 'unreadable_text' : 'no_message' };
  }
  const { fields } = reading;
  recover?.(fields);
  const TimeCreated = envelope.TimeCreated ?? surroundings?.loggedAt;
  const hasTime = TimeCreated !== undefined || instantMs(fields.UtcTime ?? '') !== undefined;
  if (!hasTime && partialEnvelope === undefined) return { reason: 'incomplete_envelope' };

  const userDefined = userDefinedOf(carried, reading, surroundings);
  if (reading.eventId !== eventId) keep(userDefined, 'EventId', String(eventId));
  const plain: SysmonEvent = {
    EventId: reading.eventId,
    Description: fields,
    ...envelope,
    ...(TimeCreated !== undefined && { TimeCreated }),
    ...(!lacksProvider && { ProviderName: textOf(provider) }),
    UserDefined: userDefined,
  };
  const ambiguous = [...(reading.ambiguous ?? []), ...(carried.repeated ?? [])];
  const event = ambiguous.length === 0 ? plain : { ...plain, ambiguous };
  return { event, format, obtained: reading.obtained };
};
