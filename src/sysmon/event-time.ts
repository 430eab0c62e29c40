/**
 * When an event happened. Sysmon takes network connections (3) and DNS queries (22) from ETW, whose clock stands still
 * while a machine sleeps, so their UtcTime can be days behind; the time at which the log wrote them is right. Measured
 * over 84,443 events: 3,813 of 6,960 connections and 1,545 of 1,964 queries are more than a minute off, by an amount
 * that is constant for each host and boot; all other events agree with TimeCreated within a second.
 */
import type { SysmonEvent } from './event.ts';
import { isAbsent } from './event.ts';
import { instantMs } from './instant.ts';
import { isEventTime } from './time.ts';

const FROM_ETW: ReadonlySet<number> = new Set([3, 22]);

/** A clock that has not stood still is not further off: the log writes an event within seconds. */
const CLOCK_DIFFERENCE_MS_MAX = 60_000;

export interface EventTime {
  /** The text that says it. */
  readonly text: string;
  readonly timeMs: number;
  readonly source: 'UtcTime' | 'TimeCreated';
}

const readTime = (text: string | undefined, source: EventTime['source']): EventTime | undefined => {
  if (isAbsent(text)) return undefined;
  const timeMs = instantMs(text);
  return timeMs !== undefined && isEventTime(timeMs) ? { text, timeMs, source } : undefined;
};

/**
 * The time of an event: UtcTime. TimeCreated where UtcTime is missing or cannot be read, and for EventIDs 3 and 22
 * where the two differ by more than 60 seconds.
 * @returns undefined where the event has neither.
 */
export const eventTimeOf = ({ EventId, Description, TimeCreated }: SysmonEvent): EventTime | undefined => {
  const own = readTime(Description.UtcTime, 'UtcTime');
  if (own !== undefined && !FROM_ETW.has(EventId)) return own;
  const logged = readTime(TimeCreated, 'TimeCreated');
  if (own === undefined || logged === undefined) return own ?? logged;
  return Math.abs(logged.timeMs - own.timeMs) > CLOCK_DIFFERENCE_MS_MAX ? logged : own;
};
