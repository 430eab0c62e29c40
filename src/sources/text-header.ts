/**
 * What stands in front of an event on a line of text: a syslog header (RFC 3164 and 5424), or the time that
 * CloudWatch's export to S3 writes. Nothing else, so that no text of others is taken for an event.
 */

/** No header is longer. */
const HEADER_LENGTH_MAX = 512;

const PRIORITY = '(?:<\\d{1,3}>)?';
const ISO = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?';
const BSD = '[A-Z][a-z]{2} [ \\d]?\\d \\d\\d:\\d\\d:\\d\\d';
const WORD = '[^\\s<>{}\\[\\]"]{1,255}';
const TAG = `(?:${WORD}?(?:\\[\\d{1,10}\\])?:)`;
const STRUCTURED = '(?:-|(?:\\[[^\\]<{]{1,200}\\])+)';

const HEADERS = [
  // RFC 5424: <PRI>1 TIMESTAMP HOST APP PROCID MSGID SD
  `<\\d{1,3}>1 (?:-|${ISO}) ${WORD} ${WORD} ${WORD} ${WORD} ${STRUCTURED} ?\\uFEFF?`,
  // RFC 3164, with either time: host and tag can be missing.
  `${PRIORITY}(?:${BSD}|${ISO})(?: ${WORD})?(?: ${TAG})? `,
];
const HEADER = new RegExp(`^\\s*(?:${HEADERS.join('|')})\\s*(?=<Event[\\s>]|<\\?xml\\s|\\{|\\[)`);

export interface Stripped {
  readonly header: string;
  readonly body: string;
}

/** The header in front of an event, and the event; undefined for any other text. Linear in the length of a header. */
export const stripHeader = (text: string): Stripped | undefined => {
  const match = HEADER.exec(text.slice(0, HEADER_LENGTH_MAX));
  if (match === null) return undefined;
  return { header: match[0].trim(), body: text.slice(match[0].length) };
};
