/** What a line of text begins with: the header of an event, or the number that a dump tool prints in front of one. */
import { stripHeader } from './text-header.ts';

/** `bytes`: the length of the header, or of the line. */
export interface LineStart {
  readonly kind: 'text' | 'line' | 'event' | 'bracketed' | 'number';
  readonly bytes: number;
}

/** A header and the first tag behind it are no longer. */
const LINE_START_BYTES = 640;
const LF = '\n';

/** evtx_dump prints it in front of each event: `Record 17`. */
const NUMBER = /^Record \d{1,20}\r?$/;
const BRACKETED = /^\[[^[\]\n]{1,255}\] \[[A-Z]{0,16}\] \[\d{1,5}\] \[/;

/** What the line at `start` begins with; undefined where more bytes have to come to tell. */
export const readLineStart = (bytes: Buffer, start: number, isFinal: boolean): LineStart | undefined => {
  const head = bytes.toString('latin1', start, start + LINE_START_BYTES);
  const lineFeed = head.indexOf(LF);
  if (lineFeed < 0 && head.length < LINE_START_BYTES && !isFinal) return undefined;
  const line = lineFeed < 0 ? head : head.slice(0, lineFeed);
  if (NUMBER.test(line)) return { kind: 'number', bytes: line.length };
  const body = stripHeader(line)?.body;
  if (body === undefined) return { kind: 'text', bytes: 0 };
  const headerBytes = line.length - body.length;
  if (body.startsWith('{')) return { kind: 'line', bytes: headerBytes };
  if (body.startsWith('[')) return { kind: BRACKETED.test(body) ? 'bracketed' : 'text', bytes: headerBytes };
  return { kind: 'event', bytes: headerBytes };
};
