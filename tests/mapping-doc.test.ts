/** docs/mapping.md and the generator behind it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { generatedFiles } from '../scripts/generated-files.ts';
import { groupHeading, mappingDoc } from '../scripts/mapping-doc.ts';
import { commonRows, entriesOf, groupsOf } from '../scripts/mapping-doc/groups.ts';
import { leftoversOf } from '../scripts/mapping-doc/leftover.ts';
import { anchor, listed, numbers, table } from '../scripts/mapping-doc/markdown.ts';
import { CONVERSION_FAILURES, MEASURED } from '../scripts/mapping-doc/measured.ts';
import { DIFFERENCES, GROUP_HEADINGS, NOTES } from '../scripts/mapping-doc/reasons.ts';
import { rowKey } from '../scripts/mapping-doc/rows.ts';
import type { Row } from '../scripts/mapping-doc/rows.ts';
import type { CompiledMapping } from '../src/mapping/compile.ts';
import { loadMapping } from '../src/mapping/load.ts';
import { decodeRecord } from '../src/sources/decode.ts';
import { catalogue } from '../src/sysmon/catalogue.ts';
import type { SysmonEvent } from '../src/sysmon/event.ts';
import { parseUtcTime } from '../src/sysmon/time.ts';
import { itWithRealData, realRecords } from './sources/real-data.ts';

const root = path.resolve(import.meta.dirname, '..');
const load = (name: string): CompiledMapping => loadMapping(readFileSync(path.join(root, name), 'utf8'));
const FILES = ['OCSFmapping.json', 'OCSFmapping.native.json'].map((name) => ({ name, mapping: load(name) }));
const page = mappingDoc(FILES[0]!, FILES[1]!);
const entries = entriesOf(FILES);

const sectionOf = (id: number): string => {
  const start = page.indexOf(`### EventID ${id}:`);
  return page.slice(start, page.indexOf('\n## ', start)).split('\n### ', 2).slice(0, 2)[0]!;
};

describe('the generated files', () => {
  it('stand in the repository as the code and the mappings make them', async () => {
    const stale = (await generatedFiles(root)).flatMap(({ name, text }) => {
      const file = path.join(root, name);
      return existsSync(file) && readFileSync(file, 'utf8') === text
        ? []
        : [`${name} is out of date: run \`npm run generate\``];
    });
    expect(stale).toEqual([]);
  });
});

describe('the page', () => {
  it('has a section for every event, and every link of it leads to a heading', () => {
    const headings = Array.from(page.matchAll(/^#+ (.*)$/gm), ([, heading = '']) => anchor(heading));
    const links = Array.from(page.matchAll(/\]\(#([^)]*)\)/g), ([, target]) => target);
    expect(new Set(headings).size).toBe(headings.length);
    expect(links.filter((target) => !headings.includes(target ?? ''))).toEqual([]);
    for (const id of catalogue.keys()) expect(page).toContain(`\n### EventID ${id}: `);
  });

  it('names in the section of an event every field that only this event or a few have', () => {
    const toldOnce = ['RuleName', 'UtcTime'];
    const missing = [...catalogue.values()].flatMap(({ id, fields }) =>
      fields.flatMap(({ name }) =>
        toldOnce.includes(name) || sectionOf(id).includes(`\`${name}\``) ? [] : [`${id} ${name}`],
      ),
    );
    expect(missing).toEqual([]);
    for (const name of toldOnce) expect(page).toContain(`| \`${name}\``);
  });

  it('says from where an attribute is filled, by what, and what OCSF wants there', () => {
    expect(sectionOf(3)).toContain('| `src_endpoint.ip` | `SourceIp` | `ip_t` | recommended |');
    expect(sectionOf(15)).toContain(
      '| `file.hashes` { algorithm_id, algorithm, value } | `Hash` (`fingerprints`) | `fingerprint[]` | recommended |',
    );
    expect(sectionOf(3)).toContain(
      '| `Initiated`: `true` ► `2` Outbound, `false` ► `1` Inbound, else `0` Unknown |',
    );
    expect(page).toContain('| `$.Process.UtcTime`, else `ProcessGuid` (`process_start_time`) |');
  });

  it('tells of an event what only one of the files does', () => {
    const section = sectionOf(9);
    expect(section).toContain('- `OCSFmapping.json`: Memory Activity (`memory_activity`, class_uid `1004`)');
    expect(section).toContain('- Left in `unmapped` in `OCSFmapping.json`: `Device`.');
    expect(section.indexOf('| `Device` (`file`) |')).toBeGreaterThan(
      section.indexOf('Only in `OCSFmapping.native.json`:'),
    );
  });

  it('shows no row of a template whose fields the event does not have', () => {
    expect(sectionOf(4)).toContain('`app.version`');
    expect(sectionOf(255)).not.toContain('`app.version`');
  });
});

describe('the reasons', () => {
  const keysOf = (rows: readonly Row[]): string => rows.map(rowKey).sort().join('\n');
  const facts = (id: number, file: string): string[] =>
    entries
      .filter((one) => one.file === file && one.entry.key === String(id))
      .map(({ entry, rows }) => `${entry.ocsfClass.uid} ${keysOf(rows)}`);

  it('are there for exactly the events that the files map differently', () => {
    const differing = [...catalogue.keys()].filter(
      (id) => facts(id, FILES[0]!.name).join() !== facts(id, FILES[1]!.name).join(),
    );
    expect(Object.keys(DIFFERENCES).map(Number)).toEqual(differing);
  });

  it('are about events that exist, and each is on the page', () => {
    for (const [id, text] of [...Object.entries(DIFFERENCES), ...Object.entries(NOTES)]) {
      expect(catalogue.has(Number(id))).toBe(true);
      for (const part of typeof text === 'string' ? [text] : text)
        expect(sectionOf(Number(id))).toContain(part);
    }
  });

  it('give every group of shared rows a heading, and none to a group that is not there', () => {
    const groups = groupsOf(entries, new Set(commonRows(entries).map(rowKey)));
    expect(groups.map(groupHeading).sort()).toEqual(Object.values(GROUP_HEADINGS).sort());
  });
});

describe('what is left in unmapped', () => {
  const leftovers = (id: number, file = 0): string[] => {
    const { mapping, name } = FILES[file]!;
    return entries
      .filter((one) => one.file === name && one.entry.key === String(id))
      .flatMap(({ entry }) => leftoversOf(entry, mapping))
      .map(({ name: field, when }) => (when === undefined ? field : `${field} ${when}`));
  };

  it('is what no attribute holds', () => {
    expect(leftovers(10)).toEqual(['CallTrace', 'UserName']);
    expect(leftovers(9)).toEqual(['Device', 'UserName']);
    expect(leftovers(9, 1)).toEqual(['UserName']);
  });

  it('depends on the value of a field that an enum looks at', () => {
    expect(leftovers(7)).toContain('Signed where it is not `true`');
    expect(leftovers(4)).toContain('State where it is not `Started` or `Stopped`');
    expect(leftovers(14)).toEqual(['UserName', 'EventType where it is not `RenameValue`']);
  });

  it('has what the join brings and no attribute holds', () => {
    expect(leftovers(3)).toContain('Process.CurrentDirectory');
  });
});

describe('the Markdown', () => {
  it('joins runs of numbers', () => {
    expect(numbers([29, 1, 2, 3, 5, 6, 26, 27, 28])).toBe('1–3, 5, 6, 26–29');
    expect(numbers([4])).toBe('4');
  });

  it('lists in words', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((items) => listed(items))).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });

  it('keeps a bar inside its cell', () => {
    expect(table(['a'], [['x|y']])).toBe('| a |\n| - |\n| x\\|y |');
  });
});

describe('the counts on real events', () => {
  const realEvents = async (): Promise<SysmonEvent[]> => {
    const events: SysmonEvent[] = [];
    for (const file of ['sysmon-kinesis-agent.ndjson.gz', 'winlogbeat.ndjson.gz', 'windows-event.xml.gz']) {
      for (const { bytes } of await realRecords(file)) {
        const { event } = decodeRecord(bytes, 'auto');
        if (event !== undefined) events.push(event);
      }
    }
    return events;
  };
  const countBy = <T>(items: readonly T[], key: (item: T) => string | number): Record<string, number> =>
    Object.fromEntries(Array.from(Map.groupBy(items, key), ([name, same]) => [name, same.length]));

  itWithRealData(
    'are those that the page tells',
    async () => {
      const events = await realEvents();
      expect(events).toHaveLength(MEASURED.events);
      expect(countBy(events, ({ EventId }) => EventId)).toMatchObject(MEASURED.eventsById);

      const minuteMs = 60_000;
      const off = events.filter(({ TimeCreated = '', Description }) => {
        const [logged, utc] = [parseUtcTime(TimeCreated), parseUtcTime(Description.UtcTime ?? '')];
        return logged !== undefined && utc !== undefined && Math.abs(logged - utc) > minuteMs;
      });
      expect(countBy(off, ({ EventId }) => EventId)).toEqual(MEASURED.offByMoreThanMinute);

      const told = CONVERSION_FAILURES.map((one) => [`${one.eventId} ${one.attribute}`, one.events]);
      for (const { mapping } of FILES) {
        const failed = events.flatMap((event) =>
          (mapping.find(event)?.map(event).failed ?? []).map((attribute) => `${event.EventId} ${attribute}`),
        );
        expect(countBy(failed, (text) => text)).toEqual(Object.fromEntries(told));
      }
    },
    180_000,
  );
});
