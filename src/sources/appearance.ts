/**
 * What a record that could not be read looks like, in words that help its sender. The words are always from this file,
 * never from the record.
 */
import { kindOfTitle } from '../sysmon/catalogue.ts';
import type { DecodeReason } from './source.ts';

/** Bytes of a record that are looked at. */
const HEAD_BYTES = 4_096;

type Sign = readonly [RegExp, string];

/** A whole value: of a JSON key, an XML attribute or element, or in the brackets of the CloudWatch agent's text. */
const value = (names: string): string => `["'>[](?:${names})\\\\*["'<\\]]`;

/** A channel whose name is an ordinary word, so that its key has to stand in front of it. */
const channel = (name: string): string =>
  [
    `(?:channel|log_?name|event_?log)\\\\*"\\s*:\\s*\\\\*"${name}\\\\*"`,
    // Go's JSON encoder escapes the brackets of XML.
    `(?:<|\\\\u003c)Channel(?:>|\\\\u003e)${name}(?:<|\\\\u003c)`,
    `^\\s*\\[${name}\\] \\[`,
  ].join('|');

const family = (words: string, ...signs: readonly string[]): Sign => [
  new RegExp(signs.join('|'), 'i'),
  words,
];

/** Families of events that are not Sysmon's. */
const FAMILIES: readonly Sign[] = [
  family('Windows Security events', value('Microsoft-Windows-Security-Auditing'), channel('Security')),
  family(
    'PowerShell events',
    value('(?:Microsoft-Windows-PowerShell|PowerShellCore)(?:/Operational)?'),
    channel('Windows PowerShell'),
  ),
  family('Microsoft Defender events', value('Microsoft-Windows-Windows Defender(?:/Operational)?')),
  family('Task Scheduler events', value('Microsoft-Windows-TaskScheduler(?:/Operational)?')),
  family('WMI-Activity events', value('Microsoft-Windows-WMI-Activity(?:/Operational)?')),
  family('Windows System events', value('Service Control Manager'), channel('System')),
  family('Windows Application events', channel('Application')),
];

const OTHER_EVENTS = 'events of another provider than Sysmon';
const SYSMON = /(?:Microsoft-Windows|Linux)-Sysmon/i;

const JSON_SIGNS: readonly Sign[] = [
  [/"class_uid"\s*:/, 'OCSF records, which are mapped already'],
  [/"eventVersion"\s*:[^{}]{0,99}"userIdentity"\s*:/, 'CloudTrail records'],
  [/"flow_id"\s*:\s*\d|"signature_id"\s*:/, 'Suricata events'],
  [/"id\.orig_h"\s*:/, 'Zeek logs'],
];

/** A key that has the EventID or the channel of a Windows event, in anybody's spelling. */
const EVENT_KEY =
  /"[\w.]{0,40}(?:event_?(?:id|code|identifier)|event\.code|channel|log_?name|provider_?name|source_?name)\\*"\s*:/i;

const CSV = 'a CSV export of Event Viewer; export as XML instead';
const EVENT_TEXT = 'the text of Windows events; export as XML instead';

/** A column of the header of Event Viewer's export, in the language of the machine. */
const COLUMN = '[\\p{Lu}\\p{Lo}][^\\d",;{}<>=\\r\\n]{1,59}';
/** `Date and Time`: several words, or a script without blanks. */
const DATE_COLUMN =
  '[\\p{Lu}\\p{Lo}][^\\s\\d",;{}<>=]{0,30}(?: |[\\p{Script=Han}\\p{Script=Thai}])[^\\d",;{}<>=\\r\\n]{1,40}';

