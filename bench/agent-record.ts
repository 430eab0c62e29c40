/** One event in the wire form of Kinesis Agent for Windows, and fresh copies of it. */
import { z } from 'zod';

const recordShape = z.looseObject({
  EventId: z.number(),
  Description: z.string(),
  TimeCreated: z.string(),
  MachineName: z.string(),
  Index: z.number(),
});
export type AgentRecord = z.infer<typeof recordShape>;

/** @throws ZodError where the line is no record with a rendered message */
export const readRecord = (line: string): AgentRecord => recordShape.parse(JSON.parse(line));

/** The day that fresh copies are dated to. */
export const DAY = '2026-01-02';
export const DAY_MS = 86_400_000;
const DAY_START_MS = Date.parse(`${DAY}T00:00:00Z`);

const utcTime = (timeMs: number): string => new Date(timeMs).toISOString().replace('T', ' ').slice(0, 23);

/**
 * A copy with an identity of its own: another time, another Index, and, from generation 1 on, another host with other
 * processes. The copies of one generation belong together: a process and what it does still have the same GUID.
 * @param timeOfDayMs milliseconds since the midnight of {@link DAY}; more than a day goes into the days after it
 */
export function freshCopy(
  record: AgentRecord,
  index: number,
  generation: number,
  timeOfDayMs: number,
): AgentRecord {
  const timeMs = DAY_START_MS + Math.floor(timeOfDayMs);
  const [host = '', ...domain] = record.MachineName.split('.');
  const otherHost = (all: string, first: string): string =>
    `{${((Number.parseInt(first, 16) + Math.imul(generation, 0x9e3779b1)) >>> 0).toString(16).padStart(8, '0')}${all.slice(9)}`;
  const Description = record.Description.replace(/(?<=\n)UtcTime: [^\r\n]*/, `UtcTime: ${utcTime(timeMs)}`);
  return {
    ...record,
    // Not the null GUID, which stands for no process on every host.
    Description:
      generation === 0
        ? Description
        : Description.replace(/\{(?!0{8}-)([0-9a-fA-F]{8})-[0-9a-fA-F]{4}-/g, otherHost),
    TimeCreated: new Date(timeMs + 2).toISOString(),
    MachineName: generation === 0 ? record.MachineName : [`${host}-${generation}`, ...domain].join('.'),
    Index: index,
  };
}
