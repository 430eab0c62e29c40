/** The golden pairs of both mapping files: that they hold, and that nothing of an event or a record escapes them. */
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { differences } from '../src/cli/difference.ts';
import type { Json, JsonObject } from '../src/cli/difference.ts';
import { test } from '../src/cli/test.ts';
import { loadMapping } from '../src/mapping/load.ts';
import { validateRecord } from '../src/ocsf/validate.ts';
import { catalogue } from '../src/sysmon/catalogue.ts';
import { ENVELOPE_KEYS, isAbsent } from '../src/sysmon/event.ts';
import type { SysmonEvent } from '../src/sysmon/event.ts';
import {
  goldenEvents,
  goldenRecords,
  mapGolden,
  MAPPINGS,
  mappingText,
  ROOT,
  withDecoration,
  withField,
} from './golden-pairs.ts';

const paint = (_colour: string, text: string): string => text;

describe('the events of the golden pairs', () => {
  const events = goldenEvents.flatMap((pair) => pair.events);

  it.each([...catalogue.values()])(
    'have an EventID $id with every field of today filled',
    ({ id, fields }) => {
      const names = fields.map(({ name }) => name);
      const full = events.filter(
        ({ EventId, Description }) =>
          EventId === id && names.every((name) => name === 'RuleName' || !isAbsent(Description[name])),
      );
      expect(full.length).toBeGreaterThan(0);
      expect(full.map(({ Description }) => Object.keys(Description))).toContainEqual(names);
    },
  );

  it('name only what is kept for documentation', () => {
    const text = JSON.stringify(events);
    const hosts = text.match(/\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|local)\b/gi) ?? [];
    expect(hosts.length).toBeGreaterThan(0);
    expect(hosts.filter((host) => !/(^|\.)example\.(com|net)$/.test(host))).toEqual([]);
    // Versions of files look like addresses too; those of the pairs begin with 10 or less.
    const addresses = (text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g) ?? []).filter(
      (ip) => Number(ip.split('.')[0]) > 10,
    );
    expect(addresses.length).toBeGreaterThan(0);
    expect(addresses.filter((ip) => !/^(192\.0\.2|198\.51\.100|203\.0\.113)\./.test(ip))).toEqual([]);
  });
});

describe.each(MAPPINGS)('the golden pairs of %s.json', (name) => {
  const text = mappingText(name);
  const mapping = loadMapping(text);

  it('hold, and every record is valid OCSF', async () => {
    const { text: told, exitCode } = await test(resolve(ROOT, `${name}.json`), { paint });
    expect(told).toBe(`${goldenEvents.length} pairs, 0 differ\n`);
    expect(exitCode).toBe(0);
  });

  it('reach every entry of the mapping', () => {
    const reached = new Set(
      goldenEvents.flatMap(({ events }) => events.map((event) => mapping.find(event)?.pointer)),
    );
    expect(
      mapping.entries.filter(({ pointer }) => !reached.has(pointer)).map(({ pointer }) => pointer),
    ).toEqual([]);
  });

  it('are valid at OCSF 1.3.0 when one line of the mapping says so', () => {
    expect(text.split('"version": "1.1.0"')).toHaveLength(2);
    const newer = loadMapping(text.replace('"version": "1.1.0"', '"version": "1.3.0"'));
    for (const { name: pair, events } of goldenEvents) {
      for (const event of events) {
        const { record, entry } = mapGolden(newer, event, events);
        expect(record.metadata).toMatchObject({ version: '1.3.0' });
        expect({ pair, errors: validateRecord(entry.ocsf, record).errors }).toEqual({ pair, errors: [] });
      }
    }
  });

  it('fail to convert nothing', () => {
    for (const { name: pair, events } of goldenEvents) {
      for (const event of events) {
        expect({ pair, failed: mapGolden(mapping, event, events).failed }).toEqual({ pair, failed: [] });
      }
    }
  });

  it.each(goldenEvents)('ignore no part of the events of $name', ({ events }) => {
    const ignored: string[] = [];
    for (const event of events) {
      const before = withoutUid(mapGolden(mapping, event, events).record);
      for (const [part, mutant] of mutants(event)) {
        const pair = events.map((one) => (one === event ? mutant : one));
        const after = withoutUid(mapGolden(mapping, mutant, pair).record);
        if (differences(before, after).length === 0) ignored.push(`${event.EventId} ${part}`);
      }
    }
    // Where an event has lost its user, that of its process stands in.
    const joins = events.find((event) => mapping.find(event)?.joins === true && events.length > 1);
    expect(ignored).toEqual(joins === undefined ? [] : [`${joins.EventId} User, absent`]);
  });

  it('carry all that the mapping reads of a process into the events that join it', () => {
    let joined = 0;
    for (const { events } of goldenEvents) {
      for (const event of events) {
        const { entry, record } = mapGolden(mapping, event, events);
        const creation = events.find(({ EventId }) => EventId === 1);
        if (!entry.joins || creation === undefined) continue;
        joined++;
        for (const field of mapping.processFields) {
          const other = withField(creation, field, `${creation.Description[field]!}~`);
          const after = mapGolden(mapping, event, [other]).record;
          expect({ field, changes: differences(plain(record), plain(after)).length > 0 }).toEqual({
            field,
            changes: true,
          });
        }
      }
    }
    expect(joined).toBe(2);
  });

  it.each(goldenEvents)('ignore no attribute of the records of $name', ({ name: pair }) => {
    for (const record of goldenRecords(name, pair)) {
      const leaves = leavesOf(record, []);
      expect(leaves.length).toBeGreaterThan(20);
      for (const path of leaves) {
        expect(differences(record, changed(record, path, mutate))).toHaveLength(1);
        expect(
          differences(
            record,
            changed(record, path, () => undefined),
          ).length,
        ).toBeGreaterThan(0);
      }
    }
  });
});

