/**
 * What a record that could not be read looks like, in words that help its sender: always one of the words below,
 * never a part of the record.
 */

/** Bytes of a record that are looked at. */
const HEAD_BYTES = 4_096;

/** Families of events that are not Sysmon's, by the provider or channel that stands in XML and JSON alike. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/Microsoft-Windows-Security-Auditing|["'>]Security["'<]/, 'Windows Security events'],
  [/Microsoft-Windows-PowerShell|["'>]Windows PowerShell["'<]/, 'PowerShell events'],
  [/Microsoft-Windows-Windows Defender/, 'Microsoft Defender events'],
  [/Microsoft-Windows-TaskScheduler/, 'Task Scheduler events'],
  [/Microsoft-Windows-WMI-Activity/, 'WMI-Activity events'],
  [/Service Control Manager|["'>]System["'<]/, 'Windows System events'],
  [/["'>]Application["'<]/, 'Windows Application events'],
];

const TEXTS: readonly (readonly [RegExp, string])[] = [
  // `Level,Date and Time,Source,Event ID,Task Category` in the language of the machine, and its rows.
  [
    /^\uFEFF?[\p{L} ]{2,40},[\p{L} ]{2,60},[\p{L} ]{2,40},[\p{L}\p{M} -]{2,40},[\p{L}\p{M} -]{2,60}\s*$/mu,
    'CSV export of Event Viewer; export as XML instead',
  ],
  [
    /^[\p{L} ]{2,40},[\d./: \-apmAPM]{8,40},Microsoft-Windows-/mu,
    'CSV export of Event Viewer; export as XML instead',
  ],
  [/^\s*(?:<!DOCTYPE html|<html)/i, 'HTML'],
  [/^#(?:separator|fields|types)\b|\t\S+\t\S+\t\d{1,5}\t/, 'a Zeek log'],
  [/^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d /, 'syslog without a Sysmon event'],
];

const BINARIES: readonly (readonly [string, string])[] = [
  ['MZ', 'a Windows program'],
  ['%PDF', 'a PDF'],
  ['PAR1', 'Parquet'],
  ['SQLite format 3', 'a SQLite database'],
  ['PK\u0003\u0004', 'a zip'],
  ['\u001f\u008b', 'gzip'],
  ['ElfChnk', 'a damaged part of a binary event log'],
  ['**\0\0', 'a damaged record of a binary event log'],
];

const JSON_EVENT = /"(?:event_?id|id)"\s*:|"(?:channel|log_?name|provider_?name|source_?name)"\s*:/i;

const ofText = (text: string): string | undefined => TEXTS.find(([pattern]) => pattern.test(text))?.[1];

const OTHERS = 'events of another provider than Sysmon';

const ofJson = (head: string, reason: string): string | undefined => {
  if (/"alert"\s*:.*"signature_id"/s.test(head)) return 'Suricata alerts';
  const family = FAMILIES.find(([pattern]) => pattern.test(head))?.[1];
  const isSysmon = /Microsoft-Windows-Sysmon|Linux-Sysmon/i.test(head);
  if (family !== undefined && !isSysmon) return family;
  if (reason === 'not_sysmon') return OTHERS;
  return JSON_EVENT.test(head) || isSysmon ? 'JSON of an agent that is not read' : undefined;
};

/**
 * What a record looks like; undefined where nothing can be said. Looks at the first bytes alone, and never throws.
 * @param reason why it could not be read.
 */
export const appearanceOf = (bytes: Uint8Array, reason: string): string | undefined => {
  if (reason === 'unreadable_text')
    return 'messages in a language or of a version that cannot be read; send the values, too';
  if (reason === 'incomplete_envelope') return 'events whose provider, EventID, host or time was taken out';
  if (reason === 'truncated') return 'records that are cut off';
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES));
  const latin = head.toString('latin1');
  const binary = BINARIES.find(([magic]) => latin.startsWith(magic));
  if (binary !== undefined) return binary[1];
  const text = head.toString('utf8');
  const start = text.trimStart();
  if (start === '') return 'nothing but blanks';
  if (start.startsWith('{'))
    return reason === 'not_json' ? 'JSON that is cut off or damaged' : ofJson(text, reason);
  if (start.startsWith('<Event')) {
    const isSysmon = /Microsoft-Windows-Sysmon|Linux-Sysmon/i.test(text);
    return isSysmon ? 'damaged Event XML' : (FAMILIES.find(([pattern]) => pattern.test(text))?.[1] ?? OTHERS);
  }
  if (text.includes('\0') || reason === 'not_utf8') return 'binary data';
  return ofText(start);
};
