/**
 * Wazuh's archives and alerts: `data.win.system` and `data.win.eventdata`, whose names begin in lower case. Empty
 * values are left out, numbers are text, and the message stands in quotes.
 */
import type { Form } from './form.ts';
import { isJsonObject } from './json.ts';
import { readKeyed, type Keys } from './keyed.ts';

const SYSTEM = 'data.win.system';

const KEYS: Keys = {
  provider: [`${SYSTEM}.providerName`],
  eventId: [`${SYSTEM}.eventID`],
  host: [`${SYSTEM}.computer`],
  channel: [`${SYSTEM}.channel`],
  record: [`${SYSTEM}.eventRecordID`],
  user: [`${SYSTEM}.userID`, `${SYSTEM}.security.userID`],
  keywords: [`${SYSTEM}.keywords`],
  level: [`${SYSTEM}.level`],
  time: [`${SYSTEM}.systemTime`],
  named: 'data.win.eventdata',
  message: `${SYSTEM}.message`,
};

const QUOTED = /^"(.*)"$/s;

/** `data.win` of a document; Filebeat ships alerts with it below `_source` no more. */
const winOf = (document: Readonly<Record<string, unknown>>): unknown =>
  isJsonObject(document.data) ? document.data.win : undefined;

export const wazuh: Form = {
  name: 'wazuh',
  recognises: (document) => {
    const win = winOf(document);
    return isJsonObject(win) && (isJsonObject(win.system) || isJsonObject(win.eventdata));
  },
  read: (document) => {
    // `full_log` is the same document once more, as text.
    const { full_log: fullLog, ...rest } = document;
    const carried = readKeyed(typeof fullLog === 'string' ? rest : document, KEYS);
    const { message } = carried;
    return message === undefined ? carried : { ...carried, message: message.replace(QUOTED, '$1') };
  },
};
