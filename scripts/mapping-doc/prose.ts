/** The sections of the page that are written by hand. */

import { code, numbers, table } from './markdown.ts';
import { CONVERSION_FAILURES, MEASURED } from './measured.ts';

const count = (value: number | undefined): string => (value ?? 0).toLocaleString('en');

export const INTRODUCTION = `# Where each Sysmon field goes

Every Sysmon event becomes one OCSF record. This page tells, for each of the 30 events and for both mapping files, the class
of the record, what fills each attribute, and what stays in \`unmapped\`.

It is made from \`OCSFmapping.json\` and \`OCSFmapping.native.json\` by \`npm run generate\`; do not edit it. For one event of
your own, ask \`sysmon-lake explain\`.

- \`OCSFmapping.json\` keeps the classes of the AWS sample for this source.
- \`OCSFmapping.native.json\` puts each event into the class that OCSF made for such a thing. Where both agree, the table says
  _the same_.`;

export const READING = `**How to read a row.** A bare name such as \`SourceIp\` is a field of the event; \`$.MachineName\` is something that came
with it, spelled as in the mapping, and \`$.Process.CommandLine\` is a field of the EventID 1 of the same process
([the join](#the-join)). A name in brackets is a [converter](#converters); where it makes an object, the attributes that it
gives stand in braces. \`x\` ► 1 means that the text \`x\` gives 1. Type and requirement are OCSF's, the requirement within the object
that the attribute belongs to. A field that is missing, empty or \`-\` leaves its attribute out, and an object whose
requirements cannot be met is left out whole; its fields then stay in \`unmapped\`.`;

export const COMPLETED = `These are filled for every record without being named in the mapping:

| Attribute | Filled from |
| - | - |
| \`class_uid\`, \`category_uid\` | the class |
| \`type_uid\`, \`type_name\` | \`class_uid\` × 100 + \`activity_id\` |
| \`activity_name\`, \`severity\`, \`status\`, \`action\`, \`disposition\`, \`type\` and so on | OCSF's caption of the id beside it, unless the mapping states one; 99 has the mapping's own word or none |
| \`metadata.uid\` | a hash of \`MachineName\`, \`LogName\`, \`Index\` and \`TimeCreated\`: copies of one event have the same |
| \`metadata.extensions\` | name, number and version of OCSF's Windows extension, where the class belongs to it (the registry classes and Windows Resource Activity) |
| \`unmapped\` | see [What is unmapped](#what-is-unmapped) |`;

export const PROFILES = `\`attacks\`, \`action_id\` and \`disposition_id\` belong to OCSF's profile \`security_control\`, which demands an action. They
are there when the rule name has a technique in the form that sysmon-modular uses
(\`technique_id=T1059.001,technique_name=PowerShell\`). Sysmon only watched, hence Allowed and Logged; EventIDs 27 and 28 are
the ones that it blocked. A technique such as T1059.001 gives \`technique.uid\` T1059 and \`sub_technique.uid\` T1059.001. Any
other rule name is in \`metadata.labels\` alone. Sysmon gives EventIDs 4, 16 and 255 no rule name.`;

export const TIME = `\`time\` is \`$.EventTime\`, in milliseconds since 1970: Sysmon's \`UtcTime\`, whose text is kept in
\`metadata.original_time\`. When the log wrote the event (\`TimeCreated\`) is in \`metadata.logged_time\`.

\`TimeCreated\` is taken instead, and \`unmapped['time_source']\` then says \`TimeCreated\`, where

- \`UtcTime\` is missing or cannot be read;
- for EventIDs 3 and 22, the two differ by more than 60 seconds. Sysmon takes these events from ETW, whose clock stands
  still while a machine sleeps. Of ${count(MEASURED.eventsById[3])} real network connections
  ${count(MEASURED.offByMoreThanMinute[3])}, and of ${count(MEASURED.eventsById[22])} DNS queries ${count(MEASURED.offByMoreThanMinute[22])}, had a
  \`UtcTime\` more than a minute off, up to 11 days. All other events agreed with the log within half a minute, most
  within milliseconds.

\`time\` decides the day of the folder (\`eventDay\`) and the order of the rows in a file. \`query_time\` of a DNS query
keeps Sysmon's \`UtcTime\`.`;

