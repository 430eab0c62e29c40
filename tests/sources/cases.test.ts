/** Public reports of events that were read wrongly, each as a kind: the files of ../shared/cases, and variants. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeRecord } from '../../src/sources/decode.ts';
import { recordsOf } from '../../src/sources/records.ts';
import type { Decoded } from '../../src/sources/source.ts';
import { catalogue, fieldLists } from '../../src/sysmon/catalogue.ts';
import { canBeKind, isTyped, valueKind } from '../../src/sysmon/field-value.ts';
import { sampleEvent } from '../../src/sysmon/sample.ts';
import { processContextOf } from '../../src/join/process-context.ts';

const CASES = path.resolve(import.meta.dirname, '../../../shared/cases');
const itWithCases = existsSync(CASES) ? it : it.skip; // says that it skips where ../shared is absent

const decodedIn = async (folder: string): Promise<Decoded[]> => {
  const found: Decoded[] = [];
  for (const file of readdirSync(path.join(CASES, folder))
    .filter((name) => name !== 'README')
    .sort()) {
    const bytes = readFileSync(path.join(CASES, folder, file));
    for await (const raw of recordsOf(
      (async function* () {
        yield await Promise.resolve(bytes);
      })(),
    )) {
      found.push(decodeRecord(raw.bytes, 'auto'));
    }
  }
  return found;
};

const agent = (EventId: number, parts: Record<string, unknown>): Decoded =>
  decodeRecord(
    Buffer.from(
      JSON.stringify({
        EventId,
        MachineName: 'h',
        ProviderName: 'Microsoft-Windows-Sysmon',
        TimeCreated: '2026-01-02T03:04:05.678Z',
        ...parts,
      }),
    ),
    'auto',
  );

const full = (id: number): Record<string, string> => ({ ...sampleEvent(id, 'full')!.Description });
const textOf = (id: number, pairs: readonly (readonly [string, string])[]): string =>
  [catalogue.get(id)!.titles[0], ...pairs.map(([name, value]) => `${name}: ${value}`)].join('\r\n');

/** No field of another type, and every value the event's own. */
const expectTrue = (decoded: Decoded, truth: Record<string, string>): void => {
  for (const [name, value] of Object.entries(decoded.event?.Description ?? {})) {
    if (isTyped(valueKind(name)) && value !== '')
      expect([name, canBeKind(valueKind(name), value)]).toEqual([name, true]);
    if (value !== '') expect([name, value.toLowerCase()]).toEqual([name, truth[name]?.toLowerCase()]);
  }
};

const DROPPABLE = [
  'RuleName',
  'FileVersion',
  'Description',
  'Company',
  'User',
  'SourceHostname',
  'SourcePortName',
  'DestinationHostname',
  'DestinationPortName',
  'QueryResults',
  'ParentUser',
  'Signature',
  'CallTrace',
];

describe('values that lack the empty ones', () => {
  it.each([1, 3, 7, 10, 11, 22, 23])('of EventID %d keep the names of a complete text', (id) => {
    const names = Object.keys(full(id));
    for (const one of DROPPABLE.filter((name) => names.includes(name))) {
      for (const other of DROPPABLE.filter((name) => names.includes(name))) {
        const truth = { ...full(id), [one]: '', [other]: '' };
        const EventData = Object.values(truth).filter((value) => value !== '');
        const decoded = agent(id, { Description: textOf(id, Object.entries(truth)), EventData });
        expect([one, other, decoded.event && decoded.obtained]).toEqual([one, other, 'positional']);
        expectTrue(decoded, truth);
        for (const [name, value] of Object.entries(truth))
          if (value !== '') expect(decoded.event?.Description[name]).toBe(value);
      }
    }
  });

  it.each([1, 3, 7, 10, 11, 22, 23])(
    'of EventID %d are never under a name of another type without a text',
    (id) => {
      const names = Object.keys(full(id));
      for (const one of DROPPABLE.filter((name) => names.includes(name))) {
        for (const other of DROPPABLE.filter((name) => names.includes(name))) {
          const truth = full(id);
          const EventData = Object.entries(truth).flatMap(([name, value]) =>
            name === one || name === other ? [] : [value],
          );
          const decoded = agent(id, { Description: null, EventData });
          for (const [name, value] of Object.entries(decoded.event?.Description ?? {})) {
            if (isTyped(valueKind(name))) expect([name, value]).toEqual([name, truth[name]]);
          }
          if (decoded.event !== undefined) expect(decoded.event.Description.UtcTime).toBe(truth.UtcTime);
        }
      }
    },
  );
});