const TEXT_SIGNS: readonly Sign[] = [
  [new RegExp(`^(?:${COLUMN},${DATE_COLUMN}|${DATE_COLUMN},${COLUMN})(?:,${COLUMN}){3}\\s*$`, 'mu'), CSV],
  // Level, date and time, source, EventID; the columns can be in another order.
  [
    /^(?:[^",\r\n]{2,40},)?[^",\r\n]{0,20}\d[^",\r\n]{0,20}\d\d[:.]\d\d[^",\r\n]{0,9},[^",\r\n]{2,80},\d{1,5},/,
    CSV,
  ],
  [
    /^#(?:separator|set_separator|fields|types)\b|\t[\w:.]{3,45}\t\d{1,5}\t[\w:.]{3,45}\t\d{1,5}\t/,
    'Zeek logs',
  ],
  [/\[\*\*\] \[\d+:\d+:\d+\]/, 'Suricata events'],
  [/(?:^|[\s>])(?:CEF|LEEF):\d/, 'CEF or LEEF, which is not read; send Event XML or JSON'],
  [/\bMSWinEventLog\b/, "Snare's text, which is not read; send Event XML or JSON"],
  [
    /^(?:<\d{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,16}) \S/,
    'syslog without a Sysmon event',
  ],
  // wevtutil's text, Get-WinEvent's lists and tables, Splunk's classic text.
  [/^(?:Event\[\d+\]|Log Name:|LogName=|ProviderName ?:|TimeCreated +(?:Id|ProviderName)\b)/, EVENT_TEXT],
];

/** Files that are not text, by their first bytes. */
const BINARIES: readonly (readonly [string, string])[] = [
  ['MZ', 'a Windows program'],
  ['%PDF-', 'a PDF'],
  ['PAR1', 'a Parquet file'],
  ['SQLite format 3', 'a SQLite database'],
  ['PK\u0003\u0004', 'a zip file'],
  ['\u001F\u008B', 'gzip data'],
  ['7z\u00BC\u00AF', 'a 7z file'],
  ['\u007FELF', 'a Linux program'],
];

/** The first event of an ETL file, behind a header of 72 bytes: SYSTEM_TRACE_HEADER, 32 or 64 bits. */
const isEtl = (head: Buffer): boolean => head[75] === 0xc0 && (head[74] === 1 || head[74] === 2);

const wordsOf = (signs: readonly Sign[], text: string): string | undefined =>
  signs.find(([pattern]) => pattern.test(text))?.[1];

const ofBinary = (head: Buffer): string => {
  const latin = head.toString('latin1');
  const known = BINARIES.find(([magic]) => latin.startsWith(magic))?.[1];
  return known ?? (isEtl(head) ? 'an ETL trace; send the event log instead' : 'binary data');
};

const ofJson = (text: string, reason: DecodeReason): string => {
  if (reason === 'not_utf8') return 'JSON that is not UTF-8';
  if (reason === 'not_json') return 'JSON that is cut off or damaged';
  if (reason === 'not_xml') return 'Event XML, inside JSON, that is cut off or damaged';
  const isSysmon = SYSMON.test(text);
  const other = isSysmon ? undefined : (wordsOf(JSON_SIGNS, text) ?? wordsOf(FAMILIES, text));
  if (other !== undefined) return other;
  return isSysmon || EVENT_KEY.test(text)
    ? 'JSON of an agent that is not read'
    : 'JSON without an EventID or a channel';
};

const ofXml = (text: string, reason: DecodeReason): string => {
  if (/^<(?:!doctype )?html/i.test(text)) return 'HTML';
  if (reason === 'not_utf8') return 'XML that is not UTF-8';
  return /^<Event[\s>]/.test(text) && reason === 'not_xml'
    ? 'Event XML that is cut off or damaged'
    : 'XML that holds no Windows event';
};

const ofText = (text: string): string | undefined => {
  const [line = ''] = text.split(/\r?\n/, 1);
  return kindOfTitle(line.trim()) === undefined ? wordsOf(TEXT_SIGNS, text) : EVENT_TEXT;
};

/** What the reason alone says, where it says anything beyond its name. */
const BY_REASON: Partial<Record<DecodeReason, string>> = {
  unreadable_text:
    'messages in a language or of a version that cannot be read completely; send the event data, too',
  incomplete_envelope: 'events whose provider, EventID, host or time was removed on the way',
  no_message: 'events without a message and without data',
  no_event_id: 'events whose EventID is not a number',
};

/** Reasons that say all there is to say: what the record is like does not matter. */
const SAYS_ALL: ReadonlySet<DecodeReason> = new Set(['damaged', 'truncated', 'too_large']);

/**
 * What a record looks like, as a noun phrase, with a word of advice behind `;` where there is one; undefined where
 * nothing can be said. Looks at the first bytes alone, and never throws.
 * @param reason why it could not be read.
 */
export const appearanceOf = (bytes: Uint8Array, reason: DecodeReason): string | undefined => {
  const said = BY_REASON[reason];
  if (said !== undefined || SAYS_ALL.has(reason)) return said;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES));
  const isBinary = head.includes(0);
  // An export in a code page of Windows is no UTF-8, and text all the same.
  const text = head.toString(reason === 'not_utf8' ? 'latin1' : 'utf8').replace(/^\uFEFF?\s*/, '');
  if (reason === 'not_sysmon') return wordsOf(FAMILIES, text) ?? OTHER_EVENTS;
  if (isBinary) return ofBinary(head);
  if (text === '') return 'empty records';
  if (/^\{\s*["}]/.test(text)) return ofJson(text, reason);
  if (/^<[!?/a-z]/i.test(text)) return ofXml(text, reason);
  return ofText(text) ?? (reason === 'not_utf8' || text.startsWith('%PDF-') ? ofBinary(head) : undefined);
};
