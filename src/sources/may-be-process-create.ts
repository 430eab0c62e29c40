/** A cheap look at a record's bytes: could this be an EventID 1? Spares a first pass most of its decoding. */

/**
 * - A JSON member that may be the event's number with the value 1 (`1`, `"1"`, or a number with a fraction or an
 *   exponent, which may come to 1), under the names that the forms have for it; `#text` is evtx_dump's, and
 *   `intValue` OTLP's.
 * - The title of the text: it wins over the number.
 * - The text format of the CloudWatch agent.
 * - What hides text from such a search: JSON escapes of letters, digits, `_` or a tag, and quarantined rows. Within a
 *   string of JSON, quotes and blanks are escaped.
 */
const JSON_SIGN =
  /"(?:EventI[dD]|eventID|(?:winlog\.)?event_id|(?:event\.)?code|[Ii]d|#text|intValue)\\{0,7}"(?:\s|\\[nrt])*:(?:\s|\\[nrt])*(?:\\{0,7}"1\\{0,7}"|1(?!\d)|\d+[.eE])|Process Create:|\] \[1\] \[|"encoding"|\\u003[cC](?:Event|!)|\\u00(?:3\d|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aA])/;

/** An EventID element whose number can be read off; all other ways to write one count as a maybe. */
const EVENT_ID = /<EventID(?:\s+Qualifiers\s*=\s*(?:"\d*"|'\d*'))?\s*>\s*(\d+)\s*<\/EventID/y;

/**
 * Whether a record may decode to EventID 1. True for every record that does, in any format of `decodeRecord`,
 * and false for nearly all others.
 */
export const mayBeProcessCreate = (bytes: Uint8Array): boolean => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (JSON_SIGN.test(text)) return true;
  for (let at = text.indexOf('<EventID'); at >= 0; at = text.indexOf('<EventID', at + 1)) {
    EVENT_ID.lastIndex = at;
    const match = EVENT_ID.exec(text);
    if (match === null || match[1] === '1') return true;
  }
  return false;
};
