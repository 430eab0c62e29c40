/** From the bytes of one record to the event in it, or to the reason why there is none. */
import { isUtf8 } from 'node:buffer';
import { decodeEventXml } from './event-xml.ts';
import { isJsonObject, nestsDeeperThan, type JsonObject } from './json.ts';
import { decodeKinesisAgent } from './kinesis-agent.ts';
import { isQuarantinedRow, unwrapQuarantined } from './quarantined.ts';
import type { Decoded, SourceFormat } from './source.ts';
import { decodeWinlogbeat } from './winlogbeat.ts';

export { mayBeProcessCreate } from './may-be-process-create.ts';
export { unwrapQuarantined } from './quarantined.ts';

/** JSON that nests deeper is no event of any carrier. Keeps every walk of a document far from the stack's end. */
const JSON_DEPTH_MAX = 1_000;

const BOM = '\uFEFF';

const has = (document: JsonObject, ...keys: readonly string[]): boolean =>
  keys.some((key) => Object.hasOwn(document, key));

/** Which carrier wrote a document: told by keys that only one of them writes. */
const formatOf = (document: JsonObject): SourceFormat | undefined => {
  if (isQuarantinedRow(document)) return 'quarantine';
  if (has(document, 'EventId', 'Description')) return 'kinesis-agent';
  return has(document, 'winlog', 'event_data', '@timestamp', 'event_id') ? 'winlogbeat' : undefined;
};

const decodeDocument = (document: JsonObject, format: SourceFormat | 'auto', isReplay: boolean): Decoded => {
  const chosen = format === 'auto' ? formatOf(document) : format;
  if (chosen === 'kinesis-agent') return decodeKinesisAgent(document);
  if (chosen === 'winlogbeat') return decodeWinlogbeat(document);
  if (chosen !== 'quarantine' || isReplay) return { reason: 'not_an_event' };
  const original = unwrapQuarantined(document);
  return original === undefined ? { reason: 'not_an_event' } : decodeBytes(original, 'auto', true);
};

const decodeBytes = (bytes: Uint8Array, format: SourceFormat | 'auto', isReplay: boolean): Decoded => {
  if (!isUtf8(bytes)) return { reason: 'not_utf8' };
  const decoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const text = decoded.startsWith(BOM) ? decoded.slice(BOM.length) : decoded;
  if (format === 'event-xml' || (format === 'auto' && /^\s*</.test(text))) return decodeEventXml(text);
  if (nestsDeeperThan(bytes, JSON_DEPTH_MAX)) return { reason: 'not_an_event' };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { reason: 'not_json' };
  }
  return isJsonObject(document) ? decodeDocument(document, format, isReplay) : { reason: 'not_an_event' };
};

/**
 * The event in a record.
 *
 * `bytes` are UTF-8, with or without a byte order mark. `auto` tells the format from the shape of the record;
 * `quarantine` (which `auto` recognises too) decodes the original bytes of a quarantined row, one level deep.
 * Never throws: what cannot be read comes back as a reason.
 */
export const decodeRecord = (bytes: Uint8Array, format: SourceFormat | 'auto'): Decoded =>
  decodeBytes(bytes, format, false);
