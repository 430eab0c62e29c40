/** What all carriers share: which provider and EventId a Sysmon event has, and how the event is put together. */
import type { EnvelopeKey, Fields, SysmonEvent } from '../sysmon/event.ts';
import type { Decoded } from './source.ts';

/** Parts of the envelope; an empty part says nothing and is left out. */
export type Envelope = Partial<Record<EnvelopeKey, string>>;

const PROVIDER = 'microsoft-windows-sysmon';

/** Whether a provider name is Sysmon's. Windows compares provider names without case. */
export const isSysmonProvider = (name: unknown): boolean =>
  typeof name === 'string' && name.toLowerCase() === PROVIDER;

const EVENT_ID = /^(?:0|[1-9]\d{0,4})$/;
const EVENT_ID_MAX = 65_535;

/** The number of an event (16 bits, unsigned), from a number or its decimal text; undefined for all else. */
export const readEventId = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && EVENT_ID.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= EVENT_ID_MAX
    ? number
    : undefined;
};

/** The event out of its parts, or `no_message` where it has no field at all. */
export const assemble = (
  eventId: number,
  description: Fields,
  envelope: Envelope,
  userDefined: Fields,
  ambiguous?: readonly string[],
): Decoded => {
  const plain: SysmonEvent = {
    EventId: eventId,
    Description: description,
    ...envelope,
    UserDefined: userDefined,
  };
  const event = ambiguous === undefined || ambiguous.length === 0 ? plain : { ...plain, ambiguous };
  for (const _ in description) return { event };
  return { reason: 'no_message' };
};
