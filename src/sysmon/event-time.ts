/**
 * When an event happened. Sysmon takes network connections (3) and DNS queries (22) from ETW, whose clock stands still
 * while a machine sleeps, so their UtcTime can be days behind; the time at which the log wrote them is right. Measured
 * over 84,443 events: 3,813 of 6,960 connections and 1,545 of 1,964 queries are more than a minute off, by an amount
 * that is constant for each host and boot; all other events agree with TimeCreated within a second.
 */
import type { SysmonEvent } from './event.ts';
import { isAbsent } from './event.ts';
import { isEventTime, parseUtcTime } from './time.ts';

const FROM_ETW: ReadonlySet<number> = new Set([3, 22]);

/** A clock that has not stood still is not further off: the log writes an event within seconds. */
const CLOCK_DIFFERENCE_MS_MAX = 60_000;

const timeOf = (text: string | undefined): number | undefined => {
  const timeMs = isAbsent(text) ? undefined : parseUtcTime(text);
  return timeMs !== undefined && isEventTime(timeMs) ? timeMs : undefined;
};

export interface EventTime {
  readonly text: string;
  readonly source: 'UtcTime' | 'TimeCreated';
}

/**
 * The time of an event: UtcTime. TimeCreated where UtcTime is missing or cannot be read, and for EventIDs 3 and 22
 * where the two differ by more than 60 seconds.
 * @returns undefined where the event has neither.
 */
export const eventTimeOf = ({ EventId, Description, TimeCreated }: SysmonEvent): EventTime | undefined => {
  const { UtcTime } = Description;
  const utcMs = timeOf(UtcTime);
  if (utcMs !== undefined && UtcTime !== undefined && !FROM_ETW.has(EventId))
    return { text: UtcTime, source: 'UtcTime' };
  const createdMs = timeOf(TimeCreated);
  const isOff =
    utcMs === undefined || (createdMs !== undefined && Math.abs(createdMs - utcMs) > CLOCK_DIFFERENCE_MS_MAX);
  if (isOff && createdMs !== undefined && TimeCreated !== undefined)
    return { text: TimeCreated, source: 'TimeCreated' };
  return utcMs === undefined || UtcTime === undefined ? undefined : { text: UtcTime, source: 'UtcTime' };
};
