/**
 * Wazuh's archives and alerts: `data.win.system` and `data.win.eventdata`, whose names begin in lower case. Empty
 * values are left out, numbers are text, and the message stands in quotes. Values are what its agent sent, escaped
 * once for XML and once for JSON (wazuh issue 4509).
 */
import { newFields, type Fields } from '../sysmon/event.ts';
import type { Form } from './form.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { readKeyed, type Keys } from './keyed.ts';

const keysBelow = (win: string): Keys => ({
  provider: [`${win}.system.providerName`],
  eventId: [`${win}.system.eventID`],
  host: [`${win}.system.computer`],
  channel: [`${win}.system.channel`],
  record: [`${win}.system.eventRecordID`],
  user: [`${win}.system.userID`, `${win}.system.security.userID`],
  keywords: [`${win}.system.keywords`],
  level: [`${win}.system.level`],
  time: [`${win}.system.systemTime`],
  named: `${win}.eventdata`,
  message: `${win}.system.message`,
});

/** Below `data` in archives and alerts; at the top in what the decoder gives, which an archive has as `full_log`. */
const KEYS = { 'data.win': keysBelow('data.win'), win: keysBelow('win') } as const;

const hasParts = (win: unknown): boolean =>
  isJsonObject(win) && (isJsonObject(win.system) || isJsonObject(win.eventdata));

const rootOf = (document: JsonObject): keyof typeof KEYS | undefined => {
  if (isJsonObject(document.data) && hasParts(document.data.win)) return 'data.win';
  return hasParts(document.win) ? 'win' : undefined;
};

const QUOTED = /^"(.*)"$/s;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** What cannot stand in text that is escaped for XML: markup, and an ampersand that begins no reference. */
const NO_XML_TEXT = /<|&(?!(?:amp|lt|gt|quot|apos);)/;

/** Whether all backslashes of a text belong to an escaped backslash or quote. No path does so that is not escaped. */
const isEscaped = (text: string): boolean => !text.replaceAll(/\\[\\"]/g, '').includes('\\');

/**
 * Values as Sysmon wrote them. Records differ, by the version of Wazuh and by who exported them, so a record is
 * unescaped only if all its values look escaped: each of its paths shows whether they are.
 */
const unescapeValues = (named: Fields): Fields => {
  const values = Object.values(named);
  const isJson = values.every(isEscaped);
  const isXml = !values.some((value) => NO_XML_TEXT.test(value));
  const fields = newFields();
  for (const [name, value] of Object.entries(named)) {
    const text = isJson ? value.replaceAll(/\\([\\"])/g, '$1') : value;
    fields[name] = isXml
      ? text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (written, entity: string) => ENTITIES[entity] ?? written)
      : text;
  }
  return fields;
};

export const wazuh: Form = {
  name: 'wazuh',
  recognises: (document) => rootOf(document) !== undefined,
  read: (document) => {
    // `full_log` is the same document once more, as text.
    const { full_log: fullLog, ...rest } = document;
    const { named, message, ...parts } = readKeyed(
      typeof fullLog === 'string' ? rest : document,
      KEYS[rootOf(document) ?? 'data.win'],
    );
    return {
      ...parts,
      ...(named && { named: unescapeValues(named) }),
      ...(message !== undefined && { message: message.replace(QUOTED, '$1') }),
    };
  },
};