/** Every part of an event, changed to a text that says something else. EventID is what the mapping chooses by. */
function mutants(event: SysmonEvent): [string, SysmonEvent][] {
  const { Description, UserDefined } = event;
  const other = (text: string): string => (isAbsent(text) ? 'some text' : `${text}~`);
  return [
    ...Object.entries(Description).flatMap(([name, text]): [string, SysmonEvent][] => [
      [`${name}, changed`, withField(event, name, other(text))],
      ...(isAbsent(text) ? [] : [[`${name}, absent`, withField(event, name, '-')] as [string, SysmonEvent]]), // true: as written
    ]),
    ...ENVELOPE_KEYS.map((key): [string, SysmonEvent] => [key, { ...event, [key]: other(event[key] ?? '') }]),
    ...Object.entries(UserDefined).map(([name, text]): [string, SysmonEvent] => [
      name,
      withDecoration(event, name, other(text)),
    ]),
    ['another decoration', withDecoration(event, 'fleet', 'laptops')],
  ];
}

const plain = (record: object): JsonObject => JSON.parse(JSON.stringify(record)) as JsonObject; // true: of an object

/** A record as JSON without the hash of its event's identity, which every change of the envelope changes. */
function withoutUid(record: object): JsonObject {
  const json = JSON.parse(JSON.stringify(record)) as { metadata: { uid?: string } } & Record<string, never>; // true: both mappings state metadata
  delete json.metadata.uid;
  return json;
}

type Path = readonly (string | number)[];

const leavesOf = (value: Json, path: Path): Path[] => {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
};

/** A copy with the value at a path put through `change`; undefined takes it away. */
function changed(value: Json, path: Path, change: (leaf: Json) => Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return change(value) ?? null;
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, i): Json[] => {
      if (String(i) !== String(key)) return [item];
      if (rest.length > 0) return [changed(item, rest, change)];
      const one = change(item);
      return one === undefined ? [] : [one];
    });
  }
  const copy = { ...(value as Record<string, Json>) }; // true: a path leads through lists and objects alone
  const inner = rest.length > 0 ? changed(copy[key]!, rest, change) : change(copy[key]!);
  if (inner === undefined) Reflect.deleteProperty(copy, key);
  else copy[key] = inner;
  return copy;
}

const mutate = (leaf: Json): Json => {
  if (typeof leaf === 'number') return leaf + 1;
  return typeof leaf === 'boolean' ? !leaf : `${JSON.stringify(leaf)}~`;
};
