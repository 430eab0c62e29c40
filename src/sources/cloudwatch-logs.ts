/** The envelope of a CloudWatch Logs subscription around one log event; larger ones are cut before (envelopes.ts). */
import { newFields, type Fields } from '../sysmon/event.ts';
import { instantOfEpochMs } from '../sysmon/instant.ts';
import type { Form } from './form.ts';
import { isJsonObject, textOf, type JsonObject } from './json.ts';

/** Everything but the message. */
const rest = (envelope: JsonObject, logEvent: JsonObject): Fields => {
  const fields = newFields();
  const add = (prefix: string, object: JsonObject, placed: string): void => {
    for (const [key, value] of Object.entries(object)) {
      const text = textOf(value);
      if (key !== placed && text !== '') fields[prefix + key] = text;
    }
  };
  add('', envelope, 'logEvents');
  add('logEvent.', logEvent, 'message');
  return fields;
};

export const cloudWatchLogs: Form = {
  name: 'cloudwatch-logs',
  recognises: ({ logEvents, messageType, logGroup }) =>
    logEvents !== undefined && (messageType !== undefined || logGroup !== undefined),
  read: (document) => {
    const { logEvents } = document;
    const list: readonly unknown[] = Array.isArray(logEvents) ? logEvents : [];
    const [logEvent, ...others] = list;
    if (!isJsonObject(logEvent) || others.length > 0) return { reason: 'not_an_event' };
    const { message, timestamp } = logEvent;
    if (typeof message !== 'string') return { reason: 'not_an_event' };
    const loggedAt = instantOfEpochMs(timestamp);
    return {
      inner: message,
      userDefined: rest(document, logEvent),
      ...(loggedAt !== undefined && { loggedAt }),
    };
  },
};