describe('a text that another version has rendered', () => {
  it.each([1, 2, 5, 7, 11, 12, 13, 22])(
    'gives no wrong value of EventID %d, from a newer or an older one',
    (id) => {
      const lists = fieldLists(catalogue.get(id)!).filter((names) => names[0] === 'RuleName');
      for (const own of lists) {
        for (const other of lists) {
          if (own === other) continue;
          const truth = Object.fromEntries(own.map((name) => [name, full(id)[name]!]));
          const values = Object.values(truth);
          const shown = other.map((name, at) => [name, values[at] ?? `%${at + 1}`] as const);
          expectTrue(agent(id, { Description: textOf(id, shown) }), truth);
          const withValues = agent(id, { Description: textOf(id, shown), EventData: values });
          expectTrue(withValues, truth);
          expect({ ...withValues.event?.Description }).toEqual(truth);
        }
      }
    },
  );

  it('never lets a process whose values do not fit into the process table', () => {
    const [first = [], ...rest] = Object.entries(full(1));
    const shifted = rest.map(
      ([name], at) => [name, (at === 0 ? first[1] : rest[at - 1]?.[1]) ?? ''] as const,
    );
    const decoded = agent(1, { Description: textOf(1, shifted) });
    expect(decoded).toEqual({ reason: 'unreadable_text' });
    const good = agent(1, { Description: textOf(1, Object.entries(full(1))) });
    expect(processContextOf(good.event!, ['CommandLine'])?.fields).toEqual({
      CommandLine: full(1).CommandLine,
    });
  });
});

describe('a message of another event', () => {
  it.each([1, 3, 11, 22])(
    'makes an event with the number 5 the event %d that its title and fields name',
    (id) => {
      const decoded = agent(5, { Description: textOf(id, Object.entries(full(id))) });
      expect(decoded.event).toMatchObject({
        EventId: id,
        Description: full(id),
        UserDefined: { EventId: '5' },
      });
    },
  );

  it('is quarantined where title and fields do not agree among themselves', () => {
    const decoded = agent(1, { Description: textOf(11, Object.entries(full(5))) });
    expect(decoded).toEqual({ reason: 'unreadable_text' });
  });
});

describe('the files of public reports', () => {
  itWithCases('17: values that have moved up are under their own names', async () => {
    const events = await decodedIn('17-wef-shifted');
    expect(events).toHaveLength(3);
    for (const { event } of events) {
      expect(event?.Description).toMatchObject({
        User: 'CORP\\user1',
        Protocol: 'tcp',
        Initiated: 'true',
        SourceIp: '10.0.0.5',
        SourcePort: '50123',
        DestinationIsIpv6: 'false',
        DestinationIp: '40.113.200.201',
        DestinationHostname: 'microsoft.com',
        DestinationPort: '443',
      });
    }
  });

  itWithCases('18: 22 values beside a message of 23 names', async () => {
    const events = await decodedIn('18-forwarded-eventdata-lacks-empties');
    expect(events).toHaveLength(2);
    for (const { event } of events) {
      expect(event?.Description).toMatchObject({
        CommandLine: 'cmd.exe /c whoami',
        CurrentDirectory: 'C:\\Users\\u\\',
        User: 'CORP\\user1',
        ParentProcessId: '1000',
      });
    }
  });

  itWithCases('19 and 61: another manifest', async () => {
    const newer = await decodedIn('19-newer-manifest-rendered');
    expect(newer).toHaveLength(3);
    const older = await decodedIn('61-older-manifest-rendered');
    expect(older.map(({ reason }) => reason)).toEqual(['unreadable_text', undefined, undefined, undefined]);
    for (const { event } of [...newer, older[2]!]) {
      expect(event?.Description).toMatchObject({
        CommandLine: 'cmd.exe /c whoami',
        User: 'CORP\\user1',
        IntegrityLevel: 'Medium',
        ParentProcessId: '1000',
      });
      expect(event?.Description.Hashes).toMatch(/^SHA1=/);
      expect(['Cmd.Exe', undefined]).toContain(event?.Description.OriginalFileName);
    }
  });

  itWithCases('51: the times of dump tools', async () => {
    const events = await decodedIn('51-dump-tool-times');
    expect(events.length).toBeGreaterThan(2);
    for (const { event } of events) expect(event?.TimeCreated).toMatch(/^2024-03-01T08:22:36(\.7399\d*)?Z$/);
  });
});