/** @param eventIds of the entries that read `$.Process` */
export const joinText = (
  eventIds: readonly number[],
): string => `EventID ${numbers([...new Set(eventIds)])} read
\`$.Process\`: the EventID 1 with the same ProcessGuid, whenever it arrived. \`unmapped['join']\` says how that went: \`hit\`,
\`late\` (its EventID 1 came after the event), or \`miss\`. Without a hit, \`actor.process\` has what the event itself tells,
and \`created_time\` is the second that the ProcessGuid has in it. An event reads \`$.Process\` as soon as its mapping has such
a path; the fields of a process that are stored are those that some path reads.`;

export const UNMAPPED = `\`unmapped\` is one column of text by name, so that nothing of an event is lost:

- what no attribute holds stays there under its Sysmon name: each section below lists it for an event that has all its
  fields;
- so does a field whose text does not fit its attribute (see
  [What does not convert](#what-does-not-convert)), and a field that was only looked at, where its text cannot be told from
  the attribute;
- fields that a newer Sysmon adds, and everything that a carrier sent beside the event (\`Keywords\`, what the agent's
  ObjectDecoration added), stay there under their own names, nested ones joined with a dot. If two have the same name, the
  second is put under where it came from, as in \`envelope.UserName\`. Where an event comes as rendered text alone, a new
  field between two known ones cannot be told from a line of the value above it and stays in that;
- a message beside the values that says more than they do is kept under the name that its agent gives it
  (\`RenderedDescription\` for Kinesis Agent); so are values without names that could not be used (\`EventData\`,
  \`StringInserts\`);
- \`rendered\` says how a text was read that is not in Sysmon's own words: \`localised\`, or \`shifted\` (rendered with
  another schema version); \`EventId\` is the number that an event came with, where its title and fields are those of
  another one; \`chunk_checksum\` is \`wrong\` for events of a damaged part of a binary event log;
- \`time_source\` is \`TimeCreated\` where that was taken for the time;
- \`join\` is how the join went; \`ambiguous\` names fields that stood twice in the text of the event, so that it could be
  read in two ways.`;

export const FAILURES = `Text that does not fit its attribute leaves the attribute out and stays in \`unmapped\`; it is counted in the run's summary
and never fails the event. Of ${count(MEASURED.events)} real events (Kinesis Agent's and Winlogbeat's from
OTRF/Security-Datasets, Event XML from mdecrevoisier/EVTX-to-MITRE-Attack) this is all that did not convert, in either file:`;

export const failureTable = (): string =>
  table(
    ['EventID', 'Attribute', 'Events', 'Text', 'Why it is right to leave it out'],
    CONVERSION_FAILURES.map(({ eventId, attribute, events, text, why }) => [
      String(eventId),
      code(attribute),
      `${count(events)} of ${count(MEASURED.eventsById[eventId])}`,
      text,
      why.replaceAll('\n', ' '),
    ]),
  );

export const AFTER_FAILURES = `A count that grows is a sign of damaged events, or of a field whose form a newer Sysmon has changed.`;

export const SYSMON_VERSIONS = `Every version writes the same EventID for the same thing, with more fields over time. An attribute whose field the host's
Sysmon does not write yet is absent, and a field that Sysmon has and this page does not is in \`unmapped\` until the mapping
reads it. Hosts below schema 4.80 write no \`User\` for most events: do not count on \`actor.user\`.`;

export const OCSF_VERSIONS_TEXT = `\`metadata.version\`, in the template \`event\` at the top of each file, is the one place that says which OCSF version the
records are of: \`1.1.0\` as it stands, or \`1.3.0\`. Types, captions and requirements follow it. An attribute that only the
other version has is left out, and its field stays in \`unmapped\`, so that the same file serves both.`;
