/** docs/mapping.md: where each field of each event goes, in both mapping files. */
import { converters } from '../src/mapping/converters.ts';
import { catalogue } from '../src/sysmon/catalogue.ts';
import type { EventKind } from '../src/sysmon/catalogue.ts';
import {
  conditionOf,
  eventHeading,
  eventSection,
  eventTitle,
  rowTable,
  shortActivityOf,
} from './mapping-doc/event.ts';
import type { ToldElsewhere } from './mapping-doc/event.ts';
import { COMMON_SHARE_MIN, commonRows, entriesOf, groupKey, groupsOf } from './mapping-doc/groups.ts';
import type { EntryOfFile, Group, MappingWithName } from './mapping-doc/groups.ts';
import { leftoversOf } from './mapping-doc/leftover.ts';
import { code, linkTo, listed, numbers, table } from './mapping-doc/markdown.ts';
import { observableTypes } from './mapping-doc/observables.ts';
import * as prose from './mapping-doc/prose.ts';
import { DIFFERENCES, GROUP_HEADINGS, NOTES } from './mapping-doc/reasons.ts';
import { rowKey } from './mapping-doc/rows.ts';
import { addedFields, ocsfDifferences } from './mapping-doc/versions.ts';

/**
 * The page as Markdown, not yet formatted. Everything that the mappings and the catalogue know is read from them;
 * reasons are written by hand in mapping-doc/.
 */
export function mappingDoc(documented: MappingWithName, native: MappingWithName): string {
  const files = [documented, native];
  const entries = entriesOf(files);
  const kinds = [...catalogue.values()];
  const common = commonRows(entries);
  const groups = groupsOf(entries, new Set(common.map(rowKey)));
  const elsewhere: ToldElsewhere = {
    commonRows: common,
    commonLeftovers: commonLeftovers(entries),
    groupHeadings: new Map(groups.map((group) => [groupKey(group.rows), groupHeading(group)])),
  };
  const compiled = entries.map(({ entry }) => entry);
  const parts = [
    prose.INTRODUCTION,
    overview(kinds, entries, files),
    prose.READING,
    '## Every event',
    rowTable(common),
    prose.COMPLETED,
    prose.PROFILES,
    '### Observables',
    'These attributes, where a record has them, are listed in `observables` too, each value once:',
    observableTypes(compiled),
    '### Time',
    prose.TIME,
    '### The join',
    prose.joinText(compiled.filter(({ joins }) => joins).map(({ key }) => Number(key))),
    '### What is unmapped',
    prose.UNMAPPED,
    `Nearly every event leaves ${listed(elsewhere.commonLeftovers.map(code))} there, the SID of the account
that logged the event, which is Sysmon's own; the sections below do not repeat it.`,
    '## Rows that events share',
    ...groups.map((group) => groupSection(group)),
    '## Event by event',
    ...kinds.map((kind) => {
      const notes = { difference: DIFFERENCES[kind.id], notes: NOTES[kind.id] ?? [] };
      return eventSection(kind, entriesFor(kind, entries), notes, elsewhere);
    }),
    '## Converters',
    table(
      ['Converter', 'What goes in ► what comes out', 'Used by EventID'],
      Array.from(converters.values(), ({ name, summary }) => [code(name), summary, usedBy(name, entries)]),
    ),
    '## What does not convert',
    prose.FAILURES,
    prose.failureTable(),
    prose.AFTER_FAILURES,
    '## Versions of Sysmon',
    prose.SYSMON_VERSIONS,
    addedFields(kinds),
    '## Versions of OCSF',
    prose.OCSF_VERSIONS_TEXT,
    ...ocsfDifferences(compiled),
  ];
  return `${parts.join('\n\n')}\n`;
}

const entriesFor = ({ id }: EventKind, entries: readonly EntryOfFile[]): EntryOfFile[] =>
  entries.filter(({ entry }) => entry.key === String(id));

/** A group's heading; one that nobody has named yet says what it is. */
export const groupHeading = ({ root, eventIds }: Group): string =>
  GROUP_HEADINGS[`${root}@${eventIds[0] ?? ''}`] ?? `${root} of EventID ${numbers(eventIds)}`;

const groupSection = (group: Group): string =>
  [
    `### ${groupHeading(group)}`,
    `${code(group.root)} of EventID ${numbers(group.eventIds)}:`,
    rowTable(group.rows),
  ].join('\n\n');

function overview(
  kinds: readonly EventKind[],
  entries: readonly EntryOfFile[],
  files: readonly MappingWithName[],
): string {
  const rows = kinds.map((kind) => {
    const ofFiles = files.map(({ name }) => {
      const own = entriesFor(kind, entries).filter(({ file }) => file === name);
      const classes = own.map(({ entry }) => {
        const when = conditionOf(entry);
        return `${entry.ocsfClass.caption} (${entry.ocsfClass.uid})${when === '' ? '' : ` where ${when}`}`;
      });
      return [listed(classes, 'else'), own.map(({ entry }) => shortActivityOf(entry)).join('; ')];
    });
    const [first = [], ...others] = ofFiles;
    const cells = others.flatMap((cells) => (cells.join() === first.join() ? ['_the same_', ''] : cells));
    return [linkTo(eventHeading(kind), String(kind.id)), kind.name, eventTitle(kind), ...first, ...cells];
  });
  return table(
    ['EventID', 'Name', 'Message', ...files.flatMap(({ name }) => [code(name), 'Activity'])],
    rows,
  );
}

/** What nearly all entries always leave in `unmapped`. */
function commonLeftovers(entries: readonly EntryOfFile[]): string[] {
  const names = entries.flatMap(({ entry, mapping }) =>
    leftoversOf(entry, mapping).flatMap(({ name, when }) => (when === undefined ? [name] : [])),
  );
  return [...new Set(names)].filter(
    (name) => names.filter((one) => one === name).length >= entries.length * COMMON_SHARE_MIN,
  );
}

function usedBy(converter: string, entries: readonly EntryOfFile[]): string {
  const ids = entries.filter(({ rows }) => rows.some(({ from }) => from.includes(`(${code(converter)})`)));
  const numbersOf = new Set(ids.map(({ entry }) => Number(entry.key)));
  return numbersOf.size === 0 ? 'none' : numbersOf.size === catalogue.size ? 'all' : numbers([...numbersOf]);
}
