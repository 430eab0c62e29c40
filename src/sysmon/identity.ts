/** What an event is told apart by, and the process that it belongs to. */
import { hash } from 'node:crypto';
import type { SysmonEvent } from './event.ts';
import { isAbsent } from './event.ts';
import { normaliseGuid, NULL_GUID } from './process-guid.ts';

/** 128 bits: by chance two of 10^15 events share one with a probability of 10^-9. */
const UID_DIGITS = 32;

/**
 * The identity of an event: a hash of (MachineName, LogName, Index, TimeCreated), the same for every copy of it that
 * arrives. Text is no part of it: one message in ten repeats word for word at another time. Only where Index or
 * TimeCreated is absent, EventId and the fields stand in.
 * @returns 32 hexadecimal digits.
 */
export const eventUid = (event: SysmonEvent): string => {
  const { MachineName = null, LogName = null, Index = null, TimeCreated = null } = event;
  const identity: unknown[] = [MachineName, LogName, Index, TimeCreated];
  if (!Index || !TimeCreated) {
    const byName = Object.entries(event.Description).sort(([a], [b]) => (a < b ? -1 : 1));
    identity.push(event.EventId, byName);
  }
  // JSON, so that ('ab', 'c') and ('a', 'bc') differ.
  return hash('sha256', JSON.stringify(identity), 'hex').slice(0, UID_DIGITS);
};

/**
 * The normalised GUID of the process that an event belongs to: ProcessGuid, or the source process of events 8 and 10
 * (which spell it SourceProcessGuid and SourceProcessGUID). Undefined when there is none, or the null GUID.
 */
export const eventProcessGuid = ({ Description }: SysmonEvent): string | undefined => {
  const { ProcessGuid, SourceProcessGuid, SourceProcessGUID } = Description;
  const text = [ProcessGuid, SourceProcessGuid, SourceProcessGUID].find((value) => !isAbsent(value)) ?? '';
  const guid = normaliseGuid(text);
  return guid === NULL_GUID ? undefined : guid;
};
