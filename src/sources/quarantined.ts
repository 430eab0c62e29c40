/** A quarantined row: the bytes of a record that could not be read, beside the reason and where it came from. */
import { isJsonObject, type JsonObject } from './json.ts';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const KEYS = ['reason', 'input', 'index', 'encoding', 'data'] as const;
const OPTIONAL_KEY = 'detail';

/** Whether a document has the keys of a quarantined row, all of them and no others. */
export const isQuarantinedRow = (document: JsonObject): boolean =>
  KEYS.every((key) => Object.hasOwn(document, key)) &&
  Object.keys(document).length === KEYS.length + (Object.hasOwn(document, OPTIONAL_KEY) ? 1 : 0);

/**
 * The original bytes of a quarantined row, which is a JSON object with `reason`, `data` and `encoding`
 * (`utf-8` or `base64`), among others. Undefined for any other document.
 */
export const unwrapQuarantined = (document: unknown): Uint8Array | undefined => {
  if (!isJsonObject(document)) return undefined;
  const { reason, data, encoding } = document;
  if (typeof reason !== 'string' || typeof data !== 'string') return undefined;
  if (encoding === 'utf-8') return Buffer.from(data, 'utf8');
  return encoding === 'base64' && BASE64.test(data) ? Buffer.from(data, 'base64') : undefined;
};
