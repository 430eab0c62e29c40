/** From the bytes of one record to the event in it, or to the reason why there is none. */
import { isUtf8 } from 'node:buffer';
import { newFields } from '../sysmon/event.ts';
import { instantText } from '../sysmon/instant.ts';
import { assemble, type Surroundings } from './assemble.ts';
import { readCloudWatchText } from './cloudwatch-text.ts';
import { readEventXml } from './event-xml.ts';
import type { Carried, Refused, Wrapped } from './form.ts';
import { FORMS } from './forms.ts';
import { isJsonObject, nestsDeeperThan, type JsonObject } from './json.ts';
import { isQuarantinedRow, unwrapQuarantined } from './quarantined.ts';
import { escapeRawBreaks } from './raw-breaks.ts';
import type { Decoded, SourceFormat } from './source.ts';
import { stripHeader } from './text-header.ts';

export { mayBeProcessCreate } from './may-be-process-create.ts';
export { unwrapQuarantined } from './quarantined.ts';

/** JSON that nests deeper is no event of any carrier. Keeps every walk of a document far from the stack's end. */
const JSON_DEPTH_MAX = 1_000;

/** So many wrappings: a log service's envelope, a log router's, a header, and one to spare. */
const WRAPPINGS_MAX = 4;

const BOM = '\uFEFF';

/** What has been taken off a record on the way to its event. */
interface Way {
  readonly depth: number;
  readonly surroundings?: Surroundings;
  readonly isReplay: boolean;
}

const inside = (
  { depth, surroundings, isReplay }: Way,
  { userDefined, loggedAt }: Omit<Wrapped, 'inner'>,
): Way => {
  const all = Object.assign(newFields(), surroundings?.userDefined);
  for (const [name, value] of Object.entries(userDefined)) all[name] ??= value;
  const at = loggedAt ?? surroundings?.loggedAt;
  return {
    depth: depth + 1,
    surroundings: { userDefined: all, ...(at !== undefined && { loggedAt: at }) },
    isReplay,
  };
};

const finish = (parts: Carried | Wrapped | Refused, format: SourceFormat, way: Way): Decoded => {
  if ('reason' in parts) return parts;
  if (!('inner' in parts)) return assemble(parts, format, way.surroundings);
  if (way.depth >= WRAPPINGS_MAX) return { reason: 'not_an_event' };
  const next = inside(way, parts);
  return typeof parts.inner === 'string'
    ? decodeText(parts.inner, 'auto', next)
    : decodeDocument(parts.inner, 'auto', next);
};

const decodeDocument = (document: JsonObject, format: SourceFormat | 'auto', way: Way): Decoded => {
  if (format === 'quarantine' || (format === 'auto' && isQuarantinedRow(document))) {
    const original = way.isReplay ? undefined : unwrapQuarantined(document);
    return original === undefined
      ? { reason: 'not_an_event' }
      : decodeBytes(original, 'auto', { ...way, isReplay: true });
  }
  for (const form of FORMS) {
    if (format === 'auto' ? form.recognises(document) : form.name === format) {
      return finish(form.read(document), form.name, way);
    }
  }
  return { reason: 'not_an_event' };
};

/** A JSON value; undefined where the text is none. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const decodeJson = (text: string, format: SourceFormat | 'auto', way: Way): Decoded => {
  let document = parseJson(text);
  if (document === undefined) {
    const escaped = escapeRawBreaks(text);
    document = escaped === undefined ? undefined : parseJson(escaped);
  }
  if (document === undefined) return { reason: 'not_json' };
  return isJsonObject(document) ? decodeDocument(document, format, way) : { reason: 'not_an_event' };
};

/** Text that is neither XML nor JSON: an agent's plain text, or a header in front of an event. */
const decodePlain = (text: string, format: SourceFormat | 'auto', way: Way): Decoded => {
  const carried = readCloudWatchText(text);
  if (carried !== undefined && format !== 'event-xml') return finish(carried, 'cloudwatch-text', way);
  const stripped = way.depth < WRAPPINGS_MAX ? stripHeader(text) : undefined;
  if (stripped !== undefined) {
    const userDefined = Object.assign(newFields(), { header: stripped.header });
    // CloudWatch's export writes the time of the log event; a syslog header has the time at which it was sent.
    const loggedAt = instantText(stripped.header);
    const wrapping = { userDefined, ...(loggedAt !== undefined && { loggedAt }) };
    return decodeText(stripped.body, format, inside(way, wrapping));
  }
  if (format === 'event-xml') return { reason: 'not_xml' };
  // Numbers, strings and lists are JSON, and no event.
  return { reason: parseJson(text) === undefined ? 'not_json' : 'not_an_event' };
};

const [LESS, OPEN_OBJECT] = [0x3c, 0x7b];

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

const decodeText = (text: string, format: SourceFormat | 'auto', way: Way): Decoded => {
  let at = 0;
  while (text.charCodeAt(at) <= 0x20) at++;
  const first = text.charCodeAt(at);
  // A number behind `<` is the priority of a syslog header.
  const isXml = first === LESS && !isDigit(text.charCodeAt(at + 1));
  if (isXml && (format === 'auto' || format === 'event-xml'))
    return finish(readEventXml(text), 'event-xml', way);
  if (first !== OPEN_OBJECT || format === 'event-xml') return decodePlain(text, format, way);
  if (way.depth > 0 && nestsDeeperThan(Buffer.from(text), JSON_DEPTH_MAX)) return { reason: 'not_an_event' };
  return decodeJson(text, format, way);
};

const decodeBytes = (bytes: Uint8Array, format: SourceFormat | 'auto', way: Way): Decoded => {
  if (!isUtf8(bytes)) return { reason: 'not_utf8' };
  const decoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const text = decoded.startsWith(BOM) ? decoded.slice(BOM.length) : decoded;
  if (nestsDeeperThan(bytes, JSON_DEPTH_MAX)) return { reason: 'not_an_event' };
  return decodeText(text, format, way);
};

/**
 * The event in a record.
 *
 * `bytes` are UTF-8, with or without a byte order mark. `auto` finds the format from the shape of the record;
 * `quarantine` (which `auto` recognises too) decodes the original bytes of a quarantined row, one level deep.
 * Never throws: what cannot be read comes back as a reason.
 */
export const decodeRecord = (bytes: Uint8Array, format: SourceFormat | 'auto'): Decoded =>
  decodeBytes(bytes, format, { depth: 0, isReplay: false });
