/** The description parser on real events, against a reader that knows nothing but lines and colons. */
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { catalogue, fieldType } from '../../src/sysmon/catalogue.ts';
import { parseDescription } from '../../src/sysmon/description.ts';
import { isEventTime, parseUtcTime } from '../../src/sysmon/time.ts';
import { processStartSeconds } from '../../src/sysmon/process-guid.ts';

const dataFolder = join(import.meta.dirname, '../../../shared/data');
const agentFile = join(dataFolder, 'sysmon-kinesis-agent.ndjson.gz');
const winlogbeatFile = join(dataFolder, 'winlogbeat.ndjson.gz');
const withData = existsSync(agentFile) && existsSync(winlogbeatFile) ? it : it.skip;

async function* records<T>(file: string): AsyncGenerator<T> {
  // as: the data are of the shape that each test names
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()) });
  for await (const line of lines) yield JSON.parse(line) as T;
}

/** Every line below the title as a field; undefined when a line is none of the event's fields, once and in order. */
const readNaively = (eventId: number, text: string): [string, string][] | undefined => {
  const pairs = text
    .split('\r\n')
    .slice(1)
    .map((line): [string, string] => {
      const [name = ''] = line.split(': ', 1);
      return [name, line.slice(name.length + 2)];
    });
  const names = pairs.map(([name]) => name);
  const known = catalogue.get(eventId)!.fields.map(({ name }) => name);
  return known.filter((name) => names.includes(name)).join() === names.join() ? pairs : undefined;
};

describe('real events', () => {
  withData(
    'of Kinesis Agent are read as a naive reader reads those without a line break in a value',
    async () => {
      let read = 0;
      const odd: number[] = [];
      for await (const { EventId, Description } of records<{ EventId: number; Description: string }>(
        agentFile,
      )) {
        const parsed = parseDescription(EventId, Description)!;
        read++;
        expect(parsed.ambiguous).toBeUndefined();
        const naive = readNaively(EventId, Description);
        if (naive === undefined) odd.push(EventId);
        else if (JSON.stringify(Object.entries(parsed.fields)) !== JSON.stringify(naive)) {
          expect(Object.entries(parsed.fields)).toEqual(naive);
        }
      }
      expect(read).toBe(37_959);
      // Two error reports end with a line break.
      expect(odd).toEqual([255, 255]);
    },
  );

  withData('have times that can be read, and processes that started when they were created', async () => {
    for await (const { EventId, Description } of records<{ EventId: number; Description: string }>(
      agentFile,
    )) {
      const { UtcTime = '', ProcessGuid = '' } = parseDescription(EventId, Description)!.fields;
      const timeMs = parseUtcTime(UtcTime);
      if (timeMs === undefined || !isEventTime(timeMs)) throw new Error(`no time in an event ${EventId}`);
      if (EventId !== 1) continue;
      const startMs = (processStartSeconds(ProcessGuid) ?? 0) * 1000;
      expect(timeMs - startMs).toBeGreaterThanOrEqual(0);
      expect(timeMs - startMs).toBeLessThan(1000);
    }
  });

  withData('of Winlogbeat have in their message the values that stand beside it', async () => {
    interface Winlogbeat {
      event_id: number;
      message: string;
      event_data: Record<string, string>;
    }
    const differing = new Map<string, number>();
    let read = 0;
    for await (const { event_id, message, event_data } of records<Winlogbeat>(winlogbeatFile)) {
      const parsed = parseDescription(event_id, message)!;
      read++;
      for (const [name, value] of Object.entries(event_data)) {
        // A message has hexadecimal digits in upper case, the value beside it in lower case.
        const shown = fieldType(name) === 'hex' ? parsed.fields[name]?.toLowerCase() : parsed.fields[name];
        if (shown !== value) differing.set(name, (differing.get(name) ?? 0) + 1);
      }
      for (const [name, value] of Object.entries(parsed.fields)) {
        // Winlogbeat leaves out what is empty.
        if (value !== '') expect(event_data).toHaveProperty(name);
      }
    }
    expect(read).toBe(256);
    expect([...differing]).toEqual([]);
  });
});
